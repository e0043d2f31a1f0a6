import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fold } from "../../../src/kith/search/fold.ts";
import { wordsOf } from "../../../src/kith/search/words.ts";
import { protocolVectors } from "../../support/vectors.ts";

const { vectors } = protocolVectors<{ vectors: { text: string; folded: string }[] }>(
  "fold.json",
);
const FOLDING = [..."aAàÅ#+ .-ـءأؤىةﻻﷺ٣ガｶﾞŁıİςﬀßᾀᏸꭰ", "\u0301", "\u200d", "\u00ad", "\u0345"];
const odd = fc.string({ unit: fc.constantFrom(...FOLDING), maxLength: 20 });
const any = fc.string({ unit: "binary", maxLength: 40 });

test("folds as the vectors say, composed or not", () => {
  for (const { text, folded } of vectors) {
    assert.equal(fold(text), folded, text);
    assert.equal(fold(text.normalize("NFD")), folded, text);
  }
});

test("folding twice changes nothing", () => {
  fc.assert(fc.property(fc.oneof(any, odd), (text) => fold(fold(text)) === fold(text)));
});

test("folded text has single inner blanks and no capitals", () => {
  fc.assert(
    fc.property(fc.oneof(any, odd), (text) => {
      const folded = fold(text);
      assert.equal(folded, folded.split(/\s+/u).filter(Boolean).join(" "));
      if (!/[\u13a0-\u13ff]/.test(folded)) assert.equal(folded, folded.toLowerCase());
    }),
  );
});

test("words are folded one by one", () => {
  fc.assert(
    fc.property(any, odd, (left, right) => {
      assert.equal(fold(`${left} ${right}`), `${fold(left)} ${fold(right)}`.trim());
    }),
  );
});

test("ASCII alone is folded as among other letters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii", maxLength: 20 }), (text) => {
      const alone = `\u00e9 ${fold(text)}`.trim().replace("\u00e9", "e");
      assert.equal(alone, fold(`\u00e9 ${text}`));
    }),
  );
});

test("words are those of the vectors", () => {
  const { words } = protocolVectors<{ words: [string, string[]][] }>("topic_finding.json");
  for (const [text, expected] of words) assert.deepEqual(wordsOf(text), expected);
  assert.deepEqual(wordsOf("a b c", 2), ["a", "b"]);
});
