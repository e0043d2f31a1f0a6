/** The sentence that says why an offer is shown. Pure. */

import type { Format, Level, Way, When } from "../../kith/search/offer-content.ts";
import type { Speech } from "../../ui/text.tsx";
import type { ReasonModel, WhyModel } from "../browse-model.ts";
import { isolated, languageName, listText } from "../parts/format.ts";
import {
  ANSWERS_WORDS,
  FORMAT_WORDS,
  LEVEL_WORDS,
  WAY_WORDS,
  WHEN_WORDS,
} from "../parts/words.ts";

const FIRST = {
  "topic-exact": "why-topic-exact",
  "topic-under": "why-topic-under",
  "topic-near": "why-topic-near",
  words: "why-words",
  knows: "why-knows",
  language: "why-language",
  way: "why-way",
  format: "why-format",
  when: "why-when",
  level: "why-level",
} as const;

const DIFFERS = {
  "topic-near": "why-topic-near",
  "way-differs": "why-way-differs",
  "when-differs": "why-when-differs",
  "level-differs": "why-level-differs",
} as const;

/** One sentence or several, or null where nothing is worth saying. */
export function whyText(speech: Speech, why: WhyModel): string | null {
  const sentences = [
    sentence(speech, why.first, FIRST),
    why.also === undefined ? null : sentence(speech, why.also, FIRST),
    ...why.differences.map((one) => sentence(speech, one, DIFFERS)),
  ].filter((one) => one !== null);
  if (sentences.length === 0) return null;
  return sentences.reduce((first, second) => speech.t("two-sentences", { first, second }));
}

/** Whether the offer fits in part only: shown in grey and with another mark. */
export function fitsInPart(why: WhyModel): boolean {
  return why.first.code === "topic-near" || why.differences.length > 0;
}

function sentence(
  { t, language }: Speech,
  reason: ReasonModel,
  texts: Readonly<
    Record<string, (typeof FIRST)[keyof typeof FIRST] | (typeof DIFFERS)[keyof typeof DIFFERS]>
  >,
): string | null {
  if (reason.code === "has-room") return t("why-has-room");
  if (reason.code === "answers") return answersText(t, reason.values[0]);
  const key = texts[reason.code];
  if (key === undefined || reason.values.length === 0) return null;
  const words = reason.values.map((value) => wordOf({ t, language }, reason.code, value));
  return t(key, { what: listText(language, words, "and") });
}

function answersText(t: Speech["t"], value: string | undefined): string | null {
  if (value !== "days" && value !== "week" && value !== "longer") return null;
  return t("usually-answers", { when: t(ANSWERS_WORDS[value]) });
}

function wordOf(
  { t, language }: Pick<Speech, "t" | "language">,
  code: string,
  value: string,
): string {
  if (code === "language") return languageName(language, value);
  if (code.startsWith("way") && value in WAY_WORDS) return t(WAY_WORDS[value as Way]);
  if (code.startsWith("format") && value in FORMAT_WORDS) {
    return t(FORMAT_WORDS[value as Format]);
  }
  if (code.startsWith("when") && value in WHEN_WORDS) return t(WHEN_WORDS[value as When]);
  if (code.startsWith("level") && value in LEVEL_WORDS) return t(LEVEL_WORDS[value as Level]);
  return isolated(value);
}
