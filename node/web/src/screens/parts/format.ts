/** Days, times and lists in the words of a language. Pure; times are seconds since 1970 UTC. */

import { isLanguage, type Language, OWN_NAMES } from "../../texts/languages.ts";

const DAY_SECONDS = 86_400;

/** The tag for days and times: English as in the texts of the interface. */
function formsOf(language: Language): string {
  return language === "en" ? "en-GB" : language;
}

/** A moment's day in the reader's own zone, as `YYYY-MM-DD`: messages of one day share it. */
export function dayKey(seconds: number): string {
  const date = new Date(seconds * 1000);
  return [date.getFullYear(), date.getMonth() + 1, date.getDate()].join("-");
}

/** “Thursday 19 November”; with the year where it is another one than now. */
export function dayText(language: Language, seconds: number, now: number): string {
  const date = new Date(seconds * 1000);
  const other = date.getFullYear() !== new Date(now * 1000).getFullYear();
  return new Intl.DateTimeFormat(formsOf(language), {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(other ? { year: "numeric" } : {}),
  }).format(date);
}

/** “14 February 2027” for a day number (days since 1970-01-01), which has no zone. */
export function dateText(language: Language, day: number): string {
  const format = new Intl.DateTimeFormat(formsOf(language), {
    dateStyle: "long",
    timeZone: "UTC",
  });
  return format.format(new Date(day * DAY_SECONDS * 1000));
}

/** “19:00”. `offset`: minutes ahead of UTC; without it, the reader's own zone. */
export function timeText(language: Language, seconds: number, offset?: number): string {
  const shifted = offset === undefined ? seconds : seconds + offset * 60;
  return new Intl.DateTimeFormat(formsOf(language), {
    hour: "2-digit",
    minute: "2-digit",
    ...(offset === undefined ? {} : { timeZone: "UTC" }),
  }).format(new Date(shifted * 1000));
}

/** “19:00 – 19:45”, in the order and with the dash of the language. */
export function spanText(
  language: Language,
  seconds: number,
  minutes: number,
  offset?: number,
): string {
  const from = (seconds + (offset ?? 0) * 60) * 1000;
  return new Intl.DateTimeFormat(formsOf(language), {
    hour: "2-digit",
    minute: "2-digit",
    ...(offset === undefined ? {} : { timeZone: "UTC" }),
  }).formatRange(new Date(from), new Date(from + minutes * 60_000));
}

/** “a, b and c”; with `or`, “a, b or c”; `unit` has no word before the last. */
export function listText(
  language: Language,
  items: readonly string[],
  kind: "and" | "or" | "unit" = "unit",
): string {
  const type = kind === "and" ? "conjunction" : kind === "or" ? "disjunction" : "unit";
  const style = kind === "unit" ? "short" : "long";
  return new Intl.ListFormat(formsOf(language), { type, style }).format(items);
}

/** A language's name for itself, as in the language menu. `tag`: BCP 47. */
export function ownName(tag: string): string {
  if (isLanguage(tag)) return OWN_NAMES[tag];
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Own names of languages as one list; each keeps its own direction. */
export function ownNames(language: Language, tags: readonly string[]): string {
  return listText(
    language,
    tags.map((tag) => isolated(ownName(tag))),
  );
}

/** A language's name in the language of the page, for the middle of a sentence. */
export function languageName(language: Language, tag: string): string {
  try {
    return new Intl.DisplayNames([language], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Puts marks around words of another direction, so that they turn nothing round. */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

/** A number as the language writes it. */
export function numberText(language: Language, value: number): string {
  return new Intl.NumberFormat(language).format(value);
}
