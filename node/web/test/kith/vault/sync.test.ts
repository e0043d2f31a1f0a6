import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DecryptionError, UnavailableError } from "../../../src/kith/crypto/errors.ts";
import { NodeUnreachableError } from "../../../src/kith/node/errors.ts";
import { VaultCopy, type VaultState } from "../../../src/kith/vault/copy.ts";
import { Vault, type Warning } from "../../../src/kith/vault/vault.ts";
import { seededRng } from "../../support/rng.ts";
import { VaultNode } from "../../support/vault-node.ts";

const DAY_S = 86_400;
const KEY = new Uint8Array(32).fill(5);

interface Device {
  readonly vault: Vault;
  readonly copy: VaultCopy;
}

function deviceAt(
  node: VaultNode,
  seed: number,
  {
    state = null,
    days = 20_000,
    key = KEY,
  }: { state?: VaultState | null; days?: number; key?: Uint8Array } = {},
): Device {
  const copy = new VaultCopy(state, { clock: () => days * DAY_S, rng: seededRng(seed) });
  const keys = {
    vaultKey: key,
    nextVaultKey: null,
    takeNextVaultKey: () => undefined,
    commit: () => Promise.resolve(),
  };
  return { copy, vault: new Vault(copy, keys, node) };
}

const valuesOf = ({ vault }: Device) => Object.fromEntries(vault.list("note"));
const warningsOf = ({ vault }: Device): Warning[] => [...vault.warnings];

describe("a vault on two devices", () => {
  it("becomes the same, with what either wrote and deleted", async () => {
    const node = new VaultNode();
    const [one, other] = [deviceAt(node, 1), deviceAt(node, 2)];
    one.vault.put("note", "a", { text: "ä" });
    one.vault.put("note", "b", { text: "b" });
    await one.vault.sync();
    await other.vault.sync();
    assert.deepEqual(valuesOf(other), valuesOf(one));
    other.vault.delete("note", "b");
    one.vault.put("note", "c", { text: "c" });
    await other.vault.sync();
    await one.vault.sync();
    await other.vault.sync();
    assert.deepEqual(valuesOf(one), { a: { text: "ä" }, c: { text: "c" } });
    assert.deepEqual(valuesOf(other), valuesOf(one));
    assert.deepEqual([...warningsOf(one), ...warningsOf(other)], []);
  });

  it("writes over nothing that another device wrote in the same moment", async () => {
    const node = new VaultNode();
    const [one, other] = [deviceAt(node, 1), deviceAt(node, 2)];
    await one.vault.sync();
    await other.vault.sync();
    one.vault.put("note", "a", {});
    other.vault.put("note", "b", {});
    node.beforeWrite = () => other.vault.sync();
    await one.vault.sync();
    await other.vault.sync();
    assert.deepEqual(Object.keys(valuesOf(one)).sort(), ["a", "b"]);
    assert.deepEqual(valuesOf(other), valuesOf(one));
  });

  it("keeps what was put while it was being written", async () => {
    const node = new VaultNode();
    const one = deviceAt(node, 1);
    one.vault.put("note", "a", { n: 1 });
    const syncing = one.vault.sync();
    node.beforeWrite = () => {
      one.vault.put("note", "a", { n: 2 });
      return Promise.resolve();
    };
    await syncing;
    assert.ok(one.vault.isBehind);
    await one.vault.sync();
    const other = deviceAt(node, 2);
    await other.vault.sync();
    assert.deepEqual(valuesOf(other), { a: { n: 2 } });
  });

  it("goes on after an answer that was lost", async () => {
    const node = new VaultNode();
    const one = deviceAt(node, 1);
    one.vault.put("note", "a", {});
    node.losesAnswer = true;
    await assert.rejects(one.vault.sync(), NodeUnreachableError);
    one.vault.put("note", "b", {});
    await one.vault.sync();
    assert.equal(one.vault.isBehind, false);
    assert.deepEqual(warningsOf(one), []);
  });

  it("settles whatever each of three devices does, and in whatever order", async () => {
    const step = fc.record({
      device: fc.nat(2),
      does: fc.constantFrom("put", "delete", "sync"),
      id: fc.constantFrom("a", "b", "c"),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const node = new VaultNode();
        const devices = [1, 2, 3].map((seed) => deviceAt(node, seed));
        for (const [at, { device, does, id }] of steps.entries()) {
          const vault = devices[device]?.vault;
          if (does === "put") vault?.put("note", id, { at });
          else if (does === "delete") vault?.delete("note", id);
          else await vault?.sync();
        }
        for (const one of [...devices, ...devices]) await one.vault.sync();
        const [first, ...rest] = devices.map(valuesOf);
        for (const values of rest) assert.deepEqual(values, first);
        assert.deepEqual(devices.flatMap(warningsOf), []);
      }),
      { numRuns: 25 },
    );
  });
});

