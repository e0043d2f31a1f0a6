/**
 * Knocks on the mentee's side: writing, taking back, and reading what comes back.
 *
 * Each device has a copy of its own of a knock's record (`knockForLane`), and what is shown is
 * what all copies say together (`knock-states.ts`). Keeping bundles, asking for `who`, making the
 * box and handing in are left to the caller, and so is the rule that at most three knocks are
 * open (`mayKnock`).
 *
 * Source: SPEC.md, section on conversations.
 */

import { base64url, parseBase64url } from "../crypto/bytes.ts";
import { parseVerifyKey, SigningKey, type VerifyKey } from "../crypto/ed25519.ts";
import { MalformedError, UsageError } from "../crypto/errors.ts";
import { sealingPublicKey } from "../crypto/hpke.ts";
import type { Rng } from "../crypto/random.ts";
import {
  type Core,
  coreHash,
  encodeCore,
  NO_PREVIOUS,
  parseCore,
  ROLE_MENTEE,
} from "../messages/core.ts";
import type { Unstamped } from "../messages/envelope.ts";
import { openAnswer, sealKnock } from "../messages/message.ts";
import { boxAddress, offerId } from "../messages/objects.ts";
import type { Stamped } from "../messages/stamp.ts";
import { type Answer, type Body, encodeBody, type Knock, readStrictly } from "./bodies.ts";
import type { KnockEvent } from "./knock-machine.ts";
import { knockMoved } from "./knock-states.ts";
import { Conversation } from "./machine.ts";
import { proofOf, replyKeyOf } from "./proofs.ts";
import { type KnockWords, messageOf, type OutgoingKnock, type Seed } from "./records.ts";
import { newestFirst, SEED_BYTES } from "./seeds.ts";
import { hashOf } from "./writing.ts";

const LANE_BYTES = 8;
const NO_BYTES = new Uint8Array(0);

/** What the own node says of the member for this knock. */
export interface Who {
  /** 16 bytes. */
  readonly who: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
  /** Days since 1970-01-01. */
  readonly day: number;
}

/** What is needed of an offer's bundle, which has been checked for this week. */
export interface KnockBundle {
  /** Owner of the offer. */
  readonly offerKey: VerifyKey;
  /** 1216 bytes. */
  readonly sealingKey: Uint8Array;
  /** 16 bytes. */
  readonly knockBox: Uint8Array;
}

/** What is to be stored and then handed in; both go the slow way. */
export interface WrittenKnock {
  /** The record as it is now. */
  readonly knock: OutgoingKnock;
  /** Of the reply key, to be stored too; null when nothing new was made. */
  readonly seed: Seed | null;
  /** Goes to `knock.node`. */
  readonly unstamped: Unstamped;
}

/** An answer that was read. */
export interface AnswerRead {
  /** The record as it is now. */
  readonly knock: OutgoingKnock;
  /** That begins, with records to be stored; null when declined. */
  readonly conversation: Conversation | null;
  /** What the mentor says. */
  readonly answer: Answer;
}

/** Where a knock goes, and what it is. */
export interface KnockPlace {
  /** Id of the offer, 16 bytes as base64url. */
  readonly offer: string;
  /** Origin of the offer's node. */
  readonly node: string;
  /** 16 random bytes as base64url. */
  readonly conversation: string;
  /** Of this device in it, see `laneOf`. */
  readonly lane: string;
  /** What one looks for with it, 16 bytes as base64url; never sent. */
  readonly wish?: string;
}

/** Words of a knock, with what *words* leave out. */
export function knockWords(
  words: Partial<KnockWords> & { readonly words: string },
): KnockWords {
  return { hopes: "", tried: "", rhythm: "", times: "", card: null, ...words };
}

/**
 * A knock that is only a draft: nobody is asked for anything yet.
 *
 * @param words - may still be changed.
 * @param now - seconds.
 * @param rng - for the keys of the conversation and of the box.
 */
