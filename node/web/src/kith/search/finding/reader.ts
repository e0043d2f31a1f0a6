/**
 * Whoever reads: which texts are in their languages, and so how well a text fits.
 *
 * Left to the caller: what fits, and how.
 */

import type { Candidate, Choice, Relatives } from "./meanings.ts";
import { ANY_LANGUAGE, type Phrases } from "./phrases.ts";

/** How a part of a text fits a line, best first. */
export const EXACT = 0;
export const FORM = 1;
export const SHARED = 2;
export const MISSPELT = 3;

/** A part of a text that names topics. */
export interface Part extends Choice {
  /** Indexes of its tokens. */
  readonly tokens: ReadonlySet<number>;
}

/** Somebody who knows some languages. */
export class Reader {
  /** Primary subtags with their places; all are known if there are none. */
  readonly languages: ReadonlyMap<string, number>;
  /** What they can read. */
  readonly phrases: Phrases;
  /** The topics above one. */
  readonly ancestors: Relatives;

  constructor(languages: ReadonlyMap<string, number>, phrases: Phrases, ancestors: Relatives) {
    this.languages = languages;
    this.phrases = phrases;
    this.ancestors = ancestors;
  }

  /** Whether the line at *place* is in one of the languages, or in all. */
  readonly isRead = (place: number): boolean => {
    const { language } = this.phrases.line(place);
    const isAny = this.languages.size === 0 || language === ANY_LANGUAGE;
    return isAny || this.languages.has(language);
  };

  /**
   * The topic of the line at *place* as a candidate.
   *
   * @param fit - how the line fits, `EXACT` to `MISSPELT`, and what comes behind that.
   * @param order - among equals.
   */
  candidate(place: number, fit: readonly number[], order = 0): Candidate {
    const line = this.phrases.line(place);
    // What shares a word with a label need not share it with the topic's name.
    const isSynonym = fit[0] !== SHARED && !line.isLabel;
    return {
      rank: [this.isRead(place) ? 0 : 1, ...fit, isSynonym ? 1 : 0],
      order,
      language: this.languages.get(line.language) ?? this.languages.size,
      depth: line.depth,
      topic: line.topic,
    };
  }
}
