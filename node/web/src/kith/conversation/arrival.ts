/** A message that was just taken in: the keys it makes known, and what there is to tell. */

import type { Opened } from "../messages/content.ts";
import { settle } from "./due.ts";
import type { Event } from "./events.ts";
import type { History } from "./history.ts";
import { comparePairs } from "./names.ts";
import { replyKeyOf } from "./proofs.ts";
import type { Message, Seed } from "./records.ts";
import { orderOf } from "./seeds.ts";
import type { Shelf } from "./shelf.ts";

/** Whether the other side has seen more of this device's lane than its vault holds. */
export function isBehind(shelf: Shelf, history: History): boolean {
  const { lane } = shelf.own;
  return (history.acked.get(lane) ?? 0) > history.own(lane).top;
}

/** Keeps the reply key that came, the *seed* that opened it, and forgets what was seen. */
export function noteKeys(
  shelf: Shelf,
  history: History,
  opened: Opened,
  seed: Seed | undefined,
): void {
  const { own, peerKey } = shelf;
  const key = replyKeyOf(opened.core);
  const isNewer =
    key !== null && comparePairs([key.turn, key.lane], [peerKey.turn, peerKey.lane]) > 0;
  const order = seed === undefined ? own.opened : orderOf(seed);
  const unseen = history.unseen(own.lane);
  const announced = Object.entries(own.announced).filter(([hash]) => unseen.has(hash));
  shelf.note({
    ...(isNewer ? { peer_key: key } : {}),
    opened: comparePairs(order, own.opened) > 0 ? order : own.opened,
    announced: Object.fromEntries(announced),
  });
}

/** What there is to tell of *message*, which has been added; lets show what waited for it. */
export function eventsOf(shelf: Shelf, history: History, message: Message): readonly Event[] {
  return [...ofOrder(shelf, history, message), ...ofBody(shelf, history, message)];
}

function ofOrder(shelf: Shelf, history: History, message: Message): readonly Event[] {
  const log = history.laneOf(message);
  const { lane, seq } = message;
  const isInPlace = seq <= log.seen;
  const isEarly = seq > log.seen + 1;
  const events: Event[] = [];
  if (log.isForkAround(message)) events.push({ kind: "fork", lane, seq });
  if (isInPlace) events.push({ kind: "received", message: history.shown(message) });
  if (isEarly) events.push({ kind: "waiting", lane, seq });
  return [...events, ...settle(shelf, history)];
}

function ofBody(shelf: Shelf, history: History, message: Message): readonly Event[] {
  const { body, ack } = history.said(message);
  const { lane } = shelf.own;
  const events: Event[] = [];
  if (body.type === "freeze") events.push({ kind: "frozen" });
  if (body.type === "close") events.push({ kind: "closed", words: body.words });
  if (body.type === "rekey" && body.again) events.push({ kind: "asked-again" });
  if (isBehind(shelf, history)) events.push({ kind: "behind", lane, seq: ack.get(lane) ?? 0 });
  return events;
}
