/**
 * A circle as one member sees it: what follows from the set of all that came.
 *
 * Nobody agrees on an order: everything here is a function of the set of rosters, seats and
 * messages that a device has. A message counts if its writer had a seat in the roster it names;
 * one that names a roster that has not come yet waits for it.
 *
 * Source: SPEC.md, section on circles.
 */

import { compareBase64url } from "../crypto/bytes.ts";
import {
  type Attendance,
  type CircleBodies,
  type CircleGoodbye,
  type CircleText,
  isTold,
  type Told,
} from "./bodies.ts";
import { type Chain, chainOf } from "./chain.ts";
import { compareRanks, rankTexts, type Said } from "./order.ts";
import { type Roster, seatsOf, termsHash } from "./roster.ts";
import { type Seat, seatHash } from "./seat.ts";
import type { Circle, CircleState, Heard, Meeting, Place, Words } from "./view.ts";

/** All that came. */
export interface Came {
  /** One's own seat. */
  readonly own: Seat;
  /** Key of who convened it when one was invited, as base64url. */
  readonly convener: string;
  /** All that came or that one made; hostile ones may be among them. */
  readonly rosters: Iterable<Roster>;
  /** All that came, checked (`checkSeat`), one's own among them. */
  readonly seats: Iterable<Seat>;
  /** What was said in the links, by oneself and others. */
  readonly heard: Iterable<Heard>;
  /** By one's own clock, days since 1970-01-01 UTC. */
  readonly today: number;
}

/** A message that counts, and the roster it names. */
interface One<T extends Told = Told> {
  readonly heard: Heard;
  readonly body: T;
  readonly roster: Roster;
}

/** Which messages count, in the order in which they are shown. */
interface Counted {
  readonly all: readonly One[];
  readonly waiting: number;
  readonly isSplit: boolean;
  readonly goodbye: CircleGoodbye | null;
}

/** The circle that follows from all that came. */
export function readCircle({ own, convener, rosters, seats, heard, today }: Came): Circle {
  const chain = chainOf(rosters, { circle: own.circle, convener, seat: seatHash(own) });
  const known = new Map<string, Seat>();
  for (const seat of [...seats, own]) {
    if (seat.circle === own.circle) known.set(seatHash(seat), seat);
  }
  const { newest } = chain;
  const counted = countedOf(own, chain, known, heard);
  const left = new Set(
    counted.all
      .filter(({ body }) => body.type === "circle-leave")
      .map((one) => one.heard.writer),
  );
  const [overDay, purgeDay] = daysOf(newest);
  return {
    state: stateOf(own, chain, counted, left, overDay, today),
    chain,
    places: newest === null ? [] : placesOf(own, chain, newest, known, left, counted),
    unknown: newest?.seats.filter((name) => !known.has(name)).length ?? 0,
    words: wordsOf(counted, known),
    meetings: meetingsOf(counted),
    waiting: counted.waiting,
    isSplit: counted.isSplit,
    overDay,
    purgeDay,
    farewell: counted.goodbye?.words ?? "",
  };
}

function countedOf(
  own: Seat,
  chain: Chain,
  known: ReadonlyMap<string, Seat>,
  heard: Iterable<Heard>,
): Counted {
  const keys = new Map<string, ReadonlySet<string>>();
  for (const [name, roster] of chain.sound) {
    keys.set(name, new Set(seatsOf(roster, known.values()).map((seat) => seat.key)));
  }
  const members = new Set([...keys.values()].flatMap((taken) => [...taken]));
  const { newest } = chain;
  const first = chain.rosters[0]?.epoch ?? 0;
  const all: One[] = [];
  let [waiting, isSplit] = [0, false];
  let goodbye: CircleGoodbye | null = null;
  for (const one of [...heard].sort(inTime)) {
    const { body, writer } = one;
    if (body.type === "circle-goodbye" && removes(body, writer, own, newest)) goodbye = body;
    if (!isTold(body) || body.circle !== own.circle) continue;
    const roster = chain.sound.get(body.roster);
    if (roster !== undefined) {
      const isMember = keys.get(body.roster)?.has(writer) ?? false;
      if (roster.epoch === body.epoch && isMember) all.push({ heard: one, body, roster });
    } else if (newest === null) {
      waiting += 1;
    } else if (members.has(writer)) {
      // Nobody else can make the convener look two-faced.
      if (body.epoch > newest.epoch) waiting += 1;
      else if (body.epoch >= first) isSplit = true;
    }
  }
  return { all, waiting, isSplit, goodbye };
}

/** Whether it is the last word of who convenes the circle, as far as one knows. */
function removes(
  body: CircleGoodbye,
  writer: string,
  own: Seat,
  newest: Roster | null,
): boolean {
  if (newest === null || body.circle !== own.circle || writer === own.key) return false;
  return writer === newest.convener && body.epoch >= newest.epoch;
}

