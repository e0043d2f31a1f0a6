import { newBody } from "../../../src/kith/conversation/bodies.ts";
import type { Entry, Event, Sent } from "../../../src/kith/conversation/events.ts";
import {
  type KnockArrival,
  readKnock,
  type WrittenAnswer,
  writeAnswer,
} from "../../../src/kith/conversation/incoming.ts";
import type { Conversation } from "../../../src/kith/conversation/machine.ts";
import {
  type AnswerRead,
  draftKnock,
  type KnockBundle,
  knockWords,
  readAnswer,
  type Who,
  type WrittenKnock,
  writeKnock,
} from "../../../src/kith/conversation/outgoing.ts";
import { encodeRecord, parseRecord } from "../../../src/kith/conversation/record-codec.ts";
import {
  type Change,
  type IncomingKnock,
  laneOf,
  type OutgoingKnock,
  type VaultRecord,
} from "../../../src/kith/conversation/records.ts";
import {
  base64url,
  concat,
  label,
  parseBase64url,
  uint32,
  utf8,
} from "../../../src/kith/crypto/bytes.ts";
import { SigningKey } from "../../../src/kith/crypto/ed25519.ts";
import { sha256 } from "../../../src/kith/crypto/hashes.ts";
import { sealingPublicKey } from "../../../src/kith/crypto/hpke.ts";
import type { Rng } from "../../../src/kith/crypto/random.ts";
import {
  encodeEnvelope,
  parseEnvelope,
  type Unstamped,
} from "../../../src/kith/messages/envelope.ts";
import { boxAddress, offerId } from "../../../src/kith/messages/objects.ts";
import { type Stamped, verifyStamp } from "../../../src/kith/messages/stamp.ts";
import { countedRng } from "./counted-rng.ts";

// Two people who talk: a mentor with an offer, a mentee who knocked, and the nodes between.

export const HOME = "https://ash.example";
export const AWAY = "https://birch.example";
export const DAY_S = 86_400;
export const NOW = 1_795_392_000; // Monday 2026-11-23, 00:00 UTC
export const NODE = SigningKey.fromSeed(sha256(utf8("node")));
export const OFFER = SigningKey.fromSeed(sha256(utf8("offer")));
export const OFFER_ID = base64url(offerId(OFFER.verifyKey));
export const WEEK_SEED = sha256(utf8("week"));
export const CONVERSATION = base64url(sha256(utf8("conversation")).slice(0, 16));
export const MENTEE_DEVICE = utf8("mentee's laptop.");
export const MENTOR_DEVICE = utf8("mentor's laptop.");

export async function aBundle(): Promise<KnockBundle> {
  return {
    offerKey: OFFER.verifyKey,
    sealingKey: await sealingPublicKey(WEEK_SEED),
    knockBox: boxAddress(SigningKey.fromSeed(sha256(utf8("knock box"))).verifyKey),
  };
}

/** The envelope as the sending node stamps it; its sender seal is empty. */
export function stamped(unstamped: Unstamped, now = NOW, nodeKey = NODE): Stamped {
  const day = Math.floor(now / DAY_S);
  const wrappedSeal = new Uint8Array(1228);
  const { box, commitment, sealed } = unstamped;
  const hashes = [sha256(sealed), sha256(wrappedSeal), uint32(day)];
  const stamp = nodeKey.sign(concat(label("kith/stamp/v1"), box, commitment, ...hashes));
  const raw = encodeEnvelope({ ...unstamped, day, wrappedSeal, stamp });
  return verifyStamp(parseEnvelope(raw), [nodeKey.verifyKey]);
}

/** What the mentee's node says of them. */
export function whoOf(knock: OutgoingKnock, now = NOW, nodeKey = NODE): Who {
  const day = Math.floor(now / DAY_S);
  const who = utf8("the same member.");
  const key = SigningKey.fromSeed(knock.seed).verifyKey;
  const about = concat(parseBase64url(OFFER_ID), key, uint32(day));
  return { who, signature: nodeKey.sign(concat(label("kith/who/v1"), who, about)), day };
}

