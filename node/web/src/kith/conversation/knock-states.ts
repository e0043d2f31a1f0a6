/**
 * What time, one's own node and other devices do to the records of knocks, on both sides.
 *
 * Each device has a copy of its own of a knock's record; what is shown is what all copies say
 * together.
 */

import { DAY_S } from "../search/day.ts";
import {
  isOpenState,
  KNOCK_DAYS,
  type KnockEvent,
  rankOf,
  stepIncoming,
  stepOutgoing,
} from "./knock-machine.ts";
import { compareNames } from "./names.ts";
import type { IncomingKnock, OutgoingKnock } from "./records.ts";
import { SUPERSEDED_S } from "./seeds.ts";

/** A knock after an event. */
export interface Moved {
  readonly knock: OutgoingKnock;
  /** Why nothing changed, or empty. */
  readonly reason: string;
}

/**
 * *knock* after *event*.
 *
 * @param event - what the own node says of the envelope: `delivered` or `failed`.
 * @param now - seconds.
 */
export function knockMoved(knock: OutgoingKnock, event: KnockEvent, now: number): Moved {
  const { state, reason } = stepOutgoing(knock.state, event);
  if (reason !== "") return { knock, reason };
  return { knock: { ...knock, state, changed_at: now }, reason };
}

/**
 * *knock*, expired if its time is up.
 *
 * @param now - seconds.
 * @param days - how long a knock waits for an answer.
 */
export function expireOutgoing(
  knock: OutgoingKnock,
  now: number,
  days = KNOCK_DAYS,
): OutgoingKnock {
  if (knock.sent_at === 0 || now - knock.sent_at < days * DAY_S) return knock;
  return knockMoved(knock, "time-up", now).knock;
}

/** What the copies of several devices, of one knock and at least one, say together. */
export function mergeOutgoing(
  copies: readonly [OutgoingKnock, ...OutgoingKnock[]],
): OutgoingKnock {
  return copies.reduce((best, one) => (compareSent(one, best) > 0 ? one : best));
}

/**
 * The open knocks whose wish another one has fulfilled since they were sent.
 *
 * A knock that was sent after that acceptance looks for somebody else, and stays.
 *
 * @param knocks - all of a member, each as merged.
 */
export function findSuperseded(knocks: Iterable<OutgoingKnock>): readonly OutgoingKnock[] {
  const known = [...knocks];
  const fulfilled = new Map<string, number>();
  for (const { wish, state, changed_at } of known) {
    if (wish === "" || state !== "accepted") continue;
    fulfilled.set(wish, Math.max(fulfilled.get(wish) ?? 0, changed_at));
  }
  return known.filter(
    ({ wish, state, sent_at }) => isOpenState(state) && sent_at <= (fulfilled.get(wish) ?? -1),
  );
}

/** Whether the `seed` records of a knock (as merged) that led nowhere are to be deleted. */
export function isSeedDead(knock: OutgoingKnock, now: number): boolean {
  if (knock.state === "accepted" || isOpenState(knock.state)) return false;
  return now - knock.changed_at >= SUPERSEDED_S;
}

/**
 * *knock*, expired if its time is up.
 *
 * @param now - seconds.
 * @param days - how long a knock waits for an answer, from the end of the day of its stamp.
 */
export function expireIncoming(
  knock: IncomingKnock,
  now: number,
  days = KNOCK_DAYS,
): IncomingKnock {
  if (now < knock.expires_at + (days - KNOCK_DAYS) * DAY_S) return knock;
  const { state, reason } = stepIncoming(knock.state, "time-up");
  return reason === "" ? { ...knock, state, changed_at: now } : knock;
}

/** What the copies of several devices, of one knock and at least one, say together. */
export function mergeIncoming(
  copies: readonly [IncomingKnock, ...IncomingKnock[]],
): IncomingKnock {
  return copies.reduce((best, one) => (compareReceived(one, best) > 0 ? one : best));
}

/** While it may be sent again the later attempt counts, afterwards the rank of the state. */
function compareSent(a: OutgoingKnock, b: OutgoingKnock): number {
  return (
    finalRank(a) - finalRank(b) ||
    a.attempt - b.attempt ||
    rankOf(a.state) - rankOf(b.state) ||
    b.changed_at - a.changed_at ||
    compareNames(a.lane, b.lane)
  );
}

function finalRank({ state }: OutgoingKnock): number {
  const rank = rankOf(state);
  return rank >= rankOf("expired") ? rank : 0;
}

function compareReceived(a: IncomingKnock, b: IncomingKnock): number {
  return (
    rankOf(a.state) - rankOf(b.state) ||
    b.changed_at - a.changed_at ||
    compareNames(a.lane, b.lane)
  );
}
