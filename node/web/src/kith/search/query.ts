/**
 * What is asked of a catalogue, as an object and as the parameters of a GET request.
 *
 * Several values of one parameter are separated by commas; the order of `languages` is the order
 * of preference. What answers a query is in `matching.ts`, in which order in `ranking.ts`.
 * Left to the caller: the vocabulary, which says what topics exist, and making sense of `text`
 * (`understood.ts`); nothing is searched by text alone.
 */

import { lengthOf, withoutOuterBlanks } from "../code-points.ts";
import { MalformedError, UsageError } from "../crypto/errors.ts";
import { MAX_WORDS } from "./finding/reading.ts";
import {
  FORMATS,
  type Format,
  isLanguageTag,
  LEVELS,
  type Level,
  primaryLanguage,
  WAYS,
  type Way,
  WHENS,
  type When,
} from "./offer-content.ts";
import { MAX_TEXT_CHARACTERS } from "./topic-finder.ts";

export const MAX_TOPICS = 12;
export const MAX_KNOWN = 12;
export const MAX_LANGUAGES = 12;
export const MAX_COMMUNITIES = 50;
export const MAX_LIMIT = 50;
export const DEFAULT_LIMIT = 20;
/** Nothing is listed beyond. */
export const MAX_OFFSET = 1000;

const PARAMETERS = [
  "topics",
  "near",
  "knows",
  "text",
  "languages",
  "ways",
  "formats",
  "when",
  "level",
  "room",
  "communities",
  "without",
  "counts",
  "limit",
  "after",
] as const;

type Parameter = (typeof PARAMETERS)[number];
type Parameters = ReadonlyMap<string, string>;

const COMMUNITY = /^https?:\/\/[A-Za-z0-9.:[\]-]{1,255}\/[A-Za-z0-9/._~-]{0,200}$/;
const CURSOR = /^([0-9]{1,6})-([1-9][0-9]{0,3})$/;
const NUMBER = /^[1-9][0-9]?$/;
const HALF_LETTER = /[\ud800-\udbff](?![\udc00-\udfff])|(?:^|[^\ud800-\udbff])[\udc00-\udfff]/;

/** Where the next page begins. */
export interface Cursor {
  /** Whose order is being read, so that midnight does not shuffle it between pages. */
  readonly day: number;
  /** Results already read, 1 to `MAX_OFFSET`. */
  readonly offset: number;
}

/** What somebody looks for. An empty array asks for nothing in particular. */
export interface Query {
  /** Concept ids, at most `MAX_TOPICS`; each stands for all below it as well. */
  readonly topics: readonly string[];
  /** Also find near relatives of `topics`; see `nearTopics`. */
  readonly near: boolean;
  /** What the asker knows already, at most `MAX_KNOWN` topics: preferred, not required. */
  readonly knows: readonly string[];
  /** Free text as typed, at most 200 characters; itself it decides nothing. */
  readonly text: string;
  /** Primary language subtags, best first, at most `MAX_LANGUAGES`. */
  readonly languages: readonly string[];
  /** Ways of helping, any of which is enough. */
  readonly ways: readonly Way[];
  /** Any of which is enough. */
  readonly formats: readonly Format[];
  /** Preferred, not required. */
  readonly when: readonly When[];
  /** Preferred, not required. */
  readonly level: readonly Level[];
  /** Leave out offers that have no room. */
  readonly roomOnly: boolean;
  /** Actors; if given, only their offers. At most `MAX_COMMUNITIES`. */
  readonly communities: readonly string[];
  /** Actors whose offers are left out. At most `MAX_COMMUNITIES`. */
  readonly without: readonly string[];
  /** Whether to count what each further choice would bring. */
  readonly counts: boolean;
  /** Results in one page, 1 to `MAX_LIMIT`. */
  readonly limit: number;
  /** Where the page before ended, or null for the first. */
  readonly after: Cursor | null;
  /**
   * What `text` says besides topics, at most 8 of `wordsOf`. With topics they are preferred;
   * without, at least one is required. This and the next two are no parameters:
   * `understood.ts` fills them in.
   */
  readonly words: readonly string[];
  /** Ways that `text` names: preferred, not required. */
  readonly preferredWays: readonly Way[];
  /** Nothing of `text` was understood and no topic chosen; nothing answers. */
  readonly isLost: boolean;
}

const EMPTY: Query = {
  topics: [],
  near: false,
  knows: [],
  text: "",
  languages: [],
  ways: [],
  formats: [],
  when: [],
  level: [],
  roomOnly: false,
  communities: [],
  without: [],
  counts: false,
  limit: DEFAULT_LIMIT,
  after: null,
  words: [],
  preferredWays: [],
  isLost: false,
};

/** A query that asks for *asked*, and for nothing else. */
export function newQuery(asked: Partial<Query> = {}): Query {
  return { ...EMPTY, ...asked };
}

/**
 * Return if *query* is one that can be answered on the device.
 *
 * @throws UsageError - more topics, languages or words than a query may have, or no language, so
 *   that there is no file to look in.
 */
