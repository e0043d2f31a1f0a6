import assert from "node:assert/strict";
import { test } from "node:test";
import { type BodyType, type Card, newBody } from "../../../src/kith/conversation/bodies.ts";
import { readKnock, writeAnswer } from "../../../src/kith/conversation/incoming.ts";
import { Conversation } from "../../../src/kith/conversation/machine.ts";
import {
  boxOf,
  draftKnock,
  knockWords,
  readAnswer,
  writeKnock,
  writeWithdrawal,
} from "../../../src/kith/conversation/outgoing.ts";
import { encodeRecord, parseRecord } from "../../../src/kith/conversation/record-codec.ts";
import {
  type Change,
  changeOf,
  type IncomingKnock,
  type KnockWords,
  laneOf,
  recordId,
  type VaultRecord,
} from "../../../src/kith/conversation/records.ts";
import { base64url, parseBase64url, parseHex } from "../../../src/kith/crypto/bytes.ts";
import { parseVerifyKey, SigningKey } from "../../../src/kith/crypto/ed25519.ts";
import { KithError } from "../../../src/kith/crypto/errors.ts";
import type { JsonObject, JsonValue } from "../../../src/kith/crypto/json.ts";
import { parseEnvelope } from "../../../src/kith/messages/envelope.ts";
import { type Stamped, verifyStamp } from "../../../src/kith/messages/stamp.ts";
import { protocolVectors } from "../../support/vectors.ts";
import { countedRng } from "./counted-rng.ts";
import { plainDue, plainEntry, plainEvent, plainSent, tried } from "./plain.ts";

interface Listed {
  readonly kind: string;
  readonly id: string;
  readonly value: JsonObject;
}

interface Step {
  readonly do: string;
  readonly now: number;
  readonly rng: number;
  readonly envelope: string;
  readonly node: string;
  readonly hash: string;
  readonly body: JsonObject & { readonly type: BodyType };
  readonly is_emptied: boolean;
  readonly events: JsonValue;
  readonly sent: JsonValue;
  readonly due: JsonValue;
  readonly changes: readonly string[];
}

interface ScriptVectors {
  readonly about: string;
  readonly lane: string;
  readonly records: readonly string[];
  readonly steps: readonly Step[];
  readonly end: {
    readonly state: string;
    readonly waiting: number;
    readonly needs_new_lane: boolean;
    readonly unreadable_at: number;
    readonly answer_hash: string;
    readonly live_seeds: readonly string[];
    readonly shown: JsonValue;
    readonly records: readonly string[];
  };
}

interface KnockStep {
  readonly do: string;
  readonly envelope: string;
  readonly now: number;
  readonly rng: number & readonly [number, number];
  readonly words: Partial<Omit<KnockWords, "card">> & {
    readonly words: string;
    readonly card?: JsonObject;
  };
  readonly conversation: string;
  readonly who: { readonly who: string; readonly signature: string; readonly day: number };
  readonly before: string & readonly string[];
  readonly known: readonly string[];
  readonly answer: JsonObject;
  readonly error?: string;
  readonly records?: readonly string[];
}

interface Vectors {
  readonly node_seed: string;
  readonly offer: {
    readonly seed: string;
    readonly id: string;
    readonly week_seed: string;
    readonly sealing_key: string;
    readonly knock_box: string;
  };
  readonly mentee: { readonly node: string; readonly device: string };
  readonly mentor: { readonly node: string; readonly device: string };
  readonly envelopes: Readonly<Record<string, { readonly envelope: string }>>;
  readonly records: Readonly<Record<string, Listed>>;
  readonly knocks: readonly KnockStep[];
  readonly scripts: readonly ScriptVectors[];
}

const vectors = protocolVectors<Vectors>("conversation.json");
const nodeKey = SigningKey.fromSeed(parseHex(vectors.node_seed)).verifyKey;
const offerKey = SigningKey.fromSeed(parseHex(vectors.offer.seed));
const bundle = {
  offerKey: parseVerifyKey(offerKey.verifyKey),
  sealingKey: parseBase64url(vectors.offer.sealing_key),
  knockBox: parseBase64url(vectors.offer.knock_box),
};
const stamps = new Map<string, Stamped>();

