/**
 * Recognition: a mentor can tell that a knock comes from somebody they have blocked before.
 *
 * The sending node derives `who` from the member and the offer, and signs it for one offer, one
 * conversation key and one day. It differs for every offer, so it says only "the same member as
 * before, at this offer".
 */

import { concat, label, uint32 } from "../crypto/bytes.ts";
import type { VerifyKey } from "../crypto/ed25519.ts";
import { SignatureError } from "../crypto/errors.ts";
import { MAX_DAY } from "./envelope.ts";
import { ID_BYTES } from "./objects.ts";
import { verifyByOne } from "./stamp.ts";

export const WHO_BYTES = 16;

const LABEL = label("kith/who/v1");

/** What a node signs *who* for. */
export interface Recognised {
  /** Of one's own offer, 16 bytes. */
  readonly offerId: Uint8Array;
  /** The key that signed the knock. */
  readonly menteeKey: VerifyKey;
  /** From the knock; how far it may be from that of the envelope is the caller's part. */
  readonly day: number;
}

/**
 * Returns if one of the sending node's keys signed *who* for this offer, key and day.
 *
 * @throws SignatureError - none of them did, *who* is not 16 bytes, or the day is out of range.
 */
export function verifyWho(
  nodeKeys: readonly VerifyKey[],
  signature: Uint8Array,
  who: Uint8Array,
  { offerId, menteeKey, day }: Recognised,
): void {
  if (who.length !== WHO_BYTES || day < 0 || day > MAX_DAY) {
    throw new SignatureError("Ed25519 verification failed");
  }
  if (offerId.length !== ID_BYTES) throw new RangeError("an offer is named by 16 bytes");
  verifyByOne(nodeKeys, signature, concat(LABEL, who, offerId, menteeKey, uint32(day)));
}
