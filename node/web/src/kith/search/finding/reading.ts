/**
 * One text being understood: the steps that `topic-finder.ts` describes.
 *
 * Left to the caller: bounding the text, and the indexes over the vocabulary.
 */

import { firstOf, lengthOf } from "../../code-points.ts";
import type { Way } from "../offer-content.ts";
import { wordsOf } from "../words.ts";
import { corrections, type Known, MAX_CORRECTED, SHORTEST_CORRECTED } from "./corrections.ts";
import { choose, type Relatives } from "./meanings.ts";
import { EXACT, FORM, MISSPELT, type Part, Reader } from "./reader.ts";
import { Cutter, isFunction, isLight, type Segment, waysOf } from "./segments.ts";
import { Sharing } from "./sharing.ts";
import { foldedOf, type Token, tokensOf, typedAs } from "./tokens.ts";
import { wayPhrases } from "./way-words.ts";

export const MAX_DID_YOU_MEAN = 5;
/** Most words that a query compares with offers. */
export const MAX_WORDS = 8;
// Compatibility forms can unfold into many letters.
const MAX_CHARACTERS = 400;
const MAX_TOKENS = 200;

/** A part of a text that names topics. */
export interface Piece {
  /** The part, as typed. */
  readonly text: string;
  /** What it is taken to mean: usually one, several if they are equally right. */
  readonly topics: readonly string[];
  /** Further meanings, to be offered as a choice; none of them in `topics`. */
  readonly others: readonly string[];
}

/** What a text was taken to mean. */
export interface Understanding {
  /** The parts that name topics, in the order of the text. */
  readonly pieces: readonly Piece[];
  /** Ways of helping that it names. */
  readonly ways: readonly Way[];
  /** What is left of it, as `wordsOf` makes it. */
  readonly words: readonly string[];
  /** Topics that something in it may be a wrong spelling of, nearest first. */
  readonly didYouMean: readonly string[];
}

const NOTHING: Understanding = { pieces: [], ways: [], words: [], didYouMean: [] };

/**
 * What *text* means to one reader.
 *
 * @param text - of bounded length.
 * @param languages - primary subtags that the reader knows, with their places.
 * @param known - all texts of the vocabulary.
 * @param ancestors - the topics above one.
 */
export function understand(
  text: string,
  languages: ReadonlyMap<string, number>,
  known: Known,
  ancestors: Relatives,
): Understanding {
  const { shown, tokens } = tokensOf(firstOf(text.normalize("NFKC"), MAX_CHARACTERS));
  const typed = tokens.slice(0, MAX_TOKENS);
  if (typed.length === 0) return NOTHING;
  const read = (known_: ReadonlyMap<string, number>): Understanding =>
    new Reading(shown, typed, known, new Reader(known_, known.phrases, ancestors)).all();
  const understanding = read(languages);
  // Perhaps it is in a language that the reader did not name.
  const isAgain = understanding.pieces.length === 0 && languages.size > 0;
  return isAgain ? read(new Map()) : understanding;
}

/** What is known of the parts of a text, and what is left. */
interface Parts {
  readonly parts: readonly Part[];
  /** Indexes of tokens. */
  readonly left: readonly number[];
}

class Reading {
  readonly #shown: readonly string[];
  readonly #typed: readonly Token[];
  readonly #known: Known;
  readonly #reader: Reader;
  readonly #sharing: Sharing;
  readonly #suggested = new Set<string>();

  constructor(shown: readonly string[], typed: readonly Token[], known: Known, reader: Reader) {
    this.#shown = shown;
    this.#typed = typed;
    this.#known = known;
    this.#reader = reader;
    this.#sharing = new Sharing(reader, known.overlap);
  }

