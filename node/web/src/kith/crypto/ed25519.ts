/**
 * Ed25519 signatures and the keys that make and check them. RFC 8032 §5.1.
 *
 * Keys of small order, under which one signature fits any message, and encodings that are not
 * canonical are refused when a key is parsed: engines and libraries differ on both. Who owns a
 * key is the caller's question. One library for all browsers, so that all agree and signing
 * needs no waiting; it is audited, and a verification takes about a millisecond.
 */

import { ed25519 } from "@noble/curves/ed25519.js";
import { KeyRefusedError, SignatureError } from "./errors.ts";
import type { Rng } from "./random.ts";

export const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;

/** A public key that `parseVerifyKey` has checked: 32 bytes. */
export type VerifyKey = Uint8Array & { readonly verifyKey: true };

const FIELD_PRIME = 2n ** 255n - 19n;
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const Y_MASK = 2n ** 255n - 1n; // the top bit holds the sign of x
// The y of the two points of order eight; the others of small order have 0, 1 or -1.
const Y_ORDER_8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const SMALL_ORDER_Y = new Set([0n, 1n, FIELD_PRIME - 1n, Y_ORDER_8, FIELD_PRIME - Y_ORDER_8]);

/** A private key. Printing it shows nothing of the seed. */
export class SigningKey {
  readonly #seed: Uint8Array;
  /** The public half. */
  readonly verifyKey: VerifyKey;

  /** @param seed - 32 secret bytes. */
  constructor(seed: Uint8Array) {
    if (seed.length !== KEY_BYTES) throw new RangeError("an Ed25519 seed is 32 bytes");
    this.#seed = seed;
    this.verifyKey = ed25519.getPublicKey(seed) as VerifyKey;
  }

  static fromSeed(seed: Uint8Array): SigningKey {
    return new SigningKey(seed);
  }

  /** A new key from 32 bytes of *rng*. */
  static generate(rng: Rng): SigningKey {
    return new SigningKey(rng(KEY_BYTES));
  }

  /** The 32 secret bytes it grows from. */
  get seed(): Uint8Array {
    return this.#seed;
  }

  /** The 64-byte signature of *message*, which begins with its domain label. */
  sign(message: Uint8Array): Uint8Array {
    return ed25519.sign(message, this.#seed);
  }
}

/**
 * *raw* as a public key that is safe to verify with.
 *
 * @throws KeyRefusedError - not 32 bytes, of small order, or not canonical (RFC 8032 §5.1.3).
 */
export function parseVerifyKey(raw: Uint8Array): VerifyKey {
  if (raw.length !== KEY_BYTES) throw new KeyRefusedError("an Ed25519 public key is 32 bytes");
  const y = littleEndian(raw) & Y_MASK;
  // Only y = 1 and y = -1 have x = 0, so the second test also covers its wrong sign.
  if (y >= FIELD_PRIME || SMALL_ORDER_Y.has(y)) {
    throw new KeyRefusedError("not a canonical Ed25519 key of full order");
  }
  return raw.slice() as VerifyKey;
}

/**
 * Returns if *signature* is that of *key* over *message*.
 *
 * @throws SignatureError - in every other case, without saying which; also for an S that is
 *   not below the order of the group (RFC 8032 §5.1.7).
 */
export function verifyEd25519(
  key: VerifyKey,
  signature: Uint8Array,
  message: Uint8Array,
): void {
  if (
    signature.length !== SIGNATURE_BYTES ||
    littleEndian(signature.slice(32)) >= GROUP_ORDER
  ) {
    throw new SignatureError("Ed25519 verification failed");
  }
  let isValid = false;
  try {
    isValid = ed25519.verify(signature, message, key, { zip215: false });
  } catch {
    // The library throws for points that do not decode.
  }
  if (!isValid) throw new SignatureError("Ed25519 verification failed");
}

function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at -= 1)
    value = (value << 8n) | BigInt(bytes[at] ?? 0);
  return value;
}
