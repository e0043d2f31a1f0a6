/**
 * Finding topics by the beginning of what somebody types.
 *
 * A query fits a topic by one of its texts, or by the last part of its id, the best of the kinds
 * of `Match` deciding. Equal kinds are ordered by whether the text is in a language the person
 * reads, whether it is a label, the order of these languages, how much of the text the query
 * covers, the level in the hierarchy, and last the id: the same query gives the same list
 * everywhere. An id in full is matched as a whole only, else a branch's name would find all
 * below.
 *
 * Left to the caller: bounding the query, and texts of several meanings.
 */

import { compareTexts, firstNotBelow, lengthOf, sortedTexts } from "../../code-points.ts";
import { fold } from "../fold.ts";
import type { Steps } from "../steps.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { isCjk, wordsBetweenBlanks } from "../words.ts";
import { familiesOf } from "./endings.ts";
import { ANY_LANGUAGE, contentWords, type Line, type Phrases } from "./phrases.ts";
import { Postings } from "./postings.ts";
import type { Speller } from "./spelling.ts";

// With fewer topics found, wrong spellings are thought of.
const FEW = 3;
const LAST = "\u{10ffff}";
const LINES_A_STEP = 256;

/** How a query fits a text, best first. */
export const Match = {
  WHOLE: 0,
  FORM: 1,
  BEGINNING: 2,
  WORDS: 3,
  PART: 4,
  MISSPELT: 5,
} as const;
export type Match = (typeof Match)[keyof typeof Match];

/** One topic that fits a query. */
export interface Found {
  /** The topic, in use. */
  readonly id: string;
  /** How the query fits. */
  readonly match: Match;
  /** The label, synonym, alias or id part it fits, as written in the vocabulary. */
  readonly text: string;
  /** The language of `text`, empty for an alias or a part of an id. */
  readonly language: string;
}

/** What all lines say, for looking up beginnings. */
interface Sorted {
  /** The folded texts, in order. */
  readonly texts: readonly string[];
  /** The lines that have each of them. */
  readonly byText: Postings;
  /** Their words, in order. */
  readonly words: readonly string[];
  /** The lines that have each of these. */
  readonly having: Postings;
}

type Languages = ReadonlyMap<string, number>;

/** The lines of a vocabulary, sorted for looking up their beginnings. */
export class TypeAhead {
  readonly #phrases: Phrases;
  readonly #speller: Speller;
  readonly #ids: ReadonlyMap<string, string>;
  readonly #vocabulary: Vocabulary;
  readonly #lines: readonly Line[];
  readonly #sorted: Sorted;
  /** All folded texts, each behind a line feed, and where each begins. */
  readonly #written: string;
  readonly #starts: Int32Array;

  /** Sort the lines of *phrases* and their words; *speller* knows their folded texts. */
  static *of(vocabulary: Vocabulary, phrases: Phrases, speller: Speller): Steps<TypeAhead> {
    const lines = [...phrases.lines, ...idLines(vocabulary)];
    const having = new Postings();
    for (const [place, line] of lines.entries()) {
      for (const word of new Set(wordsBetweenBlanks(line.folded))) having.add(word, place);
      if (place % LINES_A_STEP === 0) yield;
    }
    const byText = new Postings();
    for (const [place, line] of lines.entries()) byText.add(line.folded, place);
    yield;
    const texts = sortedTexts(byText.keys());
    yield;
    const sorted: Sorted = { texts, byText, words: sortedTexts(having.keys()), having };
    yield;
    return new TypeAhead(vocabulary, phrases, speller, lines, sorted);
  }

  private constructor(
    vocabulary: Vocabulary,
    phrases: Phrases,
    speller: Speller,
    lines: readonly Line[],
    sorted: Sorted,
  ) {
    this.#vocabulary = vocabulary;
    this.#phrases = phrases;
    this.#speller = speller;
    this.#ids = new Map(vocabulary.ids().map((topic) => [fold(topic), topic]));
    this.#lines = lines;
    this.#sorted = sorted;
    this.#written = `${lines.map((line) => `\n${line.folded}`).join("")}\n`;
    this.#starts = new Int32Array(lines.length);
    let start = 1;
    lines.forEach((line, place) => {
      this.#starts[place] = start;
      start += line.folded.length + 1;
    });
  }

