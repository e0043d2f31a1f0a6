/**
 * Padding with zero bytes to a few sizes, so that a length says next to nothing.
 *
 * What is padded is always encrypted afterwards: the zeros stand inside the AEAD and are checked
 * when it is opened. The length in front is four bytes, big-endian.
 */

import { concat, readUint32, uint32 } from "../crypto/bytes.ts";
import { DecryptionError, TooLargeError } from "../crypto/errors.ts";

export const LENGTH_BYTES = 4;

/** The smallest size, a power of two, and the largest, which is it times a power of two. */
export interface Buckets {
  readonly smallest: number;
  readonly largest: number;
}

/**
 * The smallest size, doubled until it holds *needed* bytes.
 *
 * @throws TooLargeError - *needed* is more than the largest.
 */
export function bucketBytes(needed: number, { smallest, largest }: Buckets): number {
  if (needed > largest) throw new TooLargeError(`${needed} bytes, ${largest} allowed`);
  let size = smallest;
  while (size < needed) size *= 2;
  return size;
}

/** Whether *size* is one that `bucketBytes` gives for these bounds. */
export function isBucket(size: number, { smallest, largest }: Buckets): boolean {
  return size >= smallest && size <= largest && Number.isInteger(Math.log2(size));
}

/**
 * `length(4) ‖ data ‖ zeros`, *size* bytes.
 *
 * @throws RangeError - *data* and its length do not fit; the caller has chosen the size.
 */
export function frame(data: Uint8Array, size: number): Uint8Array {
  const zeros = size - LENGTH_BYTES - data.length;
  if (zeros < 0) throw new RangeError("does not fit its size");
  return concat(uint32(data.length), data, new Uint8Array(zeros));
}

/**
 * The data that `frame` put into *framed*, which has just been decrypted.
 *
 * @throws DecryptionError - a length that does not fit, or padding that is not zeros.
 */
export function unframe(framed: Uint8Array): Uint8Array {
  if (framed.length < LENGTH_BYTES) throw new DecryptionError("cannot be opened");
  const end = LENGTH_BYTES + readUint32(framed);
  if (end > framed.length) throw new DecryptionError("cannot be opened");
  let noise = 0;
  for (const byte of framed.subarray(end)) noise |= byte;
  if (noise !== 0) throw new DecryptionError("cannot be opened");
  return framed.slice(LENGTH_BYTES, end);
}
