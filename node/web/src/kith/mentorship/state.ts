/**
 * A whole mentorship, read from the messages of its conversation.
 *
 * There is nothing beside the messages: whoever has the same ones reads the same mentorship,
 * from their own side. Messages that are not legal where they stand change nothing. A
 * mentorship is over as soon as either side has closed it, or ended the conversation, whatever
 * else was on its way; what was to come is then cancelled.
 */

import { compareBase64url } from "../crypto/bytes.ts";
import { type Agreement, agreementRules, viewAgreement } from "./agreement.ts";
import { type BlindRound, CLOSING_ROUND, checkInNumbers, viewRound } from "./blind.ts";
import {
  type Closing,
  isMentorshipType,
  type MentorshipBody,
  type MentorshipType,
  type PassedOn,
} from "./bodies.ts";
import {
  goalRules,
  noteRules,
  type SharedGoal,
  type SharedNote,
  viewGoal,
  viewNote,
} from "./goals.ts";
import { type Session, sessionRules, viewSession } from "./sessions.ts";
import {
  MENTEE,
  otherRole,
  type Role,
  type Rules,
  type Settled,
  type Step,
  settle,
} from "./steps.ts";

export const OF_AGREEMENT: readonly MentorshipType[] = ["agreement", "agreement-answer"];
export const OF_SESSION: readonly MentorshipType[] = ["session", "session-pick", "session-end"];

/** A message of a conversation, as far as a mentorship looks at it. */
export interface Message {
  /** As base64url. */
  readonly hash: string;
  readonly isOwn: boolean;
  /** By the writer's clock, since 1970-01-01 UTC. */
  readonly minute: number;
  readonly body: { readonly type: string };
}

/** The end of a mentorship. */
export interface ClosingState {
  /** Of the first word of it, by the clock of whoever wrote that. */
  readonly minute: number;
  readonly mine: Closing | null;
  readonly theirs: Closing | null;
  /** Day on which both delete what was said: the earlier wish; 0 for none. */
  readonly keptUntil: number;
  /** What both found, shown once both have said. */
  readonly lookingBack: BlindRound;
}

/** A thanks. */
export interface Thank {
  readonly hash: string;
  /** By the mentee's clock. */
  readonly minute: number;
  readonly text: string;
  /** Whether the mentor may show it to others. */
  readonly mayShow: boolean;
}

/** A mentorship as one side sees it. */
export interface Mentorship {
  /** `talking` while no terms are proposed. */
  readonly stage: "talking" | "proposed" | "agreed" | "closed";
  readonly agreement: Agreement;
  /** By time, those without one last. */
  readonly sessions: readonly Session[];
  /** In the order of their names, which are random. */
  readonly goals: readonly SharedGoal[];
  /** By time, without those put away. */
  readonly notes: readonly SharedNote[];
  /** Rounds in which either side has answered, by number. */
  readonly checkIns: readonly BlindRound[];
  readonly closing: ClosingState | null;
  /** Of the mentee, by time. */
  readonly thanks: readonly Thank[];
  readonly passedOn: readonly PassedOn[];
}

/** One's own side of a conversation. */
export interface Side {
  /** Its id, 16 bytes. */
  readonly conversation: Uint8Array;
  readonly role: Role;
}

/** The mentorship that the messages of a conversation make, in any order. */
export function readMentorship(messages: Iterable<Message>, side: Side): Mentorship {
  const all = [...messages];
  const ends = all
    .filter(({ body }) => body.type === "close" || body.type === "freeze")
    .map(({ minute }) => minute);
  return readSteps(stepsOf(all, side.role), side, ends.length > 0 ? Math.min(...ends) : null);
}

/** The messages of a mentorship among those of a conversation. */
export function stepsOf(messages: Iterable<Message>, role: Role): Step[] {
  const steps: Step[] = [];
  for (const { hash, isOwn, minute, body } of messages) {
    if (!isMentorshipType(body.type)) continue;
    const writer = isOwn ? role : otherRole(role);
    steps.push({ hash, role: writer, minute, body: body as MentorshipBody });
  }
  return steps;
}

/**
 * The mentorship that *steps* make, in any order.
 *
 * @param endedMinute - when either side first ended or paused the conversation, or null.
 */
