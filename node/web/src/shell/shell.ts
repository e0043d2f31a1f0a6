/**
 * The state of the shell: who is in, what is shown, in which language, and what moves it.
 * Signals in, no drawing. The browser is handed in (`Browser`), so that tests can do without one.
 */

import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { chooseLanguage, type Language } from "../texts/languages.ts";
import type { Found } from "../texts/load.ts";
import { SPOKEN } from "../texts/spoken.ts";
import { TOAST_MS, ToastBox } from "../ui/toast.tsx";
import { type Account, type Login, type RecoverySheet, Refusal } from "./account.ts";
import { AutoLock, type Clock } from "./auto-lock.ts";
import type { Community, LoadCommunity } from "./community.ts";
import type { Mask } from "./discreet.ts";
import { inviteCodeOf } from "./invite.ts";
import type { Prefs } from "./prefs.ts";
import {
  AREAS,
  type Area,
  type MemberView,
  PUBLIC_PATHS,
  type PublicPage,
  pageOf,
  rootOf,
} from "./routes.ts";
import {
  afterBrowserBack,
  closeView,
  openView,
  type Step,
  startStack,
  switchArea,
  topOf,
  type ViewStack,
} from "./view-stack.ts";

/** What a history entry of ours holds: nothing that could be read out of it later. */
export type EntryMark = "base" | "sentinel" | "public";

/** What the shell needs from a browser. */
export interface Browser {
  readonly clock: Clock;
  /** Preferred languages, BCP 47, best first. */
  readonly languages: readonly string[];
  path(): string;
  fragment(): string;
  push(mark: EntryMark, path: string): void;
  replaceEntry(mark: EntryMark, path: string): void;
  forward(): void;
  back(): void;
  scroll(): number;
  /** Calls back after some milliseconds. */
  later(done: () => void, ms: number): void;
  /** May find another language, where the wanted one cannot be had. */
  loadTexts(language: Language): Promise<Found>;
  savePrefs(prefs: Prefs): void;
}

/** Member views, or the public pages only. */
export type Phase = "out" | "in";

/** The shell's state and what changes it. */
export class Shell {
  readonly phase = signal<Phase>("out");
  /** The public page shown; null: the member's view on top. */
  readonly page = signal<PublicPage | null>("community");
  /** An address that leads nowhere. */
  readonly lost = signal(false);
  readonly stack = signal<ViewStack<MemberView>>(startStack(rootOf(AREAS[0])));
  readonly prefs: Signal<Prefs>;
  readonly texts = signal<Found | null>(null);
  /** What the steward wrote; null while it is not known. */
  readonly community = signal<Community | null>(null);
  readonly online = signal(true);
  readonly updateReady = signal(false);
  /** Whether the last change of phase was a lock: the sign-in page says so. */
  readonly locked = signal(false);
  readonly invite = signal<string | null>(null);
  /** Areas in which something new waits. */
  readonly news = signal<ReadonlySet<Area>>(new Set());
  readonly toasts = new ToastBox();
  readonly top: ReadonlySignal<MemberView> = computed(() => topOf(this.stack.value).view);
  readonly autoLock: AutoLock;
  readonly #browser: Browser;
  readonly account: Account;
  readonly #loadCommunity: LoadCommunity;
  #awaitingBase = false;

  constructor(browser: Browser, account: Account, loadCommunity: LoadCommunity, prefs: Prefs) {
    this.#browser = browser;
    this.account = account;
    this.#loadCommunity = loadCommunity;
    this.prefs = signal(prefs);
    this.autoLock = new AutoLock(browser.clock, prefs.lockMinutes);
  }

  /** Reads the address, and loads the texts. */
  async start(): Promise<void> {
    this.#readAddress();
    void this.askCommunity();
    await this.#speak();
  }

  /** Asks the node what it says of itself, unless that is known. Failing changes nothing. */
  async askCommunity(): Promise<void> {
    if (this.community.value !== null) return;
    try {
      this.community.value = await this.#loadCommunity();
    } catch {
      // Public pages do without it, and ask again with the next page.
    }
  }

  #readAddress(): void {
    const code = inviteCodeOf(this.#browser.fragment());
    if (code !== null) {
      // The code must not stay in the history.
      this.invite.value = code;
      this.#browser.replaceEntry("public", PUBLIC_PATHS.join);
    }
    const page = pageOf(this.#browser.path());
    this.lost.value = page === null;
    this.page.value = page ?? "community";
    if (code === null) this.#browser.replaceEntry("public", this.#browser.path());
  }

  async #speak(): Promise<void> {
    const language = this.language;
    const found = await this.#browser.loadTexts(language);
    // Somebody may have chosen again meanwhile: the last choice wins.
    if (language === this.language) this.texts.value = found;
  }

