/**
 * Quick exit: when it is asked for, and in which order it happens.
 *
 * What it does not do: it cannot take the visit out of the browser's history. Only the entry one
 * stands on is replaced; earlier entries and the host's name stay, and the button says so.
 */

/** Two presses of Escape within this many milliseconds mean: leave. */
export const ESC_WINDOW_MS = 600;

/** Where one lands. A blank page: no other host learns of the visit, and none is needed. */
export const NEUTRAL_PAGE = "about:blank";

/** The last Escape seen, in the milliseconds of the event's own clock; null when none counts. */
export type EscState = number | null;

/** What a key means for quick exit. */
export interface EscDecision {
  readonly leave: boolean;
  readonly state: EscState;
}

/** The part of a keyboard event that matters here. */
export interface KeyPress {
  readonly key: string;
  /** Milliseconds, monotonic. */
  readonly timeStamp: number;
  /** Held down: the same press again, never a second one. */
  readonly repeat: boolean;
  /** Within an input method's composition, Escape belongs to the input method. */
  readonly isComposing: boolean;
}

/**
 * Decides what a key press means. Any other key between two Escapes starts anew; modifiers on
 * their own do too, since a shaking hand is better served by pressing twice than by guessing.
 */
export function onKey(state: EscState, press: KeyPress): EscDecision {
  if (press.key !== "Escape") return { leave: false, state: null };
  if (press.repeat || press.isComposing) return { leave: false, state };
  const gap = state === null ? Number.POSITIVE_INFINITY : press.timeStamp - state;
  if (gap >= 0 && gap <= ESC_WINDOW_MS) return { leave: true, state: null };
  return { leave: false, state: press.timeStamp };
}

/** What leaving needs from the page, in the order in which it is called. */
export interface Exits {
  /** Empties the page and its title, at once. */
  clear(): void;
  /** Drops keys and texts from memory; must not wait for anything. */
  lock(): void;
  /** Replaces the current history entry. */
  replace(address: string): void;
}

/**
 * Leaves. Every step is taken even when an earlier one fails: what can be seen goes first, then
 * the keys, then the page.
 */
export function leave(exits: Exits, address: string = NEUTRAL_PAGE): void {
  try {
    exits.clear();
  } finally {
    try {
      exits.lock();
    } finally {
      exits.replace(address);
    }
  }
}
