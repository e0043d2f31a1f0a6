import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { hex, parseUtf8, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { MalformedError, TooLargeError } from "../../../src/kith/crypto/errors.ts";
import { canonicalBytes, type JsonValue, parseJson } from "../../../src/kith/crypto/json.ts";
import { cryptoVectors } from "../../support/vectors.ts";

interface File {
  readonly documents: readonly {
    readonly name: string;
    readonly input_text: string;
    readonly canonical_hex: string;
  }[];
  readonly must_reject: readonly { readonly name: string; readonly text: string }[];
}

const file = cryptoVectors<File>("jcs.json");
const bounds = { maxBytes: 100_000 };

const read = (text: string): JsonValue => parseJson(utf8(text), bounds);

describe("canonical JSON", () => {
  it("is that of RFC 8785, or refused where the profile is narrower", () => {
    let taken = 0;
    for (const one of file.documents) {
      try {
        assert.equal(hex(canonicalBytes(read(one.input_text))), one.canonical_hex, one.name);
        taken += 1;
      } catch (error) {
        assert.ok(error instanceof MalformedError, one.name);
        const isNarrower =
          /[0-9][.eE]|[^\0-\x7f]|"(?:[^"\\]|\\.)*[^A-Za-z0-9@:/#._"-][^"]*"\s*:/;
        assert.match(one.input_text, isNarrower, one.name);
      }
    }
    assert.ok(taken > 0);
  });

  it("refuses what must be", () => {
    for (const one of file.must_reject) {
      assert.throws(
        () => parseJson(new TextEncoder().encode(one.text), bounds),
        MalformedError,
        one.name,
      );
    }
  });

  it("is read back as it was written", () => {
    const name = fc
      .stringMatching(/^[A-Za-z0-9@:/#._-]{1,8}$/)
      .filter((n) => n !== "__proto__");
    const { value } = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.string({ unit: "grapheme" }),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(name, tie("value"), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (one) => {
        const raw = canonicalBytes(one);
        const again = parseJson(raw, bounds);
        assert.equal(parseUtf8(canonicalBytes(again)), parseUtf8(raw));
      }),
    );
  });

  it("keeps to its bounds", () => {
    assert.throws(() => parseJson(utf8("[1,2]"), { maxBytes: 4 }), TooLargeError);
    assert.throws(() => parseJson(utf8("[[1]]"), { maxBytes: 9, maxDepth: 1 }), MalformedError);
    assert.throws(
      () => parseJson(utf8("[1,2]"), { maxBytes: 9, maxMembers: 1 }),
      MalformedError,
    );
    assert.throws(() => canonicalBytes(0.5), MalformedError);
    assert.throws(() => canonicalBytes({ "a b": 1 }), MalformedError);
    assert.throws(() => canonicalBytes("\ud800"), MalformedError);
  });
});
