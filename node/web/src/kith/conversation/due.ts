/**
 * What a conversation owes as time passes: decisions about its shelf and history.
 *
 * - A gap is asked about once a day and given up after seven days.
 * - A reply key older than seven days that has taken messages is renewed. Two silent people owe
 *   each other nothing: a key that has taken none needs no renewal.
 * - What was asked for is sent again, once for each time it is asked; so is, at most once a day,
 *   what the other side has not seen although it has written a day later.
 * - Some time after the end the box is closed and the seeds die.
 */

import { DAY_S } from "../search/day.ts";
import type { Event } from "./events.ts";
import type { History } from "./history.ts";
import { type LaneLog, MAX_WAITING } from "./ledger.ts";
import type { Message, Seed } from "./records.ts";
import { deadSeeds, newestFirst } from "./seeds.ts";
import type { Shelf } from "./shelf.ts";

export const ASK_S = DAY_S;
export const GAP_S = 7 * DAY_S;
export const REKEY_S = 7 * DAY_S;
export const RESEND_S = 30 * DAY_S;
export const MAX_RESENT = 64;
export const QUIET_S = 45 * DAY_S; // a longer silent lane counts no more; so long a box stays

/** What can be shown now, after something came or was given up. */
export function settle(shelf: Shelf, history: History): readonly Event[] {
  const events = received(history, history.settle());
  for (const [lane, log] of history.peerLanes) {
    while (log.waiting.length > MAX_WAITING) events.push(...giveUp(shelf, history, lane, log));
  }
  return events;
}

/** Gives up what has been waited for long enough; returns what that shows. */
export function giveUpGaps(shelf: Shelf, history: History, now: number): readonly Event[] {
  const events: Event[] = [];
  if (history.frozenAt !== null) return events;
  for (const [lane, log] of history.peerLanes) {
    for (let since = log.waitingSince; since !== null; since = log.waitingSince) {
      if (now - since < GAP_S) break;
      events.push(...giveUp(shelf, history, lane, log));
    }
  }
  return events;
}

/** Whether the own reply key is to be renewed. */
export function mustRekey(shelf: Shelf, history: History, now: number): boolean {
  const [newest] = newestFirst(shelf.seeds);
  if (newest === undefined || now - newest.made_at < REKEY_S) return false;
  return history.heard > newest.heard;
}

/** Whether to ask for what is missing or could not be opened. */
export function mustAsk(shelf: Shelf, history: History, now: number): boolean {
  const askedAt = Math.max(...shelf.lanes.map((lane) => lane.asked_at));
  if (askedAt !== 0 && now - askedAt < ASK_S) return false;
  for (const { waitingSince } of history.peerLanes.values()) {
    if (waitingSince !== null && now - waitingSince >= ASK_S) return true;
  }
  return Math.max(...shelf.lanes.map((lane) => lane.unreadable_at)) > askedAt;
}

/**
 * The hashes of own messages that are to be sent again, at most 64.
 *
 * Those of the last 30 days that whoever asks has not seen, even if they had seen them before
 * their vault was put back; and those that are older than a day and unseen while the other side
 * has written since: the last message of a lane leaves no gap that would be noticed there.
 */
export function toResend(shelf: Shelf, history: History, now: number): readonly string[] {
  const { resent_at: resentAt } = shelf.own;
  const found: Message[] = [];
  if (history.askedAt > resentAt) {
    found.push(...unseen(history, history.askedAck, history.askedAt));
  }
  if (history.heardAt > resentAt && now - resentAt >= ASK_S) {
    found.push(...unseen(history, history.acked, history.heardAt - ASK_S));
  }
  found.sort((a, b) => a.at - b.at || a.seq - b.seq);
  const recent = found.filter(({ at }) => at > now - RESEND_S).map(({ hash }) => hash);
  return [...new Set(recent)].slice(-MAX_RESENT);
}

/** Whether nothing more is waited for. *isClosed* is by both sides. */
export function isOver(history: History, isClosed: boolean, now: number): boolean {
  if (history.endedAt === null) return false;
  return now - history.endedAt >= (isClosed ? GAP_S : QUIET_S);
}

/** The seeds that are to die now that the box is empty. */
export function mortalSeeds(shelf: Shelf, history: History, now: number): readonly Seed[] {
  const logs = [...history.peerLanes.values()];
  const inUse = logs.filter((log) => now - log.lastAt < QUIET_S);
  const isWaiting = logs.some((log) => log.waiting.length > 0);
  return deadSeeds(shelf.seeds, {
    opened: shelf.opened,
    acked: history.acked,
    isSettled: inUse.length <= 1 && !isWaiting,
    now,
  });
}

function unseen(
  history: History,
  acked: ReadonlyMap<string, number>,
  upto: number,
): readonly Message[] {
  const found: Message[] = [];
  for (const [lane, log] of history.ownLanes) {
    for (const [seq, messages] of log.messages) {
      if (seq <= (acked.get(lane) ?? 0)) continue;
      found.push(...messages.filter((message) => message.at <= upto));
    }
  }
  return found;
}

/** Waits no longer for what the first of the waiting messages waits for. */
function giveUp(shelf: Shelf, history: History, lane: string, log: LaneLog): readonly Event[] {
  const { first, count } = log.firstGap();
  log.giveUp(first + count - 1);
  shelf.noteGivenUp(lane, log.givenUp);
  return [{ kind: "gap", lane, first, count }, ...received(history, history.settle())];
}

function received(history: History, messages: readonly Message[]): Event[] {
  return messages.map((message) => ({ kind: "received", message: history.shown(message) }));
}
