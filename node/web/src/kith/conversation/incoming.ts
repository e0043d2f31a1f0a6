/**
 * Knocks on the mentor's side: reading, answering, and forgetting.
 *
 * The mentor's keys of a conversation grow from the offer's secret and the knock, so that two
 * devices that answer the same knock at the same time begin the same conversation with two
 * lanes, and not two conversations. They serve that one conversation only. Whom the mentor has
 * blocked, and keeping what was read until the offer's seeds are gone, is left to the caller.
 *
 * Source: SPEC.md, section on conversations.
 */

import { base64url, concat, isEqual, label, parseBase64url } from "../crypto/bytes.ts";
import { parseVerifyKey, SigningKey, type VerifyKey } from "../crypto/ed25519.ts";
import { MalformedError, RemoteError, SignatureError, UsageError } from "../crypto/errors.ts";
import { hkdfSha256 } from "../crypto/hashes.ts";
import { sealingPublicKey } from "../crypto/hpke.ts";
import type { Rng } from "../crypto/random.ts";
import { signBinding } from "../messages/binding.ts";
import type { Opened } from "../messages/content.ts";
import {
  type Core,
  coreHash,
  encodeCore,
  NO_PREVIOUS,
  parseCore,
  ROLE_MENTOR,
} from "../messages/core.ts";
import type { Unstamped } from "../messages/envelope.ts";
import { openKnock, sealAnswer } from "../messages/message.ts";
import { boxAddress, offerId } from "../messages/objects.ts";
import { verifyWho } from "../messages/recognition.ts";
import type { Stamped } from "../messages/stamp.ts";
import { DAY_S } from "../search/day.ts";
import { type Answer, encodeBody, type Knock, readStrictly } from "./bodies.ts";
import type { Evidence } from "./events.ts";
import { KNOCK_DAYS, type KnockEvent, stepIncoming } from "./knock-machine.ts";
import { expireIncoming } from "./knock-states.ts";
import { Conversation } from "./machine.ts";
import { evidenceOfCore, PROOF_DAYS, proofOf, replyKeyOf } from "./proofs.ts";
import { type IncomingKnock, laneOf, messageOf, type ReplyKey, type Seed } from "./records.ts";
import { SEED_BYTES } from "./seeds.ts";
import { hashOf } from "./writing.ts";

export const WHO_DAYS = 8; // as old as an envelope may be when it is taken in
export const EARLY_DAYS = 2; // that a withdrawal waits for its knock

const KEY_LABEL = label("kith/mentor-key/v1");
const BOX_LABEL = label("kith/mentor-box/v1");

/** It was read before, or takes back what is not known or settled. */
export class ReplayedError extends RemoteError {
  override readonly code = "replayed";
  override readonly safe = "This was received before.";
}

/** Where a knock came, and what is known there. */
export interface KnockArrival {
  /** Of the offer's weeks, newest first. */
  readonly seeds: readonly Uint8Array[];
  /** Id of the offer, 16 bytes as base64url. */
  readonly offer: string;
  /** Origin of the node that delivered it. */
  readonly node: string;
  /** That node's present and lately retired keys. */
  readonly nodeKeys: readonly VerifyKey[];
  /** All that were ever read at this offer, by conversation. */
  readonly knocks: ReadonlyMap<string, IncomingKnock>;
  /** Names this device, see `laneOf`. */
  readonly device: Uint8Array;
}

/** What is to be stored and then handed in, the slow way. */
export interface WrittenAnswer {
  /** The record as it is now. */
  readonly knock: IncomingKnock;
  /** That begins, with records to be stored; null when declined. */
  readonly conversation: Conversation | null;
  /** Goes to `knock.node`. */
  readonly unstamped: Unstamped;
  /** Owns the new box, which has to exist before this is handed in; null when declined. */
  readonly boxKey: SigningKey | null;
}

/**
 * The knock in an envelope, or a known one that it takes back.
 *
 * @param stamped - an envelope of the offer's knock box, its stamp verified with `nodeKeys`.
 * @param now - seconds.
 * @throws DecryptionError - not a message to this offer.
 * @throws SignatureError - its node did not vouch for who wrote it.
 * @throws ReplayedError - it was read before, or takes back what is not known or settled.
 * @throws MalformedError - it breaks a rule.
 */
