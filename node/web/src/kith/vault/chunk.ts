/**
 * The vault key and what grows from it: keys of chunks, of the device, and a passkey's slot.
 *
 * A chunk is `nonce(12) ‖ AES-256-GCM` of `length(4) ‖ records ‖ zeros` under a key of its own,
 * and what the node stores of it is exactly a power of two of bytes.
 *
 * Sources: RFC 5869; NIST SP 800-38D; WebAuthn Level 3 §10.1.4 for the PRF extension;
 * protocol/spec/vault.md.
 */

import { decrypt, encrypt, NONCE_BYTES, TAG_BYTES } from "../crypto/aead.ts";
import { concat, label, readUint32, uint32, utf8 } from "../crypto/bytes.ts";
import { DecryptionError, TooLargeError } from "../crypto/errors.ts";
import { hkdfSha256, sha256 } from "../crypto/hashes.ts";
import type { Rng } from "../crypto/random.ts";

export const VAULT_KEY_BYTES = 32;
export const MAX_CHUNK = 2 ** 16 - 1;
export const SMALLEST_BYTES = 1024;
export const LARGEST_BYTES = 4 * 1024 * 1024;

const LENGTH_BYTES = 4;
const AROUND_BYTES = NONCE_BYTES + TAG_BYTES;
const PRF_BYTES = 32;
const MAX_CREDENTIAL_ID_BYTES = 1023;
const CHUNK = label("kith/chunk/v1");
const DEVICE = label("kith/device/v1");
const PASSKEY = label("kith/wrap-prf/v1");

/** The 32-byte key of chunk *chunk*, 0 to 65535. */
export function deriveChunkKey(vaultKey: Uint8Array, chunk: number): Uint8Array {
  checkVaultKey(vaultKey);
  if (chunk < 0 || chunk > MAX_CHUNK) throw new RangeError("no such chunk");
  return hkdfSha256(vaultKey, concat(CHUNK, Uint8Array.of(chunk >> 8, chunk & 255)));
}

/** The 32-byte key that encrypts what is kept on a device. */
export function deriveDeviceKey(vaultKey: Uint8Array): Uint8Array {
  checkVaultKey(vaultKey);
  return hkdfSha256(vaultKey, DEVICE);
}

/**
 * The 32-byte key of a passkey's slot.
 *
 * @param prfFirst - first output of the passkey's PRF, 32 bytes.
 * @param credentialId - 1 to 1023 bytes.
 */
export function derivePasskeyWrap(prfFirst: Uint8Array, credentialId: Uint8Array): Uint8Array {
  const size = credentialId.length;
  if (prfFirst.length !== PRF_BYTES || size === 0 || size > MAX_CREDENTIAL_ID_BYTES) {
    throw new RangeError("a passkey gives 32 bytes and has an id of 1 to 1023");
  }
  return hkdfSha256(prfFirst, concat(PASSKEY, credentialId));
}

/** 0 to 255, the first byte of SHA-256 of the record's id, by which records are packed. */
export function recordPlace(id: string): number {
  return sha256(utf8(id))[0] ?? 0;
}

/**
 * The chunk as the node stores it, a power of two of bytes.
 *
 * @param atLeast - the smallest size to use, so that a chunk need not be seen to shrink.
 * @throws TooLargeError - the records are longer than a chunk holds.
 */
export async function sealChunk(
  vaultKey: Uint8Array,
  chunk: number,
  records: Uint8Array,
  rng: Rng,
  atLeast = SMALLEST_BYTES,
): Promise<Uint8Array> {
  if (!isChunkSize(atLeast)) throw new RangeError("chunks are powers of two");
  const needed = records.length + LENGTH_BYTES + AROUND_BYTES;
  if (needed > LARGEST_BYTES) throw new TooLargeError(`${needed} bytes of one chunk`);
  let size = atLeast;
  while (size < needed) size *= 2;
  const framed = new Uint8Array(size - AROUND_BYTES);
  framed.set(uint32(records.length));
  framed.set(records, LENGTH_BYTES);
  const key = deriveChunkKey(vaultKey, chunk);
  return encrypt(key, framed, { nonce: rng(NONCE_BYTES) });
}

/**
 * The records in a chunk. Whether it is the newest version is for the index to say.
 *
 * @throws DecryptionError - in every case but a whole chunk of this number and vault.
 */
export async function openChunk(
  vaultKey: Uint8Array,
  chunk: number,
  sealed: Uint8Array,
): Promise<Uint8Array> {
  if (!isChunkSize(sealed.length)) throw new DecryptionError("cannot be opened");
  const framed = await decrypt(deriveChunkKey(vaultKey, chunk), sealed);
  const end = LENGTH_BYTES + readUint32(framed);
  const isPadded = end <= framed.length && framed.subarray(end).every((byte) => byte === 0);
  if (!isPadded) throw new DecryptionError("cannot be opened");
  return framed.slice(LENGTH_BYTES, end);
}

/** Whether a chunk may be of *size* bytes. */
export function isChunkSize(size: number): boolean {
  return size >= SMALLEST_BYTES && size <= LARGEST_BYTES && (size & (size - 1)) === 0;
}

function checkVaultKey(vaultKey: Uint8Array): void {
  if (vaultKey.length !== VAULT_KEY_BYTES) throw new RangeError("a vault key is 32 bytes");
}
