/**
 * The words of a free text, as search compares them.
 *
 * Folded (`fold.ts`), each once, in the order of the text. Scripts that write no blanks between
 * words (ideographs and kana) come as overlapping pairs of characters, a single character
 * alone, so that whoever looks for a part of a run finds it. No stop words, no stems: what is
 * compared here are the offers' own texts, of which nobody knows the language for sure.
 */

import { lettersOf } from "../code-points.ts";
import { fold, isAscii } from "./fold.ts";

/** Ideographs, kana and what is written among them, for character classes with the flag `u`. */
export const CJK = "\\u2e80-\\u9fff\\uf900-\\ufaff\\u{20000}-\\u{3ffff}";
const FIRST_CJK = 0x2e80;
const CJK_START = new RegExp(`^[${CJK}]`, "u");
const RUNS = new RegExp(`[${CJK}]+|[^${CJK}]+`, "gu");

/**
 * The different words of *text*.
 *
 * @param text - of any length.
 * @param most - how many are wanted at most; all if left out.
 */
export function wordsOf(text: string, most?: number): readonly string[] {
  const folded = fold(text);
  const words = [...new Set(isAscii(folded) ? wordsBetweenBlanks(folded) : split(folded))];
  return most === undefined ? words : words.slice(0, most);
}

/** The words of a *folded* text, as it has them. */
export function wordsBetweenBlanks(folded: string): readonly string[] {
  return folded === "" ? [] : folded.split(" ");
}

/** Whether the first letter of *text* is written without blanks between words. */
export function isCjk(text: string): boolean {
  return text.charCodeAt(0) >= FIRST_CJK && CJK_START.test(text);
}

/** The overlapping pairs of characters of *run*, or *run* itself if it is one. */
export function pairsOf(run: string): readonly string[] {
  const letters = lettersOf(run);
  if (letters.length < 2) return [run];
  const pairs: string[] = [];
  for (let at = 1; at < letters.length; at += 1) {
    pairs.push(`${letters[at - 1]}${letters[at]}`);
  }
  return pairs;
}

function split(folded: string): readonly string[] {
  return wordsBetweenBlanks(folded).flatMap((token) =>
    (token.match(RUNS) ?? []).flatMap((run) => (isCjk(run) ? pairsOf(run) : [run])),
  );
}
