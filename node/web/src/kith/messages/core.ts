/**
 * The core of a message: what its writer says, and what a commitment and a report speak of.
 *
 * `header ‖ body`, the header being `v(1) ‖ conversation(16) ‖ role(1) ‖ lane(8) ‖ seq(4) ‖
 * previous(32) ‖ minute(4) ‖ has_next(1) ‖ next(1216 or nothing)`, integers big-endian, and the
 * body canonical JSON. What bodies say, and which order of numbers is right, is not said here.
 *
 * Source: RFC 8785 for the body; crypto spec, one-to-one conversations.
 */

import { concat, isEqual, readUint32, uint32 } from "../crypto/bytes.ts";
import { MalformedError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import { PUBLIC_KEY_BYTES } from "../crypto/hpke.ts";
import { canonicalBytes, type JsonObject, parseJsonObject } from "../crypto/json.ts";

export const ROLE_MENTEE = 1;
export const ROLE_MENTOR = 2;

export const CONVERSATION_BYTES = 16;
export const LANE_BYTES = 8;
export const HASH_BYTES = 32;
/** `previous` of the first message of a lane. */
export const NO_PREVIOUS: Uint8Array = new Uint8Array(HASH_BYTES);

export const HEADER_BYTES = 67;
export const HEADER_BYTES_WITH_NEXT = HEADER_BYTES + PUBLIC_KEY_BYTES; // 1283
/** Of a seq or minute. */
export const MAX_NUMBER = 2 ** 32 - 1;

const VERSION = 1;

/** One message as its writer signed it. */
export interface Core {
  /** 16 bytes, drawn by the mentee for the knock. */
  readonly conversation: Uint8Array;
  /** Of the writer, `ROLE_MENTEE` or `ROLE_MENTOR`. */
  readonly role: number;
  /** 8 bytes, the device that wrote. */
  readonly lane: Uint8Array;
  /** Number in the lane, from 1. */
  readonly seq: number;
  /** `coreHash` of the lane's message before, or `NO_PREVIOUS`. */
  readonly previous: Uint8Array;
  /** Whole minutes since 1970-01-01 UTC, by the writer's clock. */
  readonly minute: number;
  /** The writer's new reply key, 1216 bytes, or null. */
  readonly nextKey: Uint8Array | null;
  /** JSON of the canonical profile. */
  readonly body: JsonObject;
}

/**
 * The bytes of *core*.
 *
 * @throws RangeError - a part of the header is of another size or out of range.
 * @throws MalformedError - the body is outside the profile of canonical JSON.
 */
export function encodeCore(core: Core): Uint8Array {
  checkHeader(core);
  return concat(
    Uint8Array.of(VERSION),
    core.conversation,
    Uint8Array.of(core.role),
    core.lane,
    uint32(core.seq),
    core.previous,
    uint32(core.minute),
    Uint8Array.of(core.nextKey === null ? 0 : 1),
    core.nextKey ?? new Uint8Array(0),
    canonicalBytes(core.body),
  );
}

/**
 * The message that *raw* spells; its size is bounded by the envelope it came in.
 *
 * @throws MalformedError - another version, role or flag, a number of zero, or a body that is
 *   not a JSON object in canonical form.
 */
export function parseCore(raw: Uint8Array): Core {
  const flag = raw[66] ?? 2;
  const end = flag === 1 ? HEADER_BYTES_WITH_NEXT : HEADER_BYTES;
  if (raw.length < end || raw[0] !== VERSION || flag > 1) {
    throw new MalformedError("not the core of a message");
  }
  const role = raw[17];
  const seq = readUint32(raw, 26);
  if ((role !== ROLE_MENTEE && role !== ROLE_MENTOR) || seq === 0) {
    throw new MalformedError("not the core of a message");
  }
  return {
    conversation: raw.slice(1, 17),
    role,
    lane: raw.slice(18, 26),
    seq,
    previous: raw.slice(30, 62),
    minute: readUint32(raw, 62),
    nextKey: flag === 1 ? raw.slice(HEADER_BYTES, end) : null,
    body: parseBody(raw.slice(end)),
  };
}

/**
 * SHA-256 of an encoded core: how bindings, lanes and safety words name a message.
 *
 * A lane's `previous` names the core and not what surrounds it, because sending the same core
 * again has another key and another commitment, and must not look like a fork.
 */
export function coreHash(core: Uint8Array): Uint8Array {
  return sha256(core);
}

function parseBody(raw: Uint8Array): JsonObject {
  const body = parseJsonObject(raw, { maxBytes: raw.length });
  if (!isEqual(canonicalBytes(body), raw)) {
    throw new MalformedError("a body is written in canonical form");
  }
  return body;
}

function checkHeader({ conversation, role, lane, seq, previous, minute, nextKey }: Core): void {
  const isSized =
    conversation.length === CONVERSATION_BYTES &&
    lane.length === LANE_BYTES &&
    previous.length === HASH_BYTES;
  if (!isSized) {
    throw new RangeError("conversation (16), lane (8) and previous (32) have fixed sizes");
  }
  if (role !== ROLE_MENTEE && role !== ROLE_MENTOR) throw new RangeError("no such role");
  if (seq < 1 || seq > MAX_NUMBER || minute < 0 || minute > MAX_NUMBER) {
    throw new RangeError("a number is out of range");
  }
  if (nextKey !== null && nextKey.length !== PUBLIC_KEY_BYTES) {
    throw new RangeError("a reply key is 1216 bytes");
  }
}
