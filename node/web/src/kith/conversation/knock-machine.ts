/**
 * The states of a knock, for both sides, as two tables.
 *
 * Each side keeps one state by its own clock. The rules where the two could disagree:
 *
 * - **Accepting decides.** An acceptance that arrives after the mentee's own time was up, after
 *   they withdrew, or after another device of the mentor declined, still counts: the mentor
 *   believes in a conversation by then. A mentee who no longer wants it closes it.
 * - **Withdrawing works until the knock is accepted.** On the mentor's side a withdrawal that
 *   arrives after accepting changes nothing; one that arrives before makes accepting impossible.
 * - **Time is up for each side by its own clock.** The mentor cannot accept afterwards.
 *
 * So once every message has arrived, both sides show `accepted` or neither does. A transition
 * that is not in the table changes nothing and says why.
 */

export const KNOCK_STATES = [
  "draft",
  "queued",
  "delivered",
  "failed",
  "accepted",
  "declined",
  "expired",
  "withdrawn",
] as const;

export type KnockState = (typeof KNOCK_STATES)[number];
export type KnockEvent =
  | "send"
  | "delivered"
  | "failed"
  | "accept"
  | "decline"
  | "time-up"
  | "withdraw";

export const KNOCK_DAYS = 7;
export const MAX_OPEN_KNOCKS = 3;

/** What an event does. */
export interface Step {
  /** Afterwards. */
  readonly state: KnockState;
  /** Why nothing changed, or empty if it did. */
  readonly reason: string;
}

type Row = { readonly [E in KnockEvent]?: KnockState };
type Table = { readonly [S in KnockState]?: Row };

const ANSWERED: Row = { accept: "accepted", decline: "declined" };
const OPEN: Row = { ...ANSWERED, "time-up": "expired", withdraw: "withdrawn" };

const OUTGOING: Table = {
  draft: { send: "queued" },
  queued: { delivered: "delivered", failed: "failed", ...OPEN },
  delivered: OPEN,
  failed: { send: "queued", delivered: "delivered", ...OPEN },
  expired: ANSWERED,
  withdrawn: ANSWERED,
  declined: { accept: "accepted" },
};

const INCOMING: Table = {
  delivered: OPEN,
  expired: { withdraw: "withdrawn" },
};

// What two devices of one person show when they have moved on separately.
const RANKS: readonly KnockState[] = [
  "draft",
  "queued",
  "failed",
  "delivered",
  "expired",
  "withdrawn",
  "declined",
  "accepted",
];

/** What *event* does to a knock on the mentee's side. */
export function stepOutgoing(state: KnockState, event: KnockEvent): Step {
  return step(OUTGOING, state, event);
}

/** What *event* does to a knock on the mentor's side; it begins as delivered. */
export function stepIncoming(state: KnockState, event: KnockEvent): Step {
  return step(INCOMING, state, event);
}

/** The place of *state* when two devices of one person differ; the higher wins. */
export function rankOf(state: KnockState): number {
  return RANKS.indexOf(state);
}

/** Whether a knock in *state* still waits for an answer. */
export function isOpenState(state: KnockState): boolean {
  return state === "queued" || state === "delivered";
}

/** Whether one more knock may be sent: at most three are open at a time. */
export function mayKnock(states: Iterable<KnockState>): boolean {
  return [...states].filter(isOpenState).length < MAX_OPEN_KNOCKS;
}

function step(table: Table, state: KnockState, event: KnockEvent): Step {
  const after = table[state]?.[event];
  if (after === undefined) {
    return { state, reason: `a knock that is ${state} takes no ${event}` };
  }
  return { state: after, reason: "" };
}
