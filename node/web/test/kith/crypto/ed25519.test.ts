import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseHex } from "../../../src/kith/crypto/bytes.ts";
import { parseVerifyKey, SigningKey, verifyEd25519 } from "../../../src/kith/crypto/ed25519.ts";
import { KeyRefusedError, SignatureError } from "../../../src/kith/crypto/errors.ts";
import { cryptoVectors } from "../../support/vectors.ts";

interface Case {
  readonly public_key: string;
  readonly message: string;
  readonly signature: string;
}
interface File {
  readonly vectors: readonly (Case & { secret_key?: string; expect: string })[];
  readonly wycheproof: readonly (Case & { tcId: number; result: string; comment: string })[];
  readonly small_order_points: readonly string[];
}

const file = cryptoVectors<File>("ed25519.json");

function isAccepted({ public_key, message, signature }: Case): boolean {
  try {
    const key = parseVerifyKey(parseHex(public_key));
    verifyEd25519(key, parseHex(signature), parseHex(message));
    return true;
  } catch (error) {
    assert.ok(error instanceof SignatureError || error instanceof KeyRefusedError);
    return false;
  }
}

describe("Ed25519", () => {
  it("makes the signatures of RFC 8032", () => {
    assert.ok(file.vectors.length > 3);
    for (const one of file.vectors) {
      assert.equal(isAccepted(one), one.expect === "valid");
      if (one.secret_key === undefined || one.expect !== "valid") continue;
      const key = SigningKey.fromSeed(parseHex(one.secret_key));
      assert.deepEqual(key.sign(parseHex(one.message)), parseHex(one.signature));
      assert.deepEqual(new Uint8Array(key.verifyKey), parseHex(one.public_key));
    }
  });

  it("takes and refuses what Wycheproof says", () => {
    for (const one of file.wycheproof) {
      assert.equal(isAccepted(one), one.result === "valid", `${one.tcId} ${one.comment}`);
    }
  });

  it("refuses keys of small order", () => {
    for (const point of file.small_order_points) {
      assert.throws(() => parseVerifyKey(parseHex(point)), KeyRefusedError);
    }
  });

  it("shows nothing of its seed", () => {
    const key = SigningKey.fromSeed(new Uint8Array(32).fill(7));
    assert.doesNotMatch(JSON.stringify(key), /7,7|0707|seed/);
  });
});
