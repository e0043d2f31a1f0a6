/**
 * Commitments: one message, and no other, can be shown to be what an envelope held.
 *
 * The recipient gets the key of the commitment inside the envelope, so they, and nobody else,
 * can prove the message later (message franking). The key is exactly 32 bytes: HMAC takes a
 * shorter key and the same with zeros behind it for equal, which would be two openings.
 *
 * Sources: RFC 2104; Grubbs, Lu and Ristenpart (CRYPTO 2017), the construction from HMAC.
 */

import { concat, isEqual, label } from "../crypto/bytes.ts";
import { SignatureError } from "../crypto/errors.ts";
import { hmacSha256 } from "../crypto/hashes.ts";

export const FRANK_KEY_BYTES = 32;
export const COMMITMENT_BYTES = 32;

const LABEL = label("kith/frank/v1");

/**
 * The 32-byte commitment to an encoded *core*.
 *
 * @param frankKey - 32 random bytes, never used for another message.
 * @throws RangeError - a key of another size.
 */
export function commit(frankKey: Uint8Array, core: Uint8Array): Uint8Array {
  if (frankKey.length !== FRANK_KEY_BYTES) {
    throw new RangeError("the key of a commitment is 32 bytes");
  }
  return hmacSha256(frankKey, concat(LABEL, core));
}

/**
 * Returns if *commitment* is that of *core* under *frankKey*.
 *
 * @throws SignatureError - in every other case, without saying which.
 * @throws RangeError - a key of another size, which no format here can carry.
 */
export function verifyCommitment(
  commitment: Uint8Array,
  frankKey: Uint8Array,
  core: Uint8Array,
): void {
  if (!isEqual(commit(frankKey, core), commitment)) {
    throw new SignatureError("not what was committed to");
  }
}
