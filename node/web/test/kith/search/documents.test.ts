import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareTexts, sortedTexts } from "../../../src/kith/code-points.ts";
import { hex, parseHex, parseUtf8, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { SigningKey } from "../../../src/kith/crypto/ed25519.ts";
import { KithError, MalformedError, TooLargeError } from "../../../src/kith/crypto/errors.ts";
import { dayOf, formatDay, MAX_DAY, parseDay } from "../../../src/kith/search/day.ts";
import { FORMATS, LEVELS, WAYS, WHENS } from "../../../src/kith/search/offer-content.ts";
import { etagOf, parsePartition } from "../../../src/kith/search/partition.ts";
import {
  encodeQuery,
  newQuery,
  parseCursor,
  parseQuery,
} from "../../../src/kith/search/query.ts";
import { signShown, verifyShown } from "../../../src/kith/search/shown.ts";
import { parentOf } from "../../../src/kith/search/topic-ids.ts";
import { parseUrl } from "../../../src/kith/search/urls.ts";
import { Vocabulary } from "../../../src/kith/search/vocabulary.ts";
import { parseConcept, readLanguage } from "../../../src/kith/search/vocabulary-files.ts";
import { checkText, cleanText } from "../../../src/kith/text.ts";
import { protocolVectors } from "../../support/vectors.ts";
import { partitionOf, shipped, smallVocabulary, tagOf } from "./support/small.ts";

const wire = protocolVectors<{
  keys: Record<string, { seed: string }>;
  shown: Record<string, string>;
  texts: { max_characters: number; taken: string[]; refused: Record<string, string> };
}>("kith_wire.json");

test("texts are taken and refused as the vectors say", () => {
  const { max_characters: most, taken, refused } = wire.texts;
  for (const text of taken) assert.equal(checkText(text, most), text);
  for (const [text, code] of Object.entries(refused)) {
    assert.throws(() => checkText(text, most), { code }, text);
  }
});

test("cleaned text is fit for a screen, and cleaning it again changes nothing", () => {
  assert.equal(cleanText("a\nb\u202e c\u200b ", 10), "a b c");
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      const clean = cleanText(text, 12);
      assert.equal(cleanText(clean, 12), clean);
      assert.ok([...clean].length <= 12);
    }),
  );
});

test("texts are in the order of their code points", () => {
  const points = (text: string): number[] => [...text].map((one) => one.codePointAt(0) ?? 0);
  const plain = (one: string, other: string): number => {
    const [left, right] = [points(one), points(other)];
    const at = left.findIndex((point, place) => point !== right[place]);
    if (at < 0) return left.length - right.length;
    return at >= right.length ? 1 : (left[at] ?? 0) - (right[at] ?? 0);
  };
  const unit = fc.constantFrom("a", "b", "\ufb01", "\u{1f308}", "\ud7ff");
  const text = fc.string({ unit, maxLength: 4 });
  fc.assert(
    fc.property(text, text, (one, other) => {
      assert.equal(Math.sign(compareTexts(one, other)), Math.sign(plain(one, other)));
    }),
  );
  assert.deepEqual(sortedTexts(["\ufb01", "\u{1f308}", "a"]), ["a", "\ufb01", "\u{1f308}"]);
});

test("days are read as they are written, and nothing else", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: MAX_DAY }), (day) => {
      assert.equal(parseDay(formatDay(day)), day);
      assert.equal(dayOf(day * 86_400 + 86_399), day);
    }),
  );
  const wrong = ["2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z", "2026-11-22T00:00:01Z"];
  const other = ["1969-12-31T00:00:00Z", "2243-10-18T00:00:00Z", "2026-11-22", ""];
  for (const text of [...wrong, ...other]) {
    assert.throws(() => parseDay(text), MalformedError, text);
  }
});

test("a partition is refused unless it is as it should be", async () => {
  const raw = partitionOf("en", [{ b: 1 }, { a: 1 }]);
  const text = Buffer.from(raw).toString();
  const { language, objects } = parsePartition(raw, raw.length);
  assert.equal(language, "en");
  assert.deepEqual(
    objects.map((one) => parseUtf8(one)),
    ['{"a":1}', '{"b":1}'],
  );
  assert.equal(await etagOf(raw), tagOf(raw));
  assert.deepEqual(parsePartition(partitionOf("pt", []), 100).objects, []);
  const odd = [
    "",
    text.trimEnd(),
    text.replace("offers", "others"),
    text.replace(":2}", ":3}"),
    text.replace(":2}", ":02}"),
    text.replace('{"a":1}', "[1]"),
    text.replace('{"a":1}', '{"c":1}'),
    text.replace('{"a":1}', '{"b":1}'),
    text.replace("en", "english"),
    `\n${text}`,
    `${text}\n`,
  ];
  for (const one of odd) {
    assert.throws(() => parsePartition(utf8(one), 1000), MalformedError, one);
  }
  assert.throws(() => parsePartition(raw, raw.length - 1), TooLargeError);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      try {
        parsePartition(bytes, 60);
      } catch (error) {
        assert.ok(error instanceof KithError);
      }
    }),
  );
});

