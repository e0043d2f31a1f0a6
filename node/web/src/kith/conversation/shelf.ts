/**
 * The records of one conversation in hand: their union, and what changed since it was stored.
 *
 * Every device writes its own lane's records only; what other devices wrote is read.
 */

import { lengthOf } from "../code-points.ts";
import { compareBytes } from "../crypto/bytes.ts";
import { UsageError } from "../crypto/errors.ts";
import { dayOf } from "../search/day.ts";
import { compareNames, comparePairs } from "./names.ts";
import {
  type Change,
  changeOf,
  deletionOf,
  type Lane,
  MAX_PAGE_BYTES,
  MAX_PAGE_MESSAGES,
  type Message,
  newLane,
  type Page,
  type Proof,
  type Proofs,
  type ReplyKey,
  type Seed,
  type Talk,
  type VaultRecord,
} from "./records.ts";
import type { SeedOrder } from "./seeds.ts";

/** What is kept of one conversation, seen from one device. */
export class Shelf {
  /** What is fixed. */
  readonly talk: Talk;
  #own: Lane;
  readonly #others: Lane[] = [];
  #seeds: Seed[] = [];
  #proofs: Proofs[] = [];
  readonly #pages = new Map<string, Page>();
  #changes = new Map<string, Change>();

  /** An empty shelf of a conversation that begins, for the device with this *lane*. */
  constructor(talk: Talk, lane: string) {
    this.talk = talk;
    this.#own = newLane(talk.conversation, lane);
  }

  /**
   * The shelf that holds *records*; those of other conversations are refused.
   *
   * @throws UsageError - there is no conversation in them, or more than one.
   */
  static load(records: Iterable<VaultRecord>, lane: string): Shelf {
    const known = [...records];
    const talk = known.find((record) => record.kind === "talk");
    const named = new Set(known.map((record) => record.conversation));
    if (talk?.kind !== "talk" || named.size !== 1) {
      throw new UsageError("not the records of one conversation");
    }
    const shelf = new Shelf(talk, lane);
    for (const record of known) shelf.#put(record);
    return shelf;
  }

  /** What this device has noticed. */
  get own(): Lane {
    return this.#own;
  }

  /** Own reply keys that live. */
  get seeds(): readonly Seed[] {
    return this.#seeds;
  }

  /** Of received messages. */
  get proofs(): readonly Proofs[] {
    return this.#proofs;
  }

