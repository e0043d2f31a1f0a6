/**
 * Units by which texts are compared where they share no phrase.
 *
 * A unit is the stem of a word in one family of languages or, in scripts without blanks, a pair
 * of neighbouring characters of one kind: ideographs, katakana or hiragana. It is written as
 * one text: the name of the family, a colon, and the stem.
 *
 * Left to the caller: how much a unit is worth.
 */

import { lettersOf } from "../../code-points.ts";
import { isAscii } from "../fold.ts";
import { isCjk, pairsOf, wordsBetweenBlanks } from "../words.ts";
import { familiesOf, familyOf, unitOf } from "./endings.ts";
import { functionPhrases, functionWordsOf } from "./function-words.ts";
import type { Stems } from "./stems.ts";
import type { Token } from "./tokens.ts";

/** The place of a family's name in units of scripts without blanks. */
export const CJK_UNITS = "cjk";

/** The units of a *folded* text in *language*. */
export function unitsOfLine(
  folded: string,
  language: string,
  stems: Stems,
): ReadonlySet<string> {
  const units = new Set<string>();
  const family = familyOf(language);
  const empty = functionWordsOf(language);
  for (const word of wordsBetweenBlanks(folded)) {
    if (empty.has(word)) continue;
    for (const run of runsOf(word)) {
      if (isCjk(run)) {
        for (const pair of pairsOf(run)) units.add(`${CJK_UNITS}:${pair}`);
        continue;
      }
      for (const one of family === null ? familiesOf(run) : [family]) {
        units.add(unitOf(one, stems.of(run, one)));
      }
    }
  }
  return units;
}

/** Whether the token at *index* is of the kind of the one before it. */
export function isSameKind(tokens: readonly Token[], index: number): boolean {
  return kindOf(tokens[index - 1]?.word ?? "") === kindOf(tokens[index]?.word ?? "");
}

/** The parts of *word* of one kind of letters, without those that say nothing. */
function runsOf(word: string): readonly string[] {
  if (isAscii(word)) return [word];
  const runs: string[] = [];
  let before: string | null = null;
  for (const letter of lettersOf(word)) {
    const kind = kindOf(letter);
    if (kind !== "" && functionPhrases().has(letter)) {
      before = null;
    } else if (kind === before) {
      runs[runs.length - 1] += letter;
    } else {
      runs.push(letter);
      before = kind;
    }
  }
  return runs.filter((run) => !functionPhrases().has(run));
}

function kindOf(letter: string): string {
  const point = letter.charCodeAt(0);
  if (point >= 0x3041 && point <= 0x309f) return "hiragana";
  if (point >= 0x30a0 && point <= 0x30ff) return "katakana";
  return isCjk(letter) ? "ideograph" : "";
}
