/**
 * A text as a row of segments: known phrases, words for ways, words that say nothing, the rest.
 *
 * Of all ways to cut a text the one is taken whose segments say most. What a segment says grows
 * with the square of its letters, so that one long phrase beats the short ones it is made of;
 * for the same letters an exact phrase beats one that is known by its stems, a phrase in a
 * language that the reader knows beats one in another, and a topic beats a way, a way a function
 * word.
 *
 * Left to the caller: which topic is meant, and making sense of what is left.
 */

import type { Way } from "../offer-content.ts";
import { type Family, families, familiesOf, unitOf } from "./endings.ts";
import { functionPhrases, functionWords } from "./function-words.ts";
import { lightUnits } from "./light-words.ts";
import type { Phrases } from "./phrases.ts";
import { type Token, weightOf } from "./tokens.ts";
import { wayPhrases, wayUnits } from "./way-words.ts";

// Tokens beyond those of the longest line: what is one word there may be typed as several.
const SPARE = 3;
// A form has no more words that say something.
const MAX_FORM_WORDS = 8;
const EXACT = 6;
const FORM = 5;
const ELSEWHERE = 4;
const SMALL = 2;

/** What a segment is; `nothing` is a single token that is nothing known. */
export type Kind = "nothing" | "function" | "way" | "topic";

/** Some tokens in a row. */
export interface Segment {
  /** Index of the first token. */
  readonly start: number;
  /** Index behind the last. */
  readonly end: number;
  readonly kind: Kind;
  /** Places of the lines that are written so. */
  readonly exact: readonly number[];
  /** Places of lines with the same stems, in languages that the reader knows. */
  readonly forms: readonly number[];
  /** How much it says. */
  readonly worth: number;
}

const NONE: readonly number[] = [];

/** The way that a folded *word* of a language with blanks names, if any. */
export function wayOf(word: string, phrases: Phrases): Way | null {
  for (const family of familiesOf(word)) {
    const way = wayUnits().get(unitOf(family, phrases.stems.of(word, family)));
    if (way !== undefined) return way;
  }
  return null;
}

/** Whether a folded *word* means a topic only where nothing else does. */
export function isLight(word: string, phrases: Phrases): boolean {
  return (
    wayOf(word, phrases) !== null ||
    familiesOf(word).some((family) =>
      lightUnits().has(unitOf(family, phrases.stems.of(word, family))),
    )
  );
}

/** Whether *token* is a word that says nothing. */
export function isFunction(token: Token): boolean {
  return !token.isCjk && functionWords().has(token.word);
}

/** The ways that *segments* name, alone or as part of a topic, in order. */
export function waysOf(
  segments: readonly Segment[],
  tokens: readonly Token[],
  phrases: Phrases,
): readonly Way[] {
  const ways = new Set<Way>();
  for (const { kind, start, end } of segments) {
    if (kind !== "way" && kind !== "topic") continue;
    const inside = tokens.slice(start, end);
    const joined = inside.map((token) => (token.isCjk ? token.word : "")).join("");
    for (const [phrase, way] of wayPhrases()) if (joined.includes(phrase)) ways.add(way);
    for (const token of inside) {
      const way = token.isCjk ? null : wayOf(token.word, phrases);
      if (way !== null) ways.add(way);
    }
  }
  return [...ways];
}

/** Cuts the tokens of one text; made for each text. */
export class Cutter {
  readonly #tokens: readonly Token[];
  readonly #phrases: Phrases;
  readonly #isRead: (place: number) => boolean;
  readonly #weights: readonly number[];
  readonly #stems: ReadonlyMap<string, readonly string[]>;

