/**
 * Entries of a library as files: JSON for programs, CSV for spreadsheets.
 *
 * Both hold what a steward chooses (`ResourceContent`) and, if it stands in a library already,
 * its id. They are read where libraries are kept, by `kith library import`.
 *
 * A cell that a spreadsheet would take for a formula gets an apostrophe in front, which the
 * reader takes off again. Source: RFC 4180 (CSV); SPEC.md, section on the library.
 */

import { sortedTexts } from "../code-points.ts";
import { utf8 } from "../crypto/bytes.ts";
import type { JsonObject } from "../crypto/json.ts";
import { formatDay } from "./day.ts";
import type { TextMap } from "./offer-content.ts";
import type { ResourceContent } from "./resource-content.ts";

/** An entry, and its id if it stands in a library. */
export interface ResourceEntry {
  readonly id?: string;
  readonly content: ResourceContent;
}

const FIXED_COLUMNS = [
  "id",
  "url",
  "topics",
  "languages",
  "licence",
  "reviewed",
  "region",
  "urgent",
];
const TEXT_COLUMNS = ["name", "summary", "content"] as const; // each with a language: name.en
// What a spreadsheet would take for the beginning of a formula; some take wide signs, too. A
// cell that begins with apostrophes before such a sign gets one more, so that nothing is lost.
const FORMULA = /^'*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n]/;
const QUOTED = /[",\r\n]/;

/** *day* as `YYYY-MM-DD`, as it stands in files and on screens. */
export function formatDate(day: number): string {
  return formatDay(day).slice(0, 10);
}

/** *content* with the names and in the order of the wire, defaults left out. */
export function membersOf(content: ResourceContent): JsonObject {
  const { topics, languages, licence, reviewed, name, summary, url, region, urgent } = content;
  return {
    topics,
    languages,
    licence,
    reviewed,
    name,
    ...(isEmpty(summary) ? {} : { summary }),
    ...(isEmpty(content.content) ? {} : { content: content.content }),
    ...(url === "" ? {} : { url }),
    ...(region === null ? {} : { region }),
    ...(urgent ? { urgent } : {}),
  };
}

/** *entries* as an array of objects. */
export function encodeJson(entries: readonly ResourceEntry[]): Uint8Array {
  const documents = entries.map(({ id, content }) => ({
    ...(id === undefined ? {} : { id }),
    ...membersOf(content),
    reviewed: formatDate(content.reviewed),
  }));
  return utf8(`${JSON.stringify(documents, null, 2)}\n`);
}

/** *entries* as CSV with heads, lines ended by CR LF. */
export function encodeCsv(entries: readonly ResourceEntry[]): Uint8Array {
  const texts = TEXT_COLUMNS.flatMap((field) => {
    const languages = new Set(entries.flatMap(({ content }) => Object.keys(content[field])));
    return sortedTexts(languages).map((language) => `${field}.${language}`);
  });
  const heads = [...FIXED_COLUMNS, ...texts];
  const rows = entries.map((entry) => {
    const cells = cellsOf(entry);
    return heads.map((head) => guard(cells.get(head) ?? ""));
  });
  return utf8([heads, ...rows].map((row) => `${row.map(quote).join()}\r\n`).join(""));
}

function cellsOf({ id = "", content }: ResourceEntry): ReadonlyMap<string, string> {
  const cells = new Map([
    ["id", id],
    ["url", content.url],
    ["topics", content.topics.join(" ")],
    ["languages", content.languages.join(" ")],
    ["licence", content.licence],
    ["reviewed", formatDate(content.reviewed)],
    ["region", content.region ?? ""],
    ["urgent", content.urgent ? "yes" : ""],
  ]);
  for (const field of TEXT_COLUMNS) {
    for (const [language, text] of Object.entries(content[field])) {
      cells.set(`${field}.${language}`, text);
    }
  }
  return cells;
}

function guard(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}

function quote(cell: string): string {
  return QUOTED.test(cell) ? `"${cell.replace(/"/g, '""')}"` : cell;
}

function isEmpty(texts: TextMap): boolean {
  return Object.keys(texts).length === 0;
}
