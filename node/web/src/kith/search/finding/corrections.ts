/**
 * Words of a text that are read as others, because they are one typing error away.
 *
 * Only unknown words are, of at least five letters, and only where all known words that are so
 * near are forms of one word. Those of the reader's languages come before others.
 *
 * Left to the caller: undoing what makes the meaning ambiguous.
 */

import { firstOf, lengthOf } from "../../code-points.ts";
import { LABEL_LANGUAGES } from "../vocabulary-files.ts";
import { familiesOf } from "./endings.ts";
import type { Overlap } from "./overlap.ts";
import { ANY_LANGUAGE, type Phrases } from "./phrases.ts";
import { isFunction, isLight } from "./segments.ts";
import type { Speller } from "./spelling.ts";
import type { Token } from "./tokens.ts";

/** Shorter words are near too many others to be corrected, more of them are no sentence. */
export const SHORTEST_CORRECTED = 5;
export const MAX_CORRECTED = 8;

/** What texts are compared with. */
export interface Known {
  /** All lines of a vocabulary. */
  readonly phrases: Phrases;
  /** Of these lines. */
  readonly overlap: Overlap;
  /** Knows the folded lines. */
  readonly texts: Speller;
  /** Knows their words. */
  readonly words: Speller;
  /** Languages of each of these words, `ANY_LANGUAGE` for aliases. */
  readonly languagesOf: ReadonlyMap<string, ReadonlySet<string>>;
}

/**
 * By their indexes the words that some of *tokens* are read as.
 *
 * @param languages - that the reader knows; all if none.
 */
export function corrections(
  tokens: readonly Token[],
  known: Known,
  languages: readonly string[],
): ReadonlyMap<number, string> {
  const read = new Set([ANY_LANGUAGE, ...(languages.length > 0 ? languages : LABEL_LANGUAGES)]);
  const found = new Map<number, string>();
  let looked = 0;
  for (let index = 0; index < tokens.length && looked < MAX_CORRECTED; index += 1) {
    const token = tokens[index];
    if (token === undefined || lengthOf(token.word) < SHORTEST_CORRECTED) continue;
    if (isKnown(token, known, read)) continue;
    looked += 1;
    const corrected = nearWord(token.word, known, read);
    if (corrected !== null) found.set(index, corrected);
  }
  return found;
}

function nearWord(word: string, known: Known, read: ReadonlySet<string>): string | null {
  // The first letter is seldom wrong, and words that differ in it are seldom meant.
  const every = known.words
    .near(word, 1)
    .map((one) => one.text)
    .filter((text) => firstOf(text, 1) === firstOf(word, 1));
  const own = every.filter((text) =>
    [...(known.languagesOf.get(text) ?? [])].some((language) => read.has(language)),
  );
  const near = own.length > 0 ? own : every;
  const first = near[0];
  return first !== undefined && isOneWord(near, first, known.phrases) ? first : null;
}

function isKnown(token: Token, known: Known, languages: ReadonlySet<string>): boolean {
  return (
    isFunction(token) ||
    known.overlap.knows(token.word, languages) ||
    known.phrases.whole(token.word).length > 0 ||
    isLight(token.word, known.phrases) ||
    known.overlap.isCompound(token.word)
  );
}

function isOneWord(words: readonly string[], first: string, phrases: Phrases): boolean {
  return familiesOf(first).some(
    (family) => new Set(words.map((word) => phrases.stems.of(word, family))).size === 1,
  );
}