export async function readKnock(
  stamped: Stamped,
  { seeds, offer, node, nodeKeys, knocks, device }: KnockArrival,
  now: number,
): Promise<IncomingKnock> {
  const opened = await openKnock(stamped, seeds, { offerId: parseBase64url(offer) });
  const body = readStrictly(opened.core.body);
  const conversation = base64url(opened.core.conversation);
  const known = knocks.get(conversation);
  if (body.type === "withdrawal") return withdrawn(known, opened, now);
  if (body.type !== "knock" || opened.core.nextKey === null) {
    throw new MalformedError("not a knock");
  }
  if (known !== undefined) throw new ReplayedError("a conversation begins with one knock");
  checkWho(body, opened, stamped, offer, nodeKeys);
  return {
    kind: "knocked",
    conversation,
    lane: laneOf(device, conversation),
    offer,
    node,
    mentee_key: opened.writer,
    box: body.box,
    who: body.who,
    core: opened.raw,
    state: "delivered",
    read_at: now,
    expires_at: (stamped.envelope.day + 1) * DAY_S + KNOCK_DAYS * DAY_S,
    changed_at: now,
    proof: proofOf(stamped, opened, node),
    answer: null,
    answer_core: new Uint8Array(0),
  };
}

/**
 * What is written in *knock*.
 *
 * @throws MalformedError - the record does not hold a knock.
 */
export function wordsOf(knock: IncomingKnock): Knock {
  const body = readStrictly(parseCore(knock.core).body);
  if (body.type !== "knock") throw new MalformedError("not a knock");
  return body;
}

/**
 * Whether an envelope that `readKnock` refused as replayed takes back a knock that may come yet.
 *
 * Envelopes overtake each other, so a withdrawal is kept for `EARLY_DAYS`: dropped, it would
 * leave the mentor with a knock that nobody waits for any more.
 *
 * @param today - by one's own clock.
 */
export async function isEarlyWithdrawal(
  stamped: Stamped,
  { seeds, offer, knocks }: Pick<KnockArrival, "seeds" | "offer" | "knocks">,
  today: number,
): Promise<boolean> {
  const opened = await openKnock(stamped, seeds, { offerId: parseBase64url(offer) });
  return (
    !knocks.has(base64url(opened.core.conversation)) &&
    readStrictly(opened.core.body).type === "withdrawal" &&
    today - stamped.envelope.day <= EARLY_DAYS
  );
}

/**
 * The answer to a knock, either way.
 *
 * @param knock - this device's copy, as merged; not answered, expired or withdrawn.
 * @param answer - what the mentor says; key, binding and box are filled in.
 * @param offerKey - the offer's capability.
 * @param now - seconds.
 * @throws UsageError - it can no longer be answered so, or by another offer.
 * @throws MalformedError - *answer* breaks a rule.
 * @throws TooLargeError - its words do not fit together.
 * @throws KeyRefusedError - the knock's reply key is not one.
 */
export async function writeAnswer(
  knock: IncomingKnock,
  answer: Answer,
  offerKey: SigningKey,
  now: number,
  rng: Rng,
): Promise<WrittenAnswer> {
  const event = answer.accepted ? "accept" : "decline";
  const moved = move(expireIncoming(knock, now), event, now);
  if (base64url(offerId(offerKey.verifyKey)) !== knock.offer) {
    throw new UsageError("not the key of the offer that was knocked at");
  }
  const keys = keysOf(knock, offerKey);
  const seed = answer.accepted ? firstSeed(knock, now, rng) : null;
  const filled = fill(answer, knock, offerKey, keys);
  const core = await answerCore(knock, filled, seed, now);
  const unstamped = await sealed(knock, core, keys.key, rng);
  const written: IncomingKnock = { ...moved, answer, answer_core: encodeCore(core) };
  if (seed === null) return { knock: written, conversation: null, unstamped, boxKey: null };
  const conversation = await begin(written, keys, core, seed, now);
  return { knock: written, conversation, unstamped, boxKey: keys.boxKey };
}

/**
 * An answer that failed as it is sent again: the same core.
 *
 * @throws UsageError - there is none.
 */
export async function resendAnswer(
  knock: IncomingKnock,
  offerKey: SigningKey,
  rng: Rng,
): Promise<Unstamped> {
  if (knock.answer_core.length === 0) {
    throw new UsageError("it was not answered by this device");
  }
  return sealed(knock, parseCore(knock.answer_core), keysOf(knock, offerKey).key, rng);
}

/** *knock* without what proves it, once that is 30 days old. */
export function withoutOldProof(knock: IncomingKnock, now: number): IncomingKnock {
  if (knock.proof === null || now - knock.read_at < PROOF_DAYS * DAY_S) return knock;
  return { ...knock, proof: null };
}

/** What a report of *knock* needs, for 30 days. */
export function evidenceOfKnock(knock: IncomingKnock): Evidence | null {
  return knock.proof === null ? null : evidenceOfCore(knock.core, knock.proof);
}

/** The mentor's keys in one conversation. */
interface Keys {
  readonly key: SigningKey;
  readonly boxKey: SigningKey;
}

