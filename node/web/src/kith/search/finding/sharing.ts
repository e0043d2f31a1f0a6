/**
 * Parts of a text that share words with lines: which of them are likely to be meant.
 *
 * Left to the caller: what phrases are known (`segments.ts`), and which words say nothing.
 */

import { choose } from "./meanings.ts";
import { HALF_QUARTERS, MOST_QUARTERS, type Overlap, type Shared } from "./overlap.ts";
import { type Part, type Reader, SHARED } from "./reader.ts";
import { isFunction } from "./segments.ts";
import type { Token } from "./tokens.ts";

const MAX_ROUNDS = 4;
// How much of the other lines' strengths is added to that of a topic's best: a quarter.
const SHARE_OF_OTHERS = 4;

/** What the words of a text share with lines that somebody can read. */
export class Sharing {
  readonly #reader: Reader;
  readonly #overlap: Overlap;

  constructor(reader: Reader, overlap: Overlap) {
    this.#reader = reader;
    this.#overlap = overlap;
  }

  /**
   * What *wanted* tokens mean by the words that they share with lines.
   *
   * @param tokens - all, corrected.
   * @param wanted - indexes of those to compare.
   * @param supporting - indexes of further ones that help to decide.
   * @param others - parts known; topics near to theirs are more likely.
   */
  parts(
    tokens: readonly Token[],
    wanted: readonly number[],
    supporting: readonly number[],
    others: readonly Part[],
  ): readonly Part[] {
    const known = new Set(others.flatMap((part) => part.topics));
    const parts: Part[] = [];
    let strongest = 0;
    let remaining = wanted;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const found = this.#overlap.find(tokens, remaining, supporting, this.#reader.isRead);
      const shared = this.#likely(found, known);
      const first = shared[0];
      if (first === undefined || first.strength * 2 < strongest) break;
      strongest = strongest || first.strength;
      parts.push(this.#choose(shared, first));
      remaining = remaining.filter((index) => !first.tokens.has(index));
    }
    return parts;
  }

  /**
   * *parts* with those replaced that are only part of what a line shares.
   *
   * Motivation is a topic, but "lettre de motivation" is half of the name of another.
   *
   * @param parts - known ones.
   * @param tokens - all, corrected.
   * @param wanted - indexes of tokens that are in no part.
   * @param supporting - indexes of further ones that help to decide.
   */
  widen(
    parts: readonly Part[],
    tokens: readonly Token[],
    wanted: readonly number[],
    supporting: readonly number[],
  ): readonly Part[] {
    const contents = parts.map((part) =>
      [...part.tokens]
        .filter((index) => {
          const token = tokens[index];
          return token !== undefined && !isFunction(token);
        })
        .sort((one, other) => one - other),
    );
    const helping = [...contents.flat(), ...supporting];
    const shared = this.#overlap
      .find(tokens, wanted, helping, this.#reader.isRead)
      .filter(
        (one) =>
          one.quarters >= HALF_QUARTERS &&
          contents.some(
            (content) =>
              content.length < one.tokens.size &&
              content.every((index) => one.tokens.has(index)),
          ),
      );
    const first = shared[0];
    if (first === undefined) return parts;
    const wider = this.#choose(shared, first);
    const kept = parts.filter(
      (_, at) => contents[at]?.every((index) => !wider.tokens.has(index)) === true,
    );
    return [...kept, wider];
  }

  /**
   * Those of *shared* that are likely beside *known* topics, the likeliest first.
   *
   * Lines of topics below or above known ones count twice. Of others most has to be shared, or
   * half by several words: when something is known already, one common word is more often a
   * chance. A topic of which several lines share something is likelier than by the best of them
   * alone.
   */
  #likely(shared: readonly Shared[], known: ReadonlySet<string>): readonly Shared[] {
    const above = new Set([...known].flatMap((topic) => this.#reader.ancestors(topic)));
    const likely = new Map<string, Shared[]>();
    const add = (topic: string, one: Shared): void => {
      const row = likely.get(topic);
      if (row === undefined) likely.set(topic, [one]);
      else row.push(one);
    };
    for (const one of shared) {
      const { topic } = this.#reader.phrases.line(one.place);
      const isNear =
        above.has(topic) || this.#reader.ancestors(topic).some((upper) => known.has(upper));
      if (isNear) add(topic, { ...one, strength: one.strength * 2 });
      else if (known.size === 0 || one.quarters >= leastQuarters(one)) add(topic, one);
    }
    const ranked: Shared[] = [];
    for (const [best, ...others] of likely.values()) {
      if (best === undefined) continue;
      const more = others.reduce((sum, one) => sum + one.strength, 0);
      ranked.push({ ...best, strength: best.strength + Math.floor(more / SHARE_OF_OTHERS) });
    }
    return ranked.sort(
      (one, other) => other.strength - one.strength || one.place - other.place,
    );
  }

  /** The topics of the lines that share about as much as the first. */
  #choose(shared: readonly Shared[], best: Shared): Part {
    const close = shared.filter(
      (one) =>
        one.strength * 2 >= best.strength &&
        [...one.tokens].some((index) => best.tokens.has(index)),
    );
    const candidates = close.map((one) =>
      this.#reader.candidate(
        one.place,
        [SHARED, one.strength * 8 < best.strength * 7 ? 1 : 0],
        -one.strength,
      ),
    );
    return { tokens: best.tokens, ...choose(candidates, this.#reader.ancestors) };
  }
}

function leastQuarters(shared: Shared): number {
  return shared.units === 1 ? MOST_QUARTERS : HALF_QUARTERS;
}
