/**
 * The file of all live offers (or resources) in one language, from which a device searches.
 *
 * It is the same file for everybody and the same bytes for the same offers, so that it tells
 * nothing of who reads it. Lines of UTF-8, each ended by a line feed: first a header, then each
 * object as its author signed it (JCS bytes, which hold no line feed), in ascending order of
 * these bytes, none twice.
 *
 *     {"format":"kith-partition/1","language":"en","offers":2}
 *     {"@context":[…],…,"proof":{…},…}
 *     {"@context":[…],…,"proof":{…},…}
 *
 * Left to the reader: leaving out what is past its end, and ranking. Source: SPEC.md, section on
 * search.
 */

import { base64url, parseUtf8 } from "../crypto/bytes.ts";
import { MalformedError, TooLargeError } from "../crypto/errors.ts";

const HEADER =
  /^\{"format":"kith-partition\/1","language":"([a-z]{2,3})","offers":(0|[1-9][0-9]{0,9})\}$/;
const MAX_HEADER_BYTES = 200;
const ETAG_BYTES = 16;
const LINE_FEED = 0x0a;
const BRACE = 0x7b;

/** A partition that was read. */
export interface Partition {
  /** Primary subtag that all its objects should name. */
  readonly language: string;
  /** JCS bytes of signed objects, unverified; views of the file. */
  readonly objects: readonly Uint8Array[];
}

/**
 * What the file *raw* holds.
 *
 * @param maxBytes - the most that the caller wants to deal with.
 * @throws TooLargeError - *raw* is longer.
 * @throws MalformedError - not of this format, not in order, or not the number announced.
 */
export function parsePartition(raw: Uint8Array, maxBytes: number): Partition {
  if (raw.length > maxBytes) throw new TooLargeError(`${raw.length} bytes`);
  const lines = linesOf(raw);
  const [header, ...objects] = lines;
  if (header === undefined) throw new MalformedError("the last line has no end");
  const found = HEADER.exec(parseUtf8(header.subarray(0, MAX_HEADER_BYTES)));
  const language = found?.[1];
  if (language === undefined) throw new MalformedError("not a partition");
  if (objects.length !== Number(found?.[2])) {
    throw new MalformedError("not the number of offers announced");
  }
  let before: Uint8Array | null = null;
  for (const line of objects) {
    if (line[0] !== BRACE) throw new MalformedError("a line is no object");
    if (before !== null && compareBytes(before, line) >= 0) {
      throw new MalformedError("not in ascending order");
    }
    before = line;
  }
  return { language, objects };
}

/**
 * The entity tag of the file *raw*, quotes included (RFC 9110 §8.8.3).
 *
 * By the browser's own SHA-256, beside everything else: files have megabytes.
 */
export async function etagOf(raw: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", raw.slice()));
  return `"${base64url(digest.subarray(0, ETAG_BYTES))}"`;
}

function linesOf(raw: Uint8Array): readonly Uint8Array[] {
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < raw.length) {
    const end = raw.indexOf(LINE_FEED, start);
    if (end < 0) throw new MalformedError("the last line has no end");
    lines.push(raw.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

function compareBytes(one: Uint8Array, other: Uint8Array): number {
  const size = Math.min(one.length, other.length);
  for (let at = 0; at < size; at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
