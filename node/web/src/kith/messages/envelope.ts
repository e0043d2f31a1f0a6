/**
 * Envelopes: what nodes carry, in one fixed layout.
 *
 * `v(1) ‖ box(16) ‖ commitment(32) ‖ day(4) ‖ wrapped seal(1228) ‖ stamp(64) ‖ sealed`, integers
 * big-endian, the sealed text being exactly one of five sizes. What a client hands to its own
 * node lacks what the node adds: `v(1) ‖ box(16) ‖ commitment(32) ‖ sealed`. Nothing in here has
 * been verified; see `stamp.ts` and `message.ts`.
 */

import { concat, readUint32, uint32 } from "../crypto/bytes.ts";
import { SIGNATURE_BYTES } from "../crypto/ed25519.ts";
import { MalformedError } from "../crypto/errors.ts";
import { COMMITMENT_BYTES } from "./commitment.ts";
import { ID_BYTES } from "./objects.ts";
import { isBucket } from "./padding.ts";

export const SMALLEST_SEALED_BYTES = 4096;
export const LARGEST_SEALED_BYTES = 65536;
export const WRAPPED_SEAL_BYTES = 1228;
export const UNSTAMPED_HEAD_BYTES = 1 + ID_BYTES + COMMITMENT_BYTES; // 49
export const ENVELOPE_HEAD_BYTES =
  UNSTAMPED_HEAD_BYTES + 4 + WRAPPED_SEAL_BYTES + SIGNATURE_BYTES; // 1345
export const MAX_ENVELOPE_BYTES = ENVELOPE_HEAD_BYTES + LARGEST_SEALED_BYTES;
/** The year 2243, as everywhere in Kith. */
export const MAX_DAY = 100_000;

const VERSION = 1;
const SIZES = { smallest: SMALLEST_SEALED_BYTES, largest: LARGEST_SEALED_BYTES };

/** What a client hands to its own node. */
export interface Unstamped {
  /** Address of the recipient's mailbox, 16 bytes. */
  readonly box: Uint8Array;
  /** 32 bytes. */
  readonly commitment: Uint8Array;
  /** 4096, 8192, 16384, 32768 or 65536 bytes. */
  readonly sealed: Uint8Array;
}

/** An envelope of the right shape, its stamp not verified. */
export interface Envelope extends Unstamped {
  /** On which it was stamped, whole days since 1970-01-01 UTC, at most `MAX_DAY`. */
  readonly day: number;
  /** Who sent it, readable by the sending node and the keyholders together, 1228 bytes. */
  readonly wrappedSeal: Uint8Array;
  /** The sending node's signature, 64 bytes. */
  readonly stamp: Uint8Array;
}

/**
 * The bytes a client hands in: 49 more than the sealed text.
 *
 * @throws RangeError - a part of another size.
 */
export function encodeUnstamped(unstamped: Unstamped): Uint8Array {
  checkSizes(unstamped);
  const { box, commitment, sealed } = unstamped;
  return concat(Uint8Array.of(VERSION), box, commitment, sealed);
}

/**
 * The bytes that travel: 1345 more than the sealed text.
 *
 * @throws RangeError - a part of another size, or a day out of range.
 */
export function encodeEnvelope(envelope: Envelope): Uint8Array {
  checkSizes(envelope);
  const { box, commitment, day, wrappedSeal, stamp, sealed } = envelope;
  const isSized = wrappedSeal.length === WRAPPED_SEAL_BYTES && stamp.length === SIGNATURE_BYTES;
  if (!isSized || day < 0 || day > MAX_DAY) {
    throw new RangeError("a wrapped seal (1228), stamp (64) or day does not fit an envelope");
  }
  const head = concat(Uint8Array.of(VERSION), box, commitment, uint32(day));
  return concat(head, wrappedSeal, stamp, sealed);
}

/**
 * The envelope that *raw* spells.
 *
 * @throws MalformedError - another version or size, or a day beyond `MAX_DAY`.
 */
export function parseEnvelope(raw: Uint8Array): Envelope {
  if (!isBucket(raw.length - ENVELOPE_HEAD_BYTES, SIZES) || raw[0] !== VERSION) {
    throw new MalformedError("not an envelope");
  }
  const day = readUint32(raw, 49);
  if (day > MAX_DAY) throw new MalformedError("not an envelope");
  return {
    box: raw.slice(1, 17),
    commitment: raw.slice(17, 49),
    day,
    wrappedSeal: raw.slice(53, 1281),
    stamp: raw.slice(1281, 1345),
    sealed: raw.slice(1345),
  };
}

function checkSizes({ box, commitment, sealed }: Unstamped): void {
  if (box.length !== ID_BYTES || commitment.length !== COMMITMENT_BYTES) {
    throw new RangeError("an envelope has a box (16) and a commitment (32)");
  }
  if (!isBucket(sealed.length, SIZES)) {
    throw new RangeError("a sealed text is 4096, 8192, 16384, 32768 or 65536 bytes");
  }
}