  /** @param isRead - whether the reader knows the language of a line. */
  constructor(tokens: readonly Token[], phrases: Phrases, isRead: (place: number) => boolean) {
    this.#tokens = tokens;
    this.#phrases = phrases;
    this.#isRead = isRead;
    this.#weights = tokens.map(weightOf);
    this.#stems = new Map(
      families().map((family) => [
        family.name,
        tokens.map((token) => (token.isCjk ? "" : phrases.stems.of(token.word, family))),
      ]),
    );
  }

  /** The segments that say most, in order, together all tokens. */
  cut(): readonly Segment[] {
    const count = this.#tokens.length;
    const worth = new Array<number>(count + 1).fill(0);
    const best = new Array<Segment>(count);
    for (let start = count - 1; start >= 0; start -= 1) {
      let chosen = segment(start, start + 1, "nothing", 0);
      worth[start] = worth[start + 1] ?? 0;
      for (const one of this.#segmentsAt(start)) {
        const said = one.worth + (worth[one.end] ?? 0);
        if (said <= (worth[start] ?? 0)) continue;
        chosen = one;
        worth[start] = said;
      }
      best[start] = chosen;
    }
    const segments: Segment[] = [];
    for (let one = best[0]; one !== undefined; one = best[one.end]) segments.push(one);
    return segments;
  }

  *#segmentsAt(start: number): Generator<Segment, void, undefined> {
    const first = this.#tokens[start];
    if (first === undefined) return;
    const forms = this.#formsAt(start);
    const longest = this.#phrases.longest(first.isCjk);
    const last = Math.max(start + longest + SPARE, ...forms.keys());
    let joined = "";
    for (let end = start + 1; end <= Math.min(last, this.#tokens.length); end += 1) {
      joined += this.#tokens[end - 1]?.word ?? "";
      const exact = this.#phrases.whole(joined);
      const formed = forms.get(end);
      if (exact.length > 0 || formed !== undefined) {
        yield this.#topic(start, end, exact, formed ?? NONE);
      }
      if (first.isCjk) yield* this.#smallPhrase(start, end, joined);
      else if (end === start + 1) yield* this.#smallWord(start, first);
    }
  }

  #topic(
    start: number,
    end: number,
    exact: readonly number[],
    forms: readonly number[],
  ): Segment {
    const isExact = exact.some(this.#isRead);
    const factor = isExact ? EXACT : forms.length > 0 ? FORM : ELSEWHERE;
    const worth = this.#worth(start, end, factor);
    return { start, end, kind: "topic", exact, forms, worth };
  }

  *#smallPhrase(
    start: number,
    end: number,
    joined: string,
  ): Generator<Segment, void, undefined> {
    const worth = this.#worth(start, end, SMALL);
    if (wayPhrases().has(joined)) yield segment(start, end, "way", worth);
    else if (functionPhrases().has(joined)) yield segment(start, end, "function", worth);
  }

  *#smallWord(start: number, token: Token): Generator<Segment, void, undefined> {
    const worth = this.#worth(start, start + 1, SMALL);
    if (isFunction(token)) yield segment(start, start + 1, "function", worth);
    else if (wayOf(token.word, this.#phrases) !== null) {
      yield segment(start, start + 1, "way", worth);
    }
  }

  #worth(start: number, end: number, factor: number): number {
    let weight = 0;
    for (let at = start; at < end; at += 1) weight += this.#weights[at] ?? 0;
    return weight * weight * factor;
  }

  /** By their ends the lines whose stems are those from *start* on. */
  #formsAt(start: number): ReadonlyMap<number, readonly number[]> {
    const found = new Map<number, readonly number[]>();
    const first = this.#tokens[start];
    if (first === undefined || first.isCjk) return found;
    for (const family of familiesOf(first.word)) {
      for (const [end, places] of this.#formsIn(family, start)) {
        found.set(end, [...(found.get(end) ?? NONE), ...places]);
      }
    }
    return found;
  }

  *#formsIn(
    family: Family,
    start: number,
  ): Generator<readonly [number, readonly number[]], void, undefined> {
    const stems: string[] = [];
    for (let end = start + 1; end <= this.#tokens.length; end += 1) {
      const token = this.#tokens[end - 1];
      if (token === undefined || token.isCjk || stems.length === MAX_FORM_WORDS) return;
      if (end > start + 1 && isFunction(token)) continue;
      stems.push(this.#stems.get(family.name)?.[end - 1] ?? "");
      const places = this.#phrases.forms(stems, family).filter(this.#isRead);
      if (places.length > 0) yield [end, places];
    }
  }
}

function segment(start: number, end: number, kind: Kind, worth: number): Segment {
  return { start, end, kind, exact: NONE, forms: NONE, worth };
}
