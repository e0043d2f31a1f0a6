import assert from "node:assert/strict";
import { test } from "node:test";
import type { JsonObject, JsonValue } from "../../../src/kith/crypto/json.ts";
import { families, stem } from "../../../src/kith/search/finding/endings.ts";
import type { Understanding } from "../../../src/kith/search/finding/reading.ts";
import { distance, Speller } from "../../../src/kith/search/finding/spelling.ts";
import { tokensOf } from "../../../src/kith/search/finding/tokens.ts";
import type { Found } from "../../../src/kith/search/finding/type-ahead.ts";
import { fold } from "../../../src/kith/search/fold.ts";
import { runNow } from "../../../src/kith/search/steps.ts";
import { TopicFinder } from "../../../src/kith/search/topic-finder.ts";
import { Vocabulary } from "../../../src/kith/search/vocabulary.ts";
import { parseConcept, readLanguage } from "../../../src/kith/search/vocabulary-files.ts";
import { protocolVectors } from "../../support/vectors.ts";

interface Vectors {
  readonly concepts: JsonValue[];
  readonly languages: JsonObject[];
  readonly tokens: [
    string,
    string,
    { word: string; start: number; end: number; is_cjk: boolean }[],
  ][];
  readonly stems: [string, string, string][];
  readonly distances: [string, string, number, number | null][];
  readonly near: [string, { errors: number; text: string }[]][];
  readonly finds: { query: string; languages: string[]; found: Found[] }[];
  readonly texts: {
    text: string;
    languages: string[];
    means: Omit<Understanding, "didYouMean"> & { did_you_mean: string[] };
  }[];
}

const vectors = protocolVectors<Vectors>("topic_finding.json");
const languages = vectors.languages.map(readLanguage);
const vocabulary = new Vocabulary(
  vectors.concepts.map((one) => parseConcept(one)),
  languages,
);
const finder = runNow(TopicFinder.of(vocabulary));

test("tokens are those of the vectors", () => {
  for (const [text, shown, expected] of vectors.tokens) {
    const found = tokensOf(text);
    assert.equal(found.shown.join(""), shown);
    const tokens = found.tokens.map(({ isCjk, ...rest }) => ({ ...rest, is_cjk: isCjk }));
    assert.deepEqual(tokens, expected);
  }
});

test("stems are those of the vectors", () => {
  for (const [name, word, expected] of vectors.stems) {
    const family = families().find((one) => one.name === name);
    assert.ok(family !== undefined);
    assert.equal(stem(fold(word), family), expected, word);
  }
});

test("near spellings are those of the vectors", () => {
  for (const [one, other, most, expected] of vectors.distances) {
    assert.equal(distance(one, other, most), expected, `${one} ${other}`);
  }
  const texts = languages.flatMap(({ topics }) =>
    [...topics.values()].flatMap(({ label, synonyms }) => [label, ...synonyms].map(fold)),
  );
  const speller = runNow(Speller.of(texts));
  for (const [text, expected] of vectors.near)
    assert.deepEqual(speller.near(text), expected, text);
});

test("typing ahead finds what the vectors say", () => {
  for (const { query, languages, found } of vectors.finds) {
    assert.deepEqual(finder.find(query, { languages, limit: 5 }), found, query);
  }
});

test("texts mean what the vectors say", () => {
  for (const { text, languages, means } of vectors.texts) {
    const { didYouMean, ...rest } = finder.understand(text, { languages });
    assert.deepEqual({ ...rest, did_you_mean: didYouMean }, means, text);
  }
});