function inTime(a: Heard, b: Heard): number {
  return (
    a.minute - b.minute ||
    compare(a.writer, b.writer) ||
    a.seq - b.seq ||
    compareBase64url(a.hash, b.hash)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function daysOf(newest: Roster | null): readonly [number | null, number | null] {
  if (newest === null) return [null, null];
  const { ends, purge_days } = newest.terms;
  const over = newest.state === "archived" ? Math.min(ends, newest.day) : ends;
  return [over, over + purge_days];
}

function stateOf(
  own: Seat,
  chain: Chain,
  counted: Counted,
  left: ReadonlySet<string>,
  overDay: number | null,
  today: number,
): CircleState {
  const { newest } = chain;
  if (left.has(own.key)) return "left";
  if (newest === null || overDay === null) return "joining";
  if (counted.goodbye !== null || !newest.seats.includes(seatHash(own))) return "removed";
  return newest.state === "archived" || today >= overDay ? "over" : "open";
}

function placesOf(
  own: Seat,
  chain: Chain,
  newest: Roster,
  known: ReadonlyMap<string, Seat>,
  left: ReadonlySet<string>,
  counted: Counted,
): readonly Place[] {
  const wanted = termsHash(newest.terms);
  const entered = enteredUnder(chain);
  // Whoever convenes, or did while the terms were these, has made or taken over what they say.
  const acknowledged = new Set(
    chain.rosters.filter(({ terms }) => termsHash(terms) === wanted).map((one) => one.convener),
  );
  for (const { heard, body } of counted.all) {
    if (body.type !== "circle-acknowledge" || body.acknowledged !== wanted) continue;
    acknowledged.add(heard.writer);
  }
  return seatsOf(newest, known.values()).map((seat) => ({
    seat,
    isMe: seat.key === own.key,
    isConvener: seat.key === newest.convener,
    hasLeft: left.has(seat.key),
    hasAcknowledged: acknowledged.has(seat.key) || entered.get(seatHash(seat)) === wanted,
  }));
}

/** Which terms each seat acknowledged; of earlier ones, the first that one knows. */
function enteredUnder(chain: Chain): ReadonlyMap<string, string> {
  const entered = new Map<string, string>();
  for (const roster of chain.rosters) {
    const hash = termsHash(roster.terms);
    for (const name of roster.seats) if (!entered.has(name)) entered.set(name, hash);
  }
  return entered;
}

function wordsOf(counted: Counted, known: ReadonlyMap<string, Seat>): readonly Words[] {
  const seats = new Map([...known.values()].map((seat) => [seat.key, seat]));
  const groups = new Map<string, One<CircleText>[]>();
  // Two people may use one name; each text has its own place all the same.
  const called = new Map<string, string>();
  for (const one of counted.all) {
    const { body, heard } = one;
    if (body.type !== "circle-text") continue;
    const key = heard.writer + body.thing;
    groups.set(key, [...(groups.get(key) ?? []), { ...one, body }]);
    if (!called.has(body.thing)) called.set(body.thing, key);
  }
  const texts = new Map<string, Said>();
  for (const [key, [first]] of groups) {
    if (first === undefined) continue;
    const follows = called.get(first.body.follows) ?? "";
    texts.set(key, { minute: first.heard.minute, follows });
  }
  const ranks = rankTexts(texts);
  return [...groups]
    .sort(([a, [one]], [b, [other]]) => {
      const difference = compareRanks(ranks.get(a) ?? [0, 0], ranks.get(b) ?? [0, 0]);
      return difference || (one && other ? inTime(one.heard, other.heard) : 0);
    })
    .flatMap(([, [first, ...more]]) =>
      first === undefined ? [] : [wordsFrom(first, [first, ...more], seats)],
    );
}

function wordsFrom(
  { heard, body }: One<CircleText>,
  group: readonly One[],
  seats: ReadonlyMap<string, Seat>,
): Words {
  return {
    thing: body.thing,
    writer: heard.writer,
    seat: seats.get(heard.writer) ?? null,
    minute: heard.minute,
    text: body.text,
    hashes: new Map(group.map((one) => [one.heard.link, one.heard.hash])),
    seen: group.filter((one) => one.heard.isSeen).length,
    isFork: group.some((one) => one.heard.isFork),
  };
}

function meetingsOf(counted: Counted): readonly Meeting[] {
  const best = new Map<string, One<CircleBodies["circle-session"]>>();
  const answers = new Map<string, Map<string, CircleBodies["circle-attend"]>>();
  for (const { heard, body, roster } of counted.all) {
    if (body.type === "circle-session" && heard.writer === roster.convener) {
      // The convener who follows has the last word, whatever number the one before writes.
      const one = { heard, body, roster };
      const known = best.get(body.session);
      if (known === undefined || isLater(one, known)) best.set(body.session, one);
    }
    if (body.type === "circle-attend") {
      const said = answers.get(body.session) ?? new Map();
      const known = said.get(heard.writer);
      const isNew = known === undefined || isNewer(body, known);
      if (isNew) answers.set(body.session, said.set(heard.writer, body));
    }
  }
  return [...best.values()]
    .map(({ body }) => meetingOf(body, answers.get(body.session) ?? new Map()))
    .sort((a, b) => a.start - b.start || compare(a.session, b.session));
}

function meetingOf(
  { session, start, minutes, where, is_cancelled, revision }: CircleBodies["circle-session"],
  said: ReadonlyMap<string, CircleBodies["circle-attend"]>,
): Meeting {
  return {
    session,
    start,
    minutes,
    where,
    isCancelled: is_cancelled,
    revision,
    attends: new Map<string, Attendance>([...said].map(([key, one]) => [key, one.attends])),
    revisions: new Map([...said].map(([key, one]) => [key, one.revision])),
  };
}

function isLater(
  one: One<CircleBodies["circle-session"]>,
  other: One<CircleBodies["circle-session"]>,
): boolean {
  const difference = one.roster.epoch - other.roster.epoch;
  return difference === 0 ? isNewer(one.body, other.body) : difference > 0;
}

function isNewer(
  one: { readonly revision: number; readonly thing: string },
  other: { readonly revision: number; readonly thing: string },
): boolean {
  const difference = one.revision - other.revision || compare(one.thing, other.thing);
  return difference > 0;
}
