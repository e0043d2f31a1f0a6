/**
 * Whole days, UTC: the only times that stand in public documents.
 *
 * A day is a number of days since 1970-01-01. Source: SPEC.md, section on offers (dates stand at
 * midnight, a time of day is refused).
 */

import { MalformedError } from "../crypto/errors.ts";

export const DAY_S = 86_400;
/** The year 2243; four digits of year hold. */
export const MAX_DAY = 100_000;

const FORM = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T00:00:00Z$/;
const DAY_MS = DAY_S * 1000;

/** The day in which *seconds* since the Unix epoch, UTC, fall. */
export function dayOf(seconds: number): number {
  return Math.floor(seconds / DAY_S);
}

/** *day* as `YYYY-MM-DDT00:00:00Z`. */
export function formatDay(day: number): string {
  return `${new Date(day * DAY_MS).toISOString().slice(0, 10)}T00:00:00Z`;
}

/**
 * The day that *text* names.
 *
 * @param text - `YYYY-MM-DDT00:00:00Z`, nothing else.
 * @throws MalformedError - another form, a date that does not exist, or one before 1970 or after
 *   `MAX_DAY`.
 */
export function parseDay(text: string): number {
  const found = FORM.exec(text);
  if (found === null) throw new MalformedError("not a date at midnight, UTC");
  const day = Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3])) / DAY_MS;
  if (!(day >= 0 && day <= MAX_DAY)) throw new MalformedError("a date out of range");
  // Other numbers of days and months run over into the next.
  if (formatDay(day) !== text) throw new MalformedError("no such date");
  return day;
}
