/**
 * The life of one's own reply keys.
 *
 * The newest seed the other side is known to have lives as long as the conversation, and all
 * newer ones do, so two people may be silent for months and every new key may have been lost.
 * One that such a seed has taken the place of dies as soon as the other side is known to use the
 * newer one and nothing older can still be on its way; otherwise after 45 days. Whether the box
 * has been emptied, which has to come first in any case, is the caller's part.
 *
 * Seeds are ordered by `(turn, lane)`. A new seed's turn is one more than the highest its device
 * knows, but at least the minute of its making: so two devices agree on the newest, and a device
 * whose vault was put back makes seeds that count as newer than those it has forgotten.
 */

import { DAY_S } from "../search/day.ts";
import { comparePairs } from "./names.ts";
import type { Seed } from "./records.ts";

export const SUPERSEDED_S = 45 * DAY_S;
export const SEED_BYTES = 32;

/** Turn and lane of a seed. */
export type SeedOrder = readonly [turn: number, lane: string];

/** What decides which seeds die. */
export interface Signs {
  /** Order of the newest seed a message was opened with. */
  readonly opened: SeedOrder;
  /** Which own numbers the other side has seen, by lane. */
  readonly acked: ReadonlyMap<string, number>;
  /**
   * The other side writes in one lane only and nothing is missing in it, so whatever it sends
   * from now on is for `opened` or newer.
   */
  readonly isSettled: boolean;
  /** Seconds. */
  readonly now: number;
}

/** The place of *seed* among its like; the greatest is the newest. */
export function orderOf(seed: Seed): SeedOrder {
  return [seed.turn, seed.lane];
}

/** *seeds*, the newest first. */
export function newestFirst(seeds: Iterable<Seed>): readonly Seed[] {
  return [...seeds].sort((a, b) => comparePairs(orderOf(b), orderOf(a)));
}

/** The turn of a seed that is made now. */
export function nextTurn(seeds: Iterable<Seed>, now: number): number {
  let highest = 0;
  for (const seed of seeds) highest = Math.max(highest, seed.turn);
  return Math.max(Math.floor(now / 60), highest + 1);
}

/** Those of *seeds*, all there are of one conversation, that are to be deleted. */
export function deadSeeds(
  seeds: Iterable<Seed>,
  { opened, acked, isSettled, now }: Signs,
): readonly Seed[] {
  const dead: Seed[] = [];
  let newerSince: number | null = null; // since when there is one that the other side knows
  for (const seed of newestFirst(seeds)) {
    const difference = comparePairs(opened, orderOf(seed));
    if (newerSince !== null) {
      const isPassed = isSettled && difference > 0;
      if (isPassed || now - newerSince >= SUPERSEDED_S) dead.push(seed);
    } else if (difference >= 0 || (acked.get(seed.lane) ?? 0) >= seed.seq) {
      newerSince = seed.made_at;
    }
  }
  return dead;
}
