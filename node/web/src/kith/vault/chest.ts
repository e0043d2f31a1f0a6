/**
 * A vault as the node stores it: encrypted chunks, and an index that says which are right.
 *
 * The index names version, writer, and the SHA-256 of each data chunk as stored. Who writes the
 * vault says which index they have read, and the node takes index and chunks together or not at
 * all: so an index that does not fit its chunks, or is older than one that was seen, is no bad
 * luck. The node, or whoever restored its disk, has put something old in its place.
 *
 * Sources: protocol/spec/vault.md; docs/adr/0010.
 */

import { base64url, isEqual, parseBase64url } from "../crypto/bytes.ts";
import { DecryptionError, KithError, MalformedError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import { canonicalBytes, isArray, type JsonObject, parseJsonObject } from "../crypto/json.ts";
import type { Rng } from "../crypto/random.ts";
import { openChunk, sealChunk } from "./chunk.ts";
import {
  CHUNK_NUMBERS,
  chooseNumber,
  linesOf,
  pack,
  SMALLEST_CHUNK_BYTES,
  unpack,
} from "./layout.ts";
import { type Contents, DEVICE_BYTES, type Name, type Record } from "./records.ts";

export const INDEX_CHUNK = 0;

const HASH_BYTES = 32;
const FORMAT = 1;
const MEMBERS = "chunks device format version";

/** What the index says. */
export interface Index {
  /** Counts the writings of the vault, from 1. */
  readonly version: number;
  /** 8 bytes of the device that wrote it, as base64url. */
  readonly device: string;
  /** SHA-256 of each data chunk as stored, chunk 1 first; null where it is not known. */
  readonly hashes: readonly (Uint8Array | null)[];
}

/** The vault as it was last read or written, without what is in it. */
export interface Stored {
  readonly index: Index;
  /** SHA-256 of the index chunk as stored. */
  readonly mark: Uint8Array;
  /** Bytes of each data chunk as stored, chunk 1 first. */
  readonly sizes: readonly number[];
}

/** What is to be uploaded, and what the vault is if the node takes it. */
export interface Writing {
  /** The index and every data chunk that changes, encrypted. */
  readonly chunks: ReadonlyMap<number, Uint8Array>;
  /** The vault then. */
  readonly stored: Stored;
  /** What the whole vault takes on the node then. */
  readonly sizeBytes: number;
}

/** What `sealVault` is told. */
export interface Sealing {
  /** The vault as read; null for a new one. */
  readonly before: Stored | null;
  /**
   * Data chunks that are not as in *before*; these do not shrink. Null for all, as under a new
   * key; then they do.
   */
  readonly changed: ReadonlySet<number> | null;
  /** 8 bytes of this device, as base64url. */
  readonly device: string;
  /** The greatest version that the device has seen; the new one is greater. */
  readonly seen: number;
  readonly rng: Rng;
}

/**
 * What writes *contents* over the vault *before*.
 *
 * @throws TooLargeError - a chunk would be larger than allowed.
 */
export async function sealVault(
  vaultKey: Uint8Array,
  contents: Contents,
  { before, changed, device, seen, rng }: Sealing,
): Promise<Writing> {
  const lines = linesOf(contents);
  const number = chooseNumber(lines, before?.index.hashes.length ?? 0);
  const isSame = changed !== null && before !== null && before.index.hashes.length === number;
  const sizes = isSame ? [...before.sizes] : Array<number>(number).fill(SMALLEST_CHUNK_BYTES);
  const hashes = isSame
    ? [...before.index.hashes]
    : Array<Uint8Array | null>(number).fill(null);
  const chunks = new Map<number, Uint8Array>();
  for (const [chunk, content] of pack(lines, number)) {
    if (isSame && !changed.has(chunk)) continue;
    const place = chunk - 1;
    const raw = await sealChunk(vaultKey, chunk, content, rng, sizes[place]);
    chunks.set(chunk, raw);
    sizes[place] = raw.length;
    hashes[place] = sha256(raw);
  }
  const version = 1 + Math.max(seen, before?.index.version ?? 0);
  const index: Index = { version, device, hashes };
  const raw = await sealChunk(
    vaultKey,
    INDEX_CHUNK,
    encodeIndex(index),
    rng,
    SMALLEST_CHUNK_BYTES,
  );
  chunks.set(INDEX_CHUNK, raw);
  const sizeBytes = sizes.reduce((sum, size) => sum + size, raw.length);
  return { chunks, stored: { index, mark: sha256(raw), sizes }, sizeBytes };
}

/**
 * The index in chunk 0 as stored.
 *
 * @throws DecryptionError - in every case but a whole index of this vault.
 */
export async function openIndex(vaultKey: Uint8Array, raw: Uint8Array): Promise<Index> {
  return orClosed(async () => {
    const content = await openChunk(vaultKey, INDEX_CHUNK, raw);
    const index = readIndex(parseJsonObject(content, { maxBytes: SMALLEST_CHUNK_BYTES }));
    if (!isEqual(encodeIndex(index), content)) throw new MalformedError("not an index's form");
    return index;
  });
}

/**
 * The records of a data chunk as stored.
 *
 * @throws DecryptionError - in every case but the very chunk that *index* names.
 */
export async function openData(
  vaultKey: Uint8Array,
  chunk: number,
  raw: Uint8Array,
  index: Index,
): Promise<ReadonlyMap<Name, Record>> {
  const hash = index.hashes[chunk - 1] ?? new Uint8Array();
  if (!isEqual(sha256(raw), hash)) throw new DecryptionError("cannot be opened");
  return orClosed(async () =>
    unpack(chunk, await openChunk(vaultKey, chunk, raw), index.hashes.length),
  );
}

/** The chunks of *index* that are not as in *other*; all where the numbers differ. */
export function differing(index: Index, other: Index | null): readonly number[] {
  const isSame = other !== null && other.hashes.length === index.hashes.length;
  return index.hashes.flatMap((hash, place) => {
    const known = isSame ? (other.hashes[place] ?? null) : null;
    const isKnown = hash !== null && known !== null && isEqual(hash, known);
    return isKnown ? [] : [place + 1];
  });
}

export type Verdict = "new" | "same" | "rolled-back" | "forked";

/**
 * What an index is to a device that has seen one before.
 *
 * A vault that was rolled back and has been written to since until its version is greater than
 * the one that was seen cannot be told from a newer one; nothing is lost by it, because the
 * device writes what it has over it.
 *
 * @param mark - SHA-256 of the index chunk as read.
 * @param seen - the greatest version that the device has seen, 0 for none.
 * @param seenMark - SHA-256 of that index chunk.
 */
export function judgeIndex(
  index: Index,
  mark: Uint8Array,
  seen: number,
  seenMark: Uint8Array,
): Verdict {
  if (index.version > seen) return "new";
  if (index.version < seen) return "rolled-back";
  return isEqual(mark, seenMark) ? "same" : "forked";
}

function encodeIndex({ version, device, hashes }: Index): Uint8Array {
  const chunks = hashes.map((hash) => base64url(hash ?? new Uint8Array()));
  return canonicalBytes({ chunks, device, format: FORMAT, version });
}

function readIndex(line: JsonObject): Index {
  const { version, device, chunks, format } = line;
  if (Object.keys(line).sort().join(" ") !== MEMBERS || format !== FORMAT) {
    throw new MalformedError("not an index, or of a later format");
  }
  if (typeof version !== "number" || version < 1) throw new MalformedError("not a version");
  if (typeof device !== "string") throw new MalformedError("not a device");
  if (
    chunks === undefined ||
    chunks === null ||
    typeof chunks !== "object" ||
    !isArray(chunks)
  ) {
    throw new MalformedError("not the hashes of chunks");
  }
  if (!CHUNK_NUMBERS.includes(chunks.length)) throw new MalformedError("too many chunks");
  parseBase64url(device, DEVICE_BYTES);
  const hashes = chunks.map((one) =>
    parseBase64url(typeof one === "string" ? one : "", HASH_BYTES),
  );
  return { version, device, hashes };
}

async function orClosed<T>(open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (error instanceof KithError) throw new DecryptionError("cannot be opened");
    throw error;
  }
}
