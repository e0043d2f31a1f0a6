/**
 * Bindings: the owner of an offer vouches, once, for the mentor's key of a conversation.
 *
 * The mentee knows the offer key from the bundle they knocked with. The binding ties the
 * mentor's new conversation key to it, to the mentee's key and to the very knock that is being
 * answered, so nobody can answer for the offer, and no answer fits another knock.
 */

import { concat, isEqual, label } from "../crypto/bytes.ts";
import { type SigningKey, type VerifyKey, verifyEd25519 } from "../crypto/ed25519.ts";
import { SignatureError } from "../crypto/errors.ts";

const LABEL = label("kith/bind/v1");

/** What a binding speaks of. */
export interface Bound {
  /** 16 bytes, from the knock. */
  readonly conversation: Uint8Array;
  readonly mentorKey: VerifyKey;
  /** From the knock. */
  readonly menteeKey: VerifyKey;
  /** `coreHash` of the knock, 32 bytes. */
  readonly knockHash: Uint8Array;
}

/**
 * The offer key's signature, 64 bytes.
 *
 * @throws RangeError - a part of another size, or equal keys.
 */
export function signBinding(offerKey: SigningKey, bound: Bound): Uint8Array {
  if (isEqual(bound.mentorKey, bound.menteeKey)) {
    throw new RangeError("the two sides of a conversation have different keys");
  }
  return offerKey.sign(messageOf(bound));
}

/**
 * Returns if *offerKey* bound the mentor's key to this conversation.
 *
 * @throws SignatureError - it did not, or the keys are equal.
 * @throws RangeError - a part of another size, which is a mistake in the program.
 */
export function verifyBinding(offerKey: VerifyKey, signature: Uint8Array, bound: Bound): void {
  if (isEqual(bound.mentorKey, bound.menteeKey)) {
    throw new SignatureError("Ed25519 verification failed");
  }
  verifyEd25519(offerKey, signature, messageOf(bound));
}

function messageOf({ conversation, mentorKey, menteeKey, knockHash }: Bound): Uint8Array {
  if (conversation.length !== 16 || knockHash.length !== 32) {
    throw new RangeError("a conversation is named by 16 bytes, a knock by 32");
  }
  return concat(LABEL, conversation, mentorKey, menteeKey, knockHash);
}
