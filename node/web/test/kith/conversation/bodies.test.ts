import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  type Body,
  cardOf,
  encodeBody,
  newBody,
  readBody,
  readStrictly,
  type Written,
} from "../../../src/kith/conversation/bodies.ts";
import { joinParts, splitFile } from "../../../src/kith/conversation/parts.ts";
import { MalformedError, TooLargeError } from "../../../src/kith/crypto/errors.ts";
import { canonicalBytes, type JsonValue } from "../../../src/kith/crypto/json.ts";
import { checkWords } from "../../../src/kith/text.ts";
import { countedRng } from "./counted-rng.ts";

const [B16, B32, B64] = [22, 43, 86].map((size) => "A".repeat(size)) as [
  string,
  string,
  string,
];
const LANE = "YSBsYW5lISE";
const card = cardOf({
  pseudonym: "Rowan",
  picture: "0123456789abcdef",
  languages: ["en", "pt-BR"],
  topics: ["craft.wood"],
});
const BODIES: readonly Written[] = [
  newBody("knock", {
    key: B32,
    box: B16,
    who: B16,
    sign: B64,
    day: 20_780,
    words: "May I?",
    card,
  }),
  newBody("withdrawal", { key: B32, words: "Found somebody." }),
  newBody("answer", { accepted: true, suggestions: ["craft.wood"], key: B32, bind: B64 }),
  newBody("text", { text: "one\ntwo https://example.org +49 30 1234567 @me" }),
  card,
  newBody("part", { file: B16, number: 1, total: 1, data: "AA", name: "a.txt", hash: B32 }),
  newBody("rekey", { again: true }),
  newBody("freeze"),
  newBody("close", { words: "Thank you." }),
  newBody("note", { thing: B16, text: "a note" }),
  newBody("circle-leave", { circle: B16, epoch: 1, roster: B32, thing: B16 }),
];

for (const body of BODIES) {
  test(`what is written is read: ${body.type}`, () => {
    const said = readBody(encodeBody(body, { ack: new Map([[LANE, 3]]), turn: 5 }));
    assert.deepEqual(said.body, body);
    assert.deepEqual([...said.ack], [[LANE, 3]]);
    assert.equal(said.turn, 5);
  });
}

test("what says nothing is left out", () => {
  const none = { ack: new Map<string, number>(), turn: null };
  assert.deepEqual(encodeBody(newBody("freeze"), none), { type: "freeze", ack: {} });
  assert.deepEqual(encodeBody(newBody("rekey"), none), { type: "rekey", ack: {} });
});

test("an unknown type is kept as it is, and never written", () => {
  const raw = { type: "game", move: "e4", ack: { [LANE]: 1 } };
  const said = readBody(raw);
  assert.deepEqual(said.body, { type: "unknown", name: "game", raw });
  assert.equal(said.ack.get(LANE), 1);
  assert.throws(() => encodeBody(said.body, { ack: said.ack, turn: null }), MalformedError);
});

test("a known type that breaks a rule is unknown, and stops nothing", () => {
  const broken: readonly { readonly [name: string]: JsonValue }[] = [
    { type: "text", text: "" },
    { type: "text", text: "x".repeat(12_001) },
    { type: "text", text: "a\u202eb" },
    { type: "text", text: "cafe\u0301" },
    { type: "text", text: "\ufeffa" },
    { type: "text" },
    { type: "rekey", again: 1 },
    { type: "part", file: B16, number: 2, total: 1, data: "AA", hash: B32 },
    { type: "part", file: B16, number: 1, total: 2, data: "AA", hash: B32 },
    { type: "part", file: B16, number: 1, total: 1, data: "AB", hash: B32 },
    { type: "withdrawal", key: `${"A".repeat(42)}B` },
    { type: "close", words: 5 },
    { type: "answer", accepted: true, card: { type: "cart", pseudonym: "a" } },
    { type: "note", thing: B16, text: "a\u200bb" },
    { type: "constructor" },
    { type: 5 },
    {},
  ];
  for (const raw of broken) {
    assert.equal(readBody(raw).body.type, "unknown", JSON.stringify(raw));
    assert.throws(() => readStrictly(raw), MalformedError);
  }
});

test("members that are not known are passed over, and a card inside needs no type", () => {
  const raw = { type: "text", text: "hello", colour: "red" };
  assert.deepEqual(readBody(raw).body, newBody("text", { text: "hello" }));
  const { type: _, ...inner } = card;
  const answer = readStrictly({ type: "answer", accepted: false, card: inner });
  assert(answer.type === "answer");
  assert.deepEqual(answer.card, card);
});

test("a map of numbers that breaks a rule acknowledges nothing", () => {
  const lanes = Array.from({ length: 65 }, (_, at) => [`${"A".repeat(9)}${at % 10}${at}`, 1]);
  const maps: readonly JsonValue[] = [
    { [LANE]: 0 },
    { [LANE]: true },
    { short: 1 },
    [LANE],
    Object.fromEntries(lanes),
    "x",
  ];
  for (const ack of maps) assert.equal(readBody({ type: "freeze", ack }).ack.size, 0);
  for (const turn of [-1, "1", true, null]) {
    assert.equal(readBody({ type: "freeze", turn }).turn, null);
  }
});

test("words: what misleads is refused, line breaks and links are not", () => {
  for (const text of ["", "a\nb", " a ", "a\r\nb", "\u001fa", "לום\u200f", "🧵".repeat(10)]) {
    assert.equal(checkWords(text, 10), text);
  }
  for (const text of ["a\tb", "a\u0000", "\u2066a", "A\u030a", "\ud800", "x".repeat(11)]) {
    assert.throws(() => checkWords(text, 10), MalformedError);
  }
});

test("reading any JSON never throws", () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.constantFrom(...BODIES),
      (noise, body) => {
        const known = encodeBody(body, { ack: new Map(), turn: null });
        const raw = { ...known, ...noise } as Parameters<typeof readBody>[0];
        const read: Body = readBody(raw).body;
        assert(typeof read.type === "string");
      },
    ),
  );
});

test("files come together from parts in any order, and from no others", () => {
  const data = new Uint8Array(100_000).map((_, at) => at % 251);
  const parts = splitFile(data, { name: "plan.pdf", media: "application/pdf" }, countedRng(1));
  assert.equal(parts.length, 3);
  for (const part of parts) assert(canonicalBytes(readStrictly({ ...part }) as never));
  const shuffled = [...parts, ...parts].reverse();
  assert.deepEqual(joinParts(shuffled), data);
  assert.throws(() => joinParts(parts.slice(1)), MalformedError);
  assert.throws(() => joinParts(parts.slice(0, 2)), MalformedError);
  assert.throws(() => joinParts([]), MalformedError);
  const [first] = parts;
  assert(first);
  assert.throws(() => joinParts([...parts, { ...first, name: "other" }]), MalformedError);
  const changed = { ...first, data: `B${first.data.slice(1)}` };
  assert.throws(() => joinParts([changed, ...parts.slice(1)]), MalformedError);
  const name = { name: "", media: "" };
  assert.throws(() => splitFile(new Uint8Array(0), name, countedRng(1)), TooLargeError);
  const large = new Uint8Array(2 * 1024 * 1024 + 1);
  assert.throws(() => splitFile(large, name, countedRng(1)), TooLargeError);
});
