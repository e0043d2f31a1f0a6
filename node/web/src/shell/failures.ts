/** What was refused, as sentences: what, and the next step. */

import type { TextKey } from "../texts/texts.ts";
import { Refusal, type RefusalReason } from "./account.ts";

/** Keys of texts that need nothing put in. */
export type PlainKey = TextKey & (`error-${string}` | `refused-${string}`);

/** Two sentences. */
export interface Failure {
  readonly title: PlainKey;
  readonly next: PlainKey;
}

const UNKNOWN: Failure = { title: "error-unknown", next: "error-unknown-next" };

const FAILURES: Readonly<Record<RefusalReason, Failure>> = {
  unreachable: { title: "error-unreachable", next: "error-unreachable-next" },
  wrong: { title: "refused-wrong", next: "refused-wrong-next" },
  "slow-down": { title: "refused-slow", next: "refused-slow-next" },
  "invite-used": { title: "refused-invite", next: "refused-invite-next" },
  "words-wrong": { title: "refused-words", next: "refused-words-next" },
};

/** Returns the sentences for anything that was thrown. */
export function failureOf(error: unknown): Failure {
  return error instanceof Refusal ? FAILURES[error.reason] : UNKNOWN;
}
