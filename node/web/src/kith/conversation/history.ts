/** Everything both sides have said, as far as one device knows: the union of all lanes. */

import { utf8 } from "../crypto/bytes.ts";
import { KithError } from "../crypto/errors.ts";
import { parseJsonObject } from "../crypto/json.ts";
import { ROLE_MENTEE, ROLE_MENTOR } from "../messages/core.ts";
import { DAY_S } from "../search/day.ts";
import { MAX_ACKNOWLEDGED_LANES, readBody, type Said } from "./bodies.ts";
import type { Entry, Missing, Shown } from "./events.ts";
import { LaneLog } from "./ledger.ts";
import { compareNames } from "./names.ts";
import { inOrder, type LaneUnits, laneKey, type Unit } from "./order.ts";
import type { Message } from "./records.ts";

export const LATE_S = 7 * DAY_S;

/** Whether a conversation goes on, and who ended it. */
export type State =
  | "open"
  | "paused-by-me"
  | "paused-by-peer"
  | "closed-by-me"
  | "closed-by-peer"
  | "closed";

/** The messages of both sides. */
export class History {
  /** One's own, by lane. */
  readonly ownLanes = new Map<string, LaneLog>();
  /** The other side's. */
  readonly peerLanes = new Map<string, LaneLog>();
  /** Which own numbers the other side has seen, by lane. */
  readonly acked = new Map<string, number>();
  /** How many messages of the other side there are, new keys alone not counted. */
  heard = 0;
  /** When the last of them came; 0 for never. */
  heardAt = 0;
  /** When the other side paused everything, or null. */
  frozenAt: number | null = null;
  /** When the other side last asked for what did not arrive; 0 for never. */
  askedAt = 0;
  /** What it had seen then, by own lane. */
  askedAck: ReadonlyMap<string, number> = new Map();
  /** When either side first closed or paused it, or null. */
  endedAt: number | null = null;
  #isPaused = false;
  #isClosedByMe = false;
  #isClosedByPeer = false;
  readonly #role: number;
  readonly #answers: string[] = [];
  readonly #messages = new Map<string, Message>();
  readonly #said = new Map<string, Said>();

  /** @param role - one's own. */
  constructor(role: number) {
    this.#role = role;
  }

