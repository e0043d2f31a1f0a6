import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { base64url, hex, parseHex, parseUtf8, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { DecryptionError, KithError } from "../../../src/kith/crypto/errors.ts";
import { sha256 } from "../../../src/kith/crypto/hashes.ts";
import type { JsonObject } from "../../../src/kith/crypto/json.ts";
import { judgeIndex, openData, openIndex, sealVault } from "../../../src/kith/vault/chest.ts";
import {
  deriveChunkKey,
  deriveDeviceKey,
  derivePasskeyWrap,
  openChunk,
  recordPlace,
  sealChunk,
} from "../../../src/kith/vault/chunk.ts";
import { chooseNumber, chunkOf, linesOf, unpack } from "../../../src/kith/vault/layout.ts";
import {
  type Contents,
  encodeRecord,
  join,
  nameOf,
  parseRecord,
  type Record as VaultRecord,
} from "../../../src/kith/vault/records.ts";
import { cryptoVectors, protocolVectors } from "../../support/vectors.ts";

interface Keys {
  readonly vault_key: string;
  readonly device_key: string;
  readonly passkeys: readonly {
    readonly prf_first: string;
    readonly credential_id: string;
    readonly wrap: string;
  }[];
  readonly places: Readonly<Record<string, number>>;
  readonly chunks: readonly {
    readonly chunk: number;
    readonly key: string;
    readonly nonce: string;
    readonly records: string;
    readonly at_least: number;
    readonly sealed: string;
  }[];
  readonly refused_chunks: Readonly<Record<string, string>>;
}
interface Format {
  readonly records: readonly (Omit<VaultRecord, "value"> & {
    readonly line: string;
    readonly value: JsonObject | null;
  })[];
  readonly refused_records: Readonly<Record<string, string>>;
  readonly joins: readonly {
    readonly why: string;
    readonly copies: readonly (readonly string[])[];
    readonly joined: readonly string[];
  }[];
  readonly places: readonly {
    readonly kind: string;
    readonly id: string;
    readonly place: number;
    readonly chunks: Readonly<Record<string, number>>;
  }[];
  readonly numbers: readonly {
    readonly bytes: number;
    readonly present: number;
    readonly number: number;
  }[];
  readonly refused_contents_of_chunk_1_of_15: Readonly<Record<string, string>>;
  readonly vault: {
    readonly vault_key: string;
    readonly device: string;
    readonly version: number;
    readonly records: readonly string[];
    readonly chunks: readonly {
      readonly chunk: number;
      readonly nonce: string;
      readonly size: number;
      readonly sealed_sha256: string;
    }[];
  };
  readonly refused_indexes: Readonly<Record<string, string>>;
  readonly judged: readonly {
    readonly seen: number;
    readonly version: number;
    readonly is_same_index: boolean;
    readonly verdict: string;
  }[];
}

const keys = cryptoVectors<Keys>("kith_vault.json");
const format = protocolVectors<Format>("vault.json");
const vaultKey = parseHex(keys.vault_key);
const nonceOf = (text: string) => () => parseHex(text);

function contentsOf(lines: readonly string[]): Contents {
  const records = lines.map((line) => parseRecord(utf8(line)));
  return new Map(records.map((record) => [nameOf(record), record]));
}

const linesIn = (contents: Contents) =>
  [...contents.values()].map((one) => parseUtf8(encodeRecord(one)));

describe("chunks", () => {
  it("have the keys and bytes of every client", async () => {
    assert.equal(hex(deriveDeviceKey(vaultKey)), keys.device_key);
    for (const { prf_first, credential_id, wrap } of keys.passkeys) {
      assert.equal(hex(derivePasskeyWrap(parseHex(prf_first), parseHex(credential_id))), wrap);
    }
    for (const [id, place] of Object.entries(keys.places)) assert.equal(recordPlace(id), place);
    for (const one of keys.chunks) {
      assert.equal(hex(deriveChunkKey(vaultKey, one.chunk)), one.key);
      const records = parseHex(one.records);
      const sealed = await sealChunk(
        vaultKey,
        one.chunk,
        records,
        nonceOf(one.nonce),
        one.at_least,
      );
      assert.equal(hex(sealed), one.sealed);
      assert.deepEqual(await openChunk(vaultKey, one.chunk, sealed), records);
    }
  });

  it("are refused whatever is wrong with them", async () => {
    for (const [name, raw] of Object.entries(keys.refused_chunks)) {
      await assert.rejects(openChunk(vaultKey, 7, parseHex(raw)), DecryptionError, name);
    }
  });
});

describe("records", () => {
  it("are written and read as by every client", () => {
    for (const { line, device, ...rest } of format.records) {
      const record = { ...rest, device: base64url(parseHex(device)) };
      assert.deepEqual(parseRecord(utf8(line)), record);
      assert.equal(parseUtf8(encodeRecord(record)), line);
    }
    for (const [name, line] of Object.entries(format.refused_records)) {
      assert.throws(() => parseRecord(new TextEncoder().encode(line)), KithError, name);
    }
  });

  it("of several devices become the same in any order, however often", () => {
    for (const { why, copies, joined } of format.joins) {
      const all = copies.map(contentsOf);
      for (const order of [all, [...all].reverse(), [...all, ...all]]) {
        assert.deepEqual(linesIn(join(...order)).sort(), [...joined].sort(), why);
      }
    }
    const record = fc.record({
      kind: fc.constant("note"),
      id: fc.constantFrom("a", "b"),
      rev: fc.integer({ min: 1, max: 3 }),
      device: fc.constantFrom("AAAAAAAAAAA", "BBBBBBBBBBA"),
      value: fc.record({ n: fc.nat(2) }),
      day: fc.constant(0),
    });
    const copy = fc
      .array(record, { maxLength: 4 })
      .map((all): Contents => new Map(all.map((one) => [nameOf(one), one])));
    const written = (one: Contents) => linesIn(one).sort();
    fc.assert(
      fc.property(copy, copy, copy, (a, b, c) => {
        assert.deepEqual(written(join(a, b)), written(join(b, a)));
        assert.deepEqual(written(join(join(a, b), c)), written(join(a, join(b, c))));
        assert.deepEqual(written(join(a, a)), written(a));
      }),
    );
  });
});

describe("a vault", () => {
  it("lies in the chunks of every client", () => {
    for (const { kind, id, place, chunks } of format.places) {
      assert.equal(recordPlace(`${kind}/${id}`), place);
      for (const [number, chunk] of Object.entries(chunks)) {
        assert.equal(chunkOf(`${kind}/${id}`, Number(number)), chunk);
      }
    }
    for (const { bytes, present, number } of format.numbers) {
      const line = new Uint8Array(Math.max(0, bytes - 1));
      const lines = new Map(bytes > 0 ? [["a/b", line]] : []);
      assert.equal(chooseNumber(lines, present), number);
    }
    for (const [name, content] of Object.entries(format.refused_contents_of_chunk_1_of_15)) {
      assert.throws(() => unpack(1, utf8(content), 15), KithError, name);
    }
  });

  it("is written to the byte as by every client, and read back", async () => {
    const { vault_key, device, version, records, chunks } = format.vault;
    const key = parseHex(vault_key);
    const nonces = chunks.filter(({ chunk }) => chunk > 0).map(({ nonce }) => parseHex(nonce));
    nonces.push(parseHex(chunks.find(({ chunk }) => chunk === 0)?.nonce ?? ""));
    const contents = contentsOf(records);
    const writing = await sealVault(key, contents, {
      before: null,
      changed: null,
      device: base64url(parseHex(device)),
      seen: version - 1,
      rng: () => nonces.shift() ?? new Uint8Array(),
    });
    assert.equal(linesOf(contents).size, records.length);
    for (const { chunk, size, sealed_sha256 } of chunks) {
      const raw = writing.chunks.get(chunk);
      assert.ok(raw);
      assert.deepEqual([raw.length, hex(sha256(raw))], [size, sealed_sha256]);
    }
    const index = await openIndex(key, writing.chunks.get(0) ?? new Uint8Array());
    assert.deepEqual(index, writing.stored.index);
    const read = new Map<string, VaultRecord>();
    for (const [chunk, raw] of writing.chunks) {
      if (chunk === 0) continue;
      for (const [name, record] of await openData(key, chunk, raw, index))
        read.set(name, record);
    }
    assert.deepEqual(linesIn(read).sort(), [...records].sort());
  });

  it("refuses every index that is none", async () => {
    for (const [name, content] of Object.entries(format.refused_indexes)) {
      const raw = await sealChunk(vaultKey, 0, utf8(content), () => new Uint8Array(12), 16_384);
      await assert.rejects(openIndex(vaultKey, raw), DecryptionError, name);
    }
  });

  it("is judged as by every client", () => {
    const mark = new Uint8Array(32);
    for (const { seen, version, is_same_index, verdict } of format.judged) {
      const index = { version, device: "AAAAAAAAAAA", hashes: [] };
      const seenMark = is_same_index ? mark : new Uint8Array(32).fill(1);
      assert.equal(judgeIndex(index, mark, seen, seenMark), verdict);
    }
  });
});
