/**
 * The few choices that must be known before the vault is open: language, mask, minutes until
 * locking. They stand unencrypted in the browser's local storage under a neutral name, say
 * nothing about the member but these, and are gone with the browser's own "delete site data".
 */

import { isLanguage, type Language } from "../texts/languages.ts";
import { LOCK_AFTER_MINUTES } from "./auto-lock.ts";
import { isMask, type Mask } from "./discreet.ts";

/** The choices; null language: whatever the browser prefers. */
export interface Prefs {
  readonly language: Language | null;
  readonly mask: Mask;
  readonly lockMinutes: number;
}

/** The part of `Storage` used here. It may throw at any call: storage can be switched off. */
export interface TextStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** Where the choices stand. */
export const PREFS_KEY = "p";

/** What holds before anything was chosen. */
export const DEFAULT_PREFS: Prefs = {
  language: null,
  mask: "none",
  lockMinutes: LOCK_AFTER_MINUTES[0],
};

/** Reads what was written; anything unknown becomes the default. */
export function parsePrefs(text: string | null): Prefs {
  let found: unknown;
  try {
    found = JSON.parse(text ?? "");
  } catch {
    return DEFAULT_PREFS;
  }
  if (typeof found !== "object" || found === null) return DEFAULT_PREFS;
  const { l, m, k }: { l?: unknown; m?: unknown; k?: unknown } = found;
  return {
    language: isLanguage(l) ? l : null,
    mask: isMask(m) ? m : "none",
    lockMinutes: LOCK_AFTER_MINUTES.find((minutes) => minutes === k) ?? LOCK_AFTER_MINUTES[0],
  };
}

/** Returns what {@link parsePrefs} reads. */
export function encodePrefs({ language, mask, lockMinutes }: Prefs): string {
  return JSON.stringify({ l: language, m: mask, k: lockMinutes });
}

/** Reads from a store that may refuse. */
export function readPrefs(store: TextStore): Prefs {
  try {
    return parsePrefs(store.getItem(PREFS_KEY));
  } catch {
    return DEFAULT_PREFS;
  }
}

/** Writes to a store that may refuse: then the choice lasts until the page is closed. */
export function writePrefs(store: TextStore, prefs: Prefs): void {
  try {
    store.setItem(PREFS_KEY, encodePrefs(prefs));
  } catch {
    // Nothing to do: private windows of some engines keep nothing.
  }
}
