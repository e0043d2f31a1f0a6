/**
 * What the shell needs to know of the member's side of the app. The app implements it; the shell
 * only calls it, and shows what it says.
 */

import type { ReadonlySignal } from "@preact/signals";

/**
 * Where the account stands.
 *
 * - `out`: nobody is signed in on this device
 * - `locked`: somebody was; the keys are gone from memory
 * - `in`: the vault is open
 */
export type AccountState = "out" | "locked" | "in";

/** A login name and a passphrase, as written. Neither leaves the device. */
export interface Login {
  readonly name: string;
  readonly passphrase: string;
}

/** What opens the vault when name and passphrase are lost. */
export interface RecoverySheet {
  /** Twelve words. */
  readonly words: readonly string[];
  /** The same as 32 letters and digits, for a QR code. */
  readonly qrText: string;
}

/**
 * Why something was refused, in words that the shell has a sentence for. Anything else that is
 * thrown counts as `unknown`.
 *
 * - `unreachable`: no answer; trying again may help
 * - `wrong`: name, passphrase or words do not open anything here
 * - `slow-down`: too many attempts
 * - `invite-used`: the invite was used, has run out, or never was
 * - `words-wrong`: these are not twelve words of the list that fit together
 */
export type RefusalReason =
  | "unreachable"
  | "wrong"
  | "slow-down"
  | "invite-used"
  | "words-wrong";

/** A refusal that the shell can explain. */
export class Refusal extends Error {
  constructor(readonly reason: RefusalReason) {
    super(reason);
  }
}

/** The member's side, as the shell sees it. All methods that return promises may throw {@link Refusal}. */
export interface Account {
  readonly state: ReadonlySignal<AccountState>;
  /** Draws a name of three words and a passphrase of six. */
  suggest(): Promise<Login>;
  /** Opens the vault of somebody who has joined before. */
  signIn(login: Login): Promise<void>;
  /**
   * Joins with an invite and returns the recovery sheet. The vault is open afterwards.
   *
   * @param invite what stands after `#i=` in the link, 28 characters
   */
  join(invite: string, login: Login): Promise<RecoverySheet>;
  /** Opens the vault by the twelve words or the QR code's text, and sets a new login. */
  recover(sheet: string, login: Login): Promise<void>;
  /** Drops keys and texts from memory, at once; must not wait for anything and not throw. */
  lock(): void;
}
