import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareTexts } from "../../../src/kith/code-points.ts";
import { CatalogueBuilder } from "../../../src/kith/search/catalogue.ts";
import type { Listed } from "../../../src/kith/search/listed.ts";
import {
  common,
  knownTopics,
  nearNamed,
  reachedTopics,
  spoken,
} from "../../../src/kith/search/matching.ts";
import { FORMATS, LEVELS, WAYS, WHENS } from "../../../src/kith/search/offer-content.ts";
import { newQuery, type Query } from "../../../src/kith/search/query.ts";
import { Ranker } from "../../../src/kith/search/ranker.ts";
import {
  freshPoints,
  LUCK_SCALE,
  languagePoints,
  MAX_RANKED,
  mix32,
  offerHash,
  rankingDay,
  rotationSeed,
  spread,
  TOPIC_BY_DISTANCE,
} from "../../../src/kith/search/ranking.ts";
import { runNow } from "../../../src/kith/search/steps.ts";
import { smallVocabulary } from "./support/small.ts";

const DAY = 20_779;
const ACTORS = ["https://ash.example/actor", "https://elm.example/actor"];
const TOPICS = [...smallVocabulary.ids(), "craft.verse", "x.craft.haiku", "unknown.topic"];
const WORDS = ["quiet", "evenings", "自助", "c++"];

function some<T>(from: readonly T[], minLength = 0, maxLength = 4): fc.Arbitrary<T[]> {
  return fc.subarray([...from], { minLength, maxLength: Math.min(maxLength, from.length) });
}

const offer: fc.Arbitrary<Omit<Listed, "id">> = fc.record({
  community: fc.constantFrom(...ACTORS),
  updated: fc.integer({ min: DAY - 60, max: DAY + 1 }),
  endDay: fc.integer({ min: DAY - 1, max: DAY + 40 }),
  topics: some(TOPICS, 1),
  languages: some(["en", "pt-BR", "pt", "zh-Hant"], 1),
  ways: some(WAYS, 1, 3),
  formats: some(FORMATS, 1),
  when: some(WHENS),
  level: some(LEVELS),
  room: fc.constantFrom("open", "full"),
  answers: fc.constantFrom("days", "week", "longer", null),
  words: some(WORDS),
});
const asked: fc.Arbitrary<Partial<Query>> = fc.record({
  topics: some(TOPICS),
  near: fc.boolean(),
  knows: some(TOPICS),
  languages: some(["pt", "en", "zh"]),
  ways: some(WAYS, 0, 2),
  formats: some(FORMATS, 0, 2),
  when: some(WHENS),
  level: some(LEVELS),
  roomOnly: fc.boolean(),
  communities: some(ACTORS, 0, 1),
  without: some(ACTORS, 0, 1),
  words: some(WORDS, 0, 2),
  preferredWays: some(WAYS, 0, 2),
  isLost: fc.integer({ min: 0, max: 19 }).map((one) => one === 0),
  after: fc.constantFrom(null, { day: DAY - 1, offset: 1 }),
});

/** The rules as `matching.ts` and `ranking.ts` say them, for one offer after the other. */
function isAny(wanted: readonly string[], offered: readonly string[]): boolean {
  return wanted.length === 0 || common(wanted, offered).length > 0;
}

function isMatch(one: Listed, query: Query): boolean {
  const reached = reachedTopics(one, smallVocabulary);
  const isNear = nearNamed(one, query, smallVocabulary).length > 0;
  return (
    one.endDay > DAY &&
    !query.isLost &&
    !query.without.includes(one.community) &&
    (isAny(query.topics, [...reached.keys()]) || isNear) &&
    (query.topics.length > 0 || isAny(query.words, one.words)) &&
    isAny(query.languages, spoken(one)) &&
    isAny(query.ways, one.ways) &&
    isAny(query.formats, one.formats) &&
    (!query.roomOnly || one.room === "open") &&
    isAny(query.communities, [one.community])
  );
}

function preference(wanted: readonly string[], offered: readonly string[]): number {
  if (wanted.length === 0) return 0;
  return offered.length === 0 ? 18 : 36 * common(wanted, offered).length;
}