export function checkAsked(query: Query): void {
  if (query.languages.length === 0) {
    throw new UsageError("searching on the device needs at least one language");
  }
  if (
    query.topics.length > MAX_TOPICS ||
    query.knows.length > MAX_KNOWN ||
    query.languages.length > MAX_LANGUAGES ||
    query.words.length > MAX_WORDS
  ) {
    throw new UsageError("too much is asked for at once");
  }
}

/**
 * The query that the *parameters* of a GET request make.
 *
 * @param parameters - name to value, percent-decoded.
 * @param isKnownTopic - whether the vocabulary has a topic.
 * @throws MalformedError - an unknown name or value, a repeated or empty value, or too many of
 *   them; `pointer` names the parameter.
 */
export function parseQuery(
  parameters: Parameters,
  isKnownTopic: (topic: string) => boolean,
): Query {
  const names: readonly string[] = PARAMETERS;
  for (const name of parameters.keys()) {
    if (!names.includes(name)) throw new MalformedError("unknown parameter", "/");
  }
  const after = parameters.get("after");
  return newQuery({
    topics: several(parameters, "topics", MAX_TOPICS, isKnownTopic),
    near: choices(parameters, "near", ["yes"]).length > 0,
    knows: several(parameters, "knows", MAX_KNOWN, isKnownTopic),
    text: textOf(parameters.get("text")),
    languages: languagesOf(parameters),
    ways: choices(parameters, "ways", WAYS),
    formats: choices(parameters, "formats", FORMATS),
    when: choices(parameters, "when", WHENS),
    level: choices(parameters, "level", LEVELS),
    roomOnly: choices(parameters, "room", ["open"]).length > 0,
    communities: several(parameters, "communities", MAX_COMMUNITIES, isCommunity),
    without: several(parameters, "without", MAX_COMMUNITIES, isCommunity),
    counts: choices(parameters, "counts", ["yes"]).length > 0,
    limit: limitOf(parameters.get("limit")),
    after: after === undefined ? null : parseCursor(after),
  });
}

/** The parameters that `parseQuery` reads as *query*; defaults are left out. */
export function encodeQuery(query: Query): ReadonlyMap<string, string> {
  const values: Readonly<Record<Parameter, string>> = {
    topics: query.topics.join(),
    near: query.near ? "yes" : "",
    knows: query.knows.join(),
    text: query.text,
    languages: query.languages.join(),
    ways: query.ways.join(),
    formats: query.formats.join(),
    when: query.when.join(),
    level: query.level.join(),
    room: query.roomOnly ? "open" : "",
    communities: query.communities.join(),
    without: query.without.join(),
    counts: query.counts ? "yes" : "",
    limit: query.limit === DEFAULT_LIMIT ? "" : String(query.limit),
    after: query.after === null ? "" : encodeCursor(query.after),
  };
  return new Map(Object.entries(values).filter(([, value]) => value !== ""));
}

/** *cursor* as clients carry it. */
export function encodeCursor({ day, offset }: Cursor): string {
  return `${day}-${offset}`;
}

/** @throws MalformedError - *text* is not one of ours, or beyond `MAX_OFFSET`. */
export function parseCursor(text: string): Cursor {
  const found = CURSOR.exec(text);
  const offset = Number(found?.[2]);
  if (found === null || offset > MAX_OFFSET) {
    throw new MalformedError("not a cursor", "/after");
  }
  return { day: Number(found[1]), offset };
}

function several(
  parameters: Parameters,
  name: Parameter,
  most: number,
  isAllowed: (value: string) => boolean,
): readonly string[] {
  const given = parameters.get(name);
  if (given === undefined) return [];
  const pointer = `/${name}`;
  const values = given.split(",");
  if (values.length > most) throw new MalformedError("too many values", pointer);
  if (new Set(values).size !== values.length)
    throw new MalformedError("repeated value", pointer);
  if (!values.every(isAllowed)) throw new MalformedError("unknown value", pointer);
  return values;
}

function choices<T extends string>(
  parameters: Parameters,
  name: Parameter,
  known: readonly T[],
): readonly T[] {
  const isChoice = (value: string): boolean => known.some((one) => one === value);
  return several(parameters, name, known.length, isChoice).flatMap((value) =>
    known.filter((one) => one === value),
  );
}

function languagesOf(parameters: Parameters): readonly string[] {
  const tags = several(parameters, "languages", MAX_LANGUAGES, isLanguageTag);
  return [...new Set(tags.map(primaryLanguage))];
}

function textOf(text: string | undefined): string {
  if (text === undefined) return "";
  if (lengthOf(text) > MAX_TEXT_CHARACTERS) {
    throw new MalformedError(`more than ${MAX_TEXT_CHARACTERS} characters`, "/text");
  }
  if (withoutOuterBlanks(text) === "") throw new MalformedError("empty text", "/text");
  if (HALF_LETTER.test(text)) throw new MalformedError("text that is not Unicode", "/text");
  return text;
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return DEFAULT_LIMIT;
  if (!NUMBER.test(text) || Number(text) > MAX_LIMIT) {
    throw new MalformedError(`not a number from 1 to ${MAX_LIMIT}`, "/limit");
  }
  return Number(text);
}

function isCommunity(text: string): boolean {
  return COMMUNITY.test(text);
}
