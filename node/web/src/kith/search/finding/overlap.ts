/**
 * Lines that share words with a text, where no phrase of the vocabulary is written in full.
 *
 * Lines and texts are compared by *units* (`units.ts`). A unit is worth the more, the fewer
 * topics have it. A line's overlap grows with the worth that is shared, and shrinks with how
 * much of the line is not: a word that is half of a short synonym says more than the same word
 * in a long label.
 *
 * A word that is no unit is also taken for the beginning of one, for one with an unknown ending,
 * or in German for two in one word (`similar.ts`).
 *
 * Left to the caller: which tokens to compare, and wrong spellings.
 */

import type { Steps } from "../steps.ts";
import { familiesOf, unitOf } from "./endings.ts";
import { ANY_LANGUAGE, type Phrases } from "./phrases.ts";
import { Postings } from "./postings.ts";
import { SAME, Similar } from "./similar.ts";
import type { Token } from "./tokens.ts";
import { CJK_UNITS, isSameKind, unitsOfLine } from "./units.ts";

/** How much of a line is most of it, and half, in quarters. */
export const MOST_QUARTERS = 3;
export const HALF_QUARTERS = 2;
// A line of which less than half is shared counts only if few topics have the word at all.
const FEW_TOPICS = 4;
const LINES_A_STEP = 64;
const UNITS_A_STEP = 512;

/** A line that shares units with a text. */
export interface Shared {
  /** Of the line. */
  readonly place: number;
  /** How much it shares. */
  readonly strength: number;
  /** Indexes of the tokens that it shares. */
  readonly tokens: ReadonlySet<number>;
  /** How much of the line that is, rounded down. */
  readonly quarters: number;
  /** How many units it shares. */
  readonly units: number;
}

/** What a text shares with one line: the worth of each of its parts, by the part's tokens. */
interface Counted {
  readonly parts: Map<string, { readonly tokens: readonly number[]; worth: number }>;
  rarest: number;
}

/** Some tokens, and the units that they may be with how much each counts. */
interface Part {
  readonly tokens: readonly number[];
  readonly units: ReadonlyMap<string, number>;
}

/** What a unit is worth, and how many topics have it. */
interface Worth {
  readonly worth: number;
  readonly topics: number;
}

const NO_WORTH: Worth = { worth: 0, topics: 0 };

/** The units of all lines of some phrases; immutable once made. */
export class Overlap {
  readonly #phrases: Phrases;
  readonly #having: Postings;
  readonly #worths: ReadonlyMap<string, Worth>;
  readonly #totals: readonly number[];
  readonly #similar: Similar;

  /** Count the units of every line. */
  static *of(phrases: Phrases): Steps<Overlap> {
    const having = new Postings();
    const units: ReadonlySet<string>[] = [];
    for (let place = 0; place < phrases.lines.length; place += 1) {
      const { language, isName, folded } = phrases.line(place);
      const isWhole = language === ANY_LANGUAGE || isName;
      const found = isWhole ? new Set<string>() : unitsOfLine(folded, language, phrases.stems);
      units.push(found);
      for (const unit of found) having.add(unit, place);
      if (place % LINES_A_STEP === 0) yield;
    }
    const worths = yield* worthsOf(phrases, having);
    const totals: number[] = [];
    for (const found of units) {
      let total = 0;
      for (const unit of found) total += worths.get(unit)?.worth ?? 0;
      totals.push(total);
      if (totals.length % UNITS_A_STEP === 0) yield;
    }
    const similar = yield* Similar.of(phrases.stems, having);
    return new Overlap(phrases, having, worths, totals, similar);
  }

  private constructor(
    phrases: Phrases,
    having: Postings,
    worths: ReadonlyMap<string, Worth>,
    totals: readonly number[],
    similar: Similar,
  ) {
    this.#phrases = phrases;
    this.#having = having;
    this.#worths = worths;
    this.#totals = totals;
    this.#similar = similar;
  }