export function readSteps(
  steps: Iterable<Step>,
  side: Side,
  endedMinute: number | null,
): Mentorship {
  const all = [...new Map([...steps].map((one) => [one.hash, one])).values()].sort(inTime);
  const { role } = side;
  const closing = readClosing(all, side);
  const ends = [endedMinute, closing?.minute ?? null].filter((one) => one !== null);
  const overMinute = ends.length > 0 ? Math.min(...ends) : null;
  const agreement = viewAgreement(settle(ofTypes(all, OF_AGREEMENT), agreementRules), role);
  return {
    stage: stageOf(agreement, overMinute !== null),
    agreement,
    sessions: thingsOf(ofTypes(all, OF_SESSION), sessionRules)
      .map(([thing, settled]) => viewSession(thing, settled, role, overMinute))
      .sort(bySlot),
    goals: thingsOf(ofTypes(all, ["goal"]), goalRules).map(([thing, settled]) =>
      viewGoal(thing, settled, role),
    ),
    notes: thingsOf(ofTypes(all, ["note"]), noteRules)
      .map(([thing, settled]) => viewNote(thing, settled, role))
      .filter((note) => note.text !== "" || note.rivals.length > 0)
      .sort((a, b) => a.minute - b.minute || compareBase64url(a.thing, b.thing)),
    checkIns: checkInNumbers(all).map((number) => viewRound(number, all, side)),
    closing,
    thanks: readThanks(all),
    passedOn: all.map(({ body }) => body).filter((body) => body.type === "passed-on"),
  };
}

/** All things of one kind, in the order of their names. */
export function thingsOf<S>(steps: Iterable<Step>, rules: Rules<S>): [string, Settled<S>][] {
  const groups = new Map<string, Step[]>();
  for (const step of steps) {
    const thing = thingOf(step.body);
    groups.set(thing, [...(groups.get(thing) ?? []), step]);
  }
  const found: [string, Settled<S>][] = [];
  for (const [thing, group] of [...groups].sort(([a], [b]) => compareBase64url(a, b))) {
    const settled = settle(group, rules);
    if (settled !== null) found.push([thing, settled]);
  }
  return found;
}

/** What names the thing that *body* is a step of; empty for the agreement. */
export function thingOf(body: MentorshipBody): string {
  return "thing" in body ? body.thing : "";
}

/** Those of *steps* that are of these types. */
export function ofTypes(steps: Iterable<Step>, types: readonly MentorshipType[]): Step[] {
  return [...steps].filter(({ body }) => types.includes(body.type));
}

function inTime(a: Step, b: Step): number {
  return a.minute - b.minute || compareBase64url(a.hash, b.hash);
}

function bySlot(a: Session, b: Session): number {
  const [one, other] = [a, b].map((session) => session.picked ?? session.proposed[0]);
  if (one === undefined || other === undefined) {
    const difference = Number(one === undefined) - Number(other === undefined);
    return difference || compareBase64url(a.thing, b.thing);
  }
  return one.start - other.start || compareBase64url(a.thing, b.thing);
}

function stageOf(agreement: Agreement, isOver: boolean): Mentorship["stage"] {
  if (isOver) return "closed";
  if (agreement.terms !== null) return "agreed";
  return agreement.proposed === null ? "talking" : "proposed";
}

function readClosing(steps: readonly Step[], side: Side): ClosingState | null {
  const closings: { readonly role: Role; readonly minute: number; readonly body: Closing }[] =
    [];
  for (const { role, minute, body } of steps) {
    if (body.type === "closing") closings.push({ role, minute, body });
  }
  const [first] = closings;
  if (first === undefined) return null;
  const wishes = closings.map(({ body }) => body.kept_until).filter((until) => until > 0);
  return {
    minute: first.minute,
    mine: closings.find((one) => one.role === side.role)?.body ?? null,
    theirs: closings.find((one) => one.role !== side.role)?.body ?? null,
    keptUntil: wishes.length > 0 ? Math.min(...wishes) : 0,
    lookingBack: viewRound(CLOSING_ROUND, steps, side),
  };
}

function readThanks(steps: readonly Step[]): Thank[] {
  const thanks: Thank[] = [];
  for (const { hash, role, minute, body } of steps) {
    if (body.type !== "thanks" || role !== MENTEE) continue;
    thanks.push({ hash, minute, text: body.text, mayShow: body.may_show });
  }
  return thanks;
}
