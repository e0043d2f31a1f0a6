/** Making the core of a message: its number, its reply key, what it acknowledges. */

import { base64url, isEqual, parseBase64url, utf8 } from "../crypto/bytes.ts";
import { KithError, UsageError } from "../crypto/errors.ts";
import { sealingPublicKey } from "../crypto/hpke.ts";
import { parseJsonObject } from "../crypto/json.ts";
import type { Rng } from "../crypto/random.ts";
import { AROUND_CORE_BYTES } from "../messages/content.ts";
import { type Core, coreHash, encodeCore, NO_PREVIOUS } from "../messages/core.ts";
import { LARGEST_SEALED_BYTES, SMALLEST_SEALED_BYTES } from "../messages/envelope.ts";
import { bucketBytes } from "../messages/padding.ts";
import { type Body, encodeBody } from "./bodies.ts";
import type { State } from "./history.ts";
import type { LaneLog } from "./ledger.ts";
import type { Message, Seed, Talk } from "./records.ts";
import { newestFirst, nextTurn, SEED_BYTES } from "./seeds.ts";

/** A message that is not sealed yet. */
export interface Draft {
  readonly core: Core;
  /** It, encoded. */
  readonly raw: Uint8Array;
  /** The new reply key it announces, or null. */
  readonly seed: Seed | null;
}

/** What a message is written into. */
export interface Around {
  readonly talk: Talk;
  /** Of this device. */
  readonly lane: string;
  /** What it has written so far. */
  readonly log: LaneLog;
  /** Own reply keys that live. */
  readonly seeds: readonly Seed[];
  /** How many messages of the other side are known. */
  readonly heard: number;
  /** Which own numbers the other side has seen, by lane. */
  readonly acked: ReadonlyMap<string, number>;
  /** What is acknowledged to it. */
  readonly ack: ReadonlyMap<string, number>;
}

/** A reply key that a message carries. */
interface Announced {
  readonly seed: Seed;
  readonly key: Uint8Array;
}

/**
 * Returns if *body* may be written now.
 *
 * @throws UsageError - it belongs before the conversation, or the conversation has ended.
 */
export function checkMayWrite(body: Body, state: State): void {
  switch (body.type) {
    case "knock":
    case "answer":
    case "withdrawal":
    case "unknown":
      throw new UsageError("not a message of a conversation that has begun");
    case "close":
      checkState(state, ["open", "closed-by-peer"]);
      break;
    case "freeze":
      checkState(state, ["open", "closed-by-me", "closed-by-peer", "closed"]);
      break;
    default:
      checkState(state, ["open"]);
      break;
  }
}

function checkState(state: State, allowed: readonly State[]): void {
  if (!allowed.includes(state)) throw new UsageError(`the conversation is ${state}`);
}

/**
 * *body* as the next message of the lane.
 *
 * A new reply key is made for the first message of a turn, for the first one of a lane, whose
 * device may have forgotten its newest, and for `rekey`. Until the other side has seen it, later
 * messages repeat it where that costs no larger envelope.
 *
 * @param now - seconds.
 * @param rng - for a new reply key.
 * @throws MalformedError - *body* breaks a rule.
 * @throws TooLargeError - it does not fit an envelope.
 */
export async function compose(
  body: Body,
  around: Around,
  now: number,
  rng: Rng,
): Promise<Draft> {
  const [newest] = newestFirst(around.seeds);
  const isFirst = around.log.top === 0 || body.type === "rekey";
  if (newest === undefined || isFirst || around.heard > newest.heard) {
    const seed = newSeed(around, now, rng);
    return { ...draft(body, around, now, await announcedBy(seed)), seed };
  }
  const plain = draft(body, around, now, null);
  const isSeen = (around.acked.get(around.lane) ?? 0) >= newest.seq;
  if (newest.lane !== around.lane || isSeen) return plain;
  const repeated = draft(body, around, now, await announcedBy(newest));
  return bucketOf(repeated) === bucketOf(plain) ? repeated : plain;
}

/**
 * The core that was kept as *message*, or null if that is not all there is.
 *
 * @param nextKey - the reply key that stood in its header, if it is still known.
 */
export function coreOf(
  conversation: string,
  message: Message,
  nextKey: Uint8Array | null,
): Core | null {
  try {
    const raw = utf8(message.body);
    const core: Core = {
      conversation: parseBase64url(conversation),
      role: message.role,
      lane: parseBase64url(message.lane),
      seq: message.seq,
      previous: parseBase64url(message.previous),
      minute: message.minute,
      nextKey,
      body: parseJsonObject(raw, { maxBytes: raw.length }),
    };
    const hash = coreHash(encodeCore(core));
    return isEqual(hash, parseBase64url(message.hash)) ? core : null;
  } catch (error) {
    if (error instanceof KithError || error instanceof RangeError) return null;
    throw error;
  }
}

function newSeed(around: Around, now: number, rng: Rng): Seed {
  return {
    kind: "seed",
    conversation: around.talk.conversation,
    lane: around.lane,
    turn: nextTurn(around.seeds, now),
    seed: rng(SEED_BYTES),
    made_at: now,
    heard: around.heard,
    seq: around.log.top + 1,
  };
}

async function announcedBy(seed: Seed): Promise<Announced> {
  return { seed, key: await sealingPublicKey(seed.seed) };
}

function draft(body: Body, around: Around, now: number, announced: Announced | null): Draft {
  const { talk, lane, log, ack } = around;
  const [before] = log.at(log.top).slice(-1);
  const core: Core = {
    conversation: parseBase64url(talk.conversation),
    role: talk.role,
    lane: parseBase64url(lane),
    seq: log.top + 1,
    previous: before === undefined ? NO_PREVIOUS : parseBase64url(before.hash),
    minute: Math.floor(now / 60),
    nextKey: announced?.key ?? null,
    body: encodeBody(body, { ack, turn: announced?.seed.turn ?? null }),
  };
  return { core, raw: encodeCore(core), seed: null };
}

function bucketOf({ raw }: Draft): number {
  return bucketBytes(raw.length + AROUND_CORE_BYTES, {
    smallest: SMALLEST_SEALED_BYTES,
    largest: LARGEST_SEALED_BYTES,
  });
}

/** The name of an encoded core. */
export function hashOf(raw: Uint8Array): string {
  return base64url(coreHash(raw));
}