  /** The language of the page. */
  get language(): Language {
    const chosen = this.prefs.value.language;
    return chooseLanguage(chosen === null ? this.#browser.languages : [chosen], SPOKEN);
  }

  /** Changes a choice and keeps it. */
  async setPrefs(change: Partial<Prefs>): Promise<void> {
    const prefs: Prefs = { ...this.prefs.value, ...change };
    this.prefs.value = prefs;
    this.#browser.savePrefs(prefs);
    this.autoLock.setMinutes(prefs.lockMinutes);
    if (change.language !== undefined) await this.#speak();
  }

  /** The chosen mask. */
  get mask(): Mask {
    return this.prefs.value.mask;
  }

  /** Shows a public page under its own address. */
  goPublic(page: PublicPage): void {
    if (this.page.value === page && !this.lost.value) return;
    this.lost.value = false;
    this.page.value = page;
    void this.askCommunity();
    this.#browser.push("public", PUBLIC_PATHS[page]);
  }

  /** Opens the vault, then the member's first view. Errors of the account pass through. */
  async signIn(login: Login): Promise<void> {
    await this.account.signIn(login);
    this.enter();
  }

  /**
   * Joins with the invite in memory. The vault is open then, and idleness locks it, while the
   * recovery sheet is still to be seen; {@link enter} shows the member's views. Errors pass through.
   */
  async join(login: Login): Promise<RecoverySheet> {
    const invite = this.invite.value;
    if (invite === null) throw new Refusal("invite-used");
    const sheet = await this.account.join(invite, login);
    this.autoLock.restart();
    return sheet;
  }

  /** Opens the vault by the recovery sheet and sets a new login. Errors of the account pass through. */
  async recover(sheet: string, login: Login): Promise<void> {
    await this.account.recover(sheet, login);
    this.enter();
  }

  /**
   * Takes a pasted invite: its code is kept in memory, not in the address. Returns whether there
   * is one in the text.
   */
  takeInvite(text: string): boolean {
    const code = inviteCodeOf(text);
    if (code !== null) this.invite.value = code;
    return code !== null;
  }

  /** Shows the member's first view: after signing in or joining. */
  enter(): void {
    this.#awaitingBase = false;
    this.locked.value = false;
    this.invite.value = null;
    this.autoLock.restart();
    this.stack.value = startStack(rootOf(AREAS[0]));
    this.phase.value = "in";
    this.lost.value = false;
    this.page.value = null;
    this.#browser.replaceEntry("base", PUBLIC_PATHS.community);
  }

  /** Locks and shows the sign-in page. */
  lock(): void {
    const wasOpen = this.#isOpen;
    this.account.lock();
    const above = this.stack.value.entries.length > 1 && this.page.value === null;
    this.stack.value = startStack(rootOf(AREAS[0]));
    this.news.value = new Set();
    this.toasts.clear();
    if (!wasOpen) return;
    this.invite.value = null;
    this.phase.value = "out";
    this.locked.value = true;
    this.page.value = "sign-in";
    // Without a change of address: a lock must not wait for the history, and Back leads to `/`.
    this.#browser.replaceEntry(above ? "sentinel" : "public", PUBLIC_PATHS["sign-in"]);
  }

  /** Says for a while what was done, with a way to take it back. */
  say(text: string, undo?: () => void): void {
    const id = this.toasts.say(text, undo);
    this.#browser.later(() => this.toasts.dismiss(id), TOAST_MS);
  }

  /** Locks if it is time to. Returns whether it did. */
  lockIfDue(): boolean {
    if (!this.#isOpen || !this.autoLock.isDue()) return false;
    this.lock();
    return true;
  }

  /** Opens a member view above the others. */
  open(view: MemberView): void {
    this.#take(openView(this.stack.value, view, this.#browser.scroll()));
  }

  /** Closes the view on top. */
  close(): void {
    this.#take(closeView(this.stack.value));
  }

  /** Changes to an area. */
  goArea(area: Area): void {
    if (this.page.value !== null) {
      // A public page stands in between: start anew above it.
      this.page.value = null;
      this.stack.value = startStack(rootOf(AREAS[0]));
      this.#browser.push("base", PUBLIC_PATHS.community);
    }
    this.#take(switchArea(this.stack.value, rootOf(area), area === AREAS[0]));
  }

  /** Answers the browser's Back and Forward. `mark`: of the entry that is now current. */
  onHistory(mark: EntryMark | null): void {
    if (this.phase.value === "out") {
      this.#showPath();
      return;
    }
    if (mark === "public" || mark === null) {
      this.#showPath();
      return;
    }
    const wasPublic = this.page.value !== null;
    this.page.value = null;
    if (mark === "sentinel") {
      // Forward, after all was closed: there is nothing up there.
      if (this.stack.value.entries.length === 1) this.#backToBase();
      return;
    }
    if (wasPublic) return;
    if (this.#awaitingBase) {
      this.#awaitingBase = false;
      return;
    }
    this.#take(afterBrowserBack(this.stack.value));
  }

  get #isOpen(): boolean {
    return this.phase.value === "in" || this.account.state.value === "in";
  }

  #backToBase(): void {
    this.#awaitingBase = true;
    this.#browser.back();
  }

  #showPath(): void {
    const page = pageOf(this.#browser.path());
    this.lost.value = page === null;
    this.page.value = page ?? "community";
  }

  #take(step: Step<MemberView>): void {
    this.stack.value = step.stack;
    switch (step.history) {
      case "push-sentinel":
        this.#browser.push("sentinel", PUBLIC_PATHS.community);
        break;
      case "forward-to-sentinel":
        this.#browser.forward();
        break;
      case "back-to-base":
        this.#backToBase();
        break;
      case "none":
        break;
    }
  }
}
