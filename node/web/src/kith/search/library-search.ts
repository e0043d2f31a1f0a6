/**
 * Finding resources of libraries, which happens on devices only.
 *
 * What fits, and how well, is what `matching.ts` and `ranking.ts` say of offers: topics with all
 * below them, near ones, words of the texts, languages. Four things are different.
 *
 * - What helps in a crisis comes first where it fits, for topics and words alike.
 * - Words of a crisis (`crisis-words.ts`, twelve languages) bring everything urgent in the
 *   languages asked for, whatever else was understood: who types them needs no exact match.
 * - With a region, entries for it and for everybody come before those for another one.
 * - What nobody has looked at for a year comes last within its group, and says so.
 *
 * Source: SPEC.md, section on the library.
 */

import { CatalogueBuilder } from "./catalogue.ts";
import { isCrisis } from "./crisis-words.ts";
import { type Listed, listWords } from "./listed.ts";
import { primaryLanguage } from "./offer-content.ts";
import { isAskable, placeListed, placeQuery } from "./placing.ts";
import { newQuery, type Query } from "./query.ts";
import { Ranker } from "./ranker.ts";
import { explain } from "./reasons.ts";
import type { Resource } from "./resource.ts";
import type { Steps } from "./steps.ts";
import { type Understands, understandQuery } from "./understood.ts";
import type { Vocabulary } from "./vocabulary.ts";

export const OLD_DAYS = 365;
export const MAX_FOUND = 200;
const RESOURCES_A_STEP = 64;

export type FoundBecause =
  | "urgent"
  | "topic"
  | "near-topic"
  | "words"
  | "region"
  | "old-review";

/** What somebody looks for in libraries. */
export interface ResourceQuery {
  /** Primary subtags, best first, at least one. */
  readonly languages: readonly string[];
  /** Concept ids; each stands for all below it. */
  readonly topics?: readonly string[];
  /** Free text as typed. */
  readonly text?: string;
  /** UN M49 code of where it is to help. */
  readonly region?: string | null;
  /** Results, 1 to `MAX_FOUND`; 20 by default. */
  readonly limit?: number;
}

/** One resource that was found. */
export interface FoundResource {
  readonly resource: Resource;
  /** Why it stands where it stands. */
  readonly reasons: readonly FoundBecause[];
}

/** In what resources are looked for. */
export interface LibraryMeans {
  readonly vocabulary: Vocabulary;
  /** Understands the text; without one, topics alone count. */
  readonly finder: Understands | null;
  /** Leaves out what has ended. */
  readonly today: number;
  /** Actor of the searcher's community, which turns ties as for offers. */
  readonly community: string;
}

/**
 * What fits *query*, best first, at most `query.limit`.
 *
 * @param resources - of all libraries, in any order; of several with one id the newest counts.
 * @param query - what is looked for; without topics and text everything fits.
 */
export function* findResources(
  resources: Iterable<Resource>,
  query: ResourceQuery,
  means: LibraryMeans,
): Steps<readonly FoundResource[]> {
  const { vocabulary, finder, today, community } = means;
  const { languages, topics = [], text = "", region = null, limit = 20 } = query;
  const live = newest(resources, today);
  const placed = placeQuery(newQuery({ topics, near: true, text, languages }), vocabulary);
  const asked = finder === null ? placed : understandQuery(placed, finder).query;
  const ranker = new Ranker(vocabulary, (topic) => isAskable(topic, vocabulary));
  const builder = new CatalogueBuilder(ranker.names);
  const listed: Listed[] = [];
  for (const one of live.values()) {
    const offer = placeListed(listedOf(one), vocabulary);
    listed.push(offer);
    builder.add(offer);
    if (listed.length % RESOURCES_A_STEP === 0) yield;
  }
  const { ranked } = yield* ranker.rank([builder.build()], asked, today, community);
  const found = new Map<string, Listed | null>();
  for (const { row } of ranked) {
    const offer = listed[row];
    if (offer !== undefined) found.set(offer.id, offer);
  }
  if (isCrisis(text)) addUrgent(found, live, languages);
  const ordered = [...found.keys()].flatMap((id) => live.get(id) ?? []);
  // Sorting leaves the order of equals as it was.
  ordered.sort(
    (one, other) =>
      Number(other.content.urgent) - Number(one.content.urgent) ||
      Number(isElsewhere(one, region)) - Number(isElsewhere(other, region)) ||
      Number(isOld(one, today)) - Number(isOld(other, today)),
  );
  return ordered.slice(0, limit).map((resource) => {
    const codes = codesOf(found.get(resource.id) ?? null, asked, vocabulary);
    return { resource, reasons: reasonsOf(resource, codes, region, today) };
  });
}

/** The codes of the reasons for which *offer* was found by what was asked; none if it was not. */
function codesOf(
  offer: Listed | null,
  query: Query,
  vocabulary: Vocabulary,
): readonly string[] {
  return offer === null ? [] : explain(offer, query, vocabulary).map((one) => one.code);
}

/** Add to *found* what is urgent in *languages*. */
function addUrgent(
  found: Map<string, Listed | null>,
  live: ReadonlyMap<string, Resource>,
  languages: readonly string[],
): void {
  for (const one of live.values()) {
    const isSpoken = one.content.languages.some((tag) =>
      languages.includes(primaryLanguage(tag)),
    );
    if (one.content.urgent && isSpoken && !found.has(one.id)) found.set(one.id, null);
  }
}

function newest(resources: Iterable<Resource>, today: number): ReadonlyMap<string, Resource> {
  const found = new Map<string, Resource>();
  for (const one of resources) {
    const known = found.get(one.id);
    const isNewer = known === undefined || known.revision < one.revision;
    if (one.endDay > today && isNewer) found.set(one.id, one);
  }
  return found;
}

function listedOf({ id, author, updated, endDay, content }: Resource): Listed {
  const words = [
    ...listWords(content.name, content.summary),
    ...listWords({}, content.content),
  ];
  return {
    id,
    community: author,
    updated,
    endDay,
    topics: content.topics,
    languages: content.languages,
    ways: [],
    formats: [],
    when: [],
    level: [],
    room: "open",
    answers: null,
    words: [...new Set(words)],
  };
}

function isElsewhere(resource: Resource, region: string | null): boolean {
  const own = resource.content.region;
  return region !== null && own !== null && own !== region;
}

function isOld(resource: Resource, today: number): boolean {
  return today - resource.content.reviewed > OLD_DAYS;
}

function reasonsOf(
  resource: Resource,
  codes: readonly string[],
  region: string | null,
  today: number,
): readonly FoundBecause[] {
  const said: readonly (readonly [FoundBecause, boolean])[] = [
    ["urgent", resource.content.urgent],
    ["topic", codes.includes("topic-exact") || codes.includes("topic-under")],
    ["near-topic", codes.includes("topic-near")],
    ["words", codes.includes("words")],
    ["region", region !== null && resource.content.region === region],
    ["old-review", isOld(resource, today)],
  ];
  return said.flatMap(([code, isSo]) => (isSo ? [code] : []));
}