  all(): Understanding {
    const phrases = this.#known.phrases;
    const corrected = corrections(this.#typed, this.#known, [...this.#reader.languages.keys()]);
    const tokens = this.#typed.map((token, index) => {
      const word = corrected.get(index);
      return word === undefined ? token : { ...token, word };
    });
    const segments = new Cutter(tokens, phrases, this.#reader.isRead).cut();
    const { parts, left } = this.#parts(segments, tokens, corrected);
    this.#suggestFor(left);
    return {
      pieces: this.#pieces(parts),
      ways: waysOf(segments, tokens, phrases),
      words: wordsOf(typedAs(this.#shown, this.#typed, left), MAX_WORDS),
      didYouMean: [...this.#suggested].slice(0, MAX_DID_YOU_MEAN),
    };
  }

  /** The parts that mean something, and the indexes of tokens that are left. */
  #parts(
    segments: readonly Segment[],
    tokens: readonly Token[],
    corrected: ReadonlyMap<number, string>,
  ): Parts {
    const topics = segments.filter((one) => one.kind === "topic");
    const aside = topics.filter((one) => this.#isAside(one));
    const weak = topics.filter((one) => aside.includes(one) || this.#isWeak(one, tokens));
    const rest = segments.filter((one) => one.kind === "nothing").map((one) => one.start);
    const isLightAt = (index: number): boolean =>
      isLight(tokens[index]?.word ?? "", this.#known.phrases);
    const light = rest.filter(isLightAt);
    const heavy = rest.filter((index) => !light.includes(index));
    const helping = segments.filter((one) => one.kind === "way" || weak.includes(one));
    const supporting = [...helping.flatMap(indexesOf), ...light];

    const strong = topics.filter((one) => !weak.includes(one));
    // "Italian cooking" is about cooking, "to learn Italian" about the language; a "gay lawyer"
    // is a lawyer.
    let parts: readonly Part[] = (strong.length > 0 ? strong : aside).map((one) =>
      this.#phrasePart(one),
    );
    parts = this.#sharing.widen(parts, tokens, rest, supporting);
    const wanted = heavy.filter((index) => !parts.some((part) => part.tokens.has(index)));
    parts = [...parts, ...this.#sharing.parts(tokens, wanted, supporting, parts)];
    parts = this.#withoutWrongCorrections(parts, corrected);
    if (parts.length === 0) parts = weak.map((one) => this.#phrasePart(one));
    if (rest.length > 0 || corrected.size > 0 || parts.length === 0) {
      parts = this.#asAWhole(parts);
    }
    if (parts.length === 0 && heavy.length === 0) {
      parts = this.#sharing.parts(tokens, light, supporting, []);
    }
    const taken = new Set(parts.flatMap((part) => [...part.tokens]));
    const left = [...new Set([...heavy, ...corrected.keys()])]
      .filter((index) => !taken.has(index))
      .sort((one, other) => one - other);
    return { parts, left: parts.length > 0 || left.length > 0 ? left : rest };
  }

  /** The parts that corrections do not make ambiguous; the others are suggested. */
  #withoutWrongCorrections(
    parts: readonly Part[],
    corrected: ReadonlyMap<number, string>,
  ): readonly Part[] {
    return parts.filter((part) => {
      if (![...part.tokens].some((index) => corrected.has(index))) return true;
      this.#suggest([...part.topics, ...part.others]);
      return part.topics.length === 1;
    });
  }

  /** The one topic that the whole text is a wrong spelling of, or *parts*. */
  #asAWhole(parts: readonly Part[]): readonly Part[] {
    const folded = foldedOf(this.#typed);
    const near = this.#known.texts.near(folded);
    const nearest = near[0];
    if (nearest === undefined) return parts;
    const candidates = near.flatMap((one) =>
      this.#known.phrases
        .whole(one.text.replace(/ /g, ""))
        .map((place) => this.#reader.candidate(place, [MISSPELT, one.errors])),
    );
    const choice = choose(candidates, this.#reader.ancestors);
    this.#suggest([...choice.topics, ...choice.others]);
    const isUnsure = nearest.errors > 1 || choice.topics.length > 1;
    if (lengthOf(folded) < SHORTEST_CORRECTED || isUnsure) return parts;
    return [{ tokens: new Set(this.#typed.keys()), ...choice }];
  }

  /** Suggest topics for the words that are left. */
  #suggestFor(left: readonly number[]): void {
    for (const index of left.slice(0, MAX_CORRECTED)) {
      const token = this.#typed[index];
      if (token === undefined) continue;
      const near = this.#known.words.near(token.word);
      for (const one of near.slice(0, MAX_DID_YOU_MEAN)) {
        const read = { ...token, word: one.text };
        for (const part of this.#sharing.parts([read], [0], [], [])) this.#suggest(part.topics);
      }
    }
  }

  #suggest(topics: readonly string[]): void {
    for (const topic of topics) this.#suggested.add(topic);
  }

  #phrasePart(segment: Segment): Part {
    const candidates = [
      ...segment.exact.map((place) => this.#reader.candidate(place, [EXACT])),
      ...segment.forms.map((place) => this.#reader.candidate(place, [FORM])),
    ];
    return {
      tokens: new Set(indexesOf(segment)),
      ...choose(candidates, this.#reader.ancestors),
    };
  }

  /** Whether *segment* is the name of a language, or what people are. */
  #isAside(segment: Segment): boolean {
    return [...segment.exact, ...segment.forms].every(
      (place) => this.#known.phrases.line(place).isAside,
    );
  }

  /** Whether *segment* could as well be a way, or nothing. */
  #isWeak(segment: Segment, tokens: readonly Token[]): boolean {
    const phrases = this.#known.phrases;
    const inside = tokens.slice(segment.start, segment.end);
    if (inside[0]?.isCjk === true) {
      return wayPhrases().has(inside.map((token) => token.word).join(""));
    }
    const content = inside.filter((token) => !isFunction(token));
    if (content.length > 1) return false;
    // "To care for somebody" is only partly said by "care".
    const isRest =
      segment.exact.length === 0 &&
      segment.forms.every((place) => phrases.line(place).folded.includes(" "));
    return isRest || content.every((token) => isLight(token.word, phrases));
  }

  /** The pieces of *parts*: each topic once, and none above another one. */
  #pieces(parts: readonly Part[]): readonly Piece[] {
    const ordered = [...parts].sort(
      (one, other) => Math.min(...one.tokens) - Math.min(...other.tokens),
    );
    const named = ordered.flatMap((part) => part.topics);
    const done = new Set(named.flatMap((topic) => this.#reader.ancestors(topic)));
    const pieces: Piece[] = [];
    for (const part of ordered) {
      const topics = part.topics.filter((topic) => !done.has(topic));
      if (topics.length > 0) {
        const indexes = [...part.tokens].sort((one, other) => one - other);
        const text = typedAs(this.#shown, this.#typed, indexes);
        pieces.push({ text, topics, others: part.others });
      }
      for (const topic of topics) done.add(topic);
    }
    return pieces;
  }
}

function indexesOf(segment: Segment): readonly number[] {
  return Array.from({ length: segment.end - segment.start }, (_, at) => segment.start + at);
}
