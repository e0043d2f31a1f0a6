/**
 * Identifiers that are hashes: of capabilities, boxes and recipients' keys.
 *
 * An object's owner is whoever holds the key its id is the hash of, so an id needs no registry
 * and names no member. Checking signatures by these keys is the caller's part.
 */

import { concat, label } from "../crypto/bytes.ts";
import type { VerifyKey } from "../crypto/ed25519.ts";
import { sha256 } from "../crypto/hashes.ts";

export const ID_BYTES = 16;

const OFFER_LABEL = label("kith/offer-id/v1");
const PROFILE_LABEL = label("kith/profile-id/v1");
const BOX_LABEL = label("kith/box/v1");
const KEY_LABEL = label("kith/kid/v1");

/** The 16-byte id of the offer that *key* owns. */
export function offerId(key: VerifyKey): Uint8Array {
  return idOf(OFFER_LABEL, key);
}

/** The 16-byte id of the profile that *key* owns. */
export function profileId(key: VerifyKey): Uint8Array {
  return idOf(PROFILE_LABEL, key);
}

/** The 16-byte address of the mailbox that *key* owns. */
export function boxAddress(key: VerifyKey): Uint8Array {
  return idOf(BOX_LABEL, key);
}

/** The 16-byte id (`kid`) of a public sealing key, 1216 bytes. */
export function keyId(publicKey: Uint8Array): Uint8Array {
  return idOf(KEY_LABEL, publicKey);
}

function idOf(root: Uint8Array, key: Uint8Array): Uint8Array {
  return sha256(concat(root, key)).slice(0, ID_BYTES);
}
