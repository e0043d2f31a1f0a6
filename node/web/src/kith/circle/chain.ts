/**
 * Which rosters of a circle count: a function of the set that came, whatever its order.
 *
 * A hand-over is the old convener's last word, and what was archived stays so. A roster that was
 * lost must not lock anybody out: where none follows, the next one that the same convener made
 * counts. Two rosters may follow the same one: a convener had two devices, or tells different
 * things to different people. Then the last word of a convener counts first; then the one with
 * fewer seats, because who was removed must not come back by accident; then the smaller hash.
 * That there were two is shown.
 *
 * Source: SPEC.md, section on circles.
 */

import { KithError } from "../crypto/errors.ts";
import { checkNext, checkRoster, type Roster, rosterHash } from "./roster.ts";

/** The rosters that count, oldest first; none before the first one came. */
export interface Chain {
  readonly hashes: readonly string[];
  readonly rosters: readonly Roster[];
  /**
   * By hash also those that another one was preferred to; what somebody said who had only these
   * counts.
   */
  readonly sound: ReadonlyMap<string, Roster>;
  /** Whether its convener has made two for the same place. */
  readonly isForked: boolean;
  /** The one that counts now. */
  readonly newest: Roster | null;
}

/** From where one looks at a circle. */
export interface Standpoint {
  /** 16 bytes as base64url. */
  readonly circle: string;
  /** Key of whoever convened the circle when one was invited, as base64url. */
  readonly convener: string;
  /** Hash of one's own seat. */
  readonly seat: string;
}

type Named = readonly [string, Roster];

/** The rosters that count, from the first one in which one has a seat. */
export function chainOf(rosters: Iterable<Roster>, standpoint: Standpoint): Chain {
  const known = new Map<string, Roster>();
  for (const roster of rosters) {
    if (roster.circle === standpoint.circle) known.set(rosterHash(roster), roster);
  }
  const following = new Map<string, Named[]>();
  for (const one of known) {
    following.set(one[1].previous, [...(following.get(one[1].previous) ?? []), one]);
  }
  const roots = [...known].filter(
    ([, roster]) =>
      isRoot(roster, known.get(roster.previous), standpoint.seat) &&
      isBy(roster, standpoint.convener),
  );
  const chain: Named[] = [];
  let isForked = false;
  for (let choices = earliest(roots); choices.length > 0; ) {
    isForked = isForked || choices.length > 1;
    const last = chain[chain.length - 1]?.[1];
    const chosen = choices.reduce((best, one) => (precedes(one, best, last) ? one : best));
    chain.push(chosen);
    const [name, roster] = chosen;
    choices = (following.get(name) ?? []).filter(([, one]) => follows(roster, one));
    if (choices.length === 0) choices = later(roster, known);
  }
  return {
    hashes: chain.map(([name]) => name),
    rosters: chain.map(([, roster]) => roster),
    sound: reach([...roots, ...chain], following),
    isForked,
    newest: chain[chain.length - 1]?.[1] ?? null,
  };
}

/** Whoever enters a circle begins with the first roster they have a seat in. */
function isRoot(roster: Roster, before: Roster | undefined, seat: string): boolean {
  return roster.seats.includes(seat) && !before?.seats.includes(seat);
}

function isBy(roster: Roster, signer: string): boolean {
  return isFine(() => checkRoster(roster, signer));
}

function follows(previous: Roster, roster: Roster): boolean {
  return isFine(() => checkNext(previous, roster));
}

function isFine(check: () => unknown): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof KithError) return false;
    throw error;
  }
}

function earliest(named: readonly Named[]): readonly Named[] {
  const first = Math.min(...named.map(([, roster]) => roster.epoch));
  return named.filter(([, roster]) => roster.epoch === first);
}

/**
 * What the same convener made later, where all that lies between was lost.
 *
 * It gives a former convener no power that two rosters for one place do not give: the word by
 * which they handed over was theirs to send, and as soon as it comes, it counts.
 */
function later(roster: Roster, known: ReadonlyMap<string, Roster>): readonly Named[] {
  if (roster.state === "archived") return [];
  return earliest(
    [...known].filter(
      ([, one]) =>
        one.epoch > roster.epoch &&
        one.day >= roster.day &&
        !known.has(one.previous) &&
        isBy(one, roster.convener),
    ),
  );
}

/** All rosters that follow *roots*, and these. */
function reach(
  roots: readonly Named[],
  following: ReadonlyMap<string, readonly Named[]>,
): ReadonlyMap<string, Roster> {
  const reached = new Map<string, Roster>(roots);
  const ahead: Named[] = [...reached];
  for (let next = ahead.pop(); next !== undefined; next = ahead.pop()) {
    const [name, roster] = next;
    for (const one of following.get(name) ?? []) {
      if (reached.has(one[0]) || !follows(roster, one[1])) continue;
      reached.set(...one);
      ahead.push(one);
    }
  }
  return reached;
}

/** Whether *one* counts before *other*, for the same place after *last*; see the head. */
function precedes(one: Named, other: Named, last: Roster | undefined): boolean {
  const [a, b] = [weightOf(one[1], last), weightOf(other[1], last)];
  for (const [at, weight] of a.entries()) {
    const difference = weight - (b[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return one[0] < other[0];
}

function weightOf(roster: Roster, last: Roster | undefined): readonly number[] {
  const isHandedOver = last !== undefined && roster.convener !== last.convener;
  const isLastWord = roster.state === "archived" || isHandedOver;
  return [roster.epoch, Number(!isLastWord), roster.seats.length];
}
