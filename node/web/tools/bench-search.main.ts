/**
 * What searching on the device costs, printed as JSON: milliseconds for reading a file of
 * offers, for making what finds topics, and for queries.
 *
 * Offers are made up over the topics of the node, so that nothing is learned of anybody. The
 * figures are of this machine: a six-year-old phone takes about six times as long.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { utf8 } from "../src/kith/crypto/bytes.ts";
import { parseJson } from "../src/kith/crypto/json.ts";
import { KeptFiles } from "../src/kith/search/kept-files.ts";
import { readStrings } from "../src/kith/search/members.ts";
import { etagOf } from "../src/kith/search/partition.ts";
import { newQuery, type Query } from "../src/kith/search/query.ts";
import { mix32 } from "../src/kith/search/ranking.ts";
import { Search } from "../src/kith/search/search.ts";
import { Topics } from "../src/kith/search/topics.ts";
import { LABEL_LANGUAGES } from "../src/kith/search/vocabulary-files.ts";

const OFFERS = Number(process.argv[2] ?? 10_000);
const DAY = 20_779;
const DATA = join(process.cwd(), "..", "kith_node", "topics", "data");
const ACTOR = "https://a.example/actor";
const TYPED = "help with writing a cover letter and interview";

const concepts = (
  parseJson(readFileSync(join(DATA, "concepts.json")), {
    maxBytes: 1 << 22,
    maxMembers: 10_000,
  }) as { readonly concepts: readonly { readonly id: string; readonly retired?: string }[] }
).concepts;
const topicIds = concepts.filter((one) => one.retired === undefined).map((one) => one.id);
const names = namesOf();
const vocabulary = new Map(
  LABEL_LANGUAGES.map((language) => [language, wordsFile(language)] as const),
);
const phrases = readStrings(
  Object.values(
    (JSON.parse(vocabulary.get("en") ?? "") as { topics: Record<string, { label: string }> })
      .topics,
  ).map((one) => one.label),
  "",
);

let random = 7;
function chance(most: number): number {
  random = mix32((random + 0x9e37_79b9) >>> 0);
  return random % most;
}
function pick<T>(from: readonly T[]): T {
  const one = from[chance(from.length)];
  if (one === undefined) throw new RangeError("nothing to pick from");
  return one;
}

function namesOf(): Record<string, Record<string, string>> {
  const file = readdirSync(DATA).includes("language_names.json") ? "language_names.json" : null;
  return file === null ? {} : JSON.parse(readFileSync(join(DATA, file), "utf8"));
}

/** The words of *language* as the node serves them. */
function wordsFile(language: string): string {
  const words = JSON.parse(readFileSync(join(DATA, `${language}.json`), "utf8"));
  return JSON.stringify({
    ...words,
    languageNames: names[language] ?? words.languageNames ?? {},
  });
}

function date(day: number): string {
  return `${new Date(day * 86_400_000).toISOString().slice(0, 10)}T00:00:00Z`;
}

function line(number: number): string {
  const origin = `https://${pick("abcdefghijkl".split(""))}.example`;
  const id = `${origin}/offers/${number.toString(36).padStart(22, "A")}`;
  const topics = [...new Set([pick(topicIds), pick(topicIds)])];
  const text = Array.from({ length: 6 + chance(10) }, () => pick(phrases)).join(" ");
  const proof = {
    type: "DataIntegrityProof",
    proofValue: "z".padEnd(88, "1"),
    created: date(DAY),
  };
  return JSON.stringify({
    "@context": ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/v2", {}],
    attributedTo: `${origin}/actor`,
    contentMap: { en: text.slice(0, 500) },
    endTime: date(DAY + 1 + chance(80)),
    id,
    "kith:formats": ["chat", "video"].slice(chance(2)),
    "kith:languages": ["en", ...(chance(3) === 0 ? [pick(["de", "ar", "ja"])] : [])],
    "kith:level": chance(2) === 0 ? ["starting"] : ["some", "experienced"],
    "kith:revision": 1,
    "kith:room": chance(8) === 0 ? "full" : "open",
    "kith:topics": topics,
    "kith:ways": [pick(["advise", "teach", "practise", "review", "listen", "accompany"])],
    proof,
    published: date(DAY - 30),
    purpose: "offer",
    summaryMap: { en: `${pick(phrases)} and ${pick(phrases)}`.slice(0, 120) },
    type: "Proposal",
    updated: date(DAY - chance(60)),
  });
}