  /**
   * The topics that fit *wanted*, best first, each once.
   *
   * @param wanted - the folded query, not empty.
   * @param languages - primary subtags that the person reads, with their places.
   * @param limit - most results wanted.
   */
  find(wanted: string, languages: Languages, limit: number): readonly Found[] {
    const found = new Map<string, Found>();
    const looks: readonly (readonly [Match, (wanted: string) => Iterable<Line>])[] = [
      [Match.WHOLE, (text) => this.#whole(text)],
      [Match.FORM, (text) => this.#form(text)],
      [Match.BEGINNING, (text) => this.#beginning(text)],
      [Match.WORDS, (text) => this.#beginningWords(text)],
      [Match.PART, (text) => this.#part(text)],
      [Match.MISSPELT, (text) => this.#misspelt(text)],
    ];
    for (const [match, look] of looks) {
      const enough = match === Match.MISSPELT ? Math.min(FEW, limit) : limit;
      if (found.size >= enough) break;
      for (const { line } of bestLines(look(wanted), found, languages)) {
        const { topic, text, language } = line;
        found.set(topic, { id: topic, match, text, language });
      }
    }
    return [...found.values()].slice(0, limit);
  }

  *#whole(wanted: string): Iterable<Line> {
    for (const place of this.#phrases.whole(wanted.replace(/ /g, ""))) yield this.#line(place);
    const topic = this.#ids.get(wanted);
    if (topic !== undefined) yield idLine(topic, topic, wanted, this.#vocabulary.depth(topic));
    for (const line of this.#beginning(wanted)) if (line.folded === wanted) yield line;
  }

  *#form(wanted: string): Iterable<Line> {
    const words = contentWords(wanted);
    for (const family of familiesOf(words[0] ?? "")) {
      const stems = words.map((word) => this.#phrases.stems.of(word, family));
      for (const place of this.#phrases.forms(stems, family)) yield this.#line(place);
    }
  }

  *#beginning(wanted: string): Iterable<Line> {
    const { texts, byText } = this.#sorted;
    for (const text of beginningWith(texts, wanted)) {
      for (const place of byText.get(text)) yield this.#line(place);
    }
  }

  *#beginningWords(wanted: string): Iterable<Line> {
    const parts = [...new Set(wordsBetweenBlanks(wanted))].sort(
      (one, other) => lengthOf(other) - lengthOf(one) || compareTexts(one, other),
    );
    const [first = "", ...others] = parts;
    let places = this.#havingBeginning(first);
    for (const part of others) {
      if (places.size === 0) return;
      const having = this.#havingBeginning(part);
      places = new Set([...places].filter((place) => having.has(place)));
    }
    for (const place of places) yield this.#line(place);
  }

  #havingBeginning(part: string): ReadonlySet<number> {
    const { words, having } = this.#sorted;
    const found = new Set<number>();
    for (const word of beginningWith(words, part)) {
      for (const place of having.get(word)) found.add(place);
    }
    return found;
  }

  *#part(wanted: string): Iterable<Line> {
    // One letter is part of nearly everything; one ideograph is not.
    if (lengthOf(wanted) === 1 && !isCjk(wanted)) return;
    let at = this.#written.indexOf(wanted);
    while (at >= 0) {
      const place = this.#placeAt(at);
      const line = this.#line(place);
      yield line;
      const next = (this.#starts[place] ?? 0) + line.folded.length;
      at = this.#written.indexOf(wanted, next);
    }
  }

  *#misspelt(wanted: string): Iterable<Line> {
    const near = this.#speller.near(wanted);
    for (const one of near) {
      if (one.errors !== near[0]?.errors) return;
      for (const place of this.#phrases.whole(one.text.replace(/ /g, ""))) {
        yield this.#line(place);
      }
    }
  }

  /** The line in whose text the character at *at* of all that is written stands. */
  #placeAt(at: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  #line(place: number): Line {
    const line = this.#lines[place];
    if (line === undefined) throw new RangeError("no such line");
    return line;
  }
}

/** Those of sorted *texts* that begin with *wanted*. */
function beginningWith(texts: readonly string[], wanted: string): readonly string[] {
  return texts.slice(firstNotBelow(texts, wanted), firstNotBelow(texts, wanted + LAST));
}

interface Ranked {
  readonly line: Line;
  readonly rank: number;
}

/** The best line of each topic that is not *found*, the best topic first. */
function bestLines(
  lines: Iterable<Line>,
  found: ReadonlyMap<string, Found>,
  languages: Languages,
): readonly Ranked[] {
  const best = new Map<string, Ranked>();
  for (const line of lines) {
    if (found.has(line.topic)) continue;
    const one = { line, rank: rankOf(line, languages) };
    const known = best.get(line.topic);
    if (known === undefined || compareRanked(one, known) < 0) best.set(line.topic, one);
  }
  return [...best.values()].sort(compareRanked);
}

const MOST_LANGUAGES = 0x1000;
const MOST_LETTERS = 0x1000;
const MOST_LEVELS = 0x10;

/** In one number, the lower the better: what comes before the id. */
function rankOf(line: Line, languages: Languages): number {
  const isAlias = line.language === ANY_LANGUAGE && line.isLabel;
  const isRead = isAlias || languages.has(line.language);
  const place = languages.get(line.language) ?? languages.size;
  const kind = (isRead ? 0 : 2) + (line.isLabel ? 0 : 1);
  const length = Math.min(lengthOf(line.folded), MOST_LETTERS - 1);
  const where = Math.min(place, MOST_LANGUAGES - 1);
  return ((kind * MOST_LANGUAGES + where) * MOST_LETTERS + length) * MOST_LEVELS + line.depth;
}

function compareRanked(one: Ranked, other: Ranked): number {
  return (
    one.rank - other.rank ||
    compareTexts(one.line.topic, other.line.topic) ||
    compareTexts(one.line.language, other.line.language) ||
    compareTexts(one.line.text, other.line.text)
  );
}

function idLines(vocabulary: Vocabulary): readonly Line[] {
  return vocabulary.ids().map((topic) => {
    const last = topic.slice(topic.lastIndexOf(".") + 1);
    return idLine(topic, last, fold(last), vocabulary.depth(topic));
  });
}

function idLine(topic: string, text: string, folded: string, depth: number): Line {
  const language = ANY_LANGUAGE;
  return {
    topic,
    text,
    language,
    isLabel: false,
    folded,
    depth,
    isAside: false,
    isName: false,
  };
}
