/**
 * Every text of a vocabulary, by what it is written as and by its stems.
 *
 * A *line* is one text of one topic: a label, a synonym, or an alias, which is said in all
 * languages. A line is found by its folded letters without blanks, so that self-defence, self
 * defence and selfdefence are one; and by the stems of its words in any order, without words
 * that say nothing, so that "the writing of poems" is poem writing. The names of languages are
 * lines of the topic that says so, such as learning one.
 *
 * Left to the caller: which of several lines is meant.
 */

import { compareTexts, lengthOf } from "../../code-points.ts";
import { fold } from "../fold.ts";
import type { Steps } from "../steps.ts";
import type { Vocabulary } from "../vocabulary.ts";
import type { Concept } from "../vocabulary-files.ts";
import { isCjk, wordsBetweenBlanks } from "../words.ts";
import { type Family, families, familyOf } from "./endings.ts";
import { functionWords, functionWordsOf } from "./function-words.ts";
import { Postings } from "./postings.ts";
import { Stems } from "./stems.ts";

/** Of what belongs to no language: aliases. */
export const ANY_LANGUAGE = "";

const LINES_A_STEP = 64;
const BLANKS = / /g;

/** One text of one topic. */
export interface Line {
  /** Id, in use. */
  readonly topic: string;
  /** As written in the vocabulary. */
  readonly text: string;
  /** Of the text, `ANY_LANGUAGE` for an alias. */
  readonly language: string;
  /** Whether the topic is called so; an alias counts as a label. */
  readonly isLabel: boolean;
  /** The text's search folding, not empty. */
  readonly folded: string;
  /** Level of the topic in the hierarchy. */
  readonly depth: number;
  /** Whether it means the topic only where no other is named: a language, or what people are. */
  readonly isAside: boolean;
  /** Whether it is the name of a language, of which a part means nothing. */
  readonly isName: boolean;
}

/** The lines of one vocabulary; immutable once made. */
export class Phrases {
  readonly lines: readonly Line[];
  readonly stems: Stems;
  readonly #whole = new Postings();
  readonly #forms: ReadonlyMap<string, Postings>;
  readonly #longest = { cjk: 0, other: 0 };

  /** Fold and stem every text of *vocabulary*, some ten thousand short strings. */
  static *of(vocabulary: Vocabulary): Steps<Phrases> {
    const lines: Line[] = [];
    for (const line of linesOf(vocabulary)) {
      lines.push(line);
      if (lines.length % LINES_A_STEP === 0) yield;
    }
    const phrases = new Phrases(lines);
    for (let place = 0; place < lines.length; place += 1) {
      phrases.#note(place);
      if (place % LINES_A_STEP === 0) yield;
    }
    return phrases;
  }

  private constructor(lines: readonly Line[]) {
    this.lines = lines;
    this.stems = new Stems(
      lines
        .filter((line) => line.language === "ar")
        .flatMap((line) => wordsBetweenBlanks(line.folded)),
    );
    this.#forms = new Map(families().map((family) => [family.name, new Postings()]));
  }

  /** The line at *place*. */
  line(place: number): Line {
    const line = this.lines[place];
    if (line === undefined) throw new RangeError("no such line");
    return line;
  }

  /** The places of the lines that are *joined*: folded, blanks left out. */
  whole(joined: string): readonly number[] {
    return this.#whole.get(joined);
  }

  /** The places of the lines that have exactly these *stems* in *family*. */
  forms(stems: readonly string[], family: Family): readonly number[] {
    return this.#forms.get(family.name)?.get(formOf(stems)) ?? [];
  }

  /** How many tokens the longest line has, by the kind of letter it begins with. */
  longest(isCjkStart: boolean): number {
    return isCjkStart ? this.#longest.cjk : this.#longest.other;
  }

