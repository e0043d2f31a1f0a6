/** What the library needs of this browser. */

import type { Means } from "../kith/account/member.ts";
import { systemRng } from "../kith/crypto/random.ts";
import { NodeConnection } from "../kith/node/connection.ts";
import { openDrawer } from "./drawer.ts";
import { workerArgon2id } from "./stretch.ts";

const SECOND_MS = 1000;

/** Clock, randomness, the node this page came from, and where things are kept. */
export async function browserMeans(): Promise<Means> {
  const clock = () => Math.floor(Date.now() / SECOND_MS);
  const rng = systemRng;
  const connection = new NodeConnection(location.origin, {
    clock,
    rng,
    fetch: (address, options) => fetch(address, options),
  });
  const drawer = await openDrawer(globalThis.indexedDB);
  return { connection, drawer, clock, rng, stretch: workerArgon2id };
}