function scoreOf(one: Listed, query: Query): number {
  const reached = reachedTopics(one, smallVocabulary);
  const language = query.languages.findIndex((tag) => spoken(one).includes(tag));
  const ways = [...query.ways, ...query.preferredWays];
  const distances = query.topics.flatMap((topic) => reached.get(topic) ?? []);
  const topics = distances.map((distance) => TOPIC_BY_DISTANCE[Math.min(distance, 3)] ?? 0);
  const known = knownTopics(one, query, smallVocabulary).length;
  return (
    (one.room === "open" ? 20_000 : 0) +
    topics.reduce((sum, points) => sum + points, 0) +
    (nearNamed(one, query, smallVocabulary).length > 0 ? 100 : 0) +
    36 * Math.min(common(query.words, one.words).length, 3) +
    60 * Math.min(known, 2) +
    (language < 0 ? 0 : languagePoints(language)) +
    40 * common(ways, one.ways).length +
    36 * common(query.formats, one.formats).length +
    preference(query.when, one.when) +
    preference(query.level, one.level) +
    (one.answers === "days" ? 10 : one.answers === "week" ? 5 : 0) +
    freshPoints(rankingDay(query, DAY) - one.updated)
  );
}

function rankPlainly(offers: readonly Listed[], query: Query): readonly [string, number][] {
  const seed = rotationSeed(query, rankingDay(query, DAY), ACTORS[0] ?? "");
  const scored = offers
    .filter((one) => isMatch(one, query))
    .map((one) => {
      const [hash, reverse] = offerHash(one.id);
      const score = scoreOf(one, query);
      return { one, score, key: mix32((hash ^ seed) >>> 0) - LUCK_SCALE * score, reverse };
    });
  scored.sort(
    (left, right) =>
      left.key - right.key ||
      left.reverse - right.reverse ||
      compareTexts(left.one.id, right.one.id),
  );
  const best = scored.slice(0, MAX_RANKED);
  const withRoom = best.filter(({ one }) => one.room === "open").length;
  const places = spread(
    best.map(({ one }) => one.community),
    withRoom,
  );
  return places.flatMap((place) => {
    const found = best[place];
    return found === undefined ? [] : [[found.one.id, found.score] as [string, number]];
  });
}

test("many offers at once are ranked as one after the other", () => {
  fc.assert(
    fc.property(fc.array(offer, { maxLength: 40 }), asked, (contents, wanted) => {
      const offers = contents.map((one, at) => ({ ...one, id: `https://a.example/${at}` }));
      const query = newQuery(wanted);
      const ranker = new Ranker(smallVocabulary, () => true);
      const builder = new CatalogueBuilder(ranker.names);
      for (const one of offers) builder.add(one);
      const steps = ranker.rank([builder.build()], query, DAY, ACTORS[0] ?? "");
      const { ranked, total } = runNow(steps);
      const found = ranked.map(({ row, score }) => [offers[row]?.id, score]);
      assert.deepEqual(found, rankPlainly(offers, query));
      assert.equal(total, found.length);
    }),
    { numRuns: 300 },
  );
});

test("of very many only the first thousand are listed, and all are counted", () => {
  const [first] = fc.sample(offer, { numRuns: 1, seed: 3 });
  assert.ok(first !== undefined);
  const offers = Array.from({ length: 1500 }, (_, at) => ({
    ...first,
    endDay: DAY + 9,
    id: `https://a.example/${at}`,
    level: at % 3 === 0 ? LEVELS : [],
  }));
  const query = newQuery({ level: ["some"] });
  const ranker = new Ranker(smallVocabulary, () => true);
  const builder = new CatalogueBuilder(ranker.names);
  for (const one of offers) builder.add(one);
  const { ranked, total } = runNow(ranker.rank([builder.build()], query, DAY, ACTORS[0] ?? ""));
  assert.equal(total, 1500);
  assert.deepEqual(
    ranked.map(({ row, score }) => [offers[row]?.id, score]),
    rankPlainly(offers, query),
  );
});
