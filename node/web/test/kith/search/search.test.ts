import assert from "node:assert/strict";
import { test } from "node:test";
import { utf8 } from "../../../src/kith/crypto/bytes.ts";
import { UnavailableError, UsageError } from "../../../src/kith/crypto/errors.ts";
import type { JsonObject } from "../../../src/kith/crypto/json.ts";
import { labelOf } from "../../../src/kith/search/community-topics.ts";
import { KeptFiles } from "../../../src/kith/search/kept-files.ts";
import { newQuery, parseCursor, type Query } from "../../../src/kith/search/query.ts";
import { Search } from "../../../src/kith/search/search.ts";
import { CancelledError } from "../../../src/kith/search/steps.ts";
import { Topics } from "../../../src/kith/search/topics.ts";
import { protocolVectors } from "../../support/vectors.ts";
import {
  eagerTurns,
  FakeNode,
  FakeStore,
  partitionOf,
  smallVocabulary,
} from "./support/small.ts";

const DAY_S = 86_400;
const CATALOGUE = "/api/v1/catalogue/partitions/";
const { offers, day, community } = protocolVectors<{
  offers: JsonObject[];
  day: number;
  community: string;
}>("ranking.json");

function spokenIn(language: string): readonly JsonObject[] {
  return offers.filter((one) => {
    const tags = one["kith:languages"];
    return Array.isArray(tags) && tags.some((tag) => String(tag).split("-")[0] === language);
  });
}

function open(node: FakeNode, store: FakeStore | null = null): Search {
  const files = new KeptFiles(node, store);
  const topics = new Topics(files, eagerTurns);
  const clock = (): number => day * DAY_S + 5;
  return new Search({ files, topics, actor: community, clock, turns: eagerTurns });
}

const LIST = CATALOGUE.slice(0, -1);

function nodeWithOffers(): FakeNode {
  const node = new FakeNode();
  for (const language of ["en", "pt", "ar"]) {
    node.files.set(CATALOGUE + language, partitionOf(language, spokenIn(language)));
  }
  return node;
}

const english = newQuery({ languages: ["en"] });

async function idsOf(search: Search, query: Query): Promise<readonly string[]> {
  return (await search.find(query)).hits.map((hit) => hit.id);
}

test("each file is fetched once, and pages lead through all that answers, each once", async () => {
  const node = nodeWithOffers();
  const search = open(node);
  const ids: string[] = [];
  let query: Query = newQuery({ languages: ["pt", "en"], limit: 7 });
  for (;;) {
    const { hits, total, next } = await search.find(query);
    ids.push(...hits.map((hit) => hit.id));
    if (next === null) {
      assert.equal(ids.length, total);
      break;
    }
    query = { ...query, after: parseCursor(next) };
  }
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.length > 20);
  const asked = node.asked.map((one) => one.path).filter((path) => path.startsWith(CATALOGUE));
  assert.deepEqual(asked, [`${CATALOGUE}en`, `${CATALOGUE}pt`]);
});

test("a hit shows the document, what it is about and why it was found", async () => {
  const search = open(nodeWithOffers());
  const { hits, facets, understood } = await search.find({
    ...english,
    text: "poems, evenings",
    counts: true,
  });
  assert.deepEqual(understood?.topics, ["craft.writing.poetry"]);
  const [hit] = hits;
  assert.ok(hit !== undefined && facets !== null);
  assert.equal(hit.object["id"], hit.id);
  assert.equal(hit.own, hit.community === community);
  assert.ok(hit.content.topics.includes("craft.writing.poetry"));
  assert.equal(hit.reasons[0]?.code, "topic-exact");
  assert.equal(labelOf(hit.content, "craft.writing", smallVocabulary, ["en"]), "Writing");
  assert.ok(facets.total > 0 && (facets.topics["craft"] ?? 0) >= facets.total);
  // Of topics that nobody here can ask for nothing is told.
  assert.equal(facets.topics["x.own"], undefined);
});

test("several queries are answered with each file fetched once, in an order that tells nothing", async () => {
  const node = nodeWithOffers();
  const queries = [newQuery({ languages: ["pt"], limit: 1000 }), english];
  const answers = await open(node).findAll(queries);
  assert.deepEqual(
    answers.map((one) => one.hits.length),
    [answers[0]?.total, 20],
  );
  const asked = node.asked.map((one) => one.path).filter((path) => path.startsWith(CATALOGUE));
  assert.deepEqual(asked, [`${CATALOGUE}en`, `${CATALOGUE}pt`]);
});