export function draftKnock(
  words: KnockWords,
  { offer, node, conversation, lane, wish = "" }: KnockPlace,
  now: number,
  rng: Rng,
): OutgoingKnock {
  return {
    kind: "knock",
    conversation,
    lane,
    offer,
    node,
    seed: rng(SEED_BYTES),
    box_seed: rng(SEED_BYTES),
    words,
    state: "draft",
    changed_at: now,
    attempt: 0,
    sent_at: 0,
    offer_key: NO_BYTES,
    core: NO_BYTES,
    answer: null,
    wish,
  };
}

/**
 * A draft as it is sent.
 *
 * @param knock - a draft; its box exists.
 * @param bundle - of the offer, checked for this week.
 * @param who - asked for with the key of *knock*, just now.
 * @param now - seconds.
 * @throws UsageError - not a draft, or a bundle of another offer.
 * @throws MalformedError - the words break a rule.
 * @throws TooLargeError - they do not fit together.
 * @throws KeyRefusedError - the bundle's key is not one.
 */
export async function writeKnock(
  knock: OutgoingKnock,
  { bundle, who }: { readonly bundle: KnockBundle; readonly who: Who },
  now: number,
  rng: Rng,
): Promise<WrittenKnock> {
  const moved = move(knock, "send", now);
  if (knock.core.length > 0) throw new UsageError("it was sent before: send it again");
  const seed: Seed = {
    kind: "seed",
    conversation: knock.conversation,
    lane: knock.lane,
    turn: Math.floor(now / 60),
    seed: rng(SEED_BYTES),
    made_at: now,
    heard: 0,
    seq: 1,
  };
  const core: Core = {
    ...beginning(knock, now, knockBody(knock, who), seed.turn),
    lane: parseBase64url(knock.lane),
    nextKey: await sealingPublicKey(seed.seed),
  };
  const written: OutgoingKnock = {
    ...moved,
    attempt: 1,
    sent_at: now,
    offer_key: bundle.offerKey,
    core: encodeCore(core),
  };
  return { knock: written, seed, unstamped: await sealed(written, core, bundle, rng) };
}

/**
 * A knock that failed as it is sent again: the same core, so it is never two.
 *
 * @throws UsageError - it has not failed, or a bundle of another offer.
 * @throws KeyRefusedError - the bundle's key is not one.
 */
export async function resendKnock(
  knock: OutgoingKnock,
  bundle: KnockBundle,
  now: number,
  rng: Rng,
): Promise<WrittenKnock> {
  if (knock.core.length === 0) throw new UsageError("it was not sent before");
  const moved = { ...move(knock, "send", now), attempt: knock.attempt + 1 };
  const unstamped = await sealed(moved, parseCore(knock.core), bundle, rng);
  return { knock: moved, seed: null, unstamped };
}

/**
 * The message that takes a knock back. A draft is simply deleted.
 *
 * It is numbered in a lane of its own, so it leaves no hole if the knock was accepted meanwhile.
 *
 * @param knock - sent and not answered.
 * @param bundle - of the offer, checked for this week.
 * @param words - kind ones, at most 200 characters; may be empty.
 * @param now - seconds.
 * @param rng - for keys and that lane.
 * @throws UsageError - it cannot be withdrawn, or a bundle of another offer.
 * @throws MalformedError - the words break a rule.
 * @throws KeyRefusedError - the bundle's key is not one.
 */
export async function writeWithdrawal(
  knock: OutgoingKnock,
  { bundle, words = "" }: { readonly bundle: KnockBundle; readonly words?: string },
  now: number,
  rng: Rng,
): Promise<WrittenKnock> {
  const moved = move(knock, "withdraw", now);
  const body: Body = { type: "withdrawal", key: ownKey(knock), words };
  const lane = rng(LANE_BYTES);
  const core: Core = { ...beginning(knock, now, body, null), lane };
  return { knock: moved, seed: null, unstamped: await sealed(moved, core, bundle, rng) };
}

/**
 * The answer that came to the box of *knock*.
 *
 * @param knock - this device's copy, as merged.
 * @param stamped - an envelope of its box, its stamp verified with the keys of *node*.
 * @param seeds - the `seed` records of this conversation.
 * @param node - origin of the node that delivered it.
 * @param now - seconds.
 * @throws DecryptionError - not the answer to this knock; a message that overtook it is read
 *   after it.
 * @throws MalformedError - an answer that breaks a rule.
 */
