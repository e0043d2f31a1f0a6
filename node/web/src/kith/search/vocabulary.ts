/**
 * The vocabulary of topics: what an offer, a wish or a resource can be about.
 *
 * A topic is a concept with a stable id (`topic-ids.ts`). A community topic counts, elsewhere,
 * as the nearest topic above it that is shared. An id that went out of use stays and points to
 * the one that took its place, so that old offers keep their meaning. Words for the topics come
 * language by language (`vocabulary-files.ts`).
 *
 * Left to the caller: completeness (a topic without words in a language shows its English
 * label), and what to do with sensitive topics. Sensitive is a topic when looking for it or
 * offering it says by itself something about a person's orientation, gender, love life, health,
 * faith or flight. Source: SPEC.md, section on topics.
 */

import { lengthOf, withoutOuterBlanks } from "../code-points.ts";
import { MalformedError, UsageError } from "../crypto/errors.ts";
import { primaryLanguage } from "./offer-content.ts";
import {
  COMMUNITY_PREFIX,
  idsAbove,
  isCommunityTopic,
  isSharedTopic,
  parentOf,
} from "./topic-ids.ts";
import {
  type Concept,
  LABEL_LANGUAGES,
  type LanguageTexts,
  type TopicTexts,
} from "./vocabulary-files.ts";

export const FALLBACK_LANGUAGE = "en";
export const MAX_LABEL_CHARACTERS = 80;
const MAX_DESCRIPTION_CHARACTERS = 200;

const PLAIN_LINE = /^[!-~](?:[ -~]*[!-~])?$/;
// Controls, line separators, invisible and direction characters: none belongs in a label. The
// joiners stay: Persian and others spell with them.
const FORBIDDEN = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;
const NONE: readonly string[] = [];

/** All topics with their hierarchy and words; immutable once made. */
export class Vocabulary {
  readonly #concepts = new Map<string, Concept>();
  readonly #resolved = new Map<string, string>();
  readonly #ids: readonly string[];
  readonly #children: ReadonlyMap<string, readonly string[]>;
  readonly #related: ReadonlyMap<string, readonly string[]>;
  readonly #languages: ReadonlyMap<string, LanguageTexts>;
  readonly #ancestors = new Map<string, readonly string[]>();