function checkWho(
  body: Knock,
  opened: Opened,
  { envelope }: Stamped,
  offer: string,
  nodeKeys: readonly VerifyKey[],
): void {
  const age = envelope.day - body.day;
  if (age < 0 || age > WHO_DAYS) throw new SignatureError("who is of another day");
  verifyWho(nodeKeys, parseBase64url(body.sign), parseBase64url(body.who), {
    offerId: parseBase64url(offer),
    menteeKey: opened.writer,
    day: body.day,
  });
}

function withdrawn(
  known: IncomingKnock | undefined,
  opened: Opened,
  now: number,
): IncomingKnock {
  if (known === undefined || !isEqual(known.mentee_key, opened.writer)) {
    throw new ReplayedError("takes back a knock that is not here");
  }
  const { state, reason } = stepIncoming(known.state, "withdraw");
  if (reason !== "") throw new ReplayedError(reason);
  return { ...known, state, changed_at: now };
}

function move(knock: IncomingKnock, event: KnockEvent, now: number): IncomingKnock {
  const { state, reason } = stepIncoming(knock.state, event);
  if (reason !== "") throw new UsageError(reason);
  return { ...knock, state, changed_at: now };
}

/** Conversation key and box key, the same on every device of the mentor. */
function keysOf(knock: IncomingKnock, offerKey: SigningKey): Keys {
  const about = concat(parseBase64url(knock.conversation), coreHash(knock.core));
  const grown = (root: Uint8Array) =>
    SigningKey.fromSeed(hkdfSha256(offerKey.seed, concat(root, about)));
  return { key: grown(KEY_LABEL), boxKey: grown(BOX_LABEL) };
}

function firstSeed(knock: IncomingKnock, now: number, rng: Rng): Seed {
  return {
    kind: "seed",
    conversation: knock.conversation,
    lane: knock.lane,
    turn: Math.floor(now / 60),
    seed: rng(SEED_BYTES),
    made_at: now,
    heard: 1,
    seq: 1,
  };
}

function fill(
  answer: Answer,
  knock: IncomingKnock,
  offerKey: SigningKey,
  { key, boxKey }: Keys,
): Answer {
  const binding = signBinding(offerKey, {
    conversation: parseBase64url(knock.conversation),
    mentorKey: key.verifyKey,
    menteeKey: parseVerifyKey(knock.mentee_key),
    knockHash: coreHash(knock.core),
  });
  return {
    ...answer,
    key: base64url(key.verifyKey),
    bind: base64url(binding),
    box: answer.accepted ? base64url(boxAddress(boxKey.verifyKey)) : "",
  };
}

async function answerCore(
  knock: IncomingKnock,
  answer: Answer,
  seed: Seed | null,
  now: number,
): Promise<Core> {
  const knocked = base64url(parseCore(knock.core).lane);
  const ack = new Map([[knocked, 1]]);
  return {
    conversation: parseBase64url(knock.conversation),
    role: ROLE_MENTOR,
    lane: parseBase64url(knock.lane),
    seq: 1,
    previous: NO_PREVIOUS,
    minute: Math.floor(now / 60),
    nextKey: seed === null ? null : await sealingPublicKey(seed.seed),
    body: encodeBody(answer, { ack, turn: seed?.turn ?? null }),
  };
}

function sealed(
  knock: IncomingKnock,
  core: Core,
  writer: SigningKey,
  rng: Rng,
): Promise<Unstamped> {
  const sealingKey = firstKey(knock).key;
  return sealAnswer(core, { writer, sealingKey, box: parseBase64url(knock.box), rng });
}

function firstKey(knock: IncomingKnock): ReplyKey {
  const first = replyKeyOf(parseCore(knock.core));
  if (first === null) throw new MalformedError("a knock has a reply key");
  return first;
}

function begin(
  knock: IncomingKnock,
  { key, boxKey }: Keys,
  answer: Core,
  seed: Seed,
  now: number,
): Promise<Conversation> {
  const knockHash = hashOf(knock.core);
  return Conversation.begin(
    {
      kind: "talk",
      conversation: knock.conversation,
      role: ROLE_MENTOR,
      offer: knock.offer,
      seed: key.seed,
      box_seed: boxKey.seed,
      peer_key: knock.mentee_key,
      peer_box: knock.box,
      peer_node: knock.node,
      first: firstKey(knock),
      knock_hash: knockHash,
      circle: "",
    },
    {
      lane: knock.lane,
      messages: [
        messageOf(parseCore(knock.core), knockHash, knock.read_at),
        messageOf(answer, hashOf(encodeCore(answer)), now),
      ],
      seeds: [seed],
      proofs: knock.proof === null ? [] : [knock.proof],
      now,
    },
  );
}