export async function readAnswer(
  knock: OutgoingKnock,
  stamped: Stamped,
  seeds: Iterable<Seed>,
  node: string,
  now: number,
): Promise<AnswerRead> {
  const live = newestFirst(seeds);
  if (knock.core.length === 0) throw new UsageError("a draft has no answer");
  const opened = await openAnswer(
    stamped,
    live.map((seed) => seed.seed),
    {
      conversation: parseBase64url(knock.conversation),
      menteeKey: SigningKey.fromSeed(knock.seed).verifyKey,
      knockHash: coreHash(knock.core),
      offerKey: parseVerifyKey(knock.offer_key),
    },
  );
  const answer = readStrictly(opened.core.body);
  if (answer.type !== "answer") throw new MalformedError("not an answer");
  const { knock: stepped, reason } = knockMoved(
    knock,
    answer.accepted ? "accept" : "decline",
    now,
  );
  const moved = reason === "" ? { ...stepped, answer } : stepped;
  if (!answer.accepted) return { knock: moved, conversation: null, answer };
  const first = replyKeyOf(opened.core);
  if (first === null || answer.box === "") {
    throw new MalformedError("an acceptance has a box and a reply key");
  }
  const knockHash = hashOf(knock.core);
  const conversation = await Conversation.begin(
    {
      kind: "talk",
      conversation: knock.conversation,
      role: ROLE_MENTEE,
      offer: knock.offer,
      seed: knock.seed,
      box_seed: knock.box_seed,
      peer_key: opened.writer,
      peer_box: answer.box,
      peer_node: knock.node,
      first,
      knock_hash: knockHash,
      circle: "",
    },
    {
      lane: knock.lane,
      messages: [
        messageOf(parseCore(knock.core), knockHash, knock.sent_at),
        messageOf(opened.core, hashOf(opened.raw), now),
      ],
      seeds: live,
      proofs: [proofOf(stamped, opened, node)],
      now,
    },
  );
  return { knock: moved, conversation, answer };
}

/** The address of the box of *knock*, 16 bytes. */
export function boxOf(knock: OutgoingKnock): Uint8Array {
  return boxAddress(SigningKey.fromSeed(knock.box_seed).verifyKey);
}

function move(knock: OutgoingKnock, event: KnockEvent, now: number): OutgoingKnock {
  const { knock: moved, reason } = knockMoved(knock, event, now);
  if (reason !== "") throw new UsageError(reason);
  return moved;
}

function ownKey(knock: OutgoingKnock): string {
  return base64url(SigningKey.fromSeed(knock.seed).verifyKey);
}

function knockBody(knock: OutgoingKnock, who: Who): Knock {
  return {
    type: "knock",
    key: ownKey(knock),
    box: base64url(boxOf(knock)),
    who: base64url(who.who),
    sign: base64url(who.signature),
    day: who.day,
    ...knock.words,
  };
}

/** What knock and withdrawal have in common; its lane is filled in. */
function beginning(
  knock: OutgoingKnock,
  now: number,
  body: Body,
  turn: number | null,
): Omit<Core, "lane"> {
  return {
    conversation: parseBase64url(knock.conversation),
    role: ROLE_MENTEE,
    seq: 1,
    previous: NO_PREVIOUS,
    minute: Math.floor(now / 60),
    nextKey: null,
    body: encodeBody(body, { ack: new Map(), turn }),
  };
}

function sealed(
  knock: OutgoingKnock,
  core: Core,
  { offerKey, sealingKey, knockBox }: KnockBundle,
  rng: Rng,
): Promise<Unstamped> {
  const id = offerId(offerKey);
  if (base64url(id) !== knock.offer) throw new UsageError("a bundle of another offer");
  const writer = SigningKey.fromSeed(knock.seed);
  return sealKnock(core, { writer, offerId: id, sealingKey, box: knockBox, rng });
}