describe("a vault at a node that cheats", () => {
  it("tells that it was set back, and writes back what is missing", async () => {
    const node = new VaultNode();
    const one = deviceAt(node, 1);
    one.vault.put("note", "a", {});
    await one.vault.sync();
    const old = new Map(node.chunks);
    one.vault.put("note", "b", {});
    await one.vault.sync();
    node.chunks = old;
    await one.vault.sync();
    assert.ok(warningsOf(one).includes("rolled-back"));
    const other = deviceAt(node, 2);
    await other.vault.sync();
    assert.deepEqual(Object.keys(valuesOf(other)).sort(), ["a", "b"]);
  });

  it("tells that it is gone, and writes it anew", async () => {
    const node = new VaultNode();
    const one = deviceAt(node, 1);
    one.vault.put("note", "a", {});
    await one.vault.sync();
    node.chunks.clear();
    await one.vault.sync();
    assert.deepEqual(warningsOf(one), ["gone"]);
    const other = deviceAt(node, 2);
    await other.vault.sync();
    assert.deepEqual(Object.keys(valuesOf(other)), ["a"]);
  });

  it("tells of a damaged chunk, and mends it from what it has", async () => {
    const node = new VaultNode();
    const [one, other] = [deviceAt(node, 1), deviceAt(node, 2)];
    one.vault.put("note", "a", {});
    await one.vault.sync();
    for (const [number, chunk] of node.chunks) if (number > 0) chunk[20] = (chunk[20] ?? 0) ^ 1;
    await assert.rejects(other.vault.sync(), DecryptionError);
    const again = deviceAt(node, 3, { state: { ...one.copy.state(), stored: null } });
    await again.vault.sync();
    assert.deepEqual(warningsOf(again), ["damaged"]);
    await other.vault.sync();
    assert.deepEqual(Object.keys(valuesOf(other)), ["a"]);
  });

  it("does not open under another key", async () => {
    const node = new VaultNode();
    await deviceAt(node, 1).vault.sync();
    const other = deviceAt(node, 2, { key: new Uint8Array(32) });
    await assert.rejects(other.vault.sync(), DecryptionError);
  });

  it("gives up where somebody always writes first", async () => {
    const node = new VaultNode();
    const one = deviceAt(node, 1);
    await one.vault.sync();
    one.vault.put("note", "a", {});
    let count = 0;
    const always = async () => {
      count += 1;
      const other = deviceAt(node, 100 + count);
      other.vault.put("note", `x${count}`, {});
      await other.vault.sync();
      node.beforeWrite = always;
    };
    node.beforeWrite = always;
    await assert.rejects(one.vault.sync(), UnavailableError);
  });
});

describe("a device", () => {
  it("keeps its copy and goes on with it", async () => {
    const node = new VaultNode();
    const one = deviceAt(node, 1);
    one.vault.put("note", "a", { text: "\n" });
    await one.vault.sync();
    one.vault.put("note", "b", {});
    const again = deviceAt(node, 9, { state: one.copy.state() });
    assert.deepEqual(valuesOf(again), valuesOf(one));
    assert.ok(again.vault.isBehind);
    node.calls = [];
    await again.vault.sync();
    assert.deepEqual(node.calls, ["PUT /api/v1/vault"]);
  });

  it("that was set back stands for a new one", async () => {
    const node = new VaultNode();
    const one = deviceAt(node, 1);
    one.vault.put("note", "a", { n: 1 });
    await one.vault.sync();
    const old = one.copy.state();
    one.vault.put("note", "a", { n: 2 });
    await one.vault.sync();
    const back = deviceAt(node, 9, { state: old });
    await back.vault.sync();
    assert.notDeepEqual(back.vault.device, old.device);
    assert.deepEqual(valuesOf(back), { a: { n: 2 } });
  });

  it("forgets deletions after 45 days", async () => {
    const node = new VaultNode();
    const one = deviceAt(node, 1);
    one.vault.put("note", "a", {});
    one.vault.delete("note", "a");
    await one.vault.sync();
    assert.equal(one.copy.snapshot().size, 1);
    const later = deviceAt(node, 2, { state: one.copy.state(), days: 20_045 });
    later.vault.put("note", "b", {});
    await later.vault.sync();
    assert.equal(later.copy.snapshot().size, 1);
  });
});
