/**
 * A text cut into the smallest parts that mean something, with their places in it.
 *
 * A token is a word or, in scripts without blanks between words, one character. Tokens are
 * folded; their places lead back to what was typed, for showing.
 *
 * Left to the caller: bounding the length, and joining tokens to words and phrases.
 */

import { lengthOf, lettersOf, withoutOuterBlanks } from "../../code-points.ts";
import { fold } from "../fold.ts";
import { CJK, isCjk, wordsBetweenBlanks } from "../words.ts";

const CJK_OR_NOT = new RegExp(`[${CJK}]|[^${CJK}]+`, "gu");
const INSIDE = /^[\p{L}\p{M}\p{N}\p{Cf}+#]$/u;

/** A smallest part of a text. */
export interface Token {
  /** Folded, without blanks, not empty. */
  readonly word: string;
  /** Code points before it in the text that `tokensOf` returns. */
  readonly start: number;
  /** Code points up to its end. */
  readonly end: number;
  /** Whether it is one character of a script without blanks between words. */
  readonly isCjk: boolean;
}

/** A text as tokens point into it. */
export interface Tokens {
  /** The code points of the text in compatibility form. */
  readonly shown: readonly string[];
  readonly tokens: readonly Token[];
}

/** How much *token* says, in letters: an ideograph is worth two. */
export function weightOf(token: Token): number {
  return token.isCjk ? 2 : lengthOf(token.word);
}

/** *text* in compatibility form, and its tokens; their words in a row are those of its folding. */
export function tokensOf(text: string): Tokens {
  const shown = lettersOf(text.normalize("NFKC"));
  const tokens: Token[] = [];
  let start = 0;
  while (start < shown.length) {
    let end = start;
    while (end < shown.length && INSIDE.test(shown[end] ?? "")) end += 1;
    if (end === start) {
      start += 1;
      continue;
    }
    for (const word of wordsBetweenBlanks(fold(shown.slice(start, end).join("")))) {
      tokens.push(...tokensOfWord(word, start, end));
    }
    start = end;
  }
  return { shown, tokens };
}

/**
 * What was typed as some tokens, what lies between others left out.
 *
 * @param shown - as `tokensOf` returned it.
 * @param tokens - all of them.
 * @param indexes - of those wanted, ascending.
 */
export function typedAs(
  shown: readonly string[],
  tokens: readonly Token[],
  indexes: readonly number[],
): string {
  const runs: { first: number; last: number }[] = [];
  for (const index of indexes) {
    const run = runs[runs.length - 1];
    if (run !== undefined && run.last === index - 1) run.last = index;
    else runs.push({ first: index, last: index });
  }
  const texts = runs.map(({ first, last }) =>
    withoutOuterBlanks(shown.slice(tokens[first]?.start, tokens[last]?.end).join("")),
  );
  return texts.join(" ");
}

/** The words of *tokens* as folding leaves a text. */
export function foldedOf(tokens: readonly Token[]): string {
  let folded = "";
  let wasCjk = false;
  for (const token of tokens) {
    const isGlued = folded === "" || (wasCjk && token.isCjk);
    folded += isGlued ? token.word : ` ${token.word}`;
    wasCjk = token.isCjk;
  }
  return folded;
}

/** The tokens of one folded word that stands from *start* to *end*. */
function tokensOfWord(word: string, start: number, end: number): readonly Token[] {
  // Characters lead back to their places if none was lost or added by folding.
  const isPlain = lengthOf(word) === end - start;
  let place = start;
  return (word.match(CJK_OR_NOT) ?? []).map((part) => {
    const first = place;
    place += lengthOf(part);
    const [from, to] = isPlain ? [first, place] : [start, end];
    return { word: part, start: from, end: to, isCjk: isCjk(part) };
  });
}
