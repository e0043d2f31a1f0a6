/**
 * Things that two people change: each is a tree of steps, of which one is the head.
 *
 * Either side may act at any time, on several devices, and messages arrive late, twice, in any
 * order or never. So a step says which step it follows, and is judged in the state of that one
 * alone. What is not legal there is passed over, with all that follows it. Where two steps
 * follow the same one, one of the branches counts:
 *
 *     The head is the legal step with the greatest (finality, answers, depth, rank, hash).
 *
 * Depth is how many steps lead to it, answers how many of these answer a proposal. Finality and
 * rank are of its kind. So the head is a function of the *set* of messages: whoever has the same
 * messages sees the same.
 *
 * Source: SPEC.md, section on mentorships.
 */

import { compareBase64url } from "../crypto/bytes.ts";
import { UsageError } from "../crypto/errors.ts";
import type { MentorshipBody } from "./bodies.ts";

/** Roles in a conversation, as its messages carry them. */
export const MENTEE = 1;
export const MENTOR = 2;

export type Role = typeof MENTEE | typeof MENTOR;

/** The other side of *role*. */
export function otherRole(role: Role): Role {
  return role === MENTEE ? MENTOR : MENTEE;
}

/** One message of a mentorship. */
export interface Step {
  /** Of the message, as base64url. */
  readonly hash: string;
  readonly role: Role;
  /** By the writer's clock, since 1970-01-01 UTC. */
  readonly minute: number;
  readonly body: MentorshipBody;
}

/** What a step weighs among others. */
export interface Weight {
  readonly finality: number;
  /** Whether it answers a proposal. */
  readonly isAnswer: boolean;
  readonly rank: number;
}

/** What the steps of one kind of thing mean. Both throw UsageError where a step is not legal. */
export interface Rules<S> {
  begin(step: Step): S;
  follow(state: S, step: Step): S;
  weigh(step: Step): Weight;
}

/** A legal step. */
export interface Node<S> {
  readonly step: Step;
  /** After it. */
  readonly state: S;
  readonly answers: number;
  readonly depth: number;
  /** The first step that leads to it. */
  readonly first: Step;
}

/** A thing as it is now. */
export interface Settled<S> {
  /** What counts. */
  readonly head: Node<S>;
  /** Other legal steps as deep as the head, by hash. */
  readonly rivals: readonly Node<S>[];
}

/** The thing that *steps* make, in any order, repeated or not; null if none is legal. */
export function settle<S>(steps: Iterable<Step>, rules: Rules<S>): Settled<S> | null {
  const followers = new Map<string, Step[]>();
  for (const step of new Map([...steps].map((one) => [one.hash, one])).values()) {
    const after = followed(step.body);
    followers.set(after, [...(followers.get(after) ?? []), step]);
  }
  const nodes: Node<S>[] = [];
  const waiting: [Node<S> | null, Step][] = (followers.get("") ?? []).map((one) => [null, one]);
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = nodeOf(next[0], next[1], rules);
    if (node === null) continue;
    nodes.push(node);
    for (const one of followers.get(node.step.hash) ?? []) waiting.push([node, one]);
  }
  const [first, ...rest] = nodes;
  if (first === undefined) return null;
  const head = rest.reduce((best, node) => (isHeavier(node, best, rules) ? node : best), first);
  const rivals = nodes.filter((one) => one.depth === head.depth && one !== head);
  rivals.sort((a, b) => compareBase64url(a.step.hash, b.step.hash));
  return { head, rivals };
}

/** The hash of the step that *body* follows; empty for the first one. */
export function followed(body: MentorshipBody): string {
  return "after" in body ? body.after : "";
}

function nodeOf<S>(before: Node<S> | null, step: Step, rules: Rules<S>): Node<S> | null {
  const answers = (before?.answers ?? 0) + Number(rules.weigh(step).isAnswer);
  try {
    if (before === null)
      return { step, state: rules.begin(step), answers, depth: 1, first: step };
    const state = rules.follow(before.state, step);
    return { step, state, answers, depth: before.depth + 1, first: before.first };
  } catch (error) {
    if (error instanceof UsageError) return null;
    throw error;
  }
}

function isHeavier<S>(one: Node<S>, other: Node<S>, rules: Rules<S>): boolean {
  const [a, b] = [rules.weigh(one.step), rules.weigh(other.step)];
  const difference =
    a.finality - b.finality ||
    one.answers - other.answers ||
    one.depth - other.depth ||
    a.rank - b.rank ||
    compareBase64url(one.step.hash, other.step.hash);
  return difference > 0;
}