  /** Whether it goes on, and who ended it. */
  get state(): State {
    if (this.frozenAt !== null) return "paused-by-peer";
    if (this.#isPaused) return "paused-by-me";
    if (this.#isClosedByMe) return this.#isClosedByPeer ? "closed" : "closed-by-me";
    return this.#isClosedByPeer ? "closed-by-peer" : "open";
  }

  /** The smallest hash of an accepting answer, or nothing. */
  get answerHash(): string {
    return [...this.#answers].sort(compareNames)[0] ?? "";
  }

  /** The message with this hash, if there is one. */
  find(hash: string): Message | undefined {
    return this.#messages.get(hash);
  }

  /** What *message*, which has been added, says. */
  said(message: Message): Said {
    return this.#said.get(message.hash) ?? read(message.body);
  }

  /** An own lane, empty if it has none yet. */
  own(lane: string): LaneLog {
    return this.ownLanes.get(lane) ?? new LaneLog();
  }

  /** The lane of *message*, which has been added. */
  laneOf(message: Message): LaneLog {
    const lanes = message.role === this.#role ? this.ownLanes : this.peerLanes;
    return lanes.get(message.lane) ?? new LaneLog();
  }

  /** Takes *message* in; tells whether it is new. */
  add(message: Message): boolean {
    if (this.#messages.has(message.hash)) return false;
    const isOwn = message.role === this.#role;
    const lanes = isOwn ? this.ownLanes : this.peerLanes;
    const log = lanes.get(message.lane) ?? new LaneLog();
    lanes.set(message.lane, log);
    log.add(message);
    const said = read(message.body);
    this.#messages.set(message.hash, message);
    this.#said.set(message.hash, said);
    const { body } = said;
    if (body.type === "answer" && body.accepted && message.role === ROLE_MENTOR) {
      this.#answers.push(message.hash);
    }
    if (isOwn) this.#noteOwn(message, said);
    else this.#notePeer(message, said);
    return true;
  }

  /** Waits no longer for what any device has given up. */
  giveUp(numbers: Readonly<Record<string, number>>): void {
    for (const [lane, number] of Object.entries(numbers)) {
      this.peerLanes.get(lane)?.giveUp(number);
    }
  }

  /** The names of messages of an own lane that have not been acknowledged. */
  unseen(lane: string): ReadonlySet<string> {
    const seen = this.acked.get(lane) ?? 0;
    const names = new Set<string>();
    for (const [seq, found] of this.own(lane).messages) {
      if (seq > seen) for (const { hash } of found) names.add(hash);
    }
    return names;
  }

  /** The messages of the other side that no longer wait, in order by lane. */
  settle(): readonly Message[] {
    for (const log of this.ownLanes.values()) log.advance();
    return [...this.peerLanes.values()].flatMap((log) => log.advance());
  }

  /** What is acknowledged: the lanes that were heard of last, at most 64. */
  acknowledgement(): ReadonlyMap<string, number> {
    const heard = [...this.peerLanes].filter(([, log]) => log.seen > 0);
    const latest = heard
      .map(([lane, log]) => ({ lane, seen: log.seen, lastAt: log.lastAt }))
      .sort((a, b) => b.lastAt - a.lastAt || compareNames(b.lane, a.lane));
    return new Map(
      latest.slice(0, MAX_ACKNOWLEDGED_LANES).map(({ lane, seen }) => [lane, seen]),
    );
  }

  /** *message*, which has been added, as it is shown. */
  shown(message: Message): Shown {
    const isOwn = message.role === this.#role;
    const log = this.laneOf(message);
    return {
      kind: "shown",
      isOwn,
      lane: message.lane,
      seq: message.seq,
      minute: message.minute,
      body: this.said(message).body,
      hash: message.hash,
      isFork: log.isFork(message),
      isLate: !isOwn && isLate(log, message),
      isAcknowledged: isOwn && message.seq <= (this.acked.get(message.lane) ?? 0),
    };
  }

  /** All that can be shown, in order. */
  entries(): readonly Entry[] {
    const own = this.#role;
    const peer = ROLE_MENTEE + ROLE_MENTOR - own;
    const lanes: LaneUnits[] = [];
    for (const [lane, log] of this.ownLanes) {
      lanes.push({ role: own, lane, units: this.#units(log, log.top, peer, []) });
    }
    for (const [lane, log] of this.peerLanes) {
      const gaps = log.missing().map((run): Missing => ({ kind: "missing", lane, ...run }));
      lanes.push({ role: peer, lane, units: this.#units(log, log.seen, own, gaps) });
    }
    return inOrder(lanes);
  }

  #noteOwn(message: Message, { body }: Said): void {
    if (body.type === "freeze") this.#isPaused = true;
    if (body.type === "close") this.#isClosedByMe = true;
    if (body.type === "freeze" || body.type === "close") this.#end(message.at);
  }

  #notePeer(message: Message, { body, ack }: Said): void {
    this.heardAt = Math.max(this.heardAt, message.at);
    if (body.type !== "rekey") {
      this.heard += 1;
    } else if (body.again && message.at >= this.askedAt) {
      this.askedAt = message.at;
      this.askedAck = ack;
    }
    for (const [lane, seq] of ack) {
      this.acked.set(lane, Math.max(this.acked.get(lane) ?? 0, seq));
    }
    if (body.type === "close") this.#isClosedByPeer = true;
    if (body.type === "freeze") {
      this.frozenAt = Math.min(this.frozenAt ?? message.at, message.at);
    }
    if (body.type === "freeze" || body.type === "close") this.#end(message.at);
  }

  #end(at: number): void {
    this.endedAt = Math.min(this.endedAt ?? at, at);
  }

  #units(
    log: LaneLog,
    upto: number,
    other: number,
    missing: readonly Missing[],
  ): readonly Unit[] {
    const units: Unit[] = [];
    let gaps = missing;
    const numbers = [...log.messages.keys()].filter((seq) => seq <= upto);
    for (const seq of numbers.sort((a, b) => a - b)) {
      const found = log.at(seq).filter((message) => this.#isInTime(message));
      found.sort((a, b) => compareNames(a.hash, b.hash));
      const [first] = found;
      if (first === undefined) continue;
      const before = gaps.filter((gap) => gap.first < seq);
      gaps = gaps.slice(before.length);
      const acks = [...this.said(first).ack];
      units.push({
        seq,
        minute: first.minute,
        after: new Map(acks.map(([lane, number]) => [laneKey(other, lane), number])),
        entries: [...before, ...found.map((message) => this.shown(message))],
      });
    }
    return units;
  }

  /** Another device may have taken it in before it knew of the pause: it is not shown. */
  #isInTime(message: Message): boolean {
    const isOwn = message.role === this.#role;
    return isOwn || this.frozenAt === null || message.at <= this.frozenAt;
  }
}

function isLate(log: LaneLog, message: Message): boolean {
  let earliest = Number.POSITIVE_INFINITY;
  for (const [seq, known] of log.messages) {
    if (seq > message.seq) earliest = Math.min(earliest, known[0]?.at ?? earliest);
  }
  return message.at >= earliest + LATE_S;
}

/** What a kept body says; records were checked when they were made. */
function read(body: string): Said {
  try {
    const raw = utf8(body);
    return readBody(parseJsonObject(raw, { maxBytes: raw.length }));
  } catch (error) {
    if (!(error instanceof KithError)) throw error;
    return { body: { type: "unknown", name: "", raw: {} }, ack: new Map(), turn: null };
  }
}
