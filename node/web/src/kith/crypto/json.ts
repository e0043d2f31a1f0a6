/**
 * JSON that is signed, and JSON that strangers wrote.
 *
 * Kith's profile: member names of a few ASCII characters, whole numbers below 2**53, no
 * fractions. Within it, sorted JSON is RFC 8785 byte for byte; everything else is refused, so
 * that two readers never see two documents under one signature. Reading refuses repeated names,
 * which `JSON.parse` would take, by counting members and colons.
 *
 * Sources: RFC 8785; RFC 8259; RFC 7493 (I-JSON) §2.
 */

import { hasLoneSurrogate, parseUtf8, utf8 } from "./bytes.ts";
import { MalformedError, TooLargeError } from "./errors.ts";

/** A JSON value of the profile. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A JSON object of the profile. */
export type JsonObject = { readonly [name: string]: JsonValue };

/** What `parseJson` lets through. */
export interface JsonBounds {
  readonly maxBytes: number;
  /** How many arrays and objects may stand inside each other; 16 by default. */
  readonly maxDepth?: number;
  /** Members of one object, items of one array; 256 by default. */
  readonly maxMembers?: number;
}

export const MAX_DEPTH = 64;
export const DEFAULT_MAX_DEPTH = 16;
export const DEFAULT_MAX_MEMBERS = 256;

const NAME = /^[A-Za-z0-9@:/#._-]+$/;

/**
 * The canonical form of *value*.
 *
 * @throws MalformedError - outside the profile, deeper than 64, or no JSON value.
 */
export function canonicalBytes(value: JsonValue): Uint8Array {
  return utf8(canonicalText(value, MAX_DEPTH));
}

function canonicalText(value: JsonValue, depth: number): string {
  if (typeof value === "string") {
    if (hasLoneSurrogate(value)) throw new MalformedError("a string holds a lone surrogate");
    return JSON.stringify(value);
  }
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value))
      throw new MalformedError("a number is outside the profile");
    return String(value);
  }
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value !== "object") throw new MalformedError("not a JSON value");
  if (depth === 0) throw new MalformedError("nested too deeply");
  if (isArray(value)) {
    return `[${value.map((item) => canonicalText(item, depth - 1)).join(",")}]`;
  }
  const members = Object.keys(value)
    .sort()
    .map((name) => {
      if (!NAME.test(name)) throw new MalformedError("a member name is outside the profile");
      return `${JSON.stringify(name)}:${canonicalText(memberOf(value, name), depth - 1)}`;
    });
  return `{${members.join(",")}}`;
}

function memberOf(object: JsonObject, name: string): JsonValue {
  const member = object[name];
  if (member === undefined) throw new MalformedError("not a JSON value");
  return member;
}

/**
 * The value that *raw* spells.
 *
 * @throws TooLargeError - more bytes than allowed.
 * @throws MalformedError - not UTF-8, not one JSON value, a repeated name, a fraction or
 *   exponent, a number beyond 2**53 - 1, a lone surrogate, or deeper or wider than allowed.
 */
export function parseJson(
  raw: Uint8Array,
  { maxBytes, maxDepth = DEFAULT_MAX_DEPTH, maxMembers = DEFAULT_MAX_MEMBERS }: JsonBounds,
): JsonValue {
  if (raw.length > maxBytes) {
    throw new TooLargeError(`${raw.length} bytes, ${maxBytes} allowed`);
  }
  const text = parseUtf8(raw);
  const outside = outsideStrings(text);
  checkDepth(outside, maxDepth);
  checkNumbers(outside);
  let value: JsonValue;
  try {
    value = JSON.parse(text) as JsonValue;
  } catch {
    throw new MalformedError("not JSON");
  }
  if (countMembers(value, maxMembers) !== outside.split(":").length - 1) {
    throw new MalformedError("a member name is repeated");
  }
  return value;
}

/** As `parseJson`; anything but an object is a MalformedError too. */
export function parseJsonObject(raw: Uint8Array, bounds: JsonBounds): JsonObject {
  const value = parseJson(raw, bounds);
  if (value === null || typeof value !== "object" || isArray(value)) {
    throw new MalformedError("not a JSON object");
  }
  return value;
}

/** `Array.isArray`, which does not know arrays that are read only. */
export function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** *text* with each string replaced by one quotation mark; exact for JSON. */
function outsideStrings(text: string): string {
  const plain = text.includes("\\") ? text.replace(/\\./gs, "") : text;
  return plain
    .split('"')
    .filter((_, at) => at % 2 === 0)
    .join('"');
}

function checkDepth(outside: string, maxDepth: number): void {
  let depth = 0;
  for (let at = 0; at < outside.length; at += 1) {
    const sign = outside.charAt(at);
    if (sign === "[" || sign === "{") depth += 1;
    else if (sign === "]" || sign === "}") depth -= 1;
    if (depth > maxDepth) throw new MalformedError("nested too deeply");
  }
}

function checkNumbers(outside: string): void {
  if (/[0-9][.eE]/.test(outside)) {
    throw new MalformedError("only whole numbers without exponent are allowed");
  }
  for (const digits of outside.match(/[0-9]{16,}/g) ?? []) {
    if (!Number.isSafeInteger(Number(digits))) {
      throw new MalformedError("a number is beyond 2**53 - 1");
    }
  }
}

/** How many members all objects in *value* have together. */
function countMembers(value: JsonValue, maxMembers: number): number {
  if (typeof value === "string") {
    if (hasLoneSurrogate(value)) throw new MalformedError("a string holds a lone surrogate");
    return 0;
  }
  if (value === null || typeof value !== "object") return 0;
  const inner = isArray(value) ? value : Object.values(value);
  if (!isArray(value) && Object.keys(value).some(hasLoneSurrogate)) {
    throw new MalformedError("a member name holds a lone surrogate");
  }
  if (inner.length > maxMembers) throw new MalformedError("too many members");
  const own = isArray(value) ? 0 : inner.length;
  return inner.reduce<number>((count, item) => count + countMembers(item, maxMembers), own);
}
