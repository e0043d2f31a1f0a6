/**
 * An offer as search sees it: the members that matching and ranking read, and nothing else.
 *
 * `readListed` trusts its bytes: they are an offer that the node verified and checked. Source:
 * SPEC.md, section on search.
 *
 * **Words.** Of what an offer says of itself, 96 different words at most can be found, so that a
 * long text costs no more than a short one. Each language has an equal share of them; within it
 * the summary comes before the content. Languages come in the order of their tags. Of what is
 * written without blanks the first 200 characters count: nobody can ask for anything longer, and
 * a few characters can unfold into very long words.
 */

import { compareTexts, firstOf, splitAtBlanks } from "../code-points.ts";
import { MalformedError } from "../crypto/errors.ts";
import type { JsonObject, JsonValue } from "../crypto/json.ts";
import { parseDay } from "./day.ts";
import { readChoice, readChoices, readObject, readStrings, readText } from "./members.ts";
import {
  ANSWERS,
  type Answers,
  FORMATS,
  type Format,
  LEVELS,
  type Level,
  ROOMS,
  type Room,
  type TextMap,
  WAYS,
  type Way,
  WHENS,
  type When,
} from "./offer-content.ts";
import { MAX_TEXT_CHARACTERS } from "./topic-finder.ts";
import { wordsOf } from "./words.ts";

export const MAX_WORDS_LISTED = 96;
const MAX_STRETCH_CHARACTERS = MAX_TEXT_CHARACTERS;
const KEPT_CHARACTERS = 24; // few words are longer, and what is comes seldom twice
const MOST_KEPT = 32_768;

/** One offer of the catalogue. */
export interface Listed {
  /** The offer's URL. */
  readonly id: string;
  /** The actor that announced it. */
  readonly community: string;
  /** Day of the last change. */
  readonly updated: number;
  /** The first day on which it is gone. */
  readonly endDay: number;
  /** Concept ids, 1 to 4. */
  readonly topics: readonly string[];
  /** BCP 47 tags, 1 to 6. */
  readonly languages: readonly string[];
  readonly ways: readonly Way[];
  readonly formats: readonly Format[];
  readonly when: readonly When[];
  readonly level: readonly Level[];
  /** Whether another mentee fits. */
  readonly room: Room;
  /** How soon the owner usually answers, if they say so. */
  readonly answers: Answers | null;
  /** Of its summary and content; see **Words**. */
  readonly words: readonly string[];
}

/**
 * What search needs of the offer that *document* is.
 *
 * @throws MalformedError - it is none, which verified ones always are.
 */
export function readListed(document: JsonObject): Listed {
  const read = <T>(
    name: string,
    reader: (value: JsonValue | undefined, pointer: string) => T,
  ): T => reader(document[name], `/${name}`);
  const optional = <T extends string>(name: string, choices: readonly T[]): readonly T[] =>
    document[name] === undefined ? [] : readChoices(document[name], choices, `/${name}`);
  const answers = document["kith:answers"] ?? null;
  return {
    id: read("id", readText),
    community: read("attributedTo", readText),
    updated: parseDay(read("updated", readText)),
    endDay: parseDay(read("endTime", readText)),
    topics: read("kith:topics", readStrings),
    languages: read("kith:languages", readStrings),
    ways: readChoices(document["kith:ways"], WAYS, "/kith:ways"),
    formats: readChoices(document["kith:formats"], FORMATS, "/kith:formats"),
    when: optional("kith:when", WHENS),
    level: optional("kith:level", LEVELS),
    room: readChoice(roomIn(document), ROOMS, "/kith:room"),
    answers: answers === null ? null : readChoice(answers, ANSWERS, "/kith:answers"),
    words: listWords(textsOf(document, "summaryMap"), textsOf(document, "contentMap")),
  };
}

function roomIn(document: JsonObject): JsonValue {
  const room = document["kith:room"];
  return room === undefined ? "open" : room;
}

/** The words by which an offer is found; see **Words**. */
export function listWords(summary: TextMap, content: TextMap): readonly string[] {
  const languages = [...new Set([...Object.keys(summary), ...Object.keys(content)])];
  languages.sort(compareTexts);
  const share = languages.length > 0 ? Math.floor(MAX_WORDS_LISTED / languages.length) : 0;
  const found = new Set<string>();
  for (const language of languages) {
    const texts = [textIn(summary, language), textIn(content, language)];
    for (const word of firstWords(texts, share)) found.add(word);
  }
  return [...found];
}

/** The text of *language*; what objects have by nature is none. */
function textIn(texts: TextMap, language: string): string {
  const text: unknown = texts[language];
  return typeof text === "string" ? text : "";
}

/** The texts by language in the member *name* of *document*; none if it is left out. */
export function textsOf(document: JsonObject, name: string): TextMap {
  const value = document[name];
  if (value === undefined) return {};
  const texts = readObject(value, `/${name}`);
  if (!isTextMap(texts)) throw new MalformedError("not a string", `/${name}`);
  return texts;
}

function isTextMap(value: JsonObject): value is TextMap {
  return Object.values(value).every((text) => typeof text === "string");
}

function firstWords(texts: readonly string[], most: number): ReadonlySet<string> {
  const found = new Set<string>();
  for (const text of texts) {
    // Piece by piece, to stop as soon as there are enough: no word goes across a blank.
    for (const piece of splitAtBlanks(text)) {
      const words = wordsOfPiece(firstOf(piece, MAX_STRETCH_CHARACTERS));
      for (const word of words) {
        if (found.size >= most && !found.has(word)) return found;
        found.add(word);
      }
    }
  }
  return found;
}

// Folding is slow, and thousands of offers are made of some thousands of words over and over.
const kept = new Map<string, readonly string[]>();

function wordsOfPiece(piece: string): readonly string[] {
  // What is longer is mostly a whole sentence written without blanks: it would fill memory.
  if (piece.length > KEPT_CHARACTERS) return wordsOf(piece);
  const known = kept.get(piece);
  if (known !== undefined) return known;
  const words = wordsOf(piece);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(piece, words);
  return words;
}
