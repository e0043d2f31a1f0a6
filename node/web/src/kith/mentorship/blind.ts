/**
 * Answers that two people show each other only once both have given theirs.
 *
 * Each first sends a commitment to an answer, which shows nothing of it; when both are there,
 * each opens theirs. Somebody who commits twice in one round is not believed, whatever they open.
 *
 *     commitment = HMAC-SHA-256(opening, "kith/answer/v1\0" ‖ conversation ‖ role ‖ answers)
 *
 * with 32 random bytes as the opening, and the answers as canonical JSON. Sources: RFC 2104,
 * RFC 8785; SPEC.md, section on mentorships.
 */

import {
  base64url,
  compareBase64url,
  concat,
  isEqual,
  label,
  parseBase64url,
} from "../crypto/bytes.ts";
import { hmacSha256 } from "../crypto/hashes.ts";
import { canonicalBytes } from "../crypto/json.ts";
import type { Feeling, Reveal } from "./bodies.ts";
import { otherRole, type Role, type Step } from "./steps.ts";

export const CLOSING_ROUND = 0;
export const OPENING_BYTES = 32;

const LABEL = label("kith/answer/v1");

/** What one side answers. */
export interface Answers {
  /** Of the check-in; 0 for the closing. */
  readonly number: number;
  /** To a check-in; empty at the closing. */
  readonly feeling: Feeling;
  /** In the order of what was asked. */
  readonly words: readonly string[];
}

/** A check-in or the closing, as one side sees it. */
export interface BlindRound {
  readonly number: number;
  /** Whether one has committed to an answer. */
  readonly isMineIn: boolean;
  readonly isTheirsIn: boolean;
  /** Whether one has opened it. */
  readonly isMineOpen: boolean;
  /** What the other side says; null until both are in and they have opened theirs. */
  readonly theirs: Answers | null;
  /** What they opened is not what they committed to. */
  readonly isTheirsFalse: boolean;
  /** Whether it is time to open one's own answer. */
  readonly isToReveal: boolean;
}

/** Where an answer belongs. */
export interface Place {
  /** 16 bytes. */
  readonly conversation: Uint8Array;
  /** Of who answers. */
  readonly role: Role;
}

/**
 * The 32 bytes that commit to *answers* and show nothing of them.
 *
 * @param opening - 32 random bytes, never used twice.
 */
export function commitAnswers(
  { feeling, number, words }: Answers,
  opening: Uint8Array,
  { conversation, role }: Place,
): Uint8Array {
  if (opening.length !== OPENING_BYTES) throw new RangeError("an opening is 32 bytes");
  const document = canonicalBytes({ feeling, number, words });
  return hmacSha256(opening, concat(LABEL, conversation, Uint8Array.of(role), document));
}

/** The message that opens *answers*. */
export function revealOf({ number, feeling, words }: Answers, opening: Uint8Array): Reveal {
  return { type: "reveal", number, opening: base64url(opening), feeling, words };
}

/** Whether *reveal* opens *commitment*, base64url. */
export function isOpenedBy(commitment: string, reveal: Reveal, place: Place): boolean {
  const opening = parseBase64url(reveal.opening, OPENING_BYTES);
  return isEqual(commitAnswers(reveal, opening, place), parseBase64url(commitment));
}

/** The commitments of one side in one round, base64url, in the order of their bytes. */
export function commitmentsOf(steps: Iterable<Step>, number: number, role: Role): string[] {
  const found = new Set<string>();
  for (const { body, role: of } of steps) {
    if (of !== role) continue;
    if (body.type === "check-in" && body.number === number) found.add(body.commitment);
    const isClosing = body.type === "closing" && number === CLOSING_ROUND;
    if (isClosing && body.commitment !== "") found.add(body.commitment);
  }
  return [...found].sort(compareBase64url);
}

/** Numbers of the check-ins in which either side has answered, ascending. */
export function checkInNumbers(steps: Iterable<Step>): number[] {
  const numbers = new Set<number>();
  for (const { body } of steps) if (body.type === "check-in") numbers.add(body.number);
  return [...numbers].sort((a, b) => a - b);
}

/** One round as the side with `place.role` sees it; other steps than its do not matter. */
export function viewRound(number: number, steps: Iterable<Step>, place: Place): BlindRound {
  const all = [...steps];
  const other = otherRole(place.role);
  const mine = commitmentsOf(all, number, place.role);
  const theirs = commitmentsOf(all, number, other);
  const reveals: { readonly role: Role; readonly body: Reveal }[] = [];
  for (const { role, body } of all.sort((a, b) => compareBase64url(a.hash, b.hash))) {
    if (body.type === "reveal" && body.number === number) reveals.push({ role, body });
  }
  const opened = reveals.filter((one) => one.role === other).map((one) => one.body);
  const [commitment, second] = theirs;
  const from = { ...place, role: other };
  const believed =
    commitment !== undefined && second === undefined
      ? opened.find((body) => isOpenedBy(commitment, body, from))
      : undefined;
  const isMineOpen = reveals.some((one) => one.role === place.role);
  const isBothIn = mine.length > 0 && theirs.length > 0;
  return {
    number,
    isMineIn: mine.length > 0,
    isTheirsIn: theirs.length > 0,
    isMineOpen,
    theirs: isBothIn && believed !== undefined ? answersOf(believed) : null,
    isTheirsFalse:
      isBothIn && (second !== undefined || (opened.length > 0 && believed === undefined)),
    isToReveal: isBothIn && !isMineOpen,
  };
}

function answersOf({ number, feeling, words }: Reveal): Answers {
  return { number, feeling, words };
}