  /**
   * @param concepts - in order, parents before children.
   * @param languages - the words for them.
   * @throws MalformedError - a rule is broken, two topics under one parent have the same label in
   *   a language, or words are for no topic; `pointer` says where.
   */
  constructor(concepts: readonly Concept[], languages: readonly LanguageTexts[] = []) {
    concepts.forEach((concept, position) => {
      checkConcept(concept, this.#concepts, `/concepts/${position}`);
      this.#concepts.set(concept.id, concept);
    });
    for (const topic of this.#concepts.keys()) {
      this.#resolved.set(topic, resolve(this.#concepts, topic));
    }
    this.#ids = concepts.filter((one) => one.retired === null).map((one) => one.id);
    this.#children = childrenOf(this.#ids, this.#concepts);
    this.#related = relatedOf(this.#concepts);
    this.#languages = new Map(languages.map((texts) => [texts.language, texts]));
    for (const texts of this.#languages.values()) checkTexts(texts, this.#concepts);
  }

  /** The ids in use, in order: each parent before its children. */
  ids(): readonly string[] {
    return this.#ids;
  }

  /** The concept with this id, in use or retired, or null. */
  get(topic: string): Concept | null {
    return this.#concepts.get(topic) ?? null;
  }

  /** Whether *topic* is in the vocabulary, retired ones included. */
  isKnown(topic: string): boolean {
    return this.#concepts.has(topic);
  }

  /** *topic* itself, or the id in use that took its place. @throws UsageError - unknown. */
  resolve(topic: string): string {
    const found = this.#resolved.get(topic);
    if (found === undefined) throw new UsageError("no such topic");
    return found;
  }

  /**
   * The topic in use that *topic*, any string, counts as here, or null.
   *
   * That is itself, what took its place or, for an unknown community topic, the nearest shared
   * one above.
   */
  nearest(topic: string): string | null {
    const known = this.#resolved.get(topic);
    if (known !== undefined) return known;
    if (!topic.startsWith(COMMUNITY_PREFIX)) return null;
    for (const above of idsAbove(topic)) {
      const found = this.#resolved.get(above);
      if (found !== undefined) return found;
    }
    return null;
  }

  /**
   * Whether offers of any community may name *topic*: it is known, or it is spelled like a
   * community's and a shared topic above it is.
   */
  isPlaced(topic: string): boolean {
    return this.isKnown(topic) || (isCommunityTopic(topic) && this.nearest(topic) !== null);
  }

  /** Each retired id with the id in use that took its place. */
  redirects(): ReadonlyMap<string, string> {
    return new Map([...this.#resolved].filter(([one, now]) => one !== now));
  }

  /**
   * The ids above *topic*, nearest first, without itself; for any string.
   *
   * A retired topic lies directly below the one that took its place, so that old offers are
   * still found; an unknown community topic below its nearest shared one; any other unknown one
   * alone.
   */
  ancestors(topic: string): readonly string[] {
    const known = this.#ancestors.get(topic);
    if (known !== undefined) return known;
    const current = this.nearest(topic);
    if (current === null) return NONE;
    const above = idsAbove(current);
    const found = current === topic ? above : [current, ...above];
    // Only of known topics: others can make up ids without end.
    if (this.#concepts.has(topic)) this.#ancestors.set(topic, found);
    return found;
  }

  /** The ids in use directly below *topic*, in order; none below an unknown one. */
  children(topic: string): readonly string[] {
    return this.#children.get(topic) ?? NONE;
  }

  /** The ids in use anywhere below *topic*, depth first, without itself. */
  descendants(topic: string): readonly string[] {
    return this.children(topic).flatMap((child) => [child, ...this.descendants(child)]);
  }

  /** The ids of the topmost topics in use, in order. */
  branches(): readonly string[] {
    return this.#ids.filter((topic) => parentOf(topic) === null);
  }

  /** The ids in use that are close to *topic* from either side; for any string. */
  related(topic: string): readonly string[] {
    return this.#related.get(topic) ?? NONE;
  }

  /** The level of *topic*: 1 for a branch, at most 3, or 4 for a community's. */
  depth(topic: string): number {
    return idsAbove(topic).length + 1;
  }

  /** The words of each language, in the order in which they were given. */
  languages(): readonly LanguageTexts[] {
    return [...this.#languages.values()];
  }

  /** The words for *topic* in *language*, if there are any; for any string. */
  texts(topic: string, language: string): TopicTexts | null {
    return this.#languages.get(language)?.topics.get(topic) ?? null;
  }

  /** The label of *topic*, any string, in each language that has one. */
  labels(topic: string): ReadonlyMap<string, string> {
    const found = new Map<string, string>();
    for (const texts of this.#languages.values()) {
      const words = texts.topics.get(topic);
      if (words !== undefined) found.set(texts.language, words.label);
    }
    return found;
  }

  /**
   * The label in the first of *languages* that has one, else in English or any.
   *
   * @param topic - any string; one without any label stands for itself.
   * @param languages - BCP 47 tags in order of preference; only the primary part counts.
   */
  label(topic: string, languages: readonly string[] = []): string {
    for (const language of [...languages, FALLBACK_LANGUAGE, ...this.#languages.keys()]) {
      const texts = this.texts(topic, primaryLanguage(language).toLowerCase());
      if (texts !== null) return texts.label;
    }
    return topic;
  }

  /** Whether *topic* or any above it is marked; false for unknown ones. */
  isSensitive(topic: string): boolean {
    return [topic, ...this.ancestors(topic)].some(
      (one) => this.#concepts.get(one)?.sensitive === true,
    );
  }
}

/** Whether *text* may be a label or synonym: 1 to 80 printable characters, NFC. */
export function isLabel(text: string): boolean {
  return isLine(text, MAX_LABEL_CHARACTERS);
}

type Concepts = ReadonlyMap<string, Concept>;

function checkConcept(concept: Concept, seen: Concepts, pointer: string): void {
  if (!isSharedTopic(concept.id) && !isCommunityTopic(concept.id)) {
    throw new MalformedError("not a topic id", `${pointer}/id`);
  }
  if (seen.has(concept.id)) {
    throw new MalformedError(`${concept.id} appears twice`, `${pointer}/id`);
  }
  const parent = parentOf(concept.id);
  if (parent !== null && !seen.has(parent)) {
    throw new MalformedError("the parent comes first", `${pointer}/id`);
  }
  if (!concept.aliases.every(isLabel)) {
    throw new MalformedError("characters of an alias", `${pointer}/aliases`);
  }
}

/** Refuse words that are malformed, for no topic, or a sibling's label. */
function checkTexts(texts: LanguageTexts, concepts: Concepts): void {
  if (!LABEL_LANGUAGES.includes(texts.language)) {
    throw new MalformedError("words are not kept in that language", "/language");
  }
  for (const name of texts.languageNames.values()) {
    if (!isLabel(name)) throw new MalformedError("characters of a name", "/languageNames");
  }
  const taken = new Map<string, string>();
  for (const [topic, words] of texts.topics) {
    const pointer = `/topics/${topic}`;
    const concept = concepts.get(topic);
    if (concept === undefined) throw new MalformedError("no such topic", pointer);
    if (!isLabel(words.label) || !words.synonyms.every(isLabel)) {
      throw new MalformedError("characters of a label", pointer);
    }
    if (words.description !== "" && !isLine(words.description, MAX_DESCRIPTION_CHARACTERS)) {
      throw new MalformedError("characters of a description", pointer);
    }
    if (concept.retired !== null) continue;
    const place = `${parentOf(topic) ?? ""}\n${words.label}`;
    const other = taken.get(place);
    if (other !== undefined) throw new MalformedError(`the label of ${other}`, pointer);
    taken.set(place, topic);
  }
}

function isLine(text: string, most: number): boolean {
  if (text.length <= most && PLAIN_LINE.test(text)) return true;
  return (
    text !== "" &&
    lengthOf(text) <= most &&
    text === withoutOuterBlanks(text) &&
    !FORBIDDEN.test(text) &&
    text.normalize("NFC") === text
  );
}

/** The end of the chain of redirects that starts at *topic*. */
function resolve(concepts: Concepts, topic: string): string {
  const passed = new Set<string>();
  let target = topic;
  for (;;) {
    const following = concepts.get(target)?.retired ?? null;
    if (following === null) return target;
    passed.add(target);
    if (passed.has(following) || !concepts.has(following)) {
      throw new MalformedError(`${topic} is retired into nothing`);
    }
    target = following;
  }
}

function childrenOf(
  ids: readonly string[],
  concepts: Concepts,
): ReadonlyMap<string, readonly string[]> {
  const children = new Map<string, string[]>();
  for (const topic of ids) {
    const parent = parentOf(topic);
    if (parent === null) continue;
    if ((concepts.get(parent)?.retired ?? null) !== null) {
      throw new MalformedError(`${topic} is in use below the retired ${parent}`);
    }
    const known = children.get(parent);
    if (known === undefined) children.set(parent, [topic]);
    else known.push(topic);
  }
  return children;
}

/** The relations from both sides, those in use only. */
function relatedOf(concepts: Concepts): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  const note = (one: string, other: string): void => {
    found.set(one, (found.get(one) ?? new Set<string>()).add(other));
  };
  for (const concept of concepts.values()) {
    for (const other of concept.related) {
      const target = concepts.get(other);
      if (target === undefined) {
        throw new MalformedError(`${concept.id} is related to ${other}, which is no topic`);
      }
      const isLine = [other, ...idsAbove(other)].includes(concept.id);
      if (isLine || idsAbove(concept.id).includes(other)) {
        throw new MalformedError(`${concept.id} is related to its own line`);
      }
      if (concept.retired !== null || target.retired !== null) continue;
      note(concept.id, other);
      note(other, concept.id);
    }
  }
  return new Map([...found].map(([topic, others]) => [topic, [...others]]));
}
