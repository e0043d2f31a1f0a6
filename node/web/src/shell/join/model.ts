/** The steps of joining, and what leads from one to the next. Pure. */

import type { Login, RecoverySheet } from "../account.ts";

/** The steps, in their order. */
export const STEPS = ["invite", "login", "sheet", "safety"] as const;

/** One of {@link STEPS}. */
export type StepName = (typeof STEPS)[number];

/** Where somebody is. After `sheet` the account exists, so there is no way back to before it. */
export type JoinState =
  | { readonly step: "invite" }
  | { readonly step: "login" }
  | { readonly step: "sheet"; readonly login: Login; readonly sheet: RecoverySheet }
  | { readonly step: "safety" };

/** How each step stands to the present one. */
export function progressOf(
  state: JoinState,
): { name: StepName; is: "done" | "now" | "ahead" }[] {
  const now = STEPS.indexOf(state.step);
  return STEPS.map((name, at) => ({
    name,
    is: at < now ? "done" : at === now ? "now" : "ahead",
  }));
}

/** How many words are asked for. */
const ASKED = 2;

/**
 * Draws the lines of the sheet that are asked for, 1 to 12 and in their order.
 *
 * @param random a number from 0 up to, but not, 1; not secret, the words stand on the screen
 */
export function drawLines(count: number, random: () => number): number[] {
  const lines = Array.from({ length: count }, (_, i) => i + 1);
  const drawn: number[] = [];
  while (drawn.length < ASKED && lines.length > 0) {
    drawn.push(...lines.splice(Math.floor(random() * lines.length), 1));
  }
  return drawn.sort((a, b) => a - b);
}

/** Whether a typed word is the one on a line of the sheet. Case and blanks do not matter. */
export function isWordOf(sheet: RecoverySheet, line: number, typed: string): boolean {
  return sheet.words[line - 1] === typed.trim().toLowerCase();
}

/** The least a login needs before it is worth asking the node. */
export type LoginFault = "no-name" | "no-passphrase" | "same";

/** Returns what is missing from a login, or null. */
export function faultOf({ name, passphrase }: Login): LoginFault | null {
  if (name.trim() === "") return "no-name";
  if (passphrase === "") return "no-passphrase";
  return fold(name) === fold(passphrase) ? "same" : null;
}

function fold(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase();
}
