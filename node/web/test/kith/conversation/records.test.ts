import assert from "node:assert/strict";
import { test } from "node:test";
import { bodyJson, newBody, type Written } from "../../../src/kith/conversation/bodies.ts";
import { History } from "../../../src/kith/conversation/history.ts";
import { Conversation } from "../../../src/kith/conversation/machine.ts";
import { encodeRecord, parseRecord } from "../../../src/kith/conversation/record-codec.ts";
import {
  laneOf,
  type Message,
  newLane,
  recordId,
  type VaultRecord,
} from "../../../src/kith/conversation/records.ts";
import { Shelf } from "../../../src/kith/conversation/shelf.ts";
import { base64url, parseUtf8, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { MalformedError, UsageError } from "../../../src/kith/crypto/errors.ts";
import { sha256 } from "../../../src/kith/crypto/hashes.ts";
import { canonicalBytes, type JsonObject } from "../../../src/kith/crypto/json.ts";
import { countedRng } from "./counted-rng.ts";
import { aPair, CONVERSATION, NOW, says, takes, textsOf, Vault } from "./talking.ts";

const MENTEE = 1;
const MENTOR = 2;
const LANE = base64url(new Uint8Array(8));

function named(text: string, size = 32): string {
  return base64url(sha256(utf8(text)).slice(0, size));
}

function message(role: number, lane: string, seq: number, body: Written, at = NOW): Message {
  const name = `${role} ${lane} ${seq} ${at}`;
  const written = parseUtf8(canonicalBytes({ ...bodyJson(body), ack: {} }));
  const previous = base64url(new Uint8Array(32));
  return { role, lane, seq, previous, minute: 0, body: written, hash: named(name), at };
}

async function recordsOf(): Promise<readonly VaultRecord[]> {
  const { mentee, mentor } = await aPair();
  await takes(mentee, await says(mentor));
  return new Vault().keep(mentee).records;
}

test("records are refused that hold anything else", async () => {
  for (const record of await recordsOf()) {
    const value = encodeRecord(record);
    assert.deepEqual(parseRecord(record.kind, value), record);
    const [first = ""] = Object.keys(value);
    const { [first]: _, ...without } = value;
    const broken: readonly JsonObject[] = [
      without,
      { ...value, colour: "red" },
      { ...value, conversation: "A A=" },
      { ...value, conversation: "AA" },
      { ...value, conversation: 5 },
      { ...value, conversation: null },
    ];
    for (const one of broken) {
      assert.throws(() => parseRecord(record.kind, one), MalformedError);
    }
  }
  assert.throws(() => parseRecord("note", {}), MalformedError);
  assert.throws(() => parseRecord("constructor", {}), MalformedError);
  const opened = { conversation: "", lane: "", opened: [0, "", 1] };
  assert.throws(() => parseRecord("lane", opened), MalformedError);
});

test("what a lane has not noticed is left out", () => {
  const value = encodeRecord(newLane(CONVERSATION, LANE));
  assert.deepEqual(Object.keys(value), ["conversation", "lane"]);
  assert.deepEqual(parseRecord("lane", value), newLane(CONVERSATION, LANE));
});

test("ids name a conversation, a device and a place, and no two devices share one", async () => {
  const records = await recordsOf();
  const ids = records.map((record) => `${record.kind} ${recordId(record)}`);
  assert.equal(new Set(ids).size, records.length);
  for (const record of records) assert(recordId(record).startsWith(CONVERSATION));
  const lanes = [CONVERSATION, named("other", 16)].map((one) => laneOf(utf8("a device"), one));
  assert.notEqual(lanes[0], lanes[1]);
});

test("only the records of one conversation are loaded", async () => {
  const records = await recordsOf();
  const other = newLane(named("other", 16), LANE);
  assert.throws(() => Conversation.load([...records, other], LANE), UsageError);
  assert.throws(() => Conversation.load([], LANE), UsageError);
  const without = records.filter(({ kind }) => kind !== "talk");
  assert.throws(() => Conversation.load(without, LANE), UsageError);
});

test("a page holds 64 messages, or 48 KiB", async () => {
  const records = await recordsOf();
  const shelf = Shelf.load(records, LANE);
  const numbers = () => {
    const pages = shelf.takeChanges().flatMap(({ record }) => (record ? [record] : []));
    return pages.map((record) => (record.kind === "page" ? record.number : -1));
  };
  for (let seq = 1; seq <= 64; seq += 1) {
    shelf.addMessage(message(MENTEE, LANE, seq, newBody("freeze")));
  }
  assert.deepEqual(numbers(), [0]);
  shelf.addMessage(message(MENTEE, LANE, 65, newBody("freeze")));
  assert.deepEqual(numbers(), [1]);
  const long = newBody("text", { text: "x".repeat(12_000) });
  for (let seq = 66; seq <= 69; seq += 1) shelf.addMessage(message(MENTEE, LANE, seq, long));
  assert.deepEqual(numbers(), [1]);
  shelf.addMessage(message(MENTEE, LANE, 70, long));
  assert.deepEqual(numbers(), [2]);
});

test("the 64 lanes that were heard of last are acknowledged", () => {
  const history = new History(MENTEE);
  const lanes = Array.from({ length: 70 }, (_, at) => named(`lane ${at}`, 8));
  for (const [at, lane] of lanes.entries()) {
    history.add(message(MENTOR, lane, 1, newBody("freeze"), NOW + at));
  }
  assert.equal(history.acknowledgement().size, 0);
  history.settle();
  const acknowledged = [...history.acknowledgement().keys()];
  assert.deepEqual(acknowledged, lanes.slice(6).reverse());
});

test("what another device took in after a freeze is hidden", async () => {
  const { mentee, mentor } = await aPair();
  const vault = new Vault().keep(mentor);
  const lane = laneOf(utf8("a phone"), CONVERSATION);
  const phone = Conversation.load(vault.records, lane);
  const twin = laneOf(utf8("mentee's phone"), CONVERSATION);
  const other = Conversation.load(new Vault().keep(mentee).records, twin);
  const freeze = await mentee.write(newBody("freeze"), NOW, countedRng(1));
  await takes(mentor, freeze, NOW + 10);
  await takes(phone, await says(other, "too late"), NOW + 20);
  assert.deepEqual(textsOf(phone), ["too late"]);
  const both = Conversation.load(vault.keep(mentor).keep(phone).records, lane);
  assert.equal(both.state, "paused-by-peer");
  assert.deepEqual(textsOf(both), []);
});

test("a reply key is not repeated where that needs a larger envelope", async () => {
  const { mentee, mentor } = await aPair();
  await takes(mentor, await says(mentee, "x"));
  const small = await says(mentee, "x");
  const large = await says(mentee, "y".repeat(2_500));
  assert.equal(small.unstamped.sealed.length, 4096);
  assert.equal(large.unstamped.sealed.length, 4096);
  assert.deepEqual(await takes(mentor, small), ["received"]);
  assert.deepEqual(await takes(mentor, large), ["received"]);
});
