/**
 * A conversation of two people, for either side and any number of devices.
 *
 * It is loaded from all its records, and everything it believes is their union: messages by lane
 * and number, the newest reply keys, what was given up. What it writes and reads changes records
 * that the caller stores before handing in or acknowledging (`takeChanges`).
 *
 * - A new reply key goes with the first message of a turn, and again with later ones of that
 *   turn until the other side has seen it, where that does not need a larger envelope.
 * - What cannot be opened, or is missing for a day, is asked for again with a `rekey`; the other
 *   side then sends the same cores again. After seven days a gap is shown as such.
 * - After a `freeze` of the other side nothing more is taken in.
 *
 * Sealing and opening wait for the engine; calls that do are carried out one after the other.
 * Fetching, handing in, verifying stamps and the clock are left to the caller.
 *
 * Source: SPEC.md, section on conversations.
 */

import { base64url, isEqual, parseBase64url } from "../crypto/bytes.ts";
import { parseVerifyKey, SigningKey, type VerifyKey } from "../crypto/ed25519.ts";
import { DecryptionError, UsageError } from "../crypto/errors.ts";
import { sealingPublicKey } from "../crypto/hpke.ts";
import type { Rng } from "../crypto/random.ts";
import { isMentorshipType, type MentorshipBody } from "../mentorship/bodies.ts";
import { checkWritable } from "../mentorship/legal.ts";
import { MENTEE, MENTOR, type Role } from "../mentorship/steps.ts";
import { type Core, ROLE_MENTEE, ROLE_MENTOR } from "../messages/core.ts";
import {
  LARGEST_SEALED_BYTES,
  SMALLEST_SEALED_BYTES,
  type Unstamped,
} from "../messages/envelope.ts";
import { openMessage, sealAnswer, sealMessage } from "../messages/message.ts";
import { boxAddress } from "../messages/objects.ts";
import type { Stamped } from "../messages/stamp.ts";
import { dayOf, MAX_DAY } from "../search/day.ts";
import { eventsOf, isBehind, noteKeys } from "./arrival.ts";
import type { Body } from "./bodies.ts";
import {
  giveUpGaps,
  isOver,
  MAX_RESENT,
  mortalSeeds,
  mustAsk,
  mustRekey,
  toResend,
} from "./due.ts";
import type { Due, Entry, Event, Evidence, Sent, Shown } from "./events.ts";
import { History, type State } from "./history.ts";
import { evidenceOf, PROOF_DAYS, proofOf } from "./proofs.ts";
import {
  type Change,
  changeOf,
  type Message,
  messageOf,
  type Proof,
  type Seed,
  type Talk,
  type VaultRecord,
} from "./records.ts";
import { newestFirst } from "./seeds.ts";
import { Serial } from "./serial.ts";
import { Shelf } from "./shelf.ts";
import { checkMayWrite, compose, coreOf, type Draft, hashOf } from "./writing.ts";

const ALL_DAYS = MAX_DAY + 1;

/** What a conversation begins with. */
export interface Beginning {
  /** Of this device. */
  readonly lane: string;
  /** Knock and answer. */
  readonly messages: readonly Message[];
  /** Own reply keys so far. */
  readonly seeds: readonly Seed[];
  /** Of the message that was received. */
  readonly proofs: readonly Proof[];
  /** Seconds. */
  readonly now: number;
}

/** One side of a conversation, on one device. */
export class Conversation {
  /** Owns the own box. */
  readonly boxKey: SigningKey;
  readonly #shelf: Shelf;
  readonly #history: History;
  readonly #commitments = new Set<string>();
  readonly #key: SigningKey;
  readonly #peerKey: VerifyKey;
  readonly #box: Uint8Array;
  readonly #serial = new Serial();

  private constructor(shelf: Shelf) {
    this.#shelf = shelf;
    this.#history = new History(shelf.talk.role);
    const messages = [...shelf.messages].sort((a, b) => a.at - b.at);
    for (const message of messages) this.#history.add(message);
    for (const lane of shelf.lanes) this.#history.giveUp(lane.given_up);
    this.#history.settle();
    for (const { proofs } of shelf.proofs) {
      for (const { postmark } of proofs) {
        this.#commitments.add(base64url(postmark.subarray(17, 49)));
      }
    }
    this.#key = SigningKey.fromSeed(shelf.talk.seed);
    this.#peerKey = parseVerifyKey(shelf.talk.peer_key);
    this.boxKey = SigningKey.fromSeed(shelf.talk.box_seed);
    this.#box = boxAddress(this.boxKey.verifyKey);
  }

  /**
   * The conversation that *records* hold.
   *
   * @param records - all of one conversation, of every device; those of its knock may be there.
   * @param lane - of this device; see `laneOf`.
   * @throws UsageError - not the records of exactly one conversation that has begun.
   */
  static load(records: Iterable<VaultRecord>, lane: string): Conversation {
    return new Conversation(Shelf.load(records, lane));
  }

