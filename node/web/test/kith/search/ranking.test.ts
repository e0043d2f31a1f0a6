import assert from "node:assert/strict";
import { test } from "node:test";
import { compareTexts } from "../../../src/kith/code-points.ts";
import type { JsonObject } from "../../../src/kith/crypto/json.ts";
import { CatalogueBuilder } from "../../../src/kith/search/catalogue.ts";
import type { Facets } from "../../../src/kith/search/facets.ts";
import { type Listed, readListed } from "../../../src/kith/search/listed.ts";
import { newQuery, parseQuery, type Query } from "../../../src/kith/search/query.ts";
import { pageOf, Ranker } from "../../../src/kith/search/ranker.ts";
import { mix32, offerHash, rotationSeed, spread } from "../../../src/kith/search/ranking.ts";
import { explain, headline, type Reason } from "../../../src/kith/search/reasons.ts";
import { runNow } from "../../../src/kith/search/steps.ts";
import { protocolVectors } from "../../support/vectors.ts";

interface Case {
  readonly name: string;
  readonly parameters: Record<string, string>;
  readonly understood?: { words?: string[]; preferred_ways?: Query["ways"]; is_lost?: boolean };
  readonly facets?: Facets;
  readonly total: number;
  readonly results: { id: string; score: number; reasons: Reason[] }[];
}

interface Vectors {
  readonly day: number;
  readonly community: string;
  readonly mix32: [number, number][];
  readonly hashes: [string, number, number][];
  readonly seeds: { days: number; topics: []; knows: []; words: []; seed: number }[];
  readonly spread: { communities: string; with_room: number; order: number[] }[];
  readonly headlines: { codes: string[]; first: string; differences: string[] }[];
  readonly ancestors: Record<string, string[]>;
  readonly related: Record<string, string[]>;
  readonly offers: JsonObject[];
  readonly words: [string, string[]][];
  readonly queries: Case[];
}

const vectors = protocolVectors<Vectors>("ranking.json");
const hierarchy = {
  ancestors: (topic: string) => vectors.ancestors[topic] ?? [],
  related: (topic: string) => vectors.related[topic] ?? [],
};
const offers: Listed[] = vectors.offers.map(readListed);

test("numbers are mixed, hashed and seeded as the vectors say", () => {
  for (const [value, mixed] of vectors.mix32) assert.equal(mix32(value), mixed);
  for (const [id, ...hashes] of vectors.hashes) assert.deepEqual(offerHash(id), hashes);
  for (const { days, seed, ...about } of vectors.seeds) {
    const found = rotationSeed(newQuery(about), vectors.day + days, vectors.community);
    assert.equal(found, seed);
  }
});

test("communities are spread as the vectors say", () => {
  for (const { communities, with_room, order } of vectors.spread) {
    assert.deepEqual(spread([...communities], with_room), order);
  }
});

test("headlines are those of the vectors", () => {
  for (const { codes, first, differences } of vectors.headlines) {
    const found = headline(codes.map((code) => ({ code, values: ["x"] })));
    assert.equal(found.first.code, first);
    assert.deepEqual(
      found.differences.map((one) => one.code),
      differences,
    );
  }
});

test("words are those of the vectors", () => {
  for (const [id, words] of vectors.words) {
    const offer = offers.find((one) => one.id === id);
    assert.deepEqual([...(offer?.words ?? [])].sort(compareTexts), words);
  }
});

function queryOf({ parameters, understood }: Case): Query {
  return {
    ...parseQuery(new Map(Object.entries(parameters)), () => true),
    words: understood?.words ?? [],
    preferredWays: understood?.preferred_ways ?? [],
    isLost: understood?.is_lost ?? false,
  };
}

// One catalogue, and three of which some offers stand in two.
const PARTS = [
  [(): boolean => true],
  [0, 1, 2].map(
    (part) =>
      (at: number): boolean =>
        at % 3 === part || at % 7 === part,
  ),
];

for (const one of vectors.queries) {
  test(`ranks: ${one.name}`, () => {
    for (const parts of PARTS) {
      const ranker = new Ranker(hierarchy, () => true);
      const shelves = parts.map((isIn) => offers.filter((_, at) => isIn(at)));
      const catalogues = shelves.map((shelf) => {
        const builder = new CatalogueBuilder(ranker.names);
        for (const offer of shelf) builder.add(offer);
        return builder.build();
      });
      const query = queryOf(one);
      const steps = ranker.rank(catalogues, query, vectors.day, vectors.community);
      const { ranked, total, facets } = runNow(steps);
      const results = pageOf(ranked, query).map(({ source, row, score }) => {
        const offer = shelves[source]?.[row];
        assert.ok(offer !== undefined);
        return { id: offer.id, score, reasons: explain(offer, query, hierarchy) };
      });
      assert.equal(total, one.total);
      assert.deepEqual(results, one.results);
      if (one.facets !== undefined) assert.deepEqual(facets, one.facets);
    }
  });
}
