/**
 * How long a passphrase of one's own would stand against guessing; loaded when somebody writes
 * one. Two judges, of whom the stricter counts: zxcvbn, which knows the passwords that people
 * take, keyboards and dates, and an estimate by words that holds in every language.
 */

import { ZxcvbnFactory } from "@zxcvbn-ts/core";
import { adjacencyGraphs, dictionary } from "@zxcvbn-ts/language-common";
import { bitsOf } from "./word-strength.ts";

/** 0: at once … 4: not within anybody's reach. */
export type Strength = 0 | 1 | 2 | 3 | 4;

/** Whoever has the database could try this; below it a passphrase is refused. */
export const ENOUGH: Strength = 3;

/** Bits at which each strength begins. Each guess costs 64 MiB and about a second. */
const WORD_STEPS = [22, 34, 46, 60] as const;

/** The same for zxcvbn, in powers of ten: it counts what it does not know as one digit a character. */
const KNOWN_STEPS = [6, 9, 11, 14] as const;

const judge = new ZxcvbnFactory({ dictionary, graphs: adjacencyGraphs });

/**
 * Estimates a passphrase.
 *
 * @param known what others know or can guess: the name, the community
 */
export function strengthOf(passphrase: string, known: readonly string[] = []): Strength {
  const folded = passphrase.normalize("NFKC");
  const { guessesLog10 } = judge.check(folded, [...known]);
  const byWords = stepOf(bitsOf(folded, known), WORD_STEPS);
  const byKnown = stepOf(guessesLog10, KNOWN_STEPS);
  return byWords < byKnown ? byWords : byKnown;
}

function stepOf(value: number, steps: readonly number[]): Strength {
  return steps.filter((least) => value >= least).length as Strength;
}
