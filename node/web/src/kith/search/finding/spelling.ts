/**
 * Near spellings: which of many known texts somebody may have meant.
 *
 * The distance of two texts is the number of letters dropped, added, replaced or swapped with
 * the next that leads from one to the other, no place being changed twice (optimal string
 * alignment). Short texts allow fewer errors, since most short words are near many others.
 *
 * How near ones are found among thousands: each error touches at most three pairs of
 * neighbouring letters, blanks at both ends included. So of any 3 k + 1 pairs of a text, at
 * least one stands in every text that is k errors away. The rarest pairs are looked up, and
 * only texts that have enough of them, at a length that is possible, are compared.
 *
 * Left to the caller: folding (`fold.ts`), and what to do about several that are equally near.
 * Length is in code points.
 */

import { compareTexts, lengthOf, lettersOf, sortedTexts } from "../../code-points.ts";
import type { Steps } from "../steps.ts";
import { Postings } from "./postings.ts";

/** Lengths from which one and two errors are allowed; an ideograph counts like a letter. */
const ONE_ERROR_FROM = 3;
const TWO_ERRORS_FROM = 8;
const PAIRS_OF_ONE_ERROR = 3;
// Pairs looked up beyond those that errors could touch: more of them leave fewer to compare.
const PAIRS_TO_SPARE = 3;
const TEXTS_A_STEP = 128;

/** A known text that is near to one looked for; the nearest sorts first. */
export interface Near {
  /** Its distance. */
  readonly errors: number;
  /** As it was given to `Speller`. */
  readonly text: string;
}

/** The distance of *one* and *other*, or null if it is more than *most*. */
export function distance(one: string, other: string, most: number): number | null {
  const [left, right] = withoutCommonEnds(lettersOf(one), lettersOf(other));
  if (Math.abs(left.length - right.length) > most) return null;
  if (left.length === 0 || right.length === 0) return left.length + right.length;
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, at) => at);
  for (let row = 1; row <= left.length; row += 1) {
    const letter = left[row - 1];
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const across = right[column - 1];
      let cost = Math.min(
        at(above, column) + 1,
        at(current, column - 1) + 1,
        at(above, column - 1) + (letter === across ? 0 : 1),
      );
      if (row > 1 && column > 1 && letter === right[column - 2] && across === left[row - 2]) {
        cost = Math.min(cost, at(before, column - 2) + 1);
      }
      current.push(cost);
    }
    // The next row is made of this one, or of the one above by a swap.
    if (Math.min(...current) > most && Math.min(...above) >= most) return null;
    before = above;
    above = current;
  }
  const found = at(above, right.length);
  return found <= most ? found : null;
}

/** Known texts, to be found by near spellings of them; immutable once made. */
export class Speller {
  readonly #texts: readonly string[];
  readonly #lengths: Uint16Array;
  readonly #having: Postings;

  /** @param texts - folded; repeats count once. */
  static *of(texts: Iterable<string>): Steps<Speller> {
    // In the order of length, so that those of some lengths stand together everywhere; sorting
    // leaves the order of equals as it was.
    const inOrder = sortedTexts(new Set(texts));
    yield;
    const measured = inOrder.map((text) => ({ text, length: lengthOf(text) }));
    measured.sort((one, other) => one.length - other.length);
    yield;
    const having = new Postings();
    for (const [place, { text }] of measured.entries()) {
      for (const pair of pairsIn(text)) having.add(pair, place);
      if (place % TEXTS_A_STEP === 0) yield;
    }
    return new Speller(measured, having);
  }

  private constructor(
    measured: readonly { readonly text: string; readonly length: number }[],
    having: Postings,
  ) {
    this.#texts = measured.map((one) => one.text);
    this.#lengths = Uint16Array.from(measured, (one) => one.length);
    this.#having = having;
  }

  /**
   * The known texts that are near to *text*, nearest first, then in order.
   *
   * @param text - folded; itself it is found with 0 errors.
   * @param most - errors allowed; by its length if left out.
   */
  near(text: string, most?: number): readonly Near[] {
    const errors = most ?? allowedErrors(text);
    const near: Near[] = [];
    for (const known of this.#candidates(text, errors)) {
      const found = distance(text, known, errors);
      if (found !== null) near.push({ errors: found, text: known });
    }
    return near.sort(
      (one, other) => one.errors - other.errors || compareTexts(one.text, other.text),
    );
  }

  #candidates(text: string, errors: number): readonly string[] {
    const length = lengthOf(text);
    const first = lowerBound(this.#lengths, length - errors);
    const last = lowerBound(this.#lengths, length + errors + 1);
    const places = [...pairsIn(text)].map((pair) => {
      const having = this.#having.get(pair);
      return having.slice(lowerBound(having, first), lowerBound(having, last));
    });
    places.sort((one, other) => one.length - other.length);
    const touched = PAIRS_OF_ONE_ERROR * errors;
    const shared = new Map<number, number>();
    for (const having of places.slice(0, touched + PAIRS_TO_SPARE)) {
      for (const place of having) shared.set(place, (shared.get(place) ?? 0) + 1);
    }
    const needed = Math.max(1, Math.min(places.length - touched, PAIRS_TO_SPARE));
    const found: string[] = [];
    for (const [place, count] of shared) {
      if (count >= needed) found.push(this.#texts[place] ?? "");
    }
    return found;
  }
}

/** How many errors are thought possible in *text*: 0, 1 or 2. */
export function allowedErrors(text: string): number {
  const length = lengthOf(text);
  return (length >= ONE_ERROR_FROM ? 1 : 0) + (length >= TWO_ERRORS_FROM ? 1 : 0);
}

function pairsIn(text: string): ReadonlySet<string> {
  const letters = lettersOf(` ${text} `);
  const pairs = new Set<string>();
  for (let place = 1; place < letters.length; place += 1) {
    pairs.add(`${letters[place - 1]}${letters[place]}`);
  }
  return pairs;
}

function withoutCommonEnds(
  one: readonly string[],
  other: readonly string[],
): readonly [readonly string[], readonly string[]] {
  const shorter = Math.min(one.length, other.length);
  let start = 0;
  while (start < shorter && one[start] === other[start]) start += 1;
  let end = 0;
  while (end < shorter - start && one[one.length - 1 - end] === other[other.length - 1 - end]) {
    end += 1;
  }
  return [one.slice(start, one.length - end), other.slice(start, other.length - end)];
}

/** The place in ascending *numbers* before which everything is lower than *wanted*. */
function lowerBound(numbers: ArrayLike<number>, wanted: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (at(numbers, middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function at(numbers: ArrayLike<number>, place: number): number {
  return numbers[place] ?? 0;
}
