/** Asks the node what it says of itself. Kept apart from the library, so that the first page is light. */

import type { Community } from "./community.ts";

const ADDRESS = "/api/v1/community";

/** The longest answer that is looked at, in characters. */
const MAX_CHARACTERS = 262_144;

/**
 * Fetches and checks the community's description.
 *
 * @throws TypeError if the node cannot be reached or answers something else
 */
export async function fetchCommunity(): Promise<Community> {
  const answer = await fetch(ADDRESS, {
    credentials: "omit",
    referrerPolicy: "no-referrer",
    redirect: "error",
  });
  const body = answer.ok ? await answer.text() : "";
  if (body === "" || body.length > MAX_CHARACTERS) throw new TypeError("no community here");
  return parseCommunity(JSON.parse(body));
}

/** Returns what public pages show of an answer. Members that they don't show are left alone. */
export function parseCommunity(value: unknown): Community {
  if (typeof value !== "object" || value === null) throw new TypeError("no community here");
  const found = value as Readonly<Record<string, unknown>>;
  const { programme } = found;
  if (programme !== "adults" && programme !== "youth") throw new TypeError("no programme");
  return {
    name: text(found["name"]),
    summary: text(found["summary"]),
    rules: text(found["rules"]),
    languages: texts(found["languages"]),
    programme,
    version: text(found["version"]),
    fingerprint: texts(found["fingerprint"]),
  };
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new TypeError("not a text");
  return value;
}

function texts(value: unknown): string[] {
  if (!Array.isArray(value)) throw new TypeError("not a list");
  return value.map(text);
}
