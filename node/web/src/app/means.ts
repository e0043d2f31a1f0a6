/** What the library needs of this browser. */

import type { Means } from "../kith/account/member.ts";
import { systemRng } from "../kith/crypto/random.ts";
import { NodeConnection } from "../kith/node/connection.ts";
import { memoryDrawer, openDrawer } from "./drawer.ts";
import { workerArgon2id } from "./stretch.ts";

const SECOND_MS = 1000;
const LOCK = "data";

let onlyTab: Promise<boolean> | null = null;

/**
 * Whether this tab may use what the browser keeps; asked once, and kept until it is closed.
 *
 * Two tabs must not stand for one device, as each would write over what the other wrote. A
 * second one is a device of its own that keeps nothing.
 */
function isOnlyTab(): Promise<boolean> {
  onlyTab ??= new Promise((resolve) => {
    if (!("locks" in navigator)) return resolve(true); // browsers of before 2022
    const hold = (lock: Lock | null) => {
      resolve(lock !== null);
      return lock === null ? Promise.resolve() : new Promise<void>(() => undefined);
    };
    navigator.locks.request(LOCK, { ifAvailable: true }, hold).catch(() => resolve(true));
  });
  return onlyTab;
}

/** Clock, randomness, the node this page came from, and where things are kept. */
export async function browserMeans(): Promise<Means> {
  const clock = () => Math.floor(Date.now() / SECOND_MS);
  const rng = systemRng;
  const connection = new NodeConnection(location.origin, {
    clock,
    rng,
    fetch: (address, options) => fetch(address, options),
  });
  const drawer = (await isOnlyTab()) ? await openDrawer(globalThis.indexedDB) : memoryDrawer();
  return { connection, drawer, clock, rng, stretch: workerArgon2id };
}
