/**
 * One session: times are proposed, one is picked, moved, cancelled, or it took place.
 *
 * Up to five times are proposed; the other side picks one, proposes others, or says no. An
 * agreed time stays agreed while other times are proposed for it, until one of those is picked.
 * Either side may cancel, at any time, and that wins over whatever the other one did meanwhile.
 * Once its time has come, either side may note that it took place.
 */

import { UsageError } from "../crypto/errors.ts";
import type { MentorshipBodies, Slot } from "./bodies.ts";
import type { Role, Rules, Settled, Step } from "./steps.ts";

const PROPOSED = 0;
const PICKED = 1;
const REFUSED = 2;
const FINALITY = { declined: 0, "took-place": 1, cancelled: 2 } as const;

/** What the steps so far lead to. */
export interface Times {
  /** The agreed time. */
  readonly picked: Slot | null;
  readonly picker: Role | null;
  /** What the picker's clock shows then, in minutes ahead of UTC, if they say. */
  readonly pickerOffset: number | null;
  /** How often an agreed time was replaced by another one. */
  readonly moves: number;
  /** Times that wait to be picked from. */
  readonly proposed: readonly Slot[];
  readonly proposer: Role | null;
  /** Said with the last step. */
  readonly words: string;
  readonly ending: "" | "cancelled" | "took-place";
}

/** A session as one side sees it. */
export interface Session {
  /** Names it, 16 bytes as base64url. */
  readonly thing: string;
  /** `agreed` also while other times are proposed for it. */
  readonly state: "proposed" | "agreed" | "cancelled" | "took-place";
  /** The agreed time, or null; kept when it is cancelled. */
  readonly picked: Slot | null;
  readonly isPickedByMe: boolean;
  readonly pickerOffset: number | null;
  /** Times to pick from, ascending. */
  readonly proposed: readonly Slot[];
  readonly isProposedByMe: boolean;
  readonly words: string;
  readonly moves: number;
  /** Hash of the step that the next one follows. */
  readonly head: string;
}

const NOTHING: Times = {
  picked: null,
  picker: null,
  pickerOffset: null,
  moves: 0,
  proposed: [],
  proposer: null,
  words: "",
  ending: "",
};

/** What the steps of a session mean: cancelling is final and outranks everything. */
export const sessionRules: Rules<Times> = {
  begin(step: Step): Times {
    if (step.body.type !== "session") {
      throw new UsageError("a session begins with times to pick from");
    }
    return this.follow(NOTHING, step);
  },
  follow(state: Times, { role, minute, body }: Step): Times {
    if (state.ending) throw new UsageError(`the session is over: ${state.ending}`);
    switch (body.type) {
      case "session":
        return propose(state, body, role);
      case "session-pick":
        return pick(state, body, role);
      case "session-end":
        return end(state, body, minute);
      default:
        throw new UsageError("that is no part of a session");
    }
  },
  weigh({ body }: Step) {
    if (body.type === "session-pick") return { finality: 0, isAnswer: true, rank: PICKED };
    if (body.type !== "session-end") return { finality: 0, isAnswer: false, rank: PROPOSED };
    return { finality: FINALITY[body.how], isAnswer: true, rank: REFUSED };
  },
};

/**
 * A session as the side with *role* sees it.
 *
 * @param thing - names it.
 * @param settled - what its steps lead to.
 * @param role - one's own.
 * @param overMinute - when the mentorship ended, and with it every session that was still to
 *   come; null while it goes on.
 */
export function viewSession(
  thing: string,
  settled: Settled<Times>,
  role: Role,
  overMinute: number | null,
): Session {
  const times = settled.head.state;
  const proposed = overMinute === null ? times.proposed : [];
  return {
    thing,
    state: stateOf(times, overMinute),
    picked: times.picked,
    isPickedByMe: times.picker === role,
    pickerOffset: times.pickerOffset,
    proposed,
    isProposedByMe: proposed.length > 0 && times.proposer === role,
    words: times.words,
    moves: times.moves,
    head: settled.head.step.hash,
  };
}

function stateOf(times: Times, overMinute: number | null): Session["state"] {
  if (times.ending) return times.ending;
  if (times.picked !== null) {
    // Nobody has to note that a session took place: what lies in the past stays agreed.
    return overMinute !== null && overMinute < times.picked.start ? "cancelled" : "agreed";
  }
  return times.proposed.length > 0 && overMinute === null ? "proposed" : "cancelled";
}

function propose(state: Times, body: MentorshipBodies["session"], role: Role): Times {
  const isAscending = body.slots.every(
    (one, at) => one.start > (body.slots[at - 1]?.start ?? -1),
  );
  if (!isAscending) {
    throw new UsageError("the times have to be different ones, the earliest first");
  }
  return { ...state, proposed: body.slots, proposer: role, words: body.words };
}

function pick(state: Times, body: MentorshipBodies["session-pick"], role: Role): Times {
  if (state.proposed.length === 0) throw new UsageError("no times are proposed at the moment");
  if (state.proposer === role) {
    throw new UsageError("the other side has to pick, as these times are your own");
  }
  const picked = state.proposed.find((one) => one.start === body.start);
  if (picked === undefined) throw new UsageError("that time is not among those proposed");
  return {
    ...state,
    picked,
    picker: role,
    pickerOffset: body.offset,
    moves: state.moves + Number(state.picked !== null),
    proposed: [],
    proposer: null,
    words: "",
  };
}

function end(state: Times, body: MentorshipBodies["session-end"], minute: number): Times {
  const rest = { ...state, proposed: [], proposer: null, words: body.words };
  if (body.how === "declined") {
    if (state.proposed.length === 0)
      throw new UsageError("no times are proposed at the moment");
    return rest;
  }
  const hasCome = state.picked !== null && minute >= state.picked.start;
  if (body.how === "took-place" && !hasCome) {
    throw new UsageError("a session can only have taken place once its time has come");
  }
  return { ...rest, ending: body.how };
}
