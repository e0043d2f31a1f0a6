/** From what was found to what is shown. Pure. */

import { utf8 } from "../../kith/crypto/bytes.ts";
import { sha256 } from "../../kith/crypto/hashes.ts";
import { labelOf } from "../../kith/search/community-topics.ts";
import type { Facets } from "../../kith/search/facets.ts";
import { primaryLanguage, type TextMap } from "../../kith/search/offer-content.ts";
import { headline, type Reason } from "../../kith/search/reasons.ts";
import type { Hit } from "../../kith/search/search.ts";
import type { Vocabulary } from "../../kith/search/vocabulary.ts";
import type {
  FacetKey,
  FacetModel,
  FacetOption,
  OfferCardModel,
  OfferModel,
  ReasonModel,
  WhyModel,
} from "../../screens/browse-model.ts";
import { listText, ownName } from "../../screens/parts/format.ts";
import type { WrittenText } from "../../screens/parts/model.ts";
import { FORMAT_WORDS, LEVEL_WORDS, WAY_WORDS, WHEN_WORDS } from "../../screens/parts/words.ts";
import type { Speech } from "../../ui/text.tsx";
import type { Filters } from "./filters.ts";

/** In which words things are said. */
export interface Wording {
  readonly speech: Speech;
  readonly vocabulary: Vocabulary;
}

const OF_TOPICS = new Set(["topic-exact", "topic-under", "topic-near", "knows"]);
const ACTOR = "/actor";

/** An offer in a list. */
export function cardOf(hit: Hit, asked: ReadonlySet<string>, wording: Wording): OfferCardModel {
  const { content } = hit;
  const { speech, vocabulary } = wording;
  const topics = content.topics.map((id) => ({
    id,
    text: labelOf(content, id, vocabulary, [speech.language]),
    asked: asked.has(id) || vocabulary.ancestors(id).some((above) => asked.has(above)),
  }));
  return {
    id: hit.id,
    title: titleOf(hit, wording),
    community: communityName(hit.community),
    picture: sha256(utf8(hit.id)),
    why: whyOf(hit, wording),
    topics,
    languages: content.languages,
    formats: content.formats,
    when: content.when ?? [],
    answers: content.answers ?? null,
    room: content.room ?? "open",
  };
}

/** An offer on its own page. */
export function offerOf(hit: Hit, wording: Wording): OfferModel {
  const { content } = hit;
  const { speech, vocabulary } = wording;
  const texts = inOrder(content.content ?? {}, [speech.language, ...content.languages]);
  return {
    id: hit.id,
    title: titleOf(hit, wording),
    community: communityName(hit.community),
    home: hit.own,
    picture: sha256(utf8(hit.id)),
    why: whyOf(hit, wording),
    texts,
    topics: content.topics.map((id) => ({
      id,
      text: labelOf(content, id, vocabulary, [speech.language]),
    })),
    ways: content.ways,
    formats: content.formats,
    region: content.region ? regionName(content.region, speech.language) : null,
    languages: content.languages,
    when: content.when ?? [],
    level: content.level ?? [],
    audience: content.audience ?? "adults",
    room: content.room ?? "open",
    answers: content.answers ?? null,
    group: content.group ?? false,
    untilDay: hit.endDay,
    kept: false,
    knock: null,
  };
}

/** What could be chosen, and how many offers it would bring; what is chosen always among it. */
export function facetsOf(
  facets: Facets | null,
  filters: Filters,
  wording: Wording,
): readonly FacetModel[] {
  if (facets === null) return [];
  return FACETS.map((key) => ({ key, options: optionsOf(key, facets, filters, wording) }));
}

/** One value of a group, in words. */
export function optionOf(
  key: FacetKey,
  value: string,
  count: number,
  wording: Wording,
): FacetOption {
  return { value, text: wordsOf(key, value, wording), count, on: true };
}

/** A community's host, which is how people call it until they know its name. */
export function communityName(actor: string): string {
  return actor.replace(/^https?:\/\//, "").replace(ACTOR, "");
}

const FACETS: readonly FacetKey[] = [
  "topics",
  "languages",
  "ways",
  "formats",
  "when",
  "level",
  "room",
  "communities",
];
const MANY = 40;

function optionsOf(
  key: FacetKey,
  facets: Facets,
  filters: Filters,
  wording: Wording,
): readonly FacetOption[] {
  const counts = new Map(Object.entries(facets[key]));
  for (const value of filters[key]) if (!counts.has(value)) counts.set(value, 0);
  if (key === "room") counts.delete("full"); // nobody looks for those only
  return [...counts]
    .sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1))
    .filter(([value], at) => at < MANY || filters[key].includes(value))
    .map(([value, count]) => ({
      ...optionOf(key, value, count, wording),
      on: filters[key].includes(value),
    }));
}

function wordsOf(key: FacetKey, value: string, { speech, vocabulary }: Wording): string {
  switch (key) {
    case "topics":
      return vocabulary.label(value, [speech.language]);
    case "languages":
      return ownName(value);
    case "ways":
      return said(WAY_WORDS, value, speech);
    case "formats":
      return said(FORMAT_WORDS, value, speech);
    case "when":
      return said(WHEN_WORDS, value, speech);
    case "level":
      return said(LEVEL_WORDS, value, speech);
    case "room":
      return speech.t("room-open");
    case "communities":
      return communityName(value);
  }
}

function said<K extends string>(
  table: Readonly<Record<string, K>>,
  value: string,
  { t }: Speech,
): string {
  const key = table[value];
  return key === undefined ? value : (t as (one: K) => string)(key);
}

function titleOf({ content }: Hit, { speech, vocabulary }: Wording): WrittenText {
  const [first] = inOrder(content.summary ?? {}, [speech.language, ...content.languages]);
  if (first !== undefined) return first;
  const labels = content.topics.map((id) =>
    labelOf(content, id, vocabulary, [speech.language]),
  );
  return { text: listText(speech.language, labels, "and"), lang: speech.language };
}

/** Texts with those in the best languages first. */
function inOrder(
  texts: TextMap,
  languages: readonly string[],
): readonly (WrittenText & { readonly lang: string })[] {
  const rankOf = (tag: string) => {
    const at = languages.findIndex((one) => primaryLanguage(one) === primaryLanguage(tag));
    return at < 0 ? languages.length : at;
  };
  return Object.entries(texts)
    .sort(([a], [b]) => rankOf(a) - rankOf(b))
    .map(([lang, text]) => ({ lang, text }));
}

function whyOf({ reasons }: Hit, wording: Wording): WhyModel | null {
  const said = reasons.filter(({ code }) => code !== "has-room" && code !== "no-room");
  if (said.length === 0) return null;
  const { first, differences } = headline(reasons);
  return {
    first: reasonOf(first, wording),
    differences: differences.map((one) => reasonOf(one, wording)),
  };
}

function reasonOf({ code, values }: Reason, { speech, vocabulary }: Wording): ReasonModel {
  if (!OF_TOPICS.has(code)) return { code, values };
  const known = values.filter((value) => vocabulary.nearest(value) !== null);
  return { code, values: known.map((value) => vocabulary.label(value, [speech.language])) };
}

function regionName(code: string, language: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}
