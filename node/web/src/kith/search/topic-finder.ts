/**
 * From what somebody types to the topics that it means, in twelve languages at once.
 *
 * Its parts are in `finding`, one idea each. `find` is for typing ahead (`type-ahead.ts`).
 * `understand` is for a whole free text:
 *
 * 1. It is cut into known phrases, words for ways of helping, and words that say nothing
 *    (`segments.ts`). A word for a way or of everyday life (`light-words.ts`), or one that is
 *    the rest of a longer phrase, counts as a topic only if there is no other topic.
 * 2. A word of at least five letters that is unknown, and one typing error away from a known
 *    one, is read as that, if it leads to one topic only (`corrections.ts`). The same goes for
 *    the text as a whole.
 * 3. What is left is compared with all texts by the words that they share (`sharing.ts`).
 * 4. What is left then are words to look for in offers; what they may have been a wrong spelling
 *    of is listed, and never applied silently.
 * 5. If no topic was found, all is done once more as if the reader knew all languages.
 *
 * What several topics could be meant by is decided in `meanings.ts`. Nothing is learned and
 * nothing is remembered: the same text means the same to the same reader, everywhere.
 *
 * Left to the caller: showing choices. Source: SPEC.md, section on search.
 */

import { firstOf } from "../code-points.ts";
import { UsageError } from "../crypto/errors.ts";
import type { Known } from "./finding/corrections.ts";
import { Overlap } from "./finding/overlap.ts";
import { Phrases } from "./finding/phrases.ts";
import { type Understanding, understand } from "./finding/reading.ts";
import { Speller } from "./finding/spelling.ts";
import { type Found, TypeAhead } from "./finding/type-ahead.ts";
import { fold } from "./fold.ts";
import { primaryLanguage } from "./offer-content.ts";
import type { Steps } from "./steps.ts";
import type { Vocabulary } from "./vocabulary.ts";

export const MAX_RESULTS = 100;
/** Letters of a text that are read. */
export const MAX_TEXT_CHARACTERS = 200;

/** How to look for topics by words. */
export interface FindOptions {
  /** BCP 47 tags the person reads, preferred first; others are found too. */
  readonly languages: readonly string[];
  /** Most results wanted, 1 to 100. */
  readonly limit: number;
}

/** Finds the topics of one vocabulary by words; immutable once made. */
export class TopicFinder {
  readonly #vocabulary: Vocabulary;
  readonly #known: Known;
  readonly #typeAhead: TypeAhead;

  /** Fold, stem and sort every text of *vocabulary*: some tenths of a second in all. */
  static *of(vocabulary: Vocabulary): Steps<TopicFinder> {
    const phrases = yield* Phrases.of(vocabulary);
    const overlap = yield* Overlap.of(phrases);
    const languagesOf = yield* phrases.words();
    const texts = yield* Speller.of(phrases.lines.map((line) => line.folded));
    const words = yield* Speller.of(languagesOf.keys());
    const typeAhead = yield* TypeAhead.of(vocabulary, phrases, texts);
    return new TopicFinder(
      vocabulary,
      { phrases, overlap, texts, words, languagesOf },
      typeAhead,
    );
  }

  private constructor(vocabulary: Vocabulary, known: Known, typeAhead: TypeAhead) {
    this.#vocabulary = vocabulary;
    this.#known = known;
    this.#typeAhead = typeAhead;
  }

  /**
   * The topics that fit *query*, best first, each at most once.
   *
   * @param query - what the person typed; all after the first 200 characters is ignored.
   * @throws UsageError - the limit is out of bounds.
   */
  find(query: string, { languages, limit }: FindOptions): readonly Found[] {
    if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RESULTS) {
      throw new UsageError(`a limit is 1 to ${MAX_RESULTS}`);
    }
    const wanted = fold(firstOf(query, MAX_TEXT_CHARACTERS));
    return wanted === "" ? [] : this.#typeAhead.find(wanted, placesOf(languages), limit);
  }

  /**
   * What *text* means.
   *
   * @param text - as typed; all after the first 200 characters is ignored.
   * @param languages - BCP 47 tags the person reads, preferred first; others are understood too.
   */
  understand(text: string, { languages }: { languages: readonly string[] }): Understanding {
    const bounded = firstOf(text, MAX_TEXT_CHARACTERS);
    const ancestors = (topic: string): readonly string[] => this.#vocabulary.ancestors(topic);
    return understand(bounded, placesOf(languages), this.#known, ancestors);
  }
}

function placesOf(languages: readonly string[]): ReadonlyMap<string, number> {
  const primary = new Set(languages.map((tag) => primaryLanguage(tag).toLowerCase()));
  return new Map([...primary].map((language, place) => [language, place]));
}
