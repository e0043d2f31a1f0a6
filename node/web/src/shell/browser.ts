/** The real browser behind the shell. The only place of the shell that touches `window`. */

import { loadTexts } from "../texts/load.ts";
import type { Mask } from "./discreet.ts";
import { localStore } from "./local-store.ts";
import { lookOf } from "./looks.ts";
import { writePrefs } from "./prefs.ts";
import { type EscState, leave, onKey } from "./quick-exit.ts";
import type { Browser, EntryMark, Shell } from "./shell.ts";

/** Returns the browser as the shell wants it. */
export function realBrowser(): Browser {
  return {
    clock: { now: () => Date.now() },
    languages: navigator.languages,
    path: () => location.pathname,
    fragment: () => location.hash,
    push: (mark, path) => history.pushState({ k: mark }, "", path),
    replaceEntry: (mark, path) => history.replaceState({ k: mark }, "", path),
    forward: () => history.forward(),
    back: () => history.back(),
    scroll: () => scrollY,
    later: (done, ms) => void setTimeout(done, ms),
    loadTexts,
    savePrefs: (prefs) => writePrefs(localStore, prefs),
  };
}

function markOf(state: unknown): EntryMark | null {
  if (typeof state !== "object" || state === null || !("k" in state)) return null;
  const { k } = state;
  return k === "base" || k === "sentinel" || k === "public" ? k : null;
}

/** How often idleness is looked at, in milliseconds. */
const LOOK_MS = 5_000;

/** Leaves at once: quick exit. */
export function leaveNow(shell: Shell): void {
  leave({
    clear: () => {
      document.body.replaceChildren();
      document.title = "";
    },
    lock: () => shell.lock(),
    replace: (address) => location.replace(address),
  });
}

/** Lets the browser's events reach the shell. To be called once. */
export function listen(shell: Shell): void {
  let esc: EscState = null;
  const touch = (): void => {
    // What comes after the time is over must not revive the vault.
    if (!shell.lockIfDue()) shell.autoLock.touch();
  };
  addEventListener(
    "keydown",
    (event) => {
      const decision = onKey(esc, event);
      esc = decision.state;
      if (!decision.leave) return touch();
      event.preventDefault();
      event.stopImmediatePropagation();
      leaveNow(shell);
    },
    { capture: true },
  );
  addEventListener("pointerdown", touch, { capture: true, passive: true });
  addEventListener("wheel", touch, { capture: true, passive: true }); // somebody reads
  addEventListener("popstate", (event) => shell.onHistory(markOf(event.state)));
  addEventListener("pageshow", (event) => {
    // Out of the back-forward cache: what was cleared or locked must not be half there.
    if (event.persisted) location.reload();
  });
  document.addEventListener("visibilitychange", () => shell.lockIfDue());
  setInterval(() => shell.lockIfDue(), LOOK_MS);
  const online = (): void => {
    shell.online.value = navigator.onLine;
  };
  addEventListener("online", online);
  addEventListener("offline", online);
  online();
  history.scrollRestoration = "manual";
}

/** Shows title, icon and manifest, and the language of the page. */
export function dress(title: string, mask: Mask, language: string, dir: string): void {
  const root = document.documentElement;
  root.lang = language;
  root.dir = dir;
  document.title = title;
  const { icon, manifest } = lookOf(mask);
  point("link[rel='icon']", icon);
  point("link[rel='manifest']", manifest);
}

function point(selector: string, address: string): void {
  const link = document.querySelector<HTMLLinkElement>(selector);
  if (link && link.getAttribute("href") !== address) link.setAttribute("href", address);
}
