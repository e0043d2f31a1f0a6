/** Screens by name, and invented things that several of them show. */

import type { ComponentChildren } from "preact";
import { sha256 } from "../../src/kith/crypto/hashes.ts";
import type { Failure, PersonaLook } from "../../src/screens/parts/model.ts";

/** Name, as `area/state`, to what draws it. */
export type Shots = Readonly<Record<string, () => ComponentChildren>>;

/** Callbacks that do nothing. */
export function idle<T extends object>(): T {
  return new Proxy({}, { get: () => () => undefined }) as T;
}

/** Bytes of a picture. */
export function picture(name: string): Uint8Array {
  return sha256(new TextEncoder().encode(name));
}

export function persona(name: string, pronouns?: string): PersonaLook {
  return { id: name, name, picture: picture(name), ...(pronouns ? { pronouns } : {}) };
}

export const FAILURE: Failure = {
  title: "This community cannot be reached",
  next: "The line or the server is down. Nothing is lost: what you wrote is kept here.",
};

/** 19 November 2026, 12:00 UTC, in seconds. */
export const NOW = 1_795_089_600;
/** The same day, in days since 1970. */
export const TODAY = 20_776;
