/**
 * Known units that a word may be: its own, two in one, or one with another ending.
 *
 * Source of the units: `overlap.ts`.
 */

import { firstNotBelow, lettersOf, sortedTexts } from "../../code-points.ts";
import type { Steps } from "../steps.ts";
import { type Family, families, familiesOf, familyOf, unitOf } from "./endings.ts";
import { functionWords } from "./function-words.ts";
import { lightUnits } from "./light-words.ts";
import type { Postings } from "./postings.ts";
import type { Stems } from "./stems.ts";
import { wayUnits } from "./way-words.ts";

/** How much a unit counts that is there itself. */
export const SAME = 4;
// One that is only similar.
const SIMILAR = 3;
const SHORTEST_BEGINNING = 5;
const LONGEST_ENDING = 3;
const SHORTEST_PART = 4;
const MOST_LONGER_WORDS = 8;
const LINKS = ["", "s", "es", "n", "en", "e", "er"];

/** Finds units of words that are not written as the known ones. */
export class Similar {
  readonly #stems: Stems;
  readonly #known: Postings;
  readonly #sorted: ReadonlyMap<string, readonly string[]>;

  /** @param known - all units. */
  static *of(stems: Stems, known: Postings): Steps<Similar> {
    const byFamily = new Map<string, string[]>(families().map((one) => [one.name, []]));
    for (const unit of known.keys()) {
      const end = unit.indexOf(":");
      byFamily.get(unit.slice(0, end))?.push(unit.slice(end + 1));
    }
    yield;
    const sorted = new Map<string, readonly string[]>();
    for (const [family, found] of byFamily) {
      sorted.set(family, sortedTexts(found));
      yield;
    }
    return new Similar(stems, known, sorted);
  }

  private constructor(
    stems: Stems,
    known: Postings,
    sorted: ReadonlyMap<string, readonly string[]>,
  ) {
    this.#stems = stems;
    this.#known = known;
    this.#sorted = sorted;
  }

  /** The units that a folded *word* may be, with how much each counts. */
  to(word: string): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const family of familiesOf(word)) {
      const unit = unitOf(family, this.#stems.of(word, family));
      if (this.#known.has(unit)) found.set(unit, SAME);
    }
    if (found.size > 0) return found;
    for (const unit of this.parts(word)) found.set(unit, SIMILAR);
    if (found.size > 0) return found;
    for (const family of familiesOf(word)) {
      for (const near of this.#nearly(this.#stems.of(word, family), family)) {
        found.set(unitOf(family, near), SIMILAR);
      }
    }
    return found;
  }

  /**
   * The units in a German *word* that is made of two known words.
   *
   * The second may be one that says little: Wohnungssuche is about Wohnung.
   */
  parts(word: string): readonly string[] {
    const family = familyOf("de");
    if (family === null) return [];
    const letters = lettersOf(word);
    for (let size = letters.length - SHORTEST_PART; size >= SHORTEST_PART; size -= 1) {
      const end = letters.slice(size).join("");
      const second = this.#unit(end, family);
      if (second === null && !this.#saysLittle(end, family)) continue;
      const beginning = letters.slice(0, size).join("");
      for (const link of LINKS) {
        if (!beginning.endsWith(link)) continue;
        const first = this.#unit(beginning.slice(0, beginning.length - link.length), family);
        if (first !== null) return second === null ? [first] : [first, second];
      }
    }
    return [];
  }

  /** Known stems with the same beginning as *stem*, as much of it as possible. */
  #nearly(stem: string, family: Family): readonly string[] {
    const known = this.#sorted.get(family.name) ?? [];
    const letters = lettersOf(stem);
    const shortest = Math.max(SHORTEST_BEGINNING, letters.length - LONGEST_ENDING);
    for (let size = letters.length; size >= shortest; size -= 1) {
      const beginning = letters.slice(0, size).join("");
      const place = firstNotBelow(known, beginning);
      const longest = size + (size < letters.length ? LONGEST_ENDING : letters.length);
      const found = known
        .slice(place, place + MOST_LONGER_WORDS)
        .filter((one) => one.startsWith(beginning) && lettersOf(one).length <= longest);
      if (found.length > 0) return found;
    }
    return [];
  }

  #saysLittle(word: string, family: Family): boolean {
    const unit = unitOf(family, this.#stems.of(word, family));
    return functionWords().has(word) || lightUnits().has(unit) || wayUnits().has(unit);
  }

  #unit(word: string, family: Family): string | null {
    if (lettersOf(word).length < SHORTEST_PART) return null;
    const unit = unitOf(family, this.#stems.of(word, family));
    return this.#known.has(unit) ? unit : null;
  }
}
