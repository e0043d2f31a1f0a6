import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";
import { fitsInPart, whyText } from "../../src/screens/browse/why.ts";
import type { WhyModel } from "../../src/screens/browse-model.ts";
import {
  dateText,
  dayKey,
  listText,
  ownName,
  ownNames,
  spanText,
} from "../../src/screens/parts/format.ts";
import { makeTexts } from "../../src/texts/texts.ts";

const sources = readdirSync("locale/en")
  .filter((name) => name.endsWith(".ftl"))
  .map((name) => readFileSync(join("locale/en", name), "utf8"));
const speech = { language: "en", t: makeTexts("en", sources) } as const;
/** Without the marks around what was put in. */
const plain = (text: string | null): string | null =>
  text === null ? null : text.replace(/[\u2066-\u2069]/g, "");

const why = (first: WhyModel["first"], more: Partial<WhyModel> = {}): WhyModel => ({
  first,
  differences: [],
  ...more,
});

test("the reason says what fits first, then the language, then what differs", () => {
  const whole = why(
    { code: "topic-exact", values: ["CVs", "Interviews"] },
    { also: { code: "language", values: ["ar"] } },
  );
  assert.equal(
    plain(whyText(speech, whole)),
    "About CVs and Interviews. In Arabic, which you can read.",
  );
  assert.equal(fitsInPart(whole), false);
  const part = why(
    { code: "topic-near", values: ["Interviews"] },
    { differences: [{ code: "way-differs", values: ["listen"] }] },
  );
  assert.equal(plain(whyText(speech, part)), "Close to it: Interviews. They listen instead.");
  assert.equal(fitsInPart(part), true);
});

test("codes that are not known are passed over", () => {
  assert.equal(whyText(speech, why({ code: "later-than-this", values: ["x"] })), null);
  assert.equal(whyText(speech, why({ code: "answers", values: ["later-than-this"] })), null);
});

test("answers and room have sentences of their own", () => {
  const answers = why({ code: "answers", values: ["week"] });
  assert.equal(plain(whyText(speech, answers)), "Usually answers within a week");
  assert.equal(plain(whyText(speech, why({ code: "has-room", values: [] }))), "There is room.");
});

test("day numbers have no zone", () => {
  assert.equal(dateText("en", 0), "1 January 1970");
  assert.equal(dateText("en", 20_776), "19 November 2026");
});

test("spans can be told on another clock", () => {
  assert.match(spanText("en", 1_795_089_600, 45, 0), /^12:00.12:45$/u);
  assert.match(spanText("en", 1_795_089_600, 45, 330), /^17:30.18:15$/u);
});

test("moments of one day share its key", () => {
  const noon = new Date(2026, 10, 19, 12).getTime() / 1000;
  assert.equal(dayKey(noon), dayKey(noon + 3600));
  assert.notEqual(dayKey(noon), dayKey(noon + 86_400));
});

test("languages show their own names, each in its own direction", () => {
  assert.equal(ownName("ja"), "日本語");
  assert.equal(ownName("sw"), "Kiswahili");
  assert.equal(ownName("not a tag"), "not a tag");
  assert.equal(ownNames("en", ["ar", "en"]), "\u2068العربية\u2069, \u2068English\u2069");
});

test("lists are joined as the language joins them", () => {
  assert.equal(listText("en", ["a", "b", "c"], "or"), "a, b or c");
  assert.equal(listText("ja", ["a", "b"], "and"), "a、b");
});
