/**
 * What seats, terms and rosters have in common: strict reading, and canonical bytes that are
 * signed. Source: RFC 8785.
 */

import { parseBase64url } from "../crypto/bytes.ts";
import { canonicalBytes, type JsonObject, type JsonValue } from "../crypto/json.ts";
import { type Shape, text, whole } from "../node/shape.ts";
import { checkWords } from "../text.ts";

export const MAX_DAY = 100_000;

export const blob16 = text({}, /^[A-Za-z0-9_-]{22}$/);
export const blob32 = text({}, /^[A-Za-z0-9_-]{43}$/);
export const blob64 = text({}, /^[A-Za-z0-9_-]{86}$/);
export const replyKey = text({}, /^[A-Za-z0-9_-]{1622}$/);
export const shortWords = text({ max: 200 });
export const day: Shape<number> = whole({ min: 0, max: MAX_DAY });

/** How a structure is written: what is left out where it says nothing else. */
export type Defaults = Readonly<Record<string, JsonValue>>;

/** *value* without members that say what they would say by default. */
export function leaveOut(value: JsonObject, defaults: Defaults): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(([name, one]) => one !== defaults[name]),
  );
}

/** What is signed and hashed of *written*: its canonical JSON without `sign`. */
export function signedBytes(written: JsonObject): Uint8Array {
  const { sign: _, ...rest } = written;
  return canonicalBytes(rest);
}

/**
 * Returns if the texts among *members* mislead nobody, and the bytes are canonical base64url.
 *
 * @throws MalformedError - one misleads, or some are not.
 */
export function checkMembers(
  words: readonly string[],
  blobs: readonly (readonly [string, number])[],
): void {
  for (const one of words) checkWords(one, 12_000);
  for (const [one, size] of blobs) parseBase64url(one, size);
}