test("a query without a language has no file to look in", async () => {
  const search = open(nodeWithOffers());
  await assert.rejects(search.find(newQuery()), UsageError);
  const topics = Array.from({ length: 13 }, (_, at) => `craft.${at}`);
  await assert.rejects(search.find({ ...english, topics }), UsageError);
});

test("a language that nobody offers has no file, and finds nothing", async () => {
  const { hits, total, isStale } = await open(nodeWithOffers()).find(
    newQuery({ languages: ["ja"] }),
  );
  assert.deepEqual([hits, total, isStale], [[], 0, false]);
});

test("what is kept is not sent again, and is used while the node is away", async () => {
  const node = nodeWithOffers();
  const store = new FakeStore();
  const before = await idsOf(open(node, store), english);
  node.asked.length = 0;
  const again = open(node, store);
  assert.deepEqual(await idsOf(again, english), before);
  const files = node.asked.filter((one) => one.path !== LIST);
  assert.ok(files.length > 0 && files.every((one) => one.etag !== null));
  // The tags in the list of topics say that the words are the same.
  assert.ok(!node.asked.some((one) => one.path.startsWith("/api/v1/topics/")));
  node.isDown = true;
  const away = await open(node, store).find(english);
  assert.equal(away.isStale, true);
  assert.deepEqual(
    away.hits.map((hit) => hit.id),
    before,
  );
  await assert.rejects(open(node).find(english), UnavailableError);
});

test("a language of which the node has no file is not asked for", async () => {
  const node = nodeWithOffers();
  const entry = { language: "en", etag: '"x"', sizeBytes: 1, offers: 1 };
  const body = utf8(JSON.stringify({ partitions: [entry] }));
  node.files.set(LIST, body);
  const search = open(node);
  const portuguese = newQuery({ languages: ["pt"] });
  assert.ok((await search.find(english)).total > 0);
  assert.equal((await search.find(portuguese)).total, 0);
  const asked = node.asked.map((one) => one.path).filter((path) => path.startsWith(CATALOGUE));
  assert.deepEqual(asked, [`${CATALOGUE}en`]);
  // Once it has one, the list says so.
  const both = JSON.stringify({ partitions: [entry, { ...entry, language: "pt" }] });
  node.files.set(LIST, utf8(both));
  await search.prepare(["pt"]);
  assert.ok((await search.find(portuguese)).total > 0);
});

test("newer offers are found after preparing anew, and rows that are none are left out", async () => {
  const node = nodeWithOffers();
  const search = open(node);
  const before = (await search.find(english)).total;
  const some = spokenIn("en").slice(0, 9);
  const odd = { ...some[0], id: "https://a.example/odd", summaryMap: { constructor: "x" } };
  const lines = [...some, { broken: true }, odd, { ...odd, summaryMap: { en: 1 } }];
  node.files.set(`${CATALOGUE}en`, partitionOf("en", lines));
  assert.equal((await search.find(english)).total, before);
  await search.prepare(["en"]);
  const after = await search.find(english);
  assert.ok(after.total > 0 && after.total <= 10);
  assert.equal(search.held(["en"]).size, 10);
});

test("a damaged file is refused, and one that was kept is fetched anew", async () => {
  const node = nodeWithOffers();
  const store = new FakeStore();
  const before = await idsOf(open(node, store), english);
  const path = `${CATALOGUE}en`;
  const kept = store.kept.get(path);
  assert.ok(kept !== undefined);
  const body = kept.body.slice();
  body[40] = (body[40] ?? 0) ^ 1;
  store.kept.set(path, { body, etag: kept.etag });
  assert.deepEqual(await idsOf(open(node, store), english), before);
  assert.deepEqual(store.kept.get(path)?.body, kept.body);
});

test("a search can be cancelled, and goes on for whoever asks next", async () => {
  const node = nodeWithOffers();
  const search = open(node);
  const signal = { aborted: false };
  const first = search.find(english, signal);
  signal.aborted = true;
  const second = search.find(english);
  await assert.rejects(first, CancelledError);
  assert.ok((await second).total > 0);
  const files = node.asked.filter((one) => one.path === `${CATALOGUE}en`);
  assert.equal(files.length, 1);
});

test("progress is told", async () => {
  const search = open(nodeWithOffers());
  const told: number[] = [];
  search.onProgress = ({ language, done, total }) => {
    assert.equal(language, "en");
    told.push(done / total);
  };
  await search.prepare(["en"]);
  assert.equal(told[told.length - 1], 1);
});
