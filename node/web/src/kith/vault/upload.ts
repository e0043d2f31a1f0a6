/**
 * How chunks of a vault travel to the node: many in one body, taken together or not at all.
 *
 * `v(1) ‖ count(2) ‖ [chunk(2) ‖ length(4) ‖ bytes]…` in ascending order of chunk. New
 * credentials bring the whole vault with them, as encrypted under the new key: `length(4) ‖ JSON
 * of the credentials ‖ chunks`.
 *
 * Sources: SPEC.md, section on vaults; docs/adr/0010.
 */

import { base64url, concat, uint32 } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hashes.ts";
import { canonicalBytes, type JsonValue } from "../crypto/json.ts";
import { isChunkSize, MAX_CHUNK } from "./chunk.ts";

export const CHUNKS_TYPE = "application/vnd.kith.chunks";
export const CREDENTIALS_TYPE = "application/vnd.kith.credentials";
export const MAX_CHUNKS = 1024;
export const MAX_VAULT_BYTES = 16 * 1024 * 1024;
export const MAX_CREDENTIALS_BYTES = 4096;

const VERSION = 1;
const ETAG_BYTES = 16;

/** The entity tag of the chunk whose SHA-256 is *digest*, quotes included. */
export function etagOfHash(digest: Uint8Array): string {
  return `"${base64url(digest.slice(0, ETAG_BYTES))}"`;
}

/** The entity tag of a chunk as the node stores it. */
export function chunkEtag(chunk: Uint8Array): string {
  return etagOfHash(sha256(chunk));
}

/** The body that puts *chunks*; empty bytes delete one. */
export function encodeChunks(chunks: ReadonlyMap<number, Uint8Array>): Uint8Array {
  const size = [...chunks.values()].reduce((sum, chunk) => sum + chunk.length, 0);
  const areNumbers = [...chunks.keys()].every((number) => number >= 0 && number <= MAX_CHUNK);
  if (chunks.size > MAX_CHUNKS || size > MAX_VAULT_BYTES || !areNumbers) {
    throw new RangeError("more than a vault holds, or no number of a chunk");
  }
  const parts = [Uint8Array.of(VERSION), uint16(chunks.size)];
  for (const [number, chunk] of [...chunks].sort(([a], [b]) => a - b)) {
    if (chunk.length > 0 && !isChunkSize(chunk.length)) {
      throw new RangeError("a chunk is a power of two of bytes");
    }
    parts.push(uint16(number), uint32(chunk.length), chunk);
  }
  return concat(...parts);
}

/** New credentials with the whole vault under the new key. */
export function encodeCredentials(
  body: JsonValue,
  chunks: ReadonlyMap<number, Uint8Array>,
): Uint8Array {
  const head = canonicalBytes(body);
  if (head.length > MAX_CREDENTIALS_BYTES) throw new RangeError("more than credentials are");
  return concat(uint32(head.length), head, encodeChunks(chunks));
}

function uint16(value: number): Uint8Array {
  return Uint8Array.of(value >> 8, value & 255);
}
