import type { TextStore } from "./prefs.ts";

/** The browser's own store. Where storage is switched off, even naming it throws: at each call. */
export const localStore: TextStore = {
  getItem: (key) => localStorage.getItem(key),
  setItem: (key, value) => localStorage.setItem(key, value),
};
