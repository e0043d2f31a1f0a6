import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  base64url,
  compareBytes,
  concat,
  hex,
  isEqual,
  parseBase64url,
  parseHex,
  readUint32,
  readUint64,
  uint32,
  uint64,
} from "../../../src/kith/crypto/bytes.ts";
import { MalformedError } from "../../../src/kith/crypto/errors.ts";

const bytes = fc.uint8Array({ maxLength: 40 });

describe("bytes", () => {
  it("have one spelling each", () => {
    fc.assert(
      fc.property(bytes, (raw) => {
        assert.deepEqual(parseBase64url(base64url(raw), raw.length), raw);
        assert.equal(base64url(raw), Buffer.from(raw).toString("base64url"));
        assert.deepEqual(parseHex(hex(raw)), raw);
      }),
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_=+/-]{0,12}$/), (text) => {
        try {
          assert.equal(base64url(parseBase64url(text)), text);
        } catch (error) {
          assert.ok(error instanceof MalformedError);
        }
      }),
    );
  });

  it("refuse other spellings", () => {
    for (const text of ["A", "AB==", "AB", "A+", "AÄ", "AAAA\n", "AAAAA"]) {
      assert.throws(() => parseBase64url(text), MalformedError, text);
    }
    assert.throws(() => parseBase64url("AAAA", 4), MalformedError);
  });

  it("compare", () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        assert.equal(isEqual(a, b), Buffer.compare(a, b) === 0);
        assert.equal(Math.sign(compareBytes(a, b)), Buffer.compare(a, b));
      }),
    );
  });

  it("hold numbers", () => {
    fc.assert(
      fc.property(fc.nat({ max: Number.MAX_SAFE_INTEGER }), (value) => {
        assert.equal(readUint64(concat(new Uint8Array(3), uint64(value)), 3), value);
        const small = value % 2 ** 32;
        assert.equal(readUint32(uint32(small)), small);
      }),
    );
    assert.throws(() => readUint64(new Uint8Array(8).fill(255)), MalformedError);
  });
});