  /** The different words of all lines with the languages that have them. */
  *words(): Steps<ReadonlyMap<string, ReadonlySet<string>>> {
    const found = new Map<string, Set<string>>();
    for (const [place, line] of this.lines.entries()) {
      for (const word of wordsBetweenBlanks(line.folded)) {
        const known = found.get(word);
        if (known === undefined) found.set(word, new Set([line.language]));
        else known.add(line.language);
      }
      if (place % LINES_A_STEP === 0) yield;
    }
    return found;
  }

  #note(place: number): void {
    const line = this.line(place);
    this.#whole.add(line.folded.replace(BLANKS, ""), place);
    const kind = isCjk(line.folded) ? "cjk" : "other";
    this.#longest[kind] = Math.max(this.#longest[kind], tokenCount(line.folded));
    const family = familyOf(line.language || "en");
    if (family === null) return;
    const words = contentWords(line.folded, line.language);
    const form = formOf(words.map((word) => this.stems.of(word, family)));
    const forms = this.#forms.get(family.name);
    forms?.add(form, place);
    // The plural of an abbreviation is too short for a stem.
    if (line.language === ANY_LANGUAGE) forms?.add(`${form}s`, place);
  }
}

/**
 * The words of a *folded* text that say something, or all if none does.
 *
 * @param language - of the text; if left out, what says nothing in any language does not.
 */
export function contentWords(folded: string, language?: string): readonly string[] {
  const empty = language === undefined ? functionWords() : functionWordsOf(language);
  const words = wordsBetweenBlanks(folded);
  const content = words.filter((word) => !empty.has(word));
  return content.length > 0 ? content : words;
}

function tokenCount(folded: string): number {
  let count = 0;
  for (const word of wordsBetweenBlanks(folded)) {
    const isWritten = Array.from(word).some(isCjk);
    count += isWritten ? lengthOf(word) : 1;
  }
  return count;
}

function formOf(stems: readonly string[]): string {
  return stems.length === 1
    ? (stems[0] ?? "")
    : [...new Set(stems)].sort(compareTexts).join(" ");
}

function* linesOf(vocabulary: Vocabulary): Generator<Line, void, undefined> {
  const places = new Map<string, string>(vocabulary.ids().map((topic) => [topic, topic]));
  for (const [named, topic] of vocabulary.redirects()) places.set(named, topic);
  for (const [named, topic] of places) {
    const concept = vocabulary.get(named);
    if (concept === null) continue;
    const depth = vocabulary.depth(topic);
    yield* linesOfConcept(vocabulary, concept, topic, depth);
    if (!concept.languages) continue;
    for (const { language, languageNames } of vocabulary.languages()) {
      for (const name of languageNames.values()) {
        const line = { topic, text: name, language, isLabel: false, depth };
        yield* foldedLine({ ...line, isAside: true, isName: true });
      }
    }
  }
}

/** The lines of *concept*, which is *topic* or was put into it. */
function* linesOfConcept(
  vocabulary: Vocabulary,
  concept: Concept,
  topic: string,
  depth: number,
): Generator<Line, void, undefined> {
  const isUsed = concept.id === topic;
  const same = { topic, depth, isAside: concept.people, isName: false };
  for (const text of concept.aliases) {
    yield* foldedLine({ ...same, text, language: ANY_LANGUAGE, isLabel: isUsed });
  }
  for (const { language, topics } of vocabulary.languages()) {
    const texts = topics.get(concept.id);
    if (texts === undefined) continue;
    yield* foldedLine({ ...same, text: texts.label, language, isLabel: isUsed });
    for (const text of texts.synonyms) {
      yield* foldedLine({ ...same, text, language, isLabel: false });
    }
  }
}

function* foldedLine(line: Omit<Line, "folded">): Generator<Line, void, undefined> {
  const folded = fold(line.text);
  if (folded === "") return;
  const { topic, text, language, isLabel, depth, isAside, isName } = line;
  yield { topic, text, language, isLabel, folded, depth, isAside, isName };
}
