/**
 * The member's side of the app, as the shell sees it: who is in, and what failed.
 *
 * The library that does the work is loaded when it is first needed: somebody who only reads what
 * this community is loads none of it.
 */

import { signal } from "@preact/signals";
import type { Joined, Means, Member } from "../kith/account/member.ts";
import {
  type Account,
  type AccountState,
  type Login,
  type RecoverySheet,
  Refusal,
  type RefusalReason,
} from "../shell/account.ts";

/** What opens accounts; loaded when needed. */
export type Opener = typeof import("./opening.ts");

/** How the account gets at what it needs. */
export interface Surroundings {
  readonly load: () => Promise<Opener>;
  readonly means: () => Promise<Means>;
}

/** The account of whoever sits in front of the page. */
export class AppAccount implements Account {
  readonly state = signal<AccountState>("out");
  /** Whose vault is open, or null. */
  readonly member = signal<Member | null>(null);
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  async suggest(): Promise<Login> {
    const { suggestLogin } = await this.#around.load();
    return suggestLogin();
  }

  async signIn(login: Login): Promise<void> {
    const { Member } = await this.#around.load();
    const means = await this.#around.means();
    this.#enter(await this.#try(() => Member.signIn(login, means), "wrong"));
  }

  async join(invite: string, login: Login): Promise<RecoverySheet> {
    const { Member } = await this.#around.load();
    const means = await this.#around.means();
    return this.#sheet(await this.#try(() => Member.join(invite, login, means), "invite-used"));
  }

  async recover(sheet: string, login: Login): Promise<void> {
    const { Member } = await this.#around.load();
    const means = await this.#around.means();
    await this.#sheet(await this.#try(() => Member.recover(sheet, login, means), "wrong"));
  }

  lock(): void {
    this.member.value?.lock();
    this.member.value = null;
    if (this.state.value === "in") this.state.value = "locked";
  }

  async #sheet({ member, code }: Joined): Promise<RecoverySheet> {
    this.#enter(member);
    const { sheetOf } = await this.#around.load();
    return sheetOf(code);
  }

  #enter(member: Member): void {
    this.member.value = member;
    this.state.value = "in";
  }

  /** What *work* returns, or why not. *closed* is what it means that nothing opened. */
  async #try<T>(work: () => Promise<T>, closed: RefusalReason): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const { reasonOf } = await this.#around.load();
      const reason = reasonOf(error, closed);
      throw reason === null ? error : new Refusal(reason);
    }
  }
}