test("queries are read as they are written", () => {
  const some = <T extends string>(from: readonly T[]): fc.Arbitrary<T[]> =>
    fc.subarray([...from]);
  const topics = some(["career", "career.cv", "music.guitar"]);
  const actors = some(["https://ash.example/actor", "http://[::1]:80/actor"]);
  const fields = {
    topics,
    near: fc.boolean(),
    knows: topics,
    text: fc.constantFrom("", "a b", "詩, ¡sí!"),
    languages: some(["en", "pt", "zh"]),
    ways: some(WAYS),
    formats: some(FORMATS),
    when: some(WHENS),
    level: some(LEVELS),
    roomOnly: fc.boolean(),
    communities: actors,
    without: actors,
    counts: fc.boolean(),
    limit: fc.integer({ min: 1, max: 50 }),
    after: fc.option(
      fc.record(
        { day: fc.nat({ max: 99_999 }), offset: fc.integer({ min: 1, max: 1000 }) },
        { noNullPrototype: true },
      ),
    ),
  };
  const query = fc.record(fields, { noNullPrototype: true });
  fc.assert(
    fc.property(query, (asked) => {
      const whole = newQuery(asked);
      assert.deepEqual(
        parseQuery(encodeQuery(whole), () => true),
        whole,
      );
    }),
  );
});

test("parameters that are none are refused", () => {
  const wrong: [string, string][] = [
    ["topic", "career"],
    ["topics", ""],
    ["topics", "career,career"],
    ["topics", "unknown"],
    ["languages", "EN"],
    ["languages", "en\n"],
    ["ways", "teach,"],
    ["near", "no"],
    ["limit", "51"],
    ["limit", "0"],
    ["text", "  "],
    ["text", "\ud800"],
    ["text", "a".repeat(201)],
    ["communities", "https://ash.example"],
    ["after", "1-1001"],
  ];
  for (const [name, value] of wrong) {
    const read = (): unknown =>
      parseQuery(new Map([[name, value]]), (topic) => topic === "career");
    assert.throws(read, MalformedError, `${name} ${value}`);
  }
  assert.deepEqual(parseCursor("20779-40"), { day: 20_779, offset: 40 });
});

test("topics have their place in the vocabulary", () => {
  const words = smallVocabulary;
  assert.equal(parentOf("x.music.oud"), "music");
  assert.equal(words.resolve("craft.verse"), "craft.writing.poetry");
  assert.equal(words.nearest("x.craft.writing.haiku"), "craft.writing");
  assert.equal(words.nearest("x.nowhere.else"), null);
  assert.equal(words.isPlaced("x.craft.writing.haiku"), true);
  assert.deepEqual(words.ancestors("craft.verse"), [
    "craft.writing.poetry",
    "craft.writing",
    "craft",
  ]);
  assert.deepEqual(words.related("craft.writing"), ["career.cv"]);
  assert.ok(words.descendants("craft").includes("craft.writing.poetry"));
  assert.ok(words.isSensitive("peer.listening") && !words.isSensitive("music"));
  assert.equal(
    words.label("music.guitar", ["de-AT"]),
    words.texts("music.guitar", "de")?.label,
  );
  assert.equal(words.label("no.such"), "no.such");
});

test("a vocabulary that breaks a rule is refused", () => {
  const concepts = shipped.concepts.map((one) => parseConcept(one));
  const [first] = concepts;
  assert.ok(first !== undefined);
  const languages = shipped.languages.map(readLanguage);
  const bad = [
    [{ ...first, id: "Career" }],
    [first, first],
    [{ ...first, id: "career.cv" }],
    [{ ...first, retired: "nothing" }],
    [{ ...first, related: ["nothing"] }],
    [{ ...first, aliases: ["\u202eodd"] }],
  ];
  for (const one of bad) assert.throws(() => new Vocabulary(one), MalformedError);
  assert.throws(() => new Vocabulary([first], languages), MalformedError);
  assert.throws(() => parseConcept({ id: "a", odd: 1 }), MalformedError);
});

test("both keys say that an offer stands under a profile, as in the vectors", () => {
  const keyOf = (name: string): SigningKey =>
    SigningKey.fromSeed(parseHex(wire.keys[name]?.seed ?? ""));
  const profileKey = keyOf("profile");
  const offerKey = keyOf("offer");
  const signed = signShown(profileKey, offerKey);
  const ids = verifyShown(profileKey.verifyKey, offerKey.verifyKey, signed);
  assert.deepEqual(
    {
      profile: hex(ids.profile),
      offer: hex(ids.offer),
      profile_signature: hex(signed.profile),
      offer_signature: hex(signed.offer),
    },
    wire.shown,
  );
  assert.throws(() => verifyShown(offerKey.verifyKey, profileKey.verifyKey, signed), {
    code: "bad-signature",
  });
});

test("addresses are taken in one spelling only", () => {
  const { origin, pathQuery } = parseUrl("https://ash.example:8443/a?b#c", {
    allowsFragment: true,
  });
  assert.deepEqual([origin, pathQuery], ["https://ash.example:8443", "/a?b"]);
  const wrong = [
    "http://ash.example/",
    "https://ash.example:443/",
    "https://ASH.example/",
    "https://ash.example",
    "https://1.2.3.4/",
    "https://localhost/",
    "https://ash.local/",
    "https://ash.example/../a",
    "https://ash.example/%41",
    "https://ash.example/%c3%a9",
    "https://user@ash.example/",
    "https://ash.example/#a",
  ];
  for (const one of wrong) assert.throws(() => parseUrl(one), MalformedError, one);
  const loopback = parseUrl("http://[::1]:8080/", { development: true });
  assert.equal(loopback.origin, "http://[::1]:8080");
});