  /** All messages that any device has kept, possibly repeated. */
  get messages(): readonly Message[] {
    return [...this.#pages.values()].flatMap((page) => page.messages);
  }

  /** What each device of this side has noticed. */
  get lanes(): readonly Lane[] {
    return [this.#own, ...this.#others];
  }

  /** Order of the newest own seed that any device opened a message with. */
  get opened(): SeedOrder {
    const all = this.lanes.map((lane) => lane.opened);
    return all.reduce((newest, one) => (comparePairs(one, newest) > 0 ? one : newest));
  }

  /** The newest reply key of the other side. */
  get peerKey(): ReplyKey {
    let newest = this.talk.first;
    for (const { peer_key } of this.lanes) {
      if (peer_key !== null && compareKeys(peer_key, newest) > 0) newest = peer_key;
    }
    return newest;
  }

  /** Keeps what this device has noticed now. */
  note(noticed: Partial<Lane>): void {
    const own = { ...this.#own, ...noticed };
    if (isSameLane(own, this.#own)) return;
    this.#own = own;
    this.change(changeOf(own));
  }

  /** Keeps that nothing up to *number* is waited for in a lane of the other side. */
  noteGivenUp(lane: string, number: number): void {
    this.note({ given_up: { ...this.#own.given_up, [lane]: number } });
  }

  /** What proves the message with this hash, if it is known. */
  findProof(hash: string): Proof | undefined {
    for (const { proofs } of this.#proofs) {
      const found = proofs.find((proof) => proof.hash === hash);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Has *change* stored. */
  change(change: Change): void {
    this.#changes.set(`${change.kind} ${change.id}`, change);
  }

  /** What is to be stored, once. */
  takeChanges(): readonly Change[] {
    const changes = [...this.#changes.values()];
    this.#changes = new Map();
    return changes;
  }

  /** Writes *message* on the last page of this device, or on a new one. */
  addMessage(message: Message): void {
    const { conversation, lane } = this.#own;
    let number = 0;
    for (const page of this.#pages.values()) {
      if (page.lane === lane) number = Math.max(number, page.number);
    }
    const last = this.#pages.get(pageKey(lane, number));
    const empty: Page = { kind: "page", conversation, lane, number, messages: [] };
    let page = last ?? empty;
    if (last !== undefined && isFull(last, message)) page = { ...empty, number: number + 1 };
    page = { ...page, messages: [...page.messages, message] };
    this.#pages.set(pageKey(lane, page.number), page);
    this.change(changeOf(page));
  }

  /** Keeps a new reply key. */
  addSeed(seed: Seed): void {
    this.#seeds = [...this.#seeds, seed];
    this.change(changeOf(seed));
  }

  /** Keeps what proves a message that came now. */
  addProof(proof: Proof, now: number): void {
    const { conversation, lane } = this.#own;
    const day = dayOf(now);
    const place = this.#proofs.findIndex((known) => known.lane === lane && known.day === day);
    const known = this.#proofs[place];
    const kept: Proofs =
      known === undefined
        ? { kind: "proofs", conversation, lane, day, proofs: [proof] }
        : { ...known, proofs: [...known.proofs, proof] };
    this.#proofs =
      known === undefined
        ? [...this.#proofs, kept]
        : this.#proofs.map((one) => (one === known ? kept : one));
    this.change(changeOf(kept));
  }

  /** Deletes reply keys. */
  dropSeeds(dead: Iterable<Seed>): void {
    const gone = new Set(dead);
    this.#seeds = this.#seeds.filter((seed) => !gone.has(seed));
    for (const seed of gone) this.change(deletionOf(seed));
  }

  /** Deletes the proofs of messages that came before the day *beforeDay*. */
  dropProofs(beforeDay: number): void {
    const old = this.#proofs.filter(({ day }) => day < beforeDay);
    this.#proofs = this.#proofs.filter(({ day }) => day >= beforeDay);
    for (const proofs of old) this.change(deletionOf(proofs));
  }

  #put(record: VaultRecord): void {
    if (record.kind === "lane" && record.lane === this.#own.lane) this.#own = record;
    else if (record.kind === "lane") this.#others.push(record);
    else if (record.kind === "seed") this.#seeds.push(record);
    else if (record.kind === "proofs") this.#proofs.push(record);
    else if (record.kind === "page") {
      this.#pages.set(pageKey(record.lane, record.number), record);
    }
  }
}

function pageKey(lane: string, number: number): string {
  return `${lane}.${number}`;
}

function isFull(page: Page, message: Message): boolean {
  const bodies = [...page.messages, message].map(({ body }) => lengthOf(body));
  const size = bodies.reduce((sum, one) => sum + one, 0);
  return page.messages.length >= MAX_PAGE_MESSAGES || size > MAX_PAGE_BYTES;
}

function compareKeys(a: ReplyKey, b: ReplyKey): number {
  return a.turn - b.turn || compareNames(a.lane, b.lane) || compareBytes(a.key, b.key);
}

function isSameLane(a: Lane, b: Lane): boolean {
  return (
    isSameKey(a.peer_key, b.peer_key) &&
    comparePairs(a.opened, b.opened) === 0 &&
    isSameMap(a.given_up, b.given_up) &&
    isSameMap(a.announced, b.announced) &&
    a.unreadable_at === b.unreadable_at &&
    a.asked_at === b.asked_at &&
    a.resent_at === b.resent_at
  );
}

function isSameKey(a: ReplyKey | null, b: ReplyKey | null): boolean {
  return a === b || (a !== null && b !== null && compareKeys(a, b) === 0);
}

function isSameMap(
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
