/**
 * The word of both keys that an offer stands under a profile.
 *
 * Profile and offer are owned by different keys, so that nothing stored says they belong to one
 * person; whoever wants both shown together signs with both. Storing it is left to the caller.
 *
 * Source: crypto spec, profile capability; label `"kith/shown/v1\0"`.
 */

import { concat, label } from "../crypto/bytes.ts";
import { type SigningKey, type VerifyKey, verifyEd25519 } from "../crypto/ed25519.ts";
import { UsageError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";

const LABEL = label("kith/shown/v1");
const PROFILE_LABEL = label("kith/profile-id/v1");
const OFFER_LABEL = label("kith/offer-id/v1");
const ID_BYTES = 16;

/** The signatures of both keys, 64 bytes each. */
export interface ShownSignatures {
  readonly profile: Uint8Array;
  readonly offer: Uint8Array;
}

/** Which profile and offer belong together: 16 bytes each. */
export interface ShownIds {
  readonly profile: Uint8Array;
  readonly offer: Uint8Array;
}

/** What both keys sign. @throws UsageError - an id is not 16 bytes. */
export function shownBytes({ profile, offer }: ShownIds): Uint8Array {
  if (profile.length !== ID_BYTES || offer.length !== ID_BYTES) {
    throw new UsageError("an id has 16 bytes");
  }
  return concat(LABEL, profile, offer);
}

/** The word of *profileKey* and *offerKey*. */
export function signShown(profileKey: SigningKey, offerKey: SigningKey): ShownSignatures {
  const message = shownBytes(idsOf(profileKey.verifyKey, offerKey.verifyKey));
  return { profile: profileKey.sign(message), offer: offerKey.sign(message) };
}

/**
 * The ids of the profile and of the offer that both keys say belong together.
 *
 * @throws SignatureError - one of the two did not sign that.
 */
export function verifyShown(
  profileKey: VerifyKey,
  offerKey: VerifyKey,
  signatures: ShownSignatures,
): ShownIds {
  const ids = idsOf(profileKey, offerKey);
  const message = shownBytes(ids);
  verifyEd25519(profileKey, signatures.profile, message);
  verifyEd25519(offerKey, signatures.offer, message);
  return ids;
}

function idsOf(profileKey: VerifyKey, offerKey: VerifyKey): ShownIds {
  return { profile: idOf(PROFILE_LABEL, profileKey), offer: idOf(OFFER_LABEL, offerKey) };
}

function idOf(kind: Uint8Array, key: VerifyKey): Uint8Array {
  return sha256(concat(kind, key)).slice(0, ID_BYTES);
}
