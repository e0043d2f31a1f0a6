import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decrypt, encrypt } from "../../../src/kith/crypto/aead.ts";
import { hex, parseHex, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { DecryptionError, KeyRefusedError } from "../../../src/kith/crypto/errors.ts";
import {
  OVERHEAD_BYTES,
  openSealed,
  PUBLIC_KEY_BYTES,
  seal,
  sealingPublicKey,
} from "../../../src/kith/crypto/hpke.ts";
import { cryptoVectors } from "../../support/vectors.ts";

interface XWingFile {
  readonly vectors: readonly { readonly sk: string; readonly pk: string }[];
}
interface SlotsFile {
  readonly slots: readonly {
    readonly wrapping_key: string;
    readonly vault_key: string;
    readonly nonce: string;
    readonly slot: string;
  }[];
}

const seed = new Uint8Array(32).fill(9);
const info = utf8("kith/test/v1\0");

describe("sealing", () => {
  it("grows the public keys of X-Wing", async () => {
    const { vectors } = cryptoVectors<XWingFile>("xwing.json");
    assert.ok(vectors.length > 0);
    for (const one of vectors) {
      assert.equal(hex(await sealingPublicKey(parseHex(one.sk))), one.pk);
    }
  });

  it("is opened by the key's holder alone, for the same purpose", async () => {
    const sealed = await seal(await sealingPublicKey(seed), utf8("hello"), info);
    assert.equal(sealed.length, 5 + OVERHEAD_BYTES);
    assert.deepEqual(await openSealed(seed, sealed, info), utf8("hello"));
    const other = new Uint8Array(32).fill(8);
    await assert.rejects(openSealed(other, sealed, info), DecryptionError);
    await assert.rejects(openSealed(seed, sealed, utf8("other")), DecryptionError);
    for (const at of [0, 1100, 1119, 1120, sealed.length - 1]) {
      const damaged = sealed.slice();
      damaged[at] = (damaged[at] ?? 0) ^ 1;
      await assert.rejects(openSealed(seed, damaged, info), DecryptionError, String(at));
    }
    await assert.rejects(openSealed(seed, sealed.slice(0, 1100), info), DecryptionError);
  });

  it("refuses what is no key", async () => {
    for (const key of [new Uint8Array(31), new Uint8Array(PUBLIC_KEY_BYTES).fill(255)]) {
      await assert.rejects(seal(key, utf8("hello"), info), KeyRefusedError);
    }
  });
});

describe("encryption", () => {
  it("makes the slots that every client makes", async () => {
    const { slots } = cryptoVectors<SlotsFile>("kith_keys.json");
    assert.ok(slots.length > 0);
    for (const one of slots) {
      const key = parseHex(one.wrapping_key);
      const nonce = parseHex(one.nonce);
      const slot = await encrypt(key, parseHex(one.vault_key), { nonce });
      assert.equal(hex(slot), one.slot);
      assert.equal(hex(await decrypt(key, slot)), one.vault_key);
    }
  });

  it("binds what goes with the text", async () => {
    const key = seed;
    const bound = utf8("a");
    const sealed = await encrypt(key, utf8("text"), { nonce: new Uint8Array(12), bound });
    assert.deepEqual(await decrypt(key, sealed, { bound }), utf8("text"));
    await assert.rejects(decrypt(key, sealed), DecryptionError);
    await assert.rejects(decrypt(key, sealed.slice(0, 20), { bound }), DecryptionError);
  });
});
