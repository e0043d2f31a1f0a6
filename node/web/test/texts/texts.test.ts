import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  compareWithEnglish,
  keysModule,
  readFluent,
  unusedKeys,
} from "../../src/texts/check.ts";
import { chooseLanguage, directionOf, LANGUAGES } from "../../src/texts/languages.ts";
import { findLiterals } from "../../src/texts/literals.ts";
import { toPseudo } from "../../src/texts/pseudo.ts";
import { makeTexts } from "../../src/texts/texts.ts";

const ENGLISH = `
go-back = Back
list-count =
    { $count ->
        [one] { $count } entry
       *[other] { $count } entries
    }
`;

const compare = (source: string, language: string): string[] =>
  compareWithEnglish(readFluent(ENGLISH, "en"), readFluent(source, language), language).map(
    ({ what }) => what,
  );

test("a translation with all keys and its own plurals has no findings", () => {
  const polish = ENGLISH.replace("*[other]", "[few] { $count } wpisy\n [many] x\n *[other]");
  assert.deepEqual(compare(polish, "pl"), []);
  assert.deepEqual(compare(ENGLISH, "de"), []);
});

test("missing and unknown keys, wrong placeables and wrong plurals are found", () => {
  assert.deepEqual(compare("go-back = x", "de"), ["list-count: missing"]);
  assert.deepEqual(compare(`${ENGLISH}\nother = x`, "de"), ["other: unknown in English"]);
  assert.deepEqual(compare(ENGLISH, "pl"), ["list-count: lacks the plural few,many"]);
  assert.deepEqual(compare(ENGLISH.replace("[one]", "[few]"), "de"), [
    "list-count: lacks the plural one",
    "list-count: has the plural few in vain",
  ]);
  assert.deepEqual(compare("go-back = { $x }\nlist-count = { $count }", "de"), [
    "go-back: has {x}, English has {}",
    "list-count: has no plural",
  ]);
});

test("broken Fluent, keys that stand twice and attributes are found", () => {
  assert.equal(readFluent("!!", "en").findings.length, 1);
  assert.equal(readFluent("a = x\na = y", "en").findings.length, 1);
  assert.equal(readFluent("a = x\n    .b = y", "en").findings.length, 1);
});

test("a key counts as used where it stands as a whole literal", () => {
  assert.deepEqual(unusedKeys(["go-back", "go"], ['t("go-back")']), ["go"]);
});

test("the table of keys names placeables", () => {
  const table = keysModule(readFluent(ENGLISH, "en"));
  assert.match(table, /"go-back": never;/);
  assert.match(table, /"list-count": "count";/);
});

test("texts in a screen's source are found; keys, conditions and words of people are not", () => {
  const found = (jsx: string): string[] => findLiterals(`const x = ${jsx};`);
  assert.deepEqual(found("<p>Hello</p>"), ["Hello"]);
  assert.deepEqual(found('<p title="Hello">{t("a")}</p>'), ["Hello"]);
  assert.deepEqual(found('<p>{busy ? "Wait" : t("a")}</p>'), ["Wait"]);
  assert.deepEqual(found('<p>{name ?? "Nobody"}</p>'), ["Nobody"]);
  assert.deepEqual(found('<p>{"by " + name}</p>'), ["by"]);
  assert.deepEqual(found('<p class="big">{state === "busy" && t("a")} · {name}</p>'), []);
});

test("the pseudo-locale keeps white space, and is longer wherever there are letters", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => {
      const pseudo = toPseudo(text);
      assert.equal(pseudo.length > text.length, /\p{L}/u.test(text));
      assert.equal(/\s*$/.exec(pseudo)?.[0], /\s*$/.exec(text)?.[0]);
    }),
  );
});

test("plurals and numbers follow the language; a missing message shows its key", () => {
  const t = makeTexts("en", ["list-count = { $count ->\n [one] one\n *[other] { $count }\n }"]);
  assert.equal(t("list-count", { count: 1 }), "one");
  assert.equal(t("list-count", { count: 1500 }).replace(/[\u2068\u2069]/g, ""), "1,500");
  assert.equal(t("go-back"), "go-back");
});

test("the browser's languages are asked in their order, among those there are texts in", () => {
  assert.equal(chooseLanguage(["nl-BE", "pt-BR", "en"]), "pt");
  assert.equal(chooseLanguage(["pt-BR", "de"], ["en", "de"]), "de");
  assert.equal(chooseLanguage(["xx"]), "en");
  assert.deepEqual(
    LANGUAGES.filter((language) => directionOf(language) === "rtl"),
    ["ar"],
  );
});
