/**
 * What a steward chooses in a resource, an entry of the library, with its bounds.
 *
 * Resources are about organisations and knowledge, never about members, so their texts may hold
 * telephone numbers and addresses: that is what a helpline is. What misleads a reader is refused
 * as everywhere. Source: SPEC.md, section on the library.
 */

import { withoutOuterBlanks } from "../code-points.ts";
import { MalformedError } from "../crypto/errors.ts";
import { checkComposed, checkLength, cleanText, PrivacyFloorError } from "../text.ts";
import { UnknownTopicError } from "./errors.ts";
import { isLanguageTag, type TextMap } from "./offer-content.ts";
import { COMMUNITY_PREFIX, MAX_ID_CHARACTERS } from "./topic-ids.ts";
import { parseUrl } from "./urls.ts";

export const MAX_NAME_TEXT = 120;
export const MAX_SUMMARY_TEXT = 300;
export const MAX_ARTICLE_TEXT = 2000;
const MOST_TOPICS = 4;
const MOST_LANGUAGES = 12;

// An identifier of SPDX, or a word such as "unknown".
const LICENCE = /^[A-Za-z0-9][A-Za-z0-9.+-]{0,39}$/;
const REGION = /^[0-9]{3}$/;

/** The part of a resource that its steward chooses: a link, or a short text. */
export interface ResourceContent {
  /** Concept ids of the shared vocabulary, 1 to 4, no repeats. */
  readonly topics: readonly string[];
  /** BCP 47 tags of what is behind the link or in the text, 1 to 12, no repeats. */
  readonly languages: readonly string[];
  /** How it may be used: an identifier of the SPDX list, else `unknown`. */
  readonly licence: string;
  /** The day on which somebody last looked whether it is right, since 1970-01-01 UTC. */
  readonly reviewed: number;
  /** Language to title, at most 120 characters each, 1 to 12. */
  readonly name: TextMap;
  /** Language to what it is, at most 300 characters each, 0 to 12. */
  readonly summary: TextMap;
  /** Language to text with line breaks, at most 2000 characters each; empty for a link. */
  readonly content: TextMap;
  /** An https address in normal form; empty for a text. */
  readonly url: string;
  /** UN M49 code of the country or region that it is for; null: for everybody. */
  readonly region: string | null;
  /** Whether it helps in a crisis, and stands first. */
  readonly urgent: boolean;
}

/**
 * *content* if it may stand in a library; whether its topics are known is left to the caller.
 *
 * @throws MalformedError - a bound is broken, a value stands there twice, neither or both of
 *   link and text, a link that is not a public https address in normal form, a text that is
 *   blank at an end or not in NFC; `pointer` names the member.
 * @throws UnknownTopicError - a topic of one community only.
 * @throws PrivacyFloorError - control, bidi-override or invisible characters.
 */
export function checkResourceContent(content: ResourceContent): ResourceContent {
  checkBounds(content);
  if (content.topics.some((topic) => topic.startsWith(COMMUNITY_PREFIX))) {
    throw new UnknownTopicError("not a topic of the shared vocabulary", "/topics");
  }
  const textLanguages = Object.keys(content.content);
  if ((content.url !== "") === textLanguages.length > 0) {
    throw new MalformedError("a resource is either a link or a text", "/url");
  }
  if (content.url !== "") checkLink(content.url);
  else if (!isSameSet(textLanguages, content.languages)) {
    throw new MalformedError("the text is in other languages", "/content");
  }
  for (const text of Object.values(content.name)) checkLine(text, MAX_NAME_TEXT);
  for (const text of Object.values(content.summary)) checkLine(text, MAX_SUMMARY_TEXT);
  for (const text of Object.values(content.content)) checkLines(text, MAX_ARTICLE_TEXT);
  return content;
}

/**
 * *text* if it is one line that shows what it holds.
 *
 * @throws MalformedError - empty, too long, blank at an end or not in NFC.
 * @throws PrivacyFloorError - characters that mislead.
 */
export function checkLine(text: string, maxCharacters: number): string {
  checkLength(text, maxCharacters);
  if (text.includes("\n")) throw new MalformedError("a text of one line, with a line break");
  checkShown(text, maxCharacters);
  return text;
}

/**
 * *text* if each of its lines shows what it holds; single empty lines may be there.
 *
 * @throws MalformedError - as `checkLine`, or two empty lines in a row.
 * @throws PrivacyFloorError - characters that mislead.
 */
export function checkLines(text: string, maxCharacters: number): string {
  checkLength(text, maxCharacters);
  if (text !== withoutOuterBlanks(text) || text.includes("\n\n\n")) {
    throw new MalformedError("a text with blanks at an end, or a long gap");
  }
  for (const line of text.split("\n")) checkShown(line, maxCharacters);
  return text;
}

function checkShown(line: string, maxCharacters: number): void {
  if (line !== withoutOuterBlanks(line)) {
    throw new MalformedError("a line must not begin or end with a blank");
  }
  checkComposed(line);
  if (cleanText(line, maxCharacters) !== line) {
    throw new PrivacyFloorError("the text holds characters that are not allowed");
  }
}

function checkBounds(content: ResourceContent): void {
  const { topics, languages, name, summary, licence, region } = content;
  checkList(topics, MOST_TOPICS, "/topics", (one) => {
    return one !== "" && [...one].length <= MAX_ID_CHARACTERS;
  });
  checkList(languages, MOST_LANGUAGES, "/languages", isLanguageTag);
  if (!LICENCE.test(licence)) throw new MalformedError("not a licence", "/licence");
  if (region !== null && !REGION.test(region)) {
    throw new MalformedError("not a region", "/region");
  }
  if (Object.keys(name).length === 0) throw new MalformedError("without a name", "/name");
  const maps: readonly (readonly [string, TextMap])[] = [
    ["/name", name],
    ["/summary", summary],
    ["/content", content.content],
  ];
  for (const [pointer, texts] of maps) {
    const tags = Object.keys(texts);
    if (tags.length > MOST_LANGUAGES || !tags.every(isLanguageTag)) {
      throw new MalformedError("not texts by language", pointer);
    }
  }
}

function checkList(
  values: readonly string[],
  most: number,
  pointer: string,
  isRight: (value: string) => boolean,
): void {
  if (values.length === 0 || values.length > most || !values.every(isRight)) {
    throw new MalformedError(`not 1 to ${most} values`, pointer);
  }
  if (new Set(values).size !== values.length) {
    throw new MalformedError("a value stands there twice", pointer);
  }
}

function checkLink(url: string): void {
  try {
    // Loopback is never taken here: links are for people, not for nodes.
    parseUrl(url, { allowsFragment: true });
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new MalformedError(error.message, "/url");
  }
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value) => other.includes(value));
}
