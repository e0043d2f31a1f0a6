/**
 * Signing in: from a name and a passphrase to a verifier and a key, on the device.
 *
 * The name never leaves the device: the node finds a member by the hash of a secret derived
 * here, so an unknown name and a wrong passphrase are one case. Keeping `auth` and `wrap` off
 * disks and logs is the caller's part.
 *
 * Sources: RFC 9106 (Argon2id); Unicode Standard Annex #15 and default case folding; SPEC.md,
 * section on signing in.
 */

import { caseFold } from "../case-fold.ts";
import { lengthOf } from "../code-points.ts";
import { decrypt, encrypt } from "../crypto/aead.ts";
import { concat, hasLoneSurrogate, label, utf8 } from "../crypto/bytes.ts";
import { DecryptionError, UsageError } from "../crypto/errors.ts";
import { hkdfSha256, sha256 } from "../crypto/hashes.ts";
import type { Argon2id } from "../crypto/passphrase.ts";
import type { Rng } from "../crypto/random.ts";

export const KEY_BYTES = 32;
export const CODE_BYTES = 16;
export const COMMUNITY_BYTES = 16;
export const MAX_CHARACTERS = 512;

const SALT_BYTES = 16;
const MASTER_BYTES = 64;
const NONCE_BYTES = 12;
const SALT = label("kith/salt/v1");
const AUTH = label("kith/auth/v1");
const WRAP = label("kith/wrap/v1");
const RECOVERY_AUTH = label("kith/rec-auth/v1");
const RECOVERY_WRAP = label("kith/rec-wrap/v1");
// Later Unicode versions fold what earlier ones leave alone, so a device must not take a
// character that its tables do not know; controls have no business here.
const REFUSED = /[\p{Cn}\p{Cc}]/u;

/** What a name and passphrase, or a recovery code, derive to; 32 bytes each. */
export interface Secrets {
  /** Shown to the node to sign in. */
  readonly auth: Uint8Array;
  /** Opens the slot of the vault key; never leaves the device. */
  readonly wrap: Uint8Array;
}

/**
 * The 16 bytes that stand for a community in derivations.
 *
 * @param actor - the actor's id exactly as the community writes it; it is pinned at joining.
 */
export function communityId(actor: string): Uint8Array {
  return sha256(utf8(actor)).slice(0, COMMUNITY_BYTES);
}

/**
 * The secrets that *name* and *passphrase* stand for in *community*.
 *
 * @param name - the login name; its case and compatibility forms do not matter.
 * @param passphrase - compatibility forms do not matter, case does.
 * @param community - 16 bytes.
 * @param stretch - takes a while and 64 MiB; in a worker.
 * @throws UsageError - a name or passphrase that is empty, longer than 512 characters, or holds
 *   control characters or ones this engine does not know.
 */
export async function deriveSignIn(
  name: string,
  passphrase: string,
  community: Uint8Array,
  stretch: Argon2id,
): Promise<Secrets> {
  const folded = foldName(checkLogin(name, "name"));
  const secret = checkLogin(passphrase, "passphrase").normalize("NFKC");
  const salt = sha256(concat(SALT, community, utf8(folded))).slice(0, SALT_BYTES);
  const master = await stretch(utf8(secret), salt, MASTER_BYTES);
  return {
    auth: hkdfSha256(master, concat(AUTH, community)),
    wrap: hkdfSha256(master, concat(WRAP, community)),
  };
}

/**
 * The secrets that a recovery code stands for in *community*.
 *
 * @param code - 16 random bytes.
 */
export function deriveRecovery(code: Uint8Array, community: Uint8Array): Secrets {
  if (code.length !== CODE_BYTES) throw new RangeError("a recovery code is 16 bytes");
  return {
    auth: hkdfSha256(code, concat(RECOVERY_AUTH, community)),
    wrap: hkdfSha256(code, concat(RECOVERY_WRAP, community)),
  };
}

/** The 60-byte slot that holds a vault key under `wrap`. */
export function wrapVaultKey(
  vaultKey: Uint8Array,
  wrap: Uint8Array,
  rng: Rng,
): Promise<Uint8Array> {
  if (vaultKey.length !== KEY_BYTES) throw new RangeError("a vault key is 32 bytes");
  return encrypt(wrap, vaultKey, { nonce: rng(NONCE_BYTES) });
}

/**
 * The vault key in *slot*.
 *
 * @throws DecryptionError - another key, an altered slot, or not a vault key's slot.
 */
export async function unwrapVaultKey(slot: Uint8Array, wrap: Uint8Array): Promise<Uint8Array> {
  const vaultKey = await decrypt(wrap, slot);
  if (vaultKey.length !== KEY_BYTES) throw new DecryptionError("cannot be opened");
  return vaultKey;
}

/** A login name in the form in which two spellings of it are one. */
export function foldName(name: string): string {
  // Folding can undo normalisation and the reverse, hence once around both.
  return caseFold(name.normalize("NFKC")).normalize("NFKC");
}

function checkLogin(text: string, what: string): string {
  const count = lengthOf(text);
  if (count === 0 || count > MAX_CHARACTERS) {
    throw new UsageError(`the ${what} must have 1 to ${MAX_CHARACTERS} characters`);
  }
  if (hasLoneSurrogate(text) || REFUSED.test(text)) {
    throw new UsageError(`the ${what} has a character that cannot be used`);
  }
  return text;
}
