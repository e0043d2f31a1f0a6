/**
 * Auto-lock: whether the vault has been left alone for too long. Pure but for the clock handed in.
 *
 * What it does not do: it cannot lock while the device sleeps; it locks as soon as it wakes.
 */

/** A source of time. */
export interface Clock {
  /** Milliseconds since the Unix epoch: wall time, since monotonic clocks stop while a device sleeps. */
  now(): number;
}

/** Minutes a member can choose from; the first is the default. */
export const LOCK_AFTER_MINUTES = [5, 1, 15, 60] as const;

/** A clock set back by more than this many milliseconds counts as tampering: lock. */
const BACKWARDS_MS = 60_000;

/** Watches for idleness. */
export class AutoLock {
  readonly #clock: Clock;
  #limitMs: number;
  #last: number;

  /** `minutes`: more than 0. */
  constructor(clock: Clock, minutes: number) {
    this.#clock = clock;
    this.#limitMs = toLimit(minutes);
    this.#last = clock.now();
  }

  /** Somebody did something: the time starts anew, unless it was already over. */
  touch(): void {
    if (!this.isDue()) this.#last = this.#clock.now();
  }

  /** The time starts anew whatever happened before: after unlocking. */
  restart(): void {
    this.#last = this.#clock.now();
  }

  /** Changes the limit, from now on. */
  setMinutes(minutes: number): void {
    this.#limitMs = toLimit(minutes);
  }

  /** Whether to lock now. */
  isDue(): boolean {
    const idle = this.#clock.now() - this.#last;
    return idle >= this.#limitMs || idle < -BACKWARDS_MS;
  }
}

function toLimit(minutes: number): number {
  if (!(minutes > 0)) throw new RangeError("minutes must be more than 0");
  return minutes * 60_000;
}
