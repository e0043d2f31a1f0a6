/**
 * What a member chooses in an offer: its values and their bounds.
 *
 * The node adds id, author, dates, revision and proof. Source: SPEC.md, section on offers.
 */

export type Way = "advise" | "teach" | "practise" | "review" | "listen" | "accompany";
export type Format = "chat" | "voice" | "video" | "in-person";
export type When = "weekdays" | "evenings" | "weekends";
export type Level = "starting" | "some" | "experienced";
export type Room = "open" | "full";
export type Answers = "days" | "week" | "longer";
export type Audience = "adults" | "youth";

export const WAYS: readonly Way[] = [
  "advise",
  "teach",
  "practise",
  "review",
  "listen",
  "accompany",
];
export const FORMATS: readonly Format[] = ["chat", "voice", "video", "in-person"];
export const WHENS: readonly When[] = ["weekdays", "evenings", "weekends"];
export const LEVELS: readonly Level[] = ["starting", "some", "experienced"];
export const ROOMS: readonly Room[] = ["open", "full"];
export const ANSWERS: readonly Answers[] = ["days", "week", "longer"];
export const AUDIENCES: readonly Audience[] = ["adults", "youth"];

/** Texts by language tag. */
export type TextMap = Readonly<Record<string, string>>;

/** The part of an offer that its owner chooses, with the names that it has on the wire. */
export interface OfferContent {
  /** Concept ids, 1 to 4, no repeats. */
  readonly topics: readonly string[];
  /** BCP 47 tags, 1 to 6, no repeats. */
  readonly languages: readonly string[];
  /** How help is given, 1 to 3. */
  readonly ways: readonly Way[];
  /** 1 to 4; `in-person` only where the community allows it. */
  readonly formats: readonly Format[];
  /** Must equal the node's programme; adults by default. */
  readonly audience?: Audience;
  /** As the owner feels it, no time zone; 0 to 3. */
  readonly when?: readonly When[];
  /** Of the mentee, 0 to 3. */
  readonly level?: readonly Level[];
  /** Whether another mentee fits; open by default. */
  readonly room?: Room;
  /** How soon the owner usually answers, if they chose to say so. */
  readonly answers?: Answers | null;
  /** True for circles. */
  readonly group?: boolean;
  /** True if relays may pass it on. */
  readonly relay?: boolean;
  /** UN M49 subregion, only with `in-person`. */
  readonly region?: string | null;
  /** Language to one line, at most 120 characters each, at most 6. */
  readonly summary?: TextMap;
  /** Language to text, at most 600 characters each, at most 6. */
  readonly content?: TextMap;
  /** For each community topic among `topics`: language to label, 1 to 12. */
  readonly topic_labels?: Readonly<Record<string, TextMap>>;
}

const TAG = /^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/;

/** Whether *text* is a BCP 47 tag as Kith writes them. */
export function isLanguageTag(text: string): boolean {
  return TAG.test(text);
}

/** The first subtag of a BCP 47 *tag*: people who share it can talk. */
export function primaryLanguage(tag: string): string {
  const end = tag.indexOf("-");
  return end < 0 ? tag : tag.slice(0, end);
}
