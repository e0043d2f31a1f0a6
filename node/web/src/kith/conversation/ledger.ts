/**
 * The messages of one lane: what follows what, what is missing, what claims the same place.
 *
 * A lane of the other side is shown in order. Messages that come early wait, at most 64 of them;
 * what they wait for may arrive for seven days and is then reported as missing. A message that
 * comes later still is put into its place. Nothing that arrived is ever dropped here.
 */

import { NO_HASH } from "./names.ts";
import type { Message } from "./records.ts";

export const MAX_WAITING = 64;

/** A run of numbers. */
export interface Run {
  readonly first: number;
  readonly count: number;
}

/** All known messages of one device of one side. */
export class LaneLog {
  readonly #messages = new Map<number, Message[]>();
  #seen = 0;
  #givenUp = 0;

  /** By number; more than one under a number is a fork. */
  get messages(): ReadonlyMap<number, readonly Message[]> {
    return this.#messages;
  }

  /** Up to which number all has arrived or been given up. */
  get seen(): number {
    return this.#seen;
  }

  /** Up to which number nothing is waited for. */
  get givenUp(): number {
    return this.#givenUp;
  }

  /** The highest number there is; 0 for none. */
  get top(): number {
    let top = 0;
    for (const seq of this.#messages.keys()) top = Math.max(top, seq);
    return top;
  }

  /** Numbers that have arrived, but not what comes before them; ascending. */
  get waiting(): readonly number[] {
    return this.#numbers((seq) => seq > this.#seen);
  }

  /** When the first of those that wait came, or null. */
  get waitingSince(): number | null {
    const since = this.waiting.map((seq) => this.at(seq)[0]?.at ?? 0);
    return since.length > 0 ? Math.min(...since) : null;
  }

  /** When the latest message came; 0 for never. */
  get lastAt(): number {
    let last = 0;
    for (const found of this.#messages.values()) {
      for (const message of found) last = Math.max(last, message.at);
    }
    return last;
  }

  /** The messages under a number, in the order in which they were added. */
  at(seq: number): readonly Message[] {
    return this.#messages.get(seq) ?? [];
  }

  /** Takes in a message that is not here yet; `advance` shows what follows from it. */
  add(message: Message): void {
    const found = this.#messages.get(message.seq);
    if (found === undefined) this.#messages.set(message.seq, [message]);
    else found.push(message);
  }

  /** The messages that no longer wait, in order. */
  advance(): readonly Message[] {
    const shown: Message[] = [];
    while (this.#messages.has(this.#seen + 1)) {
      this.#seen += 1;
      shown.push(...this.at(this.#seen));
    }
    return shown;
  }

  /** Waits no longer for anything up to *number*. */
  giveUp(number: number): void {
    this.#givenUp = Math.max(this.#givenUp, number);
    this.#seen = Math.max(this.#seen, number);
  }

  /** What the earliest of the waiting waits for; there has to be one. */
  firstGap(): Run {
    const next = this.waiting[0] ?? this.#seen + 1;
    return { first: this.#seen + 1, count: next - this.#seen - 1 };
  }

  /** Each run that was given up and never came. */
  missing(): readonly Run[] {
    const gaps: Run[] = [];
    let before = 0;
    for (const seq of this.#numbers((one) => one <= this.#seen)) {
      if (seq > before + 1) gaps.push({ first: before + 1, count: seq - before - 1 });
      before = seq;
    }
    if (this.#seen > before) gaps.push({ first: before + 1, count: this.#seen - before });
    return gaps;
  }

  /** Whether *message* shares its place, or does not follow the one before. */
  isFork(message: Message): boolean {
    if (this.at(message.seq).length > 1) return true;
    if (message.seq === 1) return message.previous !== NO_HASH;
    const before = this.at(message.seq - 1);
    return before.length > 0 && before.every((other) => message.previous !== other.hash);
  }

  /** Whether *message* or the one after it is a fork. */
  isForkAround(message: Message): boolean {
    return this.isFork(message) || this.at(message.seq + 1).some((other) => this.isFork(other));
  }

  #numbers(isWanted: (seq: number) => boolean): number[] {
    return [...this.#messages.keys()].filter(isWanted).sort((a, b) => a - b);
  }
}
