/**
 * The week grid without its pixels: seven days by three parts of a day, and how keys move in it.
 *
 * Days stand down the page on narrow screens and across it on wide ones; keys follow what one
 * sees. The first day comes from the locale.
 */

/** Days of a week, 0 = Monday … 6 = Sunday (ISO 8601 less one). */
export type Day = 0 | 1 | 2 | 3 | 4 | 5 | 6;

/** 0 = morning, 1 = afternoon, 2 = evening. */
export type Part = 0 | 1 | 2;

/** A cell's number, 0 to 20: `day * 3 + part`. */
export type Cell = number;

/** Number of cells. */
export const CELLS = 21;

/** How the grid lies on the screen. */
export interface Layout {
  /** Days across (wide screens) or down (narrow ones). */
  readonly across: boolean;
  /** Whether the page runs from right to left. */
  readonly rtl: boolean;
  /** The day that stands first. */
  readonly first: Day;
}

/** Days in the order in which they stand. */
export function daysFrom(first: Day): Day[] {
  return Array.from({ length: 7 }, (_, i) => ((first + i) % 7) as Day);
}

/** Returns the cell of a day and a part. */
export function cellOf(day: Day, part: Part): Cell {
  return day * 3 + part;
}

/** Returns day and part of a cell. `cell`: 0 to 20. */
export function placeOf(cell: Cell): { day: Day; part: Part } {
  if (!Number.isInteger(cell) || cell < 0 || cell >= CELLS) {
    throw new RangeError("a week has cells 0 to 20");
  }
  return { day: Math.floor(cell / 3) as Day, part: (cell % 3) as Part };
}

/**
 * Returns where a key leads from a cell, or null if the key means nothing here. At an edge one
 * stays. Arrows move as one sees it; Home and End go to the ends of the visible row; with
 * Control, to the first and last cell.
 */
export function moveBy(cell: Cell, key: string, ctrl: boolean, layout: Layout): Cell | null {
  const { day, part } = placeOf(cell);
  const at = (day - layout.first + 7) % 7;
  const forward = layout.rtl ? "ArrowLeft" : "ArrowRight";
  const backward = layout.rtl ? "ArrowRight" : "ArrowLeft";
  const inRow = layout.across ? { days: 1, parts: 0 } : { days: 0, parts: 1 };
  const inColumn = layout.across ? { days: 0, parts: 1 } : { days: 1, parts: 0 };
  const to = (days: number, parts: number): Cell => {
    const d = Math.min(6, Math.max(0, at + days));
    const p = Math.min(2, Math.max(0, part + parts));
    return cellOf(((d + layout.first) % 7) as Day, p as Part);
  };
  switch (key) {
    case forward:
      return to(inRow.days, inRow.parts);
    case backward:
      return to(-inRow.days, -inRow.parts);
    case "ArrowDown":
      return to(inColumn.days, inColumn.parts);
    case "ArrowUp":
      return to(-inColumn.days, -inColumn.parts);
    case "Home":
      return ctrl ? to(-7, -3) : to(-7 * inRow.days, -3 * inRow.parts);
    case "End":
      return ctrl ? to(7, 3) : to(7 * inRow.days, 3 * inRow.parts);
    default:
      return null;
  }
}

/** Returns the chosen cells with one cell turned over, sorted. */
export function toggleCell(chosen: readonly Cell[], cell: Cell): Cell[] {
  placeOf(cell);
  const without = chosen.filter((c) => c !== cell);
  return without.length === chosen.length ? [...chosen, cell].sort((a, b) => a - b) : without;
}

/** Regions whose week does not begin on Monday, after CLDR 46 (`weekData`). */
const SUNDAY = new Set("BR CA CN HK IL IN JP KE KR MX PH PK PT SA TH TW US YE ZA".split(" "));
const SATURDAY = new Set("AE AF BH DJ DZ EG IQ IR JO KW LY OM QA SD SY".split(" "));

/** The likeliest region of each language of the interface, after CLDR 46 (`likelySubtags`). */
const LIKELY: Readonly<Record<string, string>> = {
  ar: "EG",
  en: "US",
  pt: "BR",
  ja: "JP",
  zh: "CN",
};

/** Returns the first day of the week for a BCP 47 tag; Monday where nothing better is known. */
export function firstDayOf(tag: string): Day {
  const [language = "", ...rest] = tag.split("-");
  const region = rest.find((p) => /^[A-Za-z]{2}$/.test(p))?.toUpperCase() ?? LIKELY[language];
  if (region === undefined) return 0;
  if (SUNDAY.has(region)) return 6;
  return SATURDAY.has(region) ? 5 : 0;
}
