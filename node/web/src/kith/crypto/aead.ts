/**
 * Authenticated encryption with AES-256-GCM under keys that are already secret.
 *
 * Choosing a nonce that never repeats under a key is the caller's part.
 * Sources: NIST SP 800-38D; RFC 5116 §5.2.
 */

import { concat } from "./bytes.ts";
import { DecryptionError } from "./errors.ts";

export const KEY_BYTES = 32;
export const NONCE_BYTES = 12;
export const TAG_BYTES = 16;

/** What goes with a text that is encrypted. */
export interface Encryption {
  /** 12 bytes, never used before under the key. */
  readonly nonce: Uint8Array;
  /** Associated data; must be given again to decrypt. */
  readonly bound?: Uint8Array;
}

/** `nonce ‖ ciphertext ‖ tag`. *key* is 32 bytes. */
export async function encrypt(
  key: Uint8Array,
  plaintext: Uint8Array,
  { nonce, bound = new Uint8Array() }: Encryption,
): Promise<Uint8Array> {
  if (key.length !== KEY_BYTES || nonce.length !== NONCE_BYTES) {
    throw new RangeError("AES-256-GCM takes a 32-byte key and a 12-byte nonce");
  }
  const imported = await importKey(key, "encrypt");
  const algorithm = { name: "AES-GCM", iv: copyOf(nonce), additionalData: copyOf(bound) };
  const sealed = await crypto.subtle.encrypt(algorithm, imported, copyOf(plaintext));
  return concat(nonce, new Uint8Array(sealed));
}

/**
 * The plaintext of what `encrypt` made.
 *
 * @throws DecryptionError - in every case but the right key, text and bound data.
 */
export async function decrypt(
  key: Uint8Array,
  sealed: Uint8Array,
  { bound = new Uint8Array() }: { readonly bound?: Uint8Array } = {},
): Promise<Uint8Array> {
  if (key.length !== KEY_BYTES) throw new RangeError("AES-256-GCM takes a 32-byte key");
  if (sealed.length < NONCE_BYTES + TAG_BYTES) throw new DecryptionError("cannot be opened");
  const imported = await importKey(key, "decrypt");
  const iv = copyOf(sealed.subarray(0, NONCE_BYTES));
  const algorithm = { name: "AES-GCM", iv, additionalData: copyOf(bound) };
  try {
    const opened = await crypto.subtle.decrypt(
      algorithm,
      imported,
      copyOf(sealed.subarray(NONCE_BYTES)),
    );
    return new Uint8Array(opened);
  } catch {
    throw new DecryptionError("cannot be opened");
  }
}

function importKey(key: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", copyOf(key), "AES-GCM", false, [use]);
}

/** A copy in memory of its own, which is what the engine's types ask for. */
function copyOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