  /** A conversation that has just begun, with all its records to be stored. */
  static async begin(
    talk: Talk,
    { lane, messages, seeds, proofs, now }: Beginning,
  ): Promise<Conversation> {
    const announced = await announcedBy(talk.role, messages, seeds);
    const shelf = new Shelf(talk, lane);
    shelf.change(changeOf(talk));
    shelf.note({ peer_key: talk.first, announced });
    for (const message of messages) shelf.addMessage(message);
    for (const seed of seeds) shelf.addSeed(seed);
    for (const proof of proofs) shelf.addProof(proof, now);
    return new Conversation(shelf);
  }

  /** What is fixed: roles, keys, boxes, the other side's node. */
  get talk(): Talk {
    return this.#shelf.talk;
  }

  /** Whether it goes on, and who ended it. */
  get state(): State {
    return this.#history.state;
  }

  /** Whether the other side has seen more of this lane than this vault holds. */
  get needsNewLane(): boolean {
    return isBehind(this.#shelf, this.#history);
  }

  /** How many messages wait for earlier ones. */
  get waiting(): number {
    let count = 0;
    for (const log of this.#history.peerLanes.values()) count += log.waiting.length;
    return count;
  }

  /** When something came last that could not be opened; 0 for never. */
  get unreadableAt(): number {
    return Math.max(...this.#shelf.lanes.map((lane) => lane.unreadable_at));
  }

  /**
   * Hash of the answer's core, for the safety words; the same on both sides. Two devices of the
   * mentor may have answered; then it is the smallest one.
   */
  get answerHash(): string {
    return this.#history.answerHash;
  }

  /** Everything that can be shown, in the order in which it is shown. */
  messages(): readonly Entry[] {
    return this.#history.entries();
  }

  /** The own reply keys that live, newest first. */
  liveSeeds(): readonly Uint8Array[] {
    return newestFirst(this.#shelf.seeds).map((seed) => seed.seed);
  }

  /** What is to be stored; each change is given once. */
  takeChanges(): readonly Change[] {
    return this.#shelf.takeChanges();
  }

  /**
   * *body*, sealed for the other side.
   *
   * @param body - of any type that may follow a knock and its answer.
   * @param now - seconds.
   * @param rng - for keys.
   * @throws UsageError - the conversation is over or paused, or needs another lane; or it is a
   *   step of the mentorship that is not possible now.
   * @throws MalformedError - *body* breaks a rule.
   * @throws TooLargeError - it does not fit an envelope.
   * @throws KeyRefusedError - the other side's reply key is not one.
   */
  write(body: Body, now: number, rng: Rng): Promise<Sent> {
    return this.#serial.run(async () => {
      if (this.needsNewLane) {
        throw new UsageError("this vault is older than its lane: go on in a new one");
      }
      checkMayWrite(body, this.state);
      this.#checkMentorship(body, Math.floor(now / 60));
      const draft = await this.#compose(body, now, rng);
      const unstamped = await this.#seal(draft.core, body, rng);
      const hash = hashOf(draft.raw);
      this.#keepOwn(draft, body, hash, now);
      const { lane } = this.#shelf.own;
      return { unstamped, isSlow: false, lane, seq: draft.core.seq, hash };
    });
  }

  /**
   * An own message sealed again: the same core, for the newest reply key.
   *
   * @param hash - of the message.
   * @throws UsageError - there is no such message, or it cannot be made again.
   */
  resend(hash: string, rng: Rng): Promise<Sent> {
    return this.#serial.run(async () => {
      const found = this.#history.find(hash);
      if (found === undefined || found.role !== this.talk.role) {
        throw new UsageError("no such message of one's own");
      }
      const core = coreOf(this.talk.conversation, found, this.#announced(hash));
      if (core === null) {
        throw new UsageError("its reply key is gone, so it cannot be made again");
      }
      const { body } = this.#history.said(found);
      if (body.type === "knock") {
        throw new UsageError("a knock goes to the offer, not to the conversation");
      }
      const unstamped = await this.#seal(core, body, rng);
      const { lane, seq } = found;
      return { unstamped, isSlow: body.type === "answer", lane, seq, hash };
    });
  }

  /**
   * Takes in what came to one's box; returns what there is to tell.
   *
   * @param stamped - an envelope of that box, its stamp verified with the keys of *node*.
   * @param node - origin of the node that delivered it.
   * @param now - seconds.
   * @throws DecryptionError - it does not open with what this vault holds now. After loading the
   *   newest vault has not helped either: `noteUnreadable`.
   */
  receive(stamped: Stamped, node: string, now: number): Promise<readonly Event[]> {
    return this.#serial.run(async () => {
      const { envelope } = stamped;
      if (!isEqual(envelope.box, this.#box)) throw new DecryptionError("cannot be opened");
      const commitment = base64url(envelope.commitment);
      if (this.#commitments.has(commitment)) return [{ kind: "duplicate" }];
      const seeds = newestFirst(this.#shelf.seeds);
      const opened = await openMessage(
        stamped,
        seeds.map((seed) => seed.seed),
        {
          writer: this.#peerKey,
          conversation: parseBase64url(this.talk.conversation),
          role: ROLE_MENTEE + ROLE_MENTOR - this.talk.role,
        },
      );
      const message = messageOf(opened.core, hashOf(opened.raw), now);
      if (this.#history.find(message.hash) !== undefined) return [{ kind: "duplicate" }];
      if (this.#history.frozenAt !== null) return [{ kind: "after-freeze" }];
      this.#commitments.add(commitment);
      this.#shelf.addProof(proofOf(stamped, opened, node), now);
      this.#shelf.addMessage(message);
      this.#history.add(message);
      noteKeys(this.#shelf, this.#history, opened, seeds[opened.place]);
      return eventsOf(this.#shelf, this.#history, message);
    });
  }

  /** Remembers that something came which cannot be opened, so that it is asked for. */
  noteUnreadable(now: number): void {
    this.#shelf.note({ unreadable_at: now });
  }

  /**
   * What is due; lets die what has lived long enough.
   *
   * @param now - seconds.
   * @param isEmptied - the box has been fetched to its end since this was loaded, and all that
   *   came was taken in.
   */
  tick(now: number, isEmptied: boolean): Due {
    const shelf = this.#shelf;
    const history = this.#history;
    const events = giveUpGaps(shelf, history, now);
    const isClosed = this.state === "closed";
    shelf.dropProofs(isClosed ? ALL_DAYS : dayOf(now) - PROOF_DAYS);
    const over = isOver(history, isClosed, now);
    if (isEmptied) shelf.dropSeeds(over ? shelf.seeds : mortalSeeds(shelf, history, now));
    const isOpen = this.state === "open" && !this.needsNewLane;
    const askAgain = isOpen && mustAsk(shelf, history, now);
    const resend = toResend(shelf, history, now);
    if (resend.length > 0) shelf.note({ resent_at: now });
    const rekey = askAgain || (isOpen && mustRekey(shelf, history, now));
    return { events, rekey, askAgain, resend, isOver: over };
  }

  /** Deletes what proves received messages: the conversation ends in peace. */
  dropProofs(): void {
    this.#shelf.dropProofs(ALL_DAYS);
  }

  /** What a report of the received message with this hash needs, for 30 days. */
  evidence(hash: string): Evidence | null {
    const proof = this.#shelf.findProof(hash);
    const found = this.#history.find(hash);
    if (proof === undefined || found === undefined) return null;
    return evidenceOf(this.talk.conversation, found, proof);
  }

  #checkMentorship(body: Body, minute: number): void {
    if (!isMentorshipType(body.type)) return;
    const shown = this.messages().filter((entry): entry is Shown => entry.kind === "shown");
    const conversation = parseBase64url(this.talk.conversation);
    const role: Role = this.talk.role === ROLE_MENTEE ? MENTEE : MENTOR;
    checkWritable(body as MentorshipBody, shown, { conversation, role }, minute);
  }

  #compose(body: Body, now: number, rng: Rng): Promise<Draft> {
    const { own, seeds } = this.#shelf;
    const history = this.#history;
    const around = {
      talk: this.talk,
      lane: own.lane,
      log: history.own(own.lane),
      seeds,
      heard: history.heard,
      acked: history.acked,
      ack: history.acknowledgement(),
    };
    return compose(body, around, now, rng);
  }

  #seal(core: Core, body: Body, rng: Rng): Promise<Unstamped> {
    const how = {
      writer: this.#key,
      sealingKey: this.#shelf.peerKey.key,
      box: parseBase64url(this.talk.peer_box),
      rng,
    };
    if (body.type === "answer") return sealAnswer(core, how);
    const atLeast = body.type === "part" ? LARGEST_SEALED_BYTES : SMALLEST_SEALED_BYTES;
    return sealMessage(core, { ...how, atLeast });
  }

  /** The reply key that an own message carried, while it is known. */
  #announced(hash: string): Uint8Array | null {
    for (const { announced } of this.#shelf.lanes) {
      const key = announced[hash];
      if (key !== undefined) return parseBase64url(key);
    }
    return null;
  }

  #keepOwn({ core, seed }: Draft, body: Body, hash: string, now: number): void {
    const shelf = this.#shelf;
    if (seed !== null) shelf.addSeed(seed);
    if (core.nextKey !== null) {
      const known = Object.entries(shelf.own.announced);
      const all = [...known, [hash, base64url(core.nextKey)] as const];
      shelf.note({ announced: Object.fromEntries(all.slice(-MAX_RESENT)) });
    }
    if (body.type === "rekey" && body.again) shelf.note({ asked_at: now });
    const message = messageOf(core, hash, now);
    shelf.addMessage(message);
    this.#history.add(message);
    this.#history.settle();
  }
}

/** The reply keys in own messages, by hash, as a lane's `announced` holds them. */
async function announcedBy(
  role: number,
  messages: readonly Message[],
  seeds: readonly Seed[],
): Promise<Readonly<Record<string, string>>> {
  const announced: Record<string, string> = {};
  for (const message of messages) {
    const [seed] = seeds
      .filter(({ lane, seq }) => lane === message.lane && seq === message.seq)
      .slice(-1);
    if (message.role !== role || seed === undefined) continue;
    announced[message.hash] = base64url(await sealingPublicKey(seed.seed));
  }
  return announced;
}
