/**
 * Stamps: the sending node vouches for an envelope, knowing nothing of what it says.
 *
 * The recipient's client checks it before it shows anything, moderators with the report. What a
 * stamp speaks of, without the sealed text itself, is a postmark. Which keys a node has or had
 * lately, and how far a day may be off, is the caller's part.
 */

import { concat, label, readUint32, uint32 } from "../crypto/bytes.ts";
import { SIGNATURE_BYTES, type VerifyKey, verifyEd25519 } from "../crypto/ed25519.ts";
import { MalformedError, SignatureError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import { COMMITMENT_BYTES } from "./commitment.ts";
import { type Envelope, MAX_DAY, WRAPPED_SEAL_BYTES } from "./envelope.ts";
import { ID_BYTES } from "./objects.ts";

export const POSTMARK_BYTES =
  1 + ID_BYTES + COMMITMENT_BYTES + 32 + 4 + WRAPPED_SEAL_BYTES + SIGNATURE_BYTES; // 1377

const LABEL = label("kith/stamp/v1");
const VERSION = 1;

/** An envelope whose stamp was verified here. */
export interface Stamped {
  readonly envelope: Envelope;
}

/** What a stamp speaks of, and the stamp; not verified. */
export interface Postmark {
  /** 16 bytes. */
  readonly box: Uint8Array;
  /** 32 bytes. */
  readonly commitment: Uint8Array;
  /** SHA-256 of the sealed text. */
  readonly sealedHash: Uint8Array;
  /** Whole days since 1970-01-01 UTC, at most `MAX_DAY`. */
  readonly day: number;
  /** 1228 bytes. */
  readonly wrappedSeal: Uint8Array;
  /** 64 bytes. */
  readonly stamp: Uint8Array;
}

/**
 * *envelope* if one of the sending node's present and lately retired keys stamped it.
 *
 * @throws SignatureError - none of them did.
 */
export function verifyStamp(envelope: Envelope, nodeKeys: readonly VerifyKey[]): Stamped {
  verifyPostmark(postmarkOf(envelope), nodeKeys);
  return { envelope };
}

/** What the stamp of *envelope* speaks of; as far verified as it is. */
export function postmarkOf({ sealed, ...envelope }: Envelope): Postmark {
  return { ...envelope, sealedHash: sha256(sealed) };
}

/**
 * Returns if one of *nodeKeys* made the stamp of *postmark*.
 *
 * @throws SignatureError - none of them did, or a part has another size.
 */
export function verifyPostmark(postmark: Postmark, nodeKeys: readonly VerifyKey[]): void {
  if (!isWhole(postmark)) throw new SignatureError("Ed25519 verification failed");
  const message = concat(
    LABEL,
    postmark.box,
    postmark.commitment,
    postmark.sealedHash,
    sha256(postmark.wrappedSeal),
    uint32(postmark.day),
  );
  verifyByOne(nodeKeys, postmark.stamp, message);
}

/**
 * Returns if one of *keys* signed *message*.
 *
 * @throws SignatureError - none of them did.
 */
export function verifyByOne(
  keys: readonly VerifyKey[],
  signature: Uint8Array,
  message: Uint8Array,
): void {
  for (const key of keys) {
    try {
      verifyEd25519(key, signature, message);
      return;
    } catch (error) {
      if (!(error instanceof SignatureError)) throw error;
    }
  }
  throw new SignatureError("Ed25519 verification failed");
}

/**
 * The 1377 bytes of *postmark*: `v(1) ‖ box ‖ commitment ‖ hash(32) ‖ day(4) ‖ wrapped seal ‖
 * stamp`.
 *
 * @throws RangeError - a part of another size, or a day out of range.
 */
export function encodePostmark(postmark: Postmark): Uint8Array {
  if (!isWhole(postmark)) {
    throw new RangeError("a part of the postmark has another size, or its day is out of range");
  }
  const { box, commitment, sealedHash, day, wrappedSeal, stamp } = postmark;
  const head = concat(Uint8Array.of(VERSION), box, commitment, sealedHash, uint32(day));
  return concat(head, wrappedSeal, stamp);
}

/**
 * The postmark that *raw* spells.
 *
 * @throws MalformedError - another version or size, or a day beyond `MAX_DAY`.
 */
export function parsePostmark(raw: Uint8Array): Postmark {
  if (raw.length !== POSTMARK_BYTES || raw[0] !== VERSION) {
    throw new MalformedError("not a postmark");
  }
  const day = readUint32(raw, 81);
  if (day > MAX_DAY) throw new MalformedError("not a postmark");
  return {
    box: raw.slice(1, 17),
    commitment: raw.slice(17, 49),
    sealedHash: raw.slice(49, 81),
    day,
    wrappedSeal: raw.slice(85, 1313),
    stamp: raw.slice(1313),
  };
}

function isWhole(postmark: Postmark): boolean {
  const { box, commitment, sealedHash, day, wrappedSeal, stamp } = postmark;
  return (
    box.length === ID_BYTES &&
    commitment.length === COMMITMENT_BYTES &&
    sealedHash.length === 32 &&
    wrappedSeal.length === WRAPPED_SEAL_BYTES &&
    stamp.length === SIGNATURE_BYTES &&
    day >= 0 &&
    day <= MAX_DAY
  );
}