function partition(): Uint8Array {
  const lines = Array.from({ length: OFFERS }, (_, number) => line(number));
  const sorted = lines.map(utf8).sort(Buffer.compare);
  const header = `{"format":"kith-partition/1","language":"en","offers":${OFFERS}}`;
  return utf8(
    [header, ...sorted.map((one) => Buffer.from(one).toString("utf8")), ""].join("\n"),
  );
}

const FILES = new Map<string, Uint8Array>([
  [
    "/api/v1/topics",
    utf8(
      JSON.stringify({
        version: 2,
        topics: concepts,
        languages: LABEL_LANGUAGES.map((language) => ({ language, reviewed: false, etag: "" })),
      }),
    ),
  ],
  ...[...vocabulary].map(
    ([language, text]) => [`/api/v1/topics/${language}`, utf8(text)] as const,
  ),
  ["/api/v1/catalogue/partitions/en", partition()],
]);

interface Figures {
  readonly p50: number;
  readonly most: number;
}

function figures(times: readonly number[]): Figures {
  const sorted = [...times].sort((one, other) => one - other);
  const round = (ms: number | undefined): number => Math.round((ms ?? 0) * 100) / 100;
  return { p50: round(sorted[sorted.length >> 1]), most: round(sorted[sorted.length - 1]) };
}

async function ms(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

let longestTurn = 0;
let turnBegan = performance.now();
const turns = {
  pause: async (): Promise<void> => {
    longestTurn = Math.max(longestTurn, performance.now() - turnBegan);
    await new Promise((resolve) => setImmediate(resolve));
    turnBegan = performance.now();
  },
  now: () => performance.now(),
  lengthMs: 8,
};

async function measure(search: Search, queries: readonly Query[]): Promise<Figures> {
  const times: number[] = [];
  for (const query of queries) times.push(await ms(() => search.find(query)));
  return figures(times);
}

async function main(): Promise<void> {
  const files = new KeptFiles({
    read: async (path) => {
      const body = FILES.get(path);
      if (body === undefined) return { kind: "none" };
      return { kind: "file", body, etag: await etagOf(body) };
    },
  });
  const topics = new Topics(files, turns);
  const search = new Search({ files, topics, actor: ACTOR, clock: () => DAY * 86_400, turns });
  const vocabularyMs = await ms(() => topics.vocabulary());
  turnBegan = performance.now();
  const finderMs = await ms(() => topics.finder());
  const finderTurn = longestTurn;
  longestTurn = 0;
  turnBegan = performance.now();
  const parseMs = await ms(() => search.prepare(["en"]));
  const parseTurn = longestTurn;
  const asked = { languages: ["en"] };
  const some = topicIds.filter((_, at) => at % 12 === 0);
  const typed = Array.from(TYPED, (_, at) => TYPED.slice(0, at + 1));
  const finder = await topics.finder();
  const ahead: number[] = [];
  for (const text of typed) {
    ahead.push(await ms(async () => finder.find(text, { languages: ["en"], limit: 8 })));
  }
  const result = {
    offers: OFFERS,
    file_kib: Math.round((FILES.get("/api/v1/catalogue/partitions/en")?.length ?? 0) / 1024),
    vocabulary_ms: Math.round(vocabularyMs),
    finder_ms: Math.round(finderMs),
    finder_longest_turn_ms: Math.round(finderTurn),
    parse_ms: Math.round(parseMs),
    parse_longest_turn_ms: Math.round(parseTurn),
    query_everything_ms: await measure(search, Array(20).fill(newQuery(asked))),
    query_topic_ms: await measure(
      search,
      some.map((topic) => newQuery({ ...asked, topics: [topic] })),
    ),
    query_near_and_counts_ms: await measure(
      search,
      some.map((topic) => newQuery({ ...asked, topics: [topic], near: true, counts: true })),
    ),
    query_text_ms: await measure(
      search,
      typed.map((text) => newQuery({ ...asked, text, counts: true })),
    ),
    type_ahead_ms: figures(ahead),
    heap_mib: Math.round(process.memoryUsage().heapUsed / 2 ** 20),
  };
  console.log(JSON.stringify(result, null, 2));
}

await main();
