/**
 * A member in a program of its own, told what to do line by line: how the tests of the whole
 * try this library against nodes and against the command line.
 *
 * A line in is a JSON list, `[name, …arguments]`; a line out is `{"ok": …}` or `{"error": code}`.
 */

import { createInterface } from "node:readline";
import type { Drawer } from "../../src/kith/account/keep.ts";
import { type Means, Member } from "../../src/kith/account/member.ts";
import { parseRecovery, recoveryWords } from "../../src/kith/account/recovery-code.ts";
import { KithError } from "../../src/kith/crypto/errors.ts";
import type { JsonObject } from "../../src/kith/crypto/json.ts";
import { wasmArgon2id } from "../../src/kith/crypto/passphrase.ts";
import { systemRng } from "../../src/kith/crypto/random.ts";
import { NodeConnection } from "../../src/kith/node/connection.ts";

const [, , origin = ""] = process.argv;
const clock = () => Math.floor(Date.now() / 1000);
const connection = new NodeConnection(origin, { clock, rng: systemRng, fetch });
const held = new Map<string, Uint8Array>();
const drawer: Drawer = {
  get: async (name) => held.get(name) ?? null,
  put: async (name, bytes) => void held.set(name, bytes),
  delete: async (name) => void held.delete(name),
  clear: async () => held.clear(),
};
const means: Means = { connection, drawer, clock, rng: systemRng, stretch: wasmArgon2id };
let current: Member | null = null;

function member(): Member {
  if (current === null) throw new Error("nobody is signed in");
  return current;
}

const wordsOf = (code: Uint8Array) => recoveryWords(code).join(" ");

const DOES: Readonly<Record<string, (...given: string[]) => Promise<unknown>>> = {
  join: async (invite = "", name = "", passphrase = "") => {
    const joined = await Member.join(invite, { name, passphrase }, means);
    current = joined.member;
    return wordsOf(joined.code);
  },
  signIn: async (name = "", passphrase = "") => {
    current = await Member.signIn({ name, passphrase }, means);
    return current.actor;
  },
  recover: async (words = "", name = "", passphrase = "") => {
    parseRecovery(words);
    const joined = await Member.recover(words, { name, passphrase }, means);
    current = joined.member;
    return wordsOf(joined.code);
  },
  changePassphrase: async (name = "", passphrase = "") =>
    wordsOf(await member().changePassphrase({ name, passphrase })),
  put: async (kind = "", id = "", value = "{}") =>
    member().vault.put(kind, id, JSON.parse(value) as JsonObject),
  delete: async (kind = "", id = "") => member().vault.delete(kind, id),
  list: async (kind = "") => Object.fromEntries(member().vault.list(kind)),
  sync: async () => member().vault.sync(),
  warnings: async () => [...member().vault.warnings],
  lock: async () => member().lock(),
  deleteAccount: async () => member().deleteAccount(),
};

async function answer(line: string): Promise<unknown> {
  const [name = "", ...given] = JSON.parse(line) as string[];
  try {
    return { ok: (await DOES[name]?.(...given)) ?? null };
  } catch (error) {
    return { error: error instanceof KithError ? error.code : String(error) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(line))}\n`);
}
