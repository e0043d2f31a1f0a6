/**
 * What an offer can say, in words of the interface: tables from the values on the wire to texts.
 * A new value on the wire fails the type check here and nowhere else.
 */

import type {
  Answers,
  Audience,
  Format,
  Level,
  Way,
  When,
} from "../../kith/search/offer-content.ts";
import type { TextKey } from "../../texts/texts.ts";

/** A text that needs nothing put in. */
export type PlainKey = TextKey;

export const WAY_WORDS = {
  advise: "way-advise",
  teach: "way-teach",
  practise: "way-practise",
  review: "way-review",
  listen: "way-listen",
  accompany: "way-accompany",
} as const satisfies Record<Way, PlainKey>;

export const FORMAT_WORDS = {
  chat: "format-chat",
  voice: "format-voice",
  video: "format-video",
  "in-person": "format-in-person",
} as const satisfies Record<Format, PlainKey>;

export const WHEN_WORDS = {
  weekdays: "when-weekdays",
  evenings: "when-evenings",
  weekends: "when-weekends",
} as const satisfies Record<When, PlainKey>;

export const LEVEL_WORDS = {
  starting: "level-starting",
  some: "level-some",
  experienced: "level-experienced",
} as const satisfies Record<Level, PlainKey>;

export const ANSWERS_WORDS = {
  days: "answers-days",
  week: "answers-week",
  longer: "answers-longer",
} as const satisfies Record<Answers, PlainKey>;

export const AUDIENCE_WORDS = {
  adults: "audience-adults",
  youth: "audience-youth",
} as const satisfies Record<Audience, PlainKey>;

/** The keys of a table, in its order. */
export function valuesOf<V extends string>(table: Readonly<Record<V, unknown>>): readonly V[] {
  return Object.keys(table) as V[];
}
