import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { hex, parseHex, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { plainArgon2id, wasmArgon2id } from "../../../src/kith/crypto/passphrase.ts";
import { cryptoVectors } from "../../support/vectors.ts";

interface File {
  readonly sign_in: {
    readonly normalised_passphrase: string;
    readonly salt: string;
    readonly master_key: string;
  };
}

const { sign_in: known } = cryptoVectors<File>("kith_keys.json");

describe("passphrases", () => {
  for (const [name, stretch] of Object.entries({ wasmArgon2id, plainArgon2id })) {
    it(`are stretched to what every client gets by ${name}`, async () => {
      const got = await stretch(utf8(known.normalised_passphrase), parseHex(known.salt), 64);
      assert.equal(hex(got), known.master_key);
    });
  }
});
