/**
 * Seats: one member's place in a circle, signed by a key that serves this circle only.
 *
 * A seat says where its owner is written to and by which name the circle knows them. It is
 * bound to the circle, so nobody who passes it on can change a box or a reply key unnoticed, or
 * use it in another circle. A roster names seats by their hashes.
 *
 * Sources: SPEC.md, section on circles; RFC 8785 (canonical form).
 */

import { lengthOf } from "../code-points.ts";
import { base64url, concat, label, parseBase64url } from "../crypto/bytes.ts";
import {
  parseVerifyKey,
  SigningKey,
  type VerifyKey,
  verifyEd25519,
} from "../crypto/ed25519.ts";
import { MalformedError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import { PUBLIC_KEY_BYTES, sealingPublicKey } from "../crypto/hpke.ts";
import type { JsonObject } from "../crypto/json.ts";
import type { Rng } from "../crypto/random.ts";
import { object, type TypeOf, text } from "../node/shape.ts";
import { parseOrigin } from "../origin.ts";
import { blob16, blob32, blob64, checkMembers, replyKey, signedBytes } from "./parts.ts";

export const SEED_BYTES = 32;
export const ID_BYTES = 16;
export const MAX_NAME_CHARACTERS = 40;

const SIGN = label("kith/circle-seat/v1");
const HASH = label("kith/circle-seat-hash/v1");
const BOX = label("kith/box/v1");

/**
 * One member's place in one circle, as it is written: `circle` (16 bytes), `key` (their
 * conversation key for this circle, 32), `node` (origin), `box` (16), `reply` (the sealing key
 * that takes the first message of each other member, 1216), `name`, `picture` (16 hexadecimal
 * digits), `sign` (by `key`, 64).
 */
export const seatShape = object({
  circle: blob16,
  key: blob32,
  node: text({ max: 300 }),
  box: blob16,
  reply: replyKey,
  name: text({ min: 1, max: MAX_NAME_CHARACTERS }),
  picture: text({}, /^[0-9a-f]{16}$/),
  sign: blob64,
});

export type Seat = TypeOf<typeof seatShape>;

/** What the owner of a seat keeps to themselves; 32 bytes each. */
export interface SeatKeys {
  /** Of the conversation key. */
  readonly seed: Uint8Array;
  /** Of the key that owns the box. */
  readonly boxSeed: Uint8Array;
  /** Of the sealing key. */
  readonly replySeed: Uint8Array;
}

/** What a seat is made of beside its keys. */
export interface SeatWords {
  /** 16 bytes. */
  readonly circle: Uint8Array;
  /** Origin of one's own node. */
  readonly node: string;
  /** What the circle is to call one. */
  readonly name: string;
  /** 16 hexadecimal digits. */
  readonly picture: string;
}

/** New keys for one seat. */
export function makeKeys(rng: Rng): SeatKeys {
  return { seed: rng(SEED_BYTES), boxSeed: rng(SEED_BYTES), replySeed: rng(SEED_BYTES) };
}

/**
 * The seat that *keys* own.
 *
 * @throws MalformedError - the name is empty, too long, or misleads a reader.
 */
export async function makeSeat(keys: SeatKeys, words: SeatWords): Promise<Seat> {
  const key = SigningKey.fromSeed(keys.seed);
  const box = SigningKey.fromSeed(keys.boxSeed);
  const unsigned: Seat = {
    circle: base64url(words.circle),
    key: base64url(key.verifyKey),
    node: words.node,
    box: base64url(sha256(concat(BOX, box.verifyKey)).slice(0, ID_BYTES)),
    reply: base64url(await sealingPublicKey(keys.replySeed)),
    name: words.name,
    picture: words.picture,
    sign: "",
  };
  const sign = base64url(key.sign(concat(SIGN, signedBytes(unsigned as JsonObject))));
  return checkSeat({ ...unsigned, sign });
}

/**
 * *seat*, which may come from a stranger, if all of it is in order.
 *
 * @throws MalformedError - a member breaks a rule.
 * @throws KeyRefusedError - its key is none.
 * @throws SignatureError - its key did not sign it.
 */
export function checkSeat(seat: Seat): Seat {
  checkMembers(
    [seat.name, seat.node],
    [
      [seat.circle, ID_BYTES],
      [seat.key, 32],
      [seat.box, ID_BYTES],
      [seat.reply, PUBLIC_KEY_BYTES],
      [seat.sign, 64],
    ],
  );
  const count = lengthOf(seat.name.trim());
  if (count === 0 || count > MAX_NAME_CHARACTERS || seat.name.includes("\n")) {
    throw new MalformedError(`a name has 1 to ${MAX_NAME_CHARACTERS} characters in one line`);
  }
  parseOrigin(seat.node);
  const signed = concat(SIGN, signedBytes(seat as JsonObject));
  verifyEd25519(keyOf(seat), parseBase64url(seat.sign, 64), signed);
  return seat;
}

/**
 * The key of *seat*.
 *
 * @throws KeyRefusedError - it is none.
 */
export function keyOf(seat: Seat): VerifyKey {
  return parseVerifyKey(parseBase64url(seat.key, 32));
}

/**
 * What names *seat* in a roster: 32 bytes as base64url.
 *
 * It does not cover the signature: whoever owns a seat could make several.
 */
export function seatHash(seat: Seat): string {
  return base64url(sha256(concat(HASH, signedBytes(seat as JsonObject))));
}
