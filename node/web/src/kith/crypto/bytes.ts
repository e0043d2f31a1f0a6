/**
 * Bytes: joining, comparing, and their spellings as text.
 *
 * base64url is read in its canonical form only, so that every value has one spelling
 * (RFC 4648 §5, §3.5). Integers are big-endian.
 */

import { MalformedError } from "./errors.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const VALUES = new Int16Array(128).fill(-1);
for (let at = 0; at < ALPHABET.length; at += 1) VALUES[ALPHABET.charCodeAt(at)] = at;

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Joins *parts*. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** Tells whether *a* and *b* are the same bytes; takes as long for one difference as for many. */
export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  let difference = 0;
  for (let at = 0; at < a.length; at += 1) difference |= (a[at] ?? 0) ^ (b[at] ?? 0);
  return difference === 0;
}

/** Orders *a* and *b* byte by byte, the shorter one first where one begins the other. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let at = 0; at < shared; at += 1) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * The UTF-8 bytes of *text*.
 *
 * @throws MalformedError - it holds a lone surrogate, which has none.
 */
export function utf8(text: string): Uint8Array {
  if (hasLoneSurrogate(text)) throw new MalformedError("a text holds a lone surrogate");
  return encoder.encode(text);
}

/**
 * The text that *bytes* spell.
 *
 * @throws MalformedError - they are not UTF-8.
 */
export function parseUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw new MalformedError("not UTF-8");
  }
}

/** A domain label: *text* and the zero byte that ends every one. */
export function label(text: string): Uint8Array {
  return encoder.encode(`${text}\0`);
}

/** Tells whether half of a pair of UTF-16 units stands alone in *text*. */
export function hasLoneSurrogate(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(at + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    at += 1;
  }
  return false;
}

/** Lower-case hexadecimal digits. */
export function hex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/**
 * The bytes that hexadecimal digits spell, in either case.
 *
 * @throws MalformedError - other characters, or an odd number of them.
 */
export function parseHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text))
    throw new MalformedError("not hex");
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) {
    bytes[at] = Number.parseInt(text.slice(at * 2, at * 2 + 2), 16);
  }
  return bytes;
}

/** base64url without padding. */
export function base64url(bytes: Uint8Array): string {
  let text = "";
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 6) {
      bits -= 6;
      text += ALPHABET.charAt((held >> bits) & 63);
    }
    held &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET.charAt((held << (6 - bits)) & 63) : text;
}

/** base64 with padding (RFC 4648 §4), as HTTP fields have it. */
export function base64(bytes: Uint8Array): string {
  const text = base64url(bytes).replaceAll("-", "+").replaceAll("_", "/");
  return text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

/**
 * The bytes that *text* encodes.
 *
 * @param text - base64url without padding.
 * @param size - the number of bytes expected; any without.
 * @throws MalformedError - other characters, padding, an impossible length, trailing bits that
 *   are not zero, or not *size* bytes.
 */
export function parseBase64url(text: string, size?: number): Uint8Array {
  if (size !== undefined && text.length !== Math.floor((size * 4 + 2) / 3)) {
    throw new MalformedError("base64url text of unexpected length");
  }
  if (text.length % 4 === 1) throw new MalformedError("not base64url");
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let place = 0; place < text.length; place += 1) {
    const value = VALUES[text.charCodeAt(place)] ?? -1;
    if (value < 0) throw new MalformedError("not base64url");
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
      held &= (1 << bits) - 1;
    }
  }
  if (held !== 0) throw new MalformedError("base64url is not canonical");
  return bytes;
}

/** Orders two values that are spelled in base64url by their bytes. */
export function compareBase64url(a: string, b: string): number {
  return compareBytes(parseBase64url(a), parseBase64url(b));
}

/** Four bytes, big-endian. *value* is 0 to 2**32 - 1. */
export function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** The number in the four bytes from *at* on. */
export function readUint32(bytes: Uint8Array, at = 0): number {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at);
}

/** Eight bytes, big-endian. *value* is 0 to 2**53 - 1. */
export function uint64(value: number): Uint8Array {
  return concat(uint32(Math.floor(value / 2 ** 32)), uint32(value % 2 ** 32));
}

/**
 * The number in the eight bytes from *at* on.
 *
 * @throws MalformedError - beyond 2**53 - 1.
 */
export function readUint64(bytes: Uint8Array, at = 0): number {
  const value = readUint32(bytes, at) * 2 ** 32 + readUint32(bytes, at + 4);
  if (!Number.isSafeInteger(value)) throw new MalformedError("a number is too large");
  return value;
}
