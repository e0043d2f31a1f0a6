/**
 * Things longer than a message: numbered parts, put together again on the other side.
 *
 * At most 2 MiB; each part travels in an envelope of the largest size, to the same box as any
 * message. Nothing is stored elsewhere and nothing is fetched.
 */

import { base64url, concat, isEqual, parseBase64url } from "../crypto/bytes.ts";
import { MalformedError, TooLargeError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import type { Rng } from "../crypto/random.ts";
import type { Part } from "./bodies.ts";

export const MAX_FILE_BYTES = 2 * 1024 * 1024;
export const PART_BYTES = 45_000;

/** What a file is called: at most 100 characters, and a media type; both may be empty. */
export interface FileName {
  readonly name: string;
  readonly media: string;
}

/**
 * The parts of *data*, in order.
 *
 * @param rng - for the name that holds the parts together.
 * @throws TooLargeError - empty, or more than 2 MiB.
 */
export function splitFile(
  data: Uint8Array,
  { name, media }: FileName,
  rng: Rng,
): readonly Part[] {
  if (data.length === 0 || data.length > MAX_FILE_BYTES) {
    throw new TooLargeError(`${data.length} bytes, 1 to ${MAX_FILE_BYTES} allowed`);
  }
  const total = Math.ceil(data.length / PART_BYTES);
  const file = base64url(rng(16));
  const hash = base64url(sha256(data));
  return Array.from({ length: total }, (_, at) => ({
    type: "part",
    file,
    number: at + 1,
    total,
    data: base64url(data.subarray(at * PART_BYTES, (at + 1) * PART_BYTES)),
    name: at === 0 ? name : "",
    media: at === 0 ? media : "",
    hash: at === total - 1 ? hash : "",
  }));
}

/**
 * The whole thing.
 *
 * @param parts - all with the same `file`, in any order, repeated ones allowed.
 * @throws MalformedError - one is missing, two differ, or the hash is another one.
 */
export function joinParts(parts: Iterable<Part>): Uint8Array {
  const found = new Map<number, Part>();
  for (const part of parts) {
    const known = found.get(part.number);
    if (known !== undefined && !isSame(known, part)) {
      throw new MalformedError("two different parts of one number");
    }
    if (known === undefined) found.set(part.number, part);
  }
  const inOrder = [...found.values()].sort((a, b) => a.number - b.number);
  const last = inOrder[inOrder.length - 1];
  if (last === undefined) throw new MalformedError("no parts");
  const isWhole =
    last.number === last.total &&
    inOrder.every(({ file, total }) => file === last.file && total === inOrder.length);
  if (!isWhole) throw new MalformedError("a part is missing, or belongs to something else");
  const data = concat(...inOrder.map((part) => parseBase64url(part.data)));
  if (data.length === 0 || data.length > MAX_FILE_BYTES) {
    throw new MalformedError("longer than allowed");
  }
  if (!isEqual(sha256(data), parseBase64url(last.hash, 32))) {
    throw new MalformedError("the parts are not what was sent");
  }
  return data;
}

function isSame(one: Part, other: Part): boolean {
  return (Object.keys(one) as (keyof Part)[]).every((name) => one[name] === other[name]);
}
