/** Names of lanes and messages: bytes as base64url, put in the order of the bytes. */

import { base64url, compareBytes, parseBase64url } from "../crypto/bytes.ts";

/** `previous` of the first message of a lane. */
export const NO_HASH = base64url(new Uint8Array(32));

/** Orders two names by their bytes. */
export function compareNames(a: string, b: string): number {
  return a === b ? 0 : compareBytes(parseBase64url(a), parseBase64url(b));
}

/** Orders two pairs of a number and a name, such as a turn and a lane. */
export function comparePairs(
  a: readonly [number, string],
  b: readonly [number, string],
): number {
  return a[0] - b[0] || compareNames(a[1], b[1]);
}