export function aDraft(conversation = CONVERSATION, seed = 1): OutgoingKnock {
  return draftKnock(
    knockWords({ words: "May I ask you about welding?" }),
    {
      offer: OFFER_ID,
      node: AWAY,
      conversation,
      lane: laneOf(MENTEE_DEVICE, conversation),
    },
    NOW,
    countedRng(seed),
  );
}

export async function aSentKnock(knock = aDraft(), now = NOW): Promise<WrittenKnock> {
  const how = { bundle: await aBundle(), who: whoOf(knock, now) };
  return writeKnock(knock, how, now, countedRng(2));
}

export function arrival(
  knocks: readonly IncomingKnock[] = [],
  device = MENTOR_DEVICE,
): KnockArrival {
  return {
    seeds: [WEEK_SEED],
    offer: OFFER_ID,
    node: HOME,
    nodeKeys: [NODE.verifyKey],
    knocks: new Map(knocks.map((knock) => [knock.conversation, knock])),
    device,
  };
}

/** The knock, or its withdrawal, as the mentor reads it. */
export function takenIn(
  written: WrittenKnock,
  { now = NOW, knocks = [] as readonly IncomingKnock[], device = MENTOR_DEVICE } = {},
): Promise<IncomingKnock> {
  return readKnock(stamped(written.unstamped, now), arrival(knocks, device), now);
}

export function answered(
  knock: IncomingKnock,
  { accepted = true, now = NOW, seed = 3 } = {},
): Promise<WrittenAnswer> {
  const answer = newBody("answer", { accepted, words: accepted ? "Gladly." : "Sorry." });
  return writeAnswer(knock, answer, OFFER, now, countedRng(seed));
}

export function answerTakenIn(
  written: WrittenKnock,
  { unstamped }: WrittenAnswer,
  now = NOW,
): Promise<AnswerRead> {
  const seeds = written.seed === null ? [] : [written.seed];
  return readAnswer(written.knock, stamped(unstamped, now), seeds, AWAY, now);
}

/** Both sides of a conversation that has just begun. */
export interface Pair {
  readonly mentee: Conversation;
  readonly mentor: Conversation;
}

export async function aPair(): Promise<Pair> {
  const written = await aSentKnock();
  const answer = await answered(await takenIn(written));
  const { conversation: mentee } = await answerTakenIn(written, answer);
  const { conversation: mentor } = answer;
  if (mentee === null || mentor === null) throw new Error("nothing began");
  return { mentee, mentor };
}

const rng: Rng = countedRng(77);

export function says(side: Conversation, text = "hello", now = NOW): Promise<Sent> {
  return side.write(newBody("text", { text }), now, rng);
}

export async function takes(
  side: Conversation,
  sent: Sent,
  now = NOW,
): Promise<readonly Event["kind"][]> {
  const events = await side.receive(stamped(sent.unstamped, now), HOME, now);
  return events.map(({ kind }) => kind);
}

/** What was said, in the order of its showing. */
export function textsOf(side: Conversation): readonly string[] {
  return side.messages().flatMap(textOf);
}

function textOf(entry: Entry): readonly string[] {
  if (entry.kind === "missing") return [`${entry.count} missing`];
  return entry.body.type === "text" ? [entry.body.text] : [];
}

/** All that is kept, through JSON and back. */
export class Vault {
  readonly #values = new Map<string, VaultRecord>();

  /** Stores what *side* has to be stored. */
  keep(side: Conversation): this {
    return this.store(side.takeChanges());
  }

  /** Stores *changes*. */
  store(changes: Iterable<Change>): this {
    for (const { kind, id, record } of changes) {
      if (record === null) this.#values.delete(`${kind} ${id}`);
      else this.#values.set(`${kind} ${id}`, parseRecord(kind, encodeRecord(record)));
    }
    return this;
  }

  get records(): readonly VaultRecord[] {
    return [...this.#values.values()];
  }
}
