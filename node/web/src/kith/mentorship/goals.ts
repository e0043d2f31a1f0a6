/**
 * Goals and notes that both sides share: each step says the whole thing as it is from now on.
 *
 * Either side may change what either began. Where both changed one at the same time, one version
 * counts and those as far on are shown beside it until somebody changes it again.
 */

import { compareBytes, utf8 } from "../crypto/bytes.ts";
import { UsageError } from "../crypto/errors.ts";
import type { Goal, Note } from "./bodies.ts";
import type { Role, Rules, Settled, Step } from "./steps.ts";

/** A goal as one side sees it. */
export interface SharedGoal {
  /** Names it, 16 bytes as base64url. */
  readonly thing: string;
  readonly text: string;
  readonly state: Goal["state"];
  readonly topics: readonly string[];
  /** Who began it. */
  readonly isMine: boolean;
  /** Other texts that were written at the same time as this one. */
  readonly rivals: readonly string[];
  /** Hash of the step that the next one follows. */
  readonly head: string;
}

/** A note as one side sees it. */
export interface SharedNote {
  readonly thing: string;
  /** Empty once it was put away. */
  readonly text: string;
  /** That it is about, 16 bytes as base64url, or empty. */
  readonly session: string;
  /** Of its last change, by the clock of who made it. */
  readonly minute: number;
  readonly isMine: boolean;
  readonly rivals: readonly string[];
  readonly head: string;
}

/** What the steps of a goal mean: the last one counts, and what was reached stays reached. */
export const goalRules: Rules<Goal> = {
  begin({ body }: Step): Goal {
    if (body.type !== "goal") throw new UsageError("that is no goal");
    return body;
  },
  follow(_: Goal, step: Step): Goal {
    return this.begin(step);
  },
  weigh({ body }: Step) {
    const rank = Number(body.type === "goal" && body.state === "reached");
    return { finality: 0, isAnswer: false, rank };
  },
};

/** What the steps of a note mean: the last one counts, and text wins over putting away. */
export const noteRules: Rules<Note> = {
  begin({ body }: Step): Note {
    if (body.type !== "note") throw new UsageError("that is no note");
    return body;
  },
  follow(_: Note, step: Step): Note {
    return this.begin(step);
  },
  weigh({ body }: Step) {
    const rank = Number(body.type === "note" && body.text !== "");
    return { finality: 0, isAnswer: false, rank };
  },
};

/** A goal as the side with *role* sees it. */
export function viewGoal(
  thing: string,
  { head, rivals }: Settled<Goal>,
  role: Role,
): SharedGoal {
  const { text, state, topics } = head.state;
  return {
    thing,
    text,
    state,
    topics,
    isMine: head.first.role === role,
    rivals: rivalsOf(
      text,
      rivals.map((one) => one.state.text),
    ),
    head: head.step.hash,
  };
}

/** A note as the side with *role* sees it. */
export function viewNote(
  thing: string,
  { head, rivals }: Settled<Note>,
  role: Role,
): SharedNote {
  const { text, session } = head.state;
  return {
    thing,
    text,
    session,
    minute: head.step.minute,
    isMine: head.first.role === role,
    rivals: rivalsOf(
      text,
      rivals.map((one) => one.state.text),
    ),
    head: head.step.hash,
  };
}

function rivalsOf(text: string, others: readonly string[]): readonly string[] {
  const different = new Set(others.filter((one) => one !== "" && one !== text));
  // By code points, as every client does; `<` would go by UTF-16 units.
  return [...different].sort((a, b) => compareBytes(utf8(a), utf8(b)));
}