  /** Whether a folded *word* is a unit of a line in one of *languages*. */
  knows(word: string, languages: ReadonlySet<string>): boolean {
    return familiesOf(word).some((family) =>
      this.#having
        .get(unitOf(family, this.#phrases.stems.of(word, family)))
        .some((place) => languages.has(this.#phrases.line(place).language)),
    );
  }

  /** Whether a folded *word* is two known words in one. */
  isCompound(word: string): boolean {
    return this.#similar.parts(word).length > 0;
  }

  /**
   * The lines that share units with some tokens, the strongest first.
   *
   * @param tokens - of a text.
   * @param wanted - indexes of tokens to compare, ascending.
   * @param supporting - indexes of further ones that count only for lines that have wanted ones.
   * @param isRead - whether a line is in a language to look at: a word that is part of a text in
   *   another language is more often a chance than a meaning.
   */
  find(
    tokens: readonly Token[],
    wanted: readonly number[],
    supporting: readonly number[],
    isRead: (place: number) => boolean,
  ): readonly Shared[] {
    const counted = new Map<number, Counted>();
    for (const part of this.#partsOf(tokens, wanted)) this.#count(part, counted, true);
    for (const part of this.#partsOf(tokens, supporting)) this.#count(part, counted, false);
    const shared: Shared[] = [];
    for (const [place, one] of counted) {
      const found = isRead(place) ? this.#shared(place, one) : null;
      if (found !== null) shared.push(found);
    }
    return shared.sort(
      (one, other) => other.strength - one.strength || one.place - other.place,
    );
  }

  #count(part: Part, counted: Map<number, Counted>, isWanted: boolean): void {
    const key = part.tokens.join();
    for (const [unit, factor] of part.units) {
      const { worth: each, topics } = this.#worths.get(unit) ?? NO_WORTH;
      const worth = each * factor;
      for (const place of this.#having.get(unit)) {
        let one = counted.get(place);
        if (one === undefined) {
          if (!isWanted) continue;
          one = { parts: new Map(), rarest: topics };
          counted.set(place, one);
        }
        const known = one.parts.get(key);
        if (known === undefined) one.parts.set(key, { tokens: part.tokens, worth });
        else known.worth = Math.max(worth, known.worth);
        one.rarest = Math.min(topics, one.rarest);
      }
    }
  }

  #shared(place: number, { parts, rarest }: Counted): Shared | null {
    let worth = 0;
    for (const part of parts.values()) worth += part.worth;
    const total = (this.#totals[place] ?? 0) * SAME;
    const quarters = Math.floor((worth * 4) / total);
    if (quarters < HALF_QUARTERS && rarest > FEW_TOPICS) return null;
    return {
      place,
      strength: Math.floor((worth * worth) / total),
      tokens: new Set([...parts.values()].flatMap((part) => part.tokens)),
      quarters,
      units: parts.size,
    };
  }

  /** Units of the tokens at *indexes*, with the tokens that each is made of. */
  #partsOf(tokens: readonly Token[], indexes: readonly number[]): readonly Part[] {
    const parts: Part[] = [];
    const runs: number[][] = [];
    for (const index of indexes) {
      const token = tokens[index];
      if (token === undefined) continue;
      const run = runs[runs.length - 1];
      if (!token.isCjk) {
        parts.push({ tokens: [index], units: this.#similar.to(token.word) });
      } else if (run?.[run.length - 1] === index - 1 && isSameKind(tokens, index)) {
        run.push(index);
      } else {
        runs.push([index]);
      }
    }
    for (const run of runs) parts.push(...this.#pairsOf(tokens, run));
    return parts;
  }

  #pairsOf(tokens: readonly Token[], run: readonly number[]): readonly Part[] {
    const pairs = run.length === 1 ? [run] : run.slice(1).map((_, at) => run.slice(at, at + 2));
    return pairs.flatMap((pair) => {
      const unit = `${CJK_UNITS}:${pair.map((index) => tokens[index]?.word ?? "").join("")}`;
      return this.#having.has(unit) ? [{ tokens: pair, units: new Map([[unit, SAME]]) }] : [];
    });
  }
}

/** The worth of each unit: the number of bits of the part of all topics that have it. */
function* worthsOf(phrases: Phrases, having: Postings): Steps<ReadonlyMap<string, Worth>> {
  const most = new Set(phrases.lines.map((line) => line.topic)).size;
  const worths = new Map<string, Worth>();
  for (const [unit, places] of having.entries()) {
    const topics = new Set(places.map((place) => phrases.line(place).topic)).size;
    worths.set(unit, { worth: 32 - Math.clz32(Math.floor(most / topics)), topics });
    if (worths.size % UNITS_A_STEP === 0) yield;
  }
  return worths;
}
