import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KithError, MalformedError } from "../../src/kith/crypto/errors.ts";
import { parseOrigin } from "../../src/kith/origin.ts";
import { checkText, checkWords, cleanText } from "../../src/kith/text.ts";
import { protocolVectors } from "../support/vectors.ts";

interface File {
  readonly texts: {
    readonly max_characters: number;
    readonly taken: readonly string[];
    readonly refused: Readonly<Record<string, string>>;
  };
}

const { texts } = protocolVectors<File>("kith_wire.json");

describe("texts of offers", () => {
  it("are taken as every node takes them", () => {
    for (const text of texts.taken) assert.equal(checkText(text, texts.max_characters), text);
  });

  it("are refused as every node refuses them", () => {
    for (const [text, code] of Object.entries(texts.refused)) {
      assert.throws(
        () => checkText(text, texts.max_characters),
        (error) => error instanceof KithError && error.code === code,
        JSON.stringify(text),
      );
    }
  });
});

describe("private texts", () => {
  it("may hold links, names and several lines, and nothing that misleads", () => {
    const text = "See https://node.example\nand ask @me, +49 170 1234567";
    assert.equal(checkWords(text, 100), text);
    assert.equal(checkWords("😀", 1), "😀");
    for (const one of ["a\u202eb", "a\tb", "Cafe\u0301", "\ud800", "x".repeat(101)]) {
      assert.throws(() => checkWords(one, 100), MalformedError, JSON.stringify(one));
    }
  });

  it("of strangers are shown cut and cleaned", () => {
    assert.equal(cleanText(" a\u202eb\nc\u0007 ", 10), "ab c");
    assert.equal(cleanText("😀😀😀", 2), "😀😀");
    assert.equal(cleanText("e\u0301", 5), "é");
  });
});

describe("origins", () => {
  it("have one spelling", () => {
    for (const one of [
      "https://node.example",
      "https://a.b.example:8443",
      "http://localhost:1",
    ]) {
      assert.equal(parseOrigin(one), one);
    }
    for (const one of [
      "https://node.example/",
      "https://node.example:443",
      "https://node.example:0443",
      "https://Node.example",
      "https://node",
      "https://10.0.0.1",
      "https://user@node.example",
      "http://node.example",
      "https://hidden.onion",
      "https://-a.example",
      "https://node.example:70000",
      "ftp://node.example",
      `https://${"a".repeat(64)}.example`,
      "",
    ]) {
      assert.throws(() => parseOrigin(one), MalformedError, one);
    }
  });
});
