import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  parseRecovery,
  recoveryQr,
  recoveryWords,
  suggestName,
  suggestPassphrase,
  unknownWords,
} from "../../../src/kith/account/recovery-code.ts";
import {
  communityId,
  deriveRecovery,
  deriveSignIn,
  foldName,
  unwrapVaultKey,
  wrapVaultKey,
} from "../../../src/kith/account/sign-in.ts";
import { WORDS } from "../../../src/kith/account/words.ts";
import { hex, parseHex, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { DecryptionError, UsageError } from "../../../src/kith/crypto/errors.ts";
import { sha256 } from "../../../src/kith/crypto/hashes.ts";
import { wasmArgon2id } from "../../../src/kith/crypto/passphrase.ts";
import { seededRng } from "../../support/rng.ts";
import { cryptoVectors } from "../../support/vectors.ts";

interface Keys {
  readonly community: { readonly actor: string; readonly id: string };
  readonly sign_in: {
    readonly name: string;
    readonly same_name: string;
    readonly folded_name: string;
    readonly passphrase: string;
    readonly auth: string;
    readonly wrap: string;
  };
  readonly recovery: { readonly code: string; readonly rauth: string; readonly rwrap: string };
  readonly words: { readonly count: number; readonly sha256_of_list_joined_by_spaces: string };
}
interface Vault {
  readonly recovery: readonly {
    readonly code: string;
    readonly words: string;
    readonly qr: string;
  }[];
  readonly refused_recovery: {
    readonly words: readonly string[];
    readonly qr: readonly string[];
  };
}

const keys = cryptoVectors<Keys>("kith_keys.json");
const vault = cryptoVectors<Vault>("kith_vault.json");
const community = parseHex(keys.community.id);

describe("signing in", () => {
  it("derives what every client derives, whatever the spelling of the name", async () => {
    assert.deepEqual(communityId(keys.community.actor), community);
    const { name, same_name, folded_name, passphrase, auth, wrap } = keys.sign_in;
    assert.equal(foldName(name), folded_name);
    for (const one of [name, same_name]) {
      const made = await deriveSignIn(one, passphrase, community, wasmArgon2id);
      assert.deepEqual([hex(made.auth), hex(made.wrap)], [auth, wrap]);
    }
  });

  it("takes no login that another device could read otherwise", async () => {
    const stretch = () => Promise.resolve(new Uint8Array(64));
    for (const one of ["", "a\n", "\ud800", "\u0378", "x".repeat(513)]) {
      await assert.rejects(deriveSignIn(one, "p", community, stretch), UsageError);
      await assert.rejects(deriveSignIn("n", one, community, stretch), UsageError);
    }
  });

  it("folds cases as Unicode does", () => {
    for (const [one, other] of [
      ["STRASSE", "straße"],
      ["ΑΣ", "ας"],
      ["ﬁne", "FINE"],
      ["ᾳ", "ΑΙ"],
      ["Ａ", "a"],
    ]) {
      assert.equal(foldName(one ?? ""), foldName(other ?? ""));
    }
    assert.notEqual(foldName("ı"), foldName("I"));
  });

  it("wraps the vault key", async () => {
    const [key, wrap] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
    const slot = await wrapVaultKey(key, wrap, seededRng(1));
    assert.equal(slot.length, 60);
    assert.deepEqual(await unwrapVaultKey(slot, wrap), key);
    await assert.rejects(unwrapVaultKey(slot, key), DecryptionError);
  });
});

describe("a recovery code", () => {
  it("derives what every client derives", () => {
    const made = deriveRecovery(parseHex(keys.recovery.code), community);
    assert.deepEqual(
      [hex(made.auth), hex(made.wrap)],
      [keys.recovery.rauth, keys.recovery.rwrap],
    );
  });

  it("is written as words and as a QR code, and read back", () => {
    for (const { code, words, qr } of vault.recovery) {
      assert.equal(recoveryWords(parseHex(code)).join(" "), words);
      assert.equal(recoveryQr(parseHex(code)), qr);
      assert.equal(hex(parseRecovery(` ${words.toUpperCase().replaceAll(" ", "-\n")} `)), code);
      assert.equal(hex(parseRecovery(`${qr}\n`)), code);
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (code) => {
        assert.deepEqual(parseRecovery(recoveryWords(code).join(" ")), code);
        assert.deepEqual(parseRecovery(recoveryQr(code)), code);
      }),
    );
  });

  it("is refused where it does not fit together", () => {
    const { words, qr } = vault.refused_recovery;
    // A blank around what was scanned is forgiven.
    const trimmed = qr.filter((text) => text === text.trim());
    for (const text of [...words, ...trimmed]) {
      assert.throws(() => parseRecovery(text), UsageError, text);
    }
    assert.deepEqual(unknownWords(["About", "nowhere", "zoom"]), [1]);
  });
});

describe("words", () => {
  it("are those of every client", () => {
    assert.equal(WORDS.length, keys.words.count);
    const joined = hex(sha256(utf8(WORDS.join(" "))));
    assert.equal(joined, keys.words.sha256_of_list_joined_by_spaces);
  });

  it("are offered as a name and a passphrase", () => {
    const rng = seededRng(2);
    assert.equal(suggestName(rng).split("-").length, 3);
    const words = suggestPassphrase(rng).split("-");
    assert.equal(words.length, 6);
    assert.ok(words.every((word) => WORDS.includes(word)));
    assert.notEqual(suggestPassphrase(rng), suggestPassphrase(rng));
  });
});
