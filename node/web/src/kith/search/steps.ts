/**
 * Long work in short turns, so that the screen can answer in between.
 *
 * Work is written as a generator that yields often. It runs at once (`runNow`), or in turns that
 * end after a few milliseconds (`runInTurns`), which can be cancelled.
 */

import { KithError } from "../crypto/errors.ts";

/** Work that yields often and returns its result. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** What says that a result is not wanted any more; an `AbortSignal` is one. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** Gives everything else a turn: resolves when the work may go on. */
export type Pause = () => Promise<void>;

/** How work takes turns with everything else. */
export interface Turns {
  readonly pause: Pause;
  /** Milliseconds since any moment, never going back; only differences count. */
  readonly now: () => number;
  /** Milliseconds that a turn may take. */
  readonly lengthMs: number;
}

/** Somebody did not want the result any more. */
export class CancelledError extends KithError {
  override readonly code = "cancelled";
  override readonly safe = "Cancelled.";

  constructor() {
    super("cancelled");
  }
}

/** The result of *steps*, all done at once. */
export function runNow<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/**
 * The result of *steps*, done in turns.
 *
 * @throws CancelledError - *signal* was aborted before the end.
 */
export async function runInTurns<T>(
  steps: Steps<T>,
  turns: Turns,
  signal?: CancelSignal,
): Promise<T> {
  let began = turns.now();
  for (;;) {
    checkWanted(signal);
    const step = steps.next();
    if (step.done === true) return step.value;
    if (turns.now() - began < turns.lengthMs) continue;
    await turns.pause();
    began = turns.now();
  }
}

/** @throws CancelledError - *signal* was aborted. */
export function checkWanted(signal: CancelSignal | undefined): void {
  if (signal?.aborted === true) throw new CancelledError();
}