function stamped(name: string): Stamped {
  const known = stamps.get(name);
  if (known !== undefined) return known;
  const raw = parseBase64url(vectors.envelopes[name]?.envelope ?? "");
  const found = verifyStamp(parseEnvelope(raw), [nodeKey]);
  stamps.set(name, found);
  return found;
}

function listed(name: string): Listed {
  const found = vectors.records[name];
  assert(found, name);
  return found;
}

function record(name: string): VaultRecord {
  const { kind, value } = listed(name);
  return parseRecord(kind, value);
}

function recordOf<K extends VaultRecord["kind"]>(
  name: string,
  kind: K,
): Extract<VaultRecord, { kind: K }> {
  const found = record(name);
  assert.equal(found.kind, kind);
  return found as Extract<VaultRecord, { kind: K }>;
}

/** A vault of records by kind and id, as JSON. */
class Kept {
  readonly #values = new Map<string, JsonValue>();

  constructor(names: readonly string[] = []) {
    for (const name of names) this.store(changeOf(record(name)));
  }

  store({ kind, id, record: stored }: Change): void {
    if (stored === null) this.#values.delete(`${kind} ${id}`);
    else this.#values.set(`${kind} ${id}`, { kind, id, value: encodeRecord(stored) });
  }

  get values(): readonly JsonValue[] {
    return [...this.#values.keys()].sort().map((key) => this.#values.get(key) ?? null);
  }
}

function assertKept(kept: Kept, names: readonly string[]): void {
  const wanted = names
    .map(listed)
    .map((one): [string, Listed] => [`${one.kind} ${one.id}`, one]);
  wanted.sort(([a], [b]) => (a < b ? -1 : 1));
  // As text: the order of members and what is left out count as well.
  const actual = kept.values.map((one) => JSON.stringify(one));
  assert.deepEqual(
    actual,
    wanted.map(([, one]) => JSON.stringify(one)),
  );
}

function keptOf(records: readonly (VaultRecord | null)[], changes: readonly Change[]): Kept {
  const kept = new Kept();
  for (const one of records) if (one !== null) kept.store(changeOf(one));
  for (const change of changes) kept.store(change);
  return kept;
}

test("every record is read and written as it stands", () => {
  for (const [name, { id, value }] of Object.entries(vectors.records)) {
    const read = record(name);
    assert.equal(recordId(read), id);
    assert.equal(JSON.stringify(encodeRecord(read)), JSON.stringify(value));
  }
});

for (const step of vectors.knocks) {
  test(`${step.do}: ${step.envelope}${step.error === undefined ? "" : ", refused"}`, async () => {
    const records = step.do === "send" ? step.records?.slice(1) : step.records;
    assertKept(await knocked(step), records ?? []);
  });
}

async function knocked(step: KnockStep): Promise<Kept> {
  const { envelope, now, error } = step;
  switch (step.do) {
    case "send": {
      const { conversation } = step;
      const lane = laneOf(parseBase64url(vectors.mentee.device), conversation);
      const place = { offer: vectors.offer.id, node: vectors.mentor.node, conversation, lane };
      const words = knockWords({ ...step.words, card: cardOf(step.words.card) });
      const draft = draftKnock(words, place, now, countedRng(step.rng[0]));
      assert.equal(JSON.stringify(encodeRecord(draft)), draftOf(step));
      const who = {
        who: parseBase64url(step.who.who),
        signature: parseBase64url(step.who.signature),
        day: step.who.day,
      };
      const written = await writeKnock(draft, { bundle, who }, now, countedRng(step.rng[1]));
      assert.deepEqual(written.unstamped.commitment, stamped(envelope).envelope.commitment);
      assert.equal(boxOf(written.knock).length, 16);
      return keptOf([written.knock, written.seed], []);
    }
    case "take-back": {
      const before = recordOf(step.before, "knock");
      const how = { bundle, words: step.words as unknown as string };
      const back = await writeWithdrawal(before, how, now, countedRng(step.rng));
      assert.deepEqual(back.unstamped.commitment, stamped(envelope).envelope.commitment);
      return keptOf([back.knock, back.seed], []);
    }
    case "read": {
      const known = step.known.map((name) => recordOf(name, "knocked"));
      const arrival = {
        seeds: [parseHex(vectors.offer.week_seed)],
        offer: vectors.offer.id,
        node: vectors.mentee.node,
        nodeKeys: [nodeKey],
        knocks: new Map<string, IncomingKnock>(known.map((one) => [one.conversation, one])),
        device: parseBase64url(vectors.mentor.device),
      };
      try {
        return keptOf([await readKnock(stamped(envelope), arrival, now)], []);
      } catch (refused) {
        assert(refused instanceof KithError && refused.code === error);
        return keptOf([], []);
      }
    }
    case "answer": {
      const before = recordOf(step.before, "knocked");
      const answer = newBody("answer", step.answer);
      const written = await writeAnswer(before, answer, offerKey, now, countedRng(step.rng));
      assert.deepEqual(written.unstamped.commitment, stamped(envelope).envelope.commitment);
      assert.equal(written.boxKey === null, !answer.accepted);
      return keptOf([written.knock], written.conversation?.takeChanges() ?? []);
    }
    default: {
      assert.equal(step.do, "read-answer");
      const [knock = "", seed = ""] = step.before as readonly string[];
      const read = await readAnswer(
        recordOf(knock, "knock"),
        stamped(envelope),
        [recordOf(seed, "seed")],
        vectors.mentor.node,
        now,
      );
      return keptOf([read.knock], read.conversation?.takeChanges() ?? []);
    }
  }
}

function cardOf(written: JsonObject | undefined): Card | null {
  return written === undefined ? null : newBody("card", written);
}

function draftOf(step: KnockStep): string {
  return JSON.stringify(listed(step.records?.[0] ?? "").value);
}

for (const script of vectors.scripts) {
  test(script.about, async () => {
    const kept = new Kept(script.records);
    const side = Conversation.load(script.records.map(record), script.lane);
    for (const step of script.steps) {
      await followed(side, step);
      const changes = side.takeChanges();
      for (const change of changes) kept.store(change);
      const told = changes.map(
        ({ kind, id, record: stored }) =>
          `${stored === null ? "delete" : "store"} ${kind} ${id}`,
      );
      assert.deepEqual(told, step.changes, `${step.do} ${step.envelope ?? step.now}`);
    }
    const { end } = script;
    assert.deepEqual(side.messages().map(plainEntry), end.shown);
    assert.equal(side.state, end.state);
    assert.equal(side.waiting, end.waiting);
    assert.equal(side.needsNewLane, end.needs_new_lane);
    assert.equal(side.unreadableAt, end.unreadable_at);
    assert.equal(side.answerHash, end.answer_hash);
    assert.deepEqual(side.liveSeeds().map(base64url), end.live_seeds);
    assertKept(kept, end.records);
    const again = Conversation.load(end.records.map(record), script.lane);
    assert.deepEqual(again.messages().map(plainEntry), end.shown);
  });
}

async function followed(side: Conversation, step: Step): Promise<void> {
  switch (step.do) {
    case "receive": {
      const events = await tried(async () => {
        const told = await side.receive(stamped(step.envelope), step.node, step.now);
        return told.map(plainEvent);
      });
      return assert.deepEqual(events, step.events);
    }
    case "write": {
      const { type, ...members } = step.body;
      const body = newBody(type, members);
      const sent = await tried(async () =>
        plainSent(envelopeOf(step), await side.write(body, step.now, countedRng(step.rng))),
      );
      return assert.deepEqual(sent, step.sent);
    }
    case "resend": {
      const sent = await tried(async () =>
        plainSent(envelopeOf(step), await side.resend(step.hash, countedRng(step.rng))),
      );
      return assert.deepEqual(sent, step.sent);
    }
    case "note-unreadable":
      return side.noteUnreadable(step.now);
    default:
      assert.equal(step.do, "tick");
      return assert.deepEqual(plainDue(side.tick(step.now, step.is_emptied)), step.due);
  }
}

function envelopeOf({ sent }: Step): string {
  const { envelope } = sent as { readonly envelope?: string };
  return envelope ?? "";
}
