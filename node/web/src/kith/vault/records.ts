/**
 * Records of a vault and how the writings of several devices become one.
 *
 * Everything a member owns is a record: a value under a kind and an id, with a revision and the
 * device that wrote it. Of two records of one name the one with the greater (revision, device)
 * stays, so that joining is the same in any order and however often. A deletion is a record too,
 * kept for 45 days, so that a device that was away does not bring back what is gone.
 *
 * Source: protocol/spec/vault.md.
 */

import { compareBase64url, compareBytes, isEqual, parseBase64url } from "../crypto/bytes.ts";
import { KithError, MalformedError } from "../crypto/errors.ts";
import { canonicalBytes, isArray, type JsonObject, parseJsonObject } from "../crypto/json.ts";

export const DEVICE_BYTES = 8;
export const DELETED_DAYS = 45;
export const MAX_RECORD_BYTES = 1024 * 1024;

const MAX_DEPTH = 16;
const MAX_MEMBERS = 4096;
const MAX_DAY = 100_000;
const KIND = /^[a-z][a-z-]{0,30}$/;
const ID = /^[A-Za-z0-9_.-]{1,200}$/;
const WRITTEN = "device id kind rev value";
const DELETED = "day device id kind rev";

/** One record. */
export interface Record {
  /** Lower-case letters and hyphens, at most 31. */
  readonly kind: string;
  /** Letters, digits and `_.-`, at most 200; unique within the kind. */
  readonly id: string;
  /** Counts the writings, from 1. */
  readonly rev: number;
  /** Of the device that wrote it: 8 random bytes as base64url. */
  readonly device: string;
  /** Null if the record is deleted. */
  readonly value: JsonObject | null;
  /** On which it was deleted, in days since 1970-01-01; 0 if it is not. */
  readonly day: number;
}

/** `kind/id`. */
export type Name = string;

export type Contents = ReadonlyMap<Name, Record>;

/** How a record is named. */
export function nameOf({ kind, id }: Pick<Record, "kind" | "id">): Name {
  return `${kind}/${id}`;
}

/**
 * The line of *record*: canonical JSON without a line feed.
 *
 * @throws RangeError - a part is out of bounds.
 * @throws MalformedError - the value is outside the profile of canonical JSON.
 */
export function encodeRecord(record: Record): Uint8Array {
  if (!isWhole(record)) {
    throw new RangeError("a record's kind, id, revision, device or day is out of bounds");
  }
  const { device, id, kind, rev, value, day } = record;
  const head = { device, id, kind, rev };
  const raw = canonicalBytes(value === null ? { ...head, day } : { ...head, value });
  if (raw.length > MAX_RECORD_BYTES) throw new RangeError("a record is too large");
  return raw;
}

/**
 * The record that a line spells.
 *
 * @throws MalformedError - it is not what `encodeRecord` writes; TooLargeError likewise.
 */
export function parseRecord(raw: Uint8Array): Record {
  const bounds = { maxBytes: MAX_RECORD_BYTES, maxDepth: MAX_DEPTH, maxMembers: MAX_MEMBERS };
  const line = parseJsonObject(raw, bounds);
  const members = Object.keys(line).sort().join(" ");
  const { kind, id, rev, device, value = null, day = 0 } = line;
  const isTyped =
    typeof kind === "string" &&
    typeof id === "string" &&
    typeof device === "string" &&
    typeof rev === "number" &&
    typeof day === "number" &&
    typeof value === "object" &&
    (value === null || !isArray(value));
  if (!isTyped || (members !== WRITTEN && members !== DELETED)) {
    throw new MalformedError("not a record");
  }
  parseBase64url(device, DEVICE_BYTES);
  const record: Record = { kind, id, rev, device, value, day };
  // The second also refuses a value that is `null`.
  if (!isWhole(record) || !isEqual(encodeRecord(record), raw)) {
    throw new MalformedError("not a record");
  }
  return record;
}

/** What several devices have written, as one. */
export function join(...copies: readonly Contents[]): Map<Name, Record> {
  const joined = new Map<Name, Record>();
  for (const copy of copies) {
    for (const [name, record] of copy) {
      const known = joined.get(name);
      if (known === undefined || wins(record, known)) joined.set(name, record);
    }
  }
  return joined;
}

/** Where a record is written. */
export interface Place {
  readonly kind: string;
  readonly id: string;
  /** 8 bytes as base64url. */
  readonly device: string;
}

/**
 * The record that puts *value* in place of what *contents* have there.
 *
 * @throws RangeError - no reader would take it: a name out of bounds, a value that is too large,
 *   too deep or too wide, or outside the profile of canonical JSON.
 */
export function write(contents: Contents, place: Place, value: JsonObject): Record {
  const record = { ...place, rev: nextOf(contents, place), value, day: 0 };
  try {
    return parseRecord(encodeRecord(record));
  } catch (error) {
    // One record that cannot be read would make the whole vault one that cannot.
    if (error instanceof KithError) throw new RangeError("no value of a record");
    throw error;
  }
}

/** The record that deletes what *contents* have there. */
export function erase(contents: Contents, place: Place, today: number): Record {
  return { ...place, rev: nextOf(contents, place), value: null, day: today };
}

/** *contents* without deletions that every device has had time to see. */
export function forget(contents: Contents, today: number): Map<Name, Record> {
  return new Map(
    [...contents].filter(([, one]) => one.value !== null || one.day + DELETED_DAYS > today),
  );
}

function nextOf(contents: Contents, place: Place): number {
  return (contents.get(nameOf(place))?.rev ?? 0) + 1;
}

function wins(record: Record, known: Record): boolean {
  if (record === known) return false;
  const difference = record.rev - known.rev || compareBase64url(record.device, known.device);
  // One device never writes a revision twice, but for a restored copy of it: then the bytes
  // decide, so that all devices at least agree.
  return (difference || compareBytes(encodeRecord(record), encodeRecord(known))) > 0;
}

function isWhole({ kind, id, rev, device, value, day }: Record): boolean {
  const isNamed = KIND.test(kind) && ID.test(id) && device.length === 11;
  const isCounted = Number.isSafeInteger(rev) && rev >= 1 && Number.isSafeInteger(day);
  return isNamed && isCounted && day >= 0 && day <= MAX_DAY && (value === null || day === 0);
}
