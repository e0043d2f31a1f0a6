/**
 * Hashes, message authentication and key derivation, all at once and without waiting.
 *
 * Domain labels are the caller's part. Sources: FIPS 180-4 (SHA-2), FIPS 202 (SHAKE256),
 * RFC 2104 (HMAC), RFC 5869 (HKDF).
 */

import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 as sha2, sha512 as sha2Long } from "@noble/hashes/sha2.js";
import { shake256 as shake } from "@noble/hashes/sha3.js";

/** The 32-byte SHA-256 digest of *data*. */
export function sha256(data: Uint8Array): Uint8Array {
  return sha2(data);
}

/** The 64-byte SHA-512 digest of *data*. */
export function sha512(data: Uint8Array): Uint8Array {
  return sha2Long(data);
}

/** *size* bytes of SHAKE256 output over *data*. */
export function shake256(data: Uint8Array, size: number): Uint8Array {
  return shake(data, { dkLen: size });
}

/** The 32-byte HMAC-SHA-256 of *data* under *key*. */
export function hmacSha256(key: Uint8Array, data: Uint8Array): Uint8Array {
  return hmac(sha2, key, data);
}

/**
 * Bytes derived from *key* for the purpose that *info* names; RFC 5869 with an empty salt.
 *
 * @param key - already unguessable; this stretches nothing.
 * @param info - domain label and context.
 * @param size - bytes wanted, 1 to 8160.
 */
export function hkdfSha256(key: Uint8Array, info: Uint8Array, size = 32): Uint8Array {
  return hkdf(sha2, key, undefined, info, size);
}
