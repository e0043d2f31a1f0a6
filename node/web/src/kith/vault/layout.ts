/**
 * In which chunk a record lies: by the hash of its name, so that a change shows one chunk only.
 *
 * Chunk 0 is the index; data chunks hold the lines of their records in ascending order, each
 * ended by a line feed. Every chunk is at least 16 KiB, so a new vault is 256 KiB, and a chunk
 * never shrinks but where all are written anew. Source: protocol/spec/vault.md.
 */

import { compareBytes } from "../crypto/bytes.ts";
import { MalformedError } from "../crypto/errors.ts";
import { recordPlace } from "./chunk.ts";
import {
  type Contents,
  encodeRecord,
  type Name,
  nameOf,
  parseRecord,
  type Record,
} from "./records.ts";

export const CHUNK_NUMBERS: readonly number[] = [15, 63, 255];
export const SMALLEST_CHUNK_BYTES = 16 * 1024;
export const FULL_BYTES = SMALLEST_CHUNK_BYTES / 2; // of records in a chunk on average

const PLACES = 256;
const LINE_FEED = 10;

/** The chunk, 1 to *number*, of a record. */
export function chunkOf(name: Name, number: number): number {
  return 1 + Math.floor((recordPlace(name) * number) / PLACES);
}

/** The lines of *contents*, each encoded once. */
export function linesOf(contents: Contents): ReadonlyMap<Name, Uint8Array> {
  return new Map([...contents].map(([name, record]) => [name, encodeRecord(record)]));
}

/** Into how many data chunks *lines* go, never fewer than at *present*. */
export function chooseNumber(lines: ReadonlyMap<Name, Uint8Array>, present: number): number {
  let size = 0;
  for (const line of lines.values()) size += line.length + 1;
  const fitting = CHUNK_NUMBERS.find((number) => size <= number * FULL_BYTES);
  return Math.max(present, fitting ?? CHUNK_NUMBERS[CHUNK_NUMBERS.length - 1] ?? 0);
}

/** What stands in each of the data chunks 1 to *number*, unencrypted. */
export function pack(
  lines: ReadonlyMap<Name, Uint8Array>,
  number: number,
): ReadonlyMap<number, Uint8Array> {
  const held = new Map<number, Uint8Array[]>();
  for (let chunk = 1; chunk <= number; chunk += 1) held.set(chunk, []);
  for (const [name, line] of lines) held.get(chunkOf(name, number))?.push(line);
  return new Map([...held].map(([chunk, all]) => [chunk, joinLines(all)]));
}

/**
 * The records that stand in a data chunk.
 *
 * @throws MalformedError - something else, out of order, twice, or in a wrong chunk.
 */
export function unpack(
  chunk: number,
  content: Uint8Array,
  number: number,
): ReadonlyMap<Name, Record> {
  const contents = new Map<Name, Record>();
  let before: Uint8Array | null = null;
  for (const line of splitLines(content)) {
    if (before !== null && compareBytes(before, line) > 0) {
      throw new MalformedError("the lines of a chunk ascend");
    }
    before = line;
    const record = parseRecord(line);
    const name = nameOf(record);
    if (contents.has(name) || chunkOf(name, number) !== chunk) {
      throw new MalformedError("a record twice, or in another chunk than its own");
    }
    contents.set(name, record);
  }
  return contents;
}

/** *lines*, ascending, each ended by a line feed. */
export function joinLines(lines: readonly Uint8Array[]): Uint8Array {
  const sorted = [...lines].sort(compareBytes);
  const joined = new Uint8Array(sorted.reduce((size, line) => size + line.length + 1, 0));
  let at = 0;
  for (const line of sorted) {
    joined.set(line, at);
    at += line.length;
    joined[at] = LINE_FEED;
    at += 1;
  }
  return joined;
}

/**
 * The lines of *content*, each of which a line feed ends.
 *
 * @throws MalformedError - the last one is not ended.
 */
export function splitLines(content: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  for (
    let end = content.indexOf(LINE_FEED);
    end >= 0;
    end = content.indexOf(LINE_FEED, start)
  ) {
    lines.push(content.subarray(start, end));
    start = end + 1;
  }
  if (start !== content.length) throw new MalformedError("not the lines of a chunk");
  return lines;
}
