import assert from "node:assert/strict";
import { test } from "node:test";
import { fakeAccount } from "../../src/gallery/fake-account.ts";
import type { Account } from "../../src/shell/account.ts";
import { DEFAULT_PREFS, type Prefs } from "../../src/shell/prefs.ts";
import { type Browser, type EntryMark, Shell } from "../../src/shell/shell.ts";
import { makeTexts } from "../../src/texts/texts.ts";

const CODE = "A".repeat(28);

class FakeBrowser implements Browser {
  now = 0;
  languages = ["en"];
  entries: { mark: EntryMark | null; path: string }[];
  at = 0;
  hash = "";
  saved: Prefs | null = null;
  timers: (() => void)[] = [];
  readonly clock = { now: () => this.now };

  constructor(path: string) {
    const [bare = "/", hash] = path.split("#");
    this.entries = [{ mark: null, path: bare }];
    this.hash = hash === undefined ? "" : `#${hash}`;
  }

  path(): string {
    return this.entries[this.at]?.path ?? "/";
  }
  fragment(): string {
    return this.hash;
  }
  push(mark: EntryMark, path: string): void {
    this.entries = [...this.entries.slice(0, this.at + 1), { mark, path }];
    this.at += 1;
  }
  replaceEntry(mark: EntryMark, path: string): void {
    this.entries[this.at] = { mark, path };
  }
  /** Where Back and Forward lead; the shell hears of it by `hear`. */
  hear: (mark: EntryMark | null) => void = () => undefined;
  go(by: number): void {
    this.at += by;
    this.hear(this.entries[this.at]?.mark ?? null);
  }
  forward(): void {
    this.go(1);
  }
  back(): void {
    this.go(-1);
  }
  scroll(): number {
    return 0;
  }
  later(done: () => void): void {
    this.timers.push(done);
  }
  loadTexts: Browser["loadTexts"] = (language) =>
    Promise.resolve({ language, t: makeTexts(language, []) });
  savePrefs(prefs: Prefs): void {
    this.saved = prefs;
  }
}

function make(path: string, account: Account = fakeAccount()) {
  const browser = new FakeBrowser(path);
  const shell = new Shell(
    browser,
    account,
    () => Promise.reject(new TypeError()),
    DEFAULT_PREFS,
  );
  browser.hear = (mark) => shell.onHistory(mark);
  return { browser, shell, account };
}

test("an invite's code goes from the address into memory", async () => {
  const { browser, shell } = make(`/#i=${CODE}`);
  await shell.start();
  assert.equal(shell.invite.value, CODE);
  assert.equal(shell.page.value, "join");
  assert.deepEqual(browser.entries, [{ mark: "public", path: "/join" }]);
});

test("an unknown address is said to be one", async () => {
  const { shell } = make("/nowhere");
  await shell.start();
  assert.equal(shell.lost.value, true);
});

test("members' views share an address; Back closes them one by one", async () => {
  const { browser, shell } = make("/sign-in");
  await shell.start();
  await shell.signIn({ name: "a", passphrase: "b" });
  shell.goArea("talks");
  shell.open({ area: "talks", screen: "one", id: "7" });
  assert.equal(browser.entries.length, 2);
  assert.ok(browser.entries.every(({ path }) => path === "/"));
  browser.back();
  assert.equal(shell.top.value.screen, "root");
  assert.equal(shell.top.value.area, "talks");
  browser.back();
  assert.equal(shell.top.value.area, "browse");
  assert.equal(browser.at, 0);
});

test("Forward to where nothing is open any more leads back, and Back still works", async () => {
  const { browser, shell } = make("/sign-in");
  await shell.start();
  await shell.signIn({ name: "a", passphrase: "b" });
  shell.goArea("talks");
  browser.back();
  browser.forward();
  assert.equal(browser.at, 0);
  shell.goArea("me");
  browser.back();
  assert.equal(shell.top.value.area, "browse");
});

test("locking drops the keys, the views and what they said", async () => {
  const { browser, shell, account } = make("/sign-in");
  await shell.start();
  await shell.signIn({ name: "a", passphrase: "b" });
  shell.goArea("me");
  shell.say("done");
  shell.lock();
  assert.equal(account.state.value, "locked");
  assert.equal(shell.phase.value, "out");
  assert.equal(shell.page.value, "sign-in");
  assert.equal(shell.locked.value, true);
  assert.deepEqual(shell.toasts.shown.value, []);
  assert.equal(browser.path(), "/sign-in");
  browser.back();
  assert.notEqual(shell.page.value, null, "Back shows no member view");
});

test("while the recovery sheet is to be seen, idleness locks, too", async () => {
  const { browser, shell, account } = make(`/#i=${CODE}`);
  await shell.start();
  browser.now = 9 * 60_000;
  await shell.join({ name: "a", passphrase: "b" });
  assert.equal(shell.lockIfDue(), false, "the time began anew");
  browser.now += 5 * 60_000;
  assert.equal(shell.lockIfDue(), true);
  assert.equal(account.state.value, "locked");
  assert.equal(shell.page.value, "sign-in");
  await assert.rejects(shell.join({ name: "a", passphrase: "b" }), { reason: "invite-used" });
});

test("idleness locks, also on the first move after it", async () => {
  const { browser, shell } = make("/sign-in");
  await shell.start();
  await shell.signIn({ name: "a", passphrase: "b" });
  browser.now = 5 * 60_000 - 1;
  assert.equal(shell.lockIfDue(), false);
  browser.now += 1;
  assert.equal(shell.lockIfDue(), true);
  assert.equal(shell.lockIfDue(), false);
});

test("refusals pass through and leave one outside", async () => {
  const { shell } = make("/sign-in");
  await shell.start();
  await assert.rejects(shell.signIn({ name: "wrong", passphrase: "b" }), { reason: "wrong" });
  assert.equal(shell.phase.value, "out");
});

test("a chosen language is kept, and the last choice wins", async () => {
  const { browser, shell } = make("/");
  await shell.start();
  const slow = shell.setPrefs({ language: "ar" });
  await shell.setPrefs({ language: "de" });
  await slow;
  assert.equal(shell.texts.value?.language, "de");
  assert.equal(browser.saved?.language, "de");
});

test("a toast goes by itself", async () => {
  const { browser, shell } = make("/");
  await shell.start();
  shell.say("done");
  assert.equal(shell.toasts.shown.value.length, 1);
  for (const timer of browser.timers) timer();
  assert.equal(shell.toasts.shown.value.length, 0);
});
