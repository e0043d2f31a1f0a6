/**
 * One query, made ready to be held against thousands of offers: what fits, and how well.
 *
 * The rules are those of `matching.ts` and `ranking.ts`, worked out once for each topic,
 * language, word and community and then looked up by number. Topics, known topics and words that
 * a query names have a bit each.
 */

import { bitsOf, type Catalogue, type Lists } from "./catalogue.ts";
import { type Hierarchy, nearTopics, onlyKnown } from "./hierarchy.ts";
import type { Names } from "./interner.ts";
import { FORMATS, LEVELS, WAYS, WHENS } from "./offer-content.ts";
import type { Query } from "./query.ts";
import {
  ANSWER_POINTS,
  FORMAT,
  freshPoints,
  KNOWN,
  languagePoints,
  MOST_KNOWN,
  MOST_WORDS,
  NEAR,
  PREFERENCE,
  ROOM,
  TOPIC_BY_DISTANCE,
  UNSAID,
  WAY,
  WORD,
} from "./ranking.ts";
import type { TopicTable } from "./topic-table.ts";

/** What of a query an offer does not fit, as bits; 0 if it fits all. */
export const MISFIT = {
  topics: 1,
  words: 2,
  languages: 4,
  ways: 8,
  formats: 16,
  room: 32,
  communities: 64,
} as const;
/** It does not count at all: it has ended, or is left out, or the query is lost. */
export const NOT_ELIGIBLE = 1 << 30;

const UNASKED = 127;
const ALLOWED = 1;
const EXCLUDED = 2;

/** What a query is asked in. */
export interface Asked {
  readonly query: Query;
  /** Today: what has ended by then does not count. */
  readonly day: number;
  /** Whose order is read. */
  readonly shown: number;
}

/** Holds a query against one offer after the other. */
export class Weigher {
  readonly #query: Query;
  readonly #day: number;
  readonly #shown: number;
  // By the number of a topic that an offer names:
  readonly #points: Int16Array; // for each topic asked
  readonly #reached: Int32Array;
  readonly #near: Int32Array;
  readonly #known: Int32Array;
  // By the numbers of others:
  readonly #languages: Uint8Array;
  readonly #words: Int32Array;
  readonly #communities: Uint8Array;
  readonly #ways: number;
  readonly #preferredWays: number;
  readonly #formats: number;
  readonly #when: number;
  readonly #level: number;
  // Of the offer that was looked at last:
  #wordCount = 0;
  #knownCount = 0;
  #languagePlace = UNASKED;
  #isNear = false;

  constructor(
    { query, day, shown }: Asked,
    names: Names,
    table: TopicTable,
    hierarchy: Hierarchy,
  ) {
    this.#query = query;
    this.#day = day;
    this.#shown = shown;
    this.#points = new Int16Array(table.size * query.topics.length);
    this.#reached = new Int32Array(table.size);
    this.#near = new Int32Array(table.size);
    this.#known = new Int32Array(table.size);
    this.#prepareTopics(names, table, hierarchy);
    this.#languages = new Uint8Array(names.languages.size).fill(UNASKED);
    query.languages.forEach((language, place) => {
      const number = names.languages.find(language);
      if (number >= 0) this.#languages[number] = Math.min(place, this.#languages[number] ?? 0);
    });
    this.#words = new Int32Array(query.words.length > 0 ? names.words.size : 0);
    query.words.forEach((word, place) => {
      const number = names.words.find(word);
      if (number >= 0) this.#words[number] = 1 << place;
    });
    const state = query.communities.length > 0 ? 0 : ALLOWED;
    this.#communities = new Uint8Array(names.communities.size).fill(state);
    this.#mark(names, query.communities, ALLOWED);
    this.#mark(names, query.without, EXCLUDED);
    this.#ways = bitsOf(query.ways, WAYS);
    this.#preferredWays = bitsOf(query.preferredWays, WAYS);
    this.#formats = bitsOf(query.formats, FORMATS);
    this.#when = bitsOf(query.when, WHENS);
    this.#level = bitsOf(query.level, LEVELS);
  }

  /** What the offer in *row* of *catalogue* does not fit, as bits. */
  look(catalogue: Catalogue, row: number): number {
    const community = this.#communities[catalogue.communities[row] ?? 0] ?? 0;
    const isLive = (catalogue.endDays[row] ?? 0) > this.#day;
    if (!isLive || this.#query.isLost || (community & EXCLUDED) !== 0) return NOT_ELIGIBLE;
    let misfits = (community & ALLOWED) === 0 ? MISFIT.communities : 0;
    misfits |= this.#lookAtTopics(catalogue.topics, row);
    misfits |= this.#lookAtLanguages(catalogue.languages, row);
    misfits |= this.#lookAtWords(catalogue.words, row);
    if (this.#ways !== 0 && ((catalogue.ways[row] ?? 0) & this.#ways) === 0) {
      misfits |= MISFIT.ways;
    }
    if (this.#formats !== 0 && ((catalogue.formats[row] ?? 0) & this.#formats) === 0) {
      misfits |= MISFIT.formats;
    }
    if (this.#query.roomOnly && catalogue.hasRoom[row] !== 1) misfits |= MISFIT.room;
    return misfits;
  }

  /** The score of the offer in *row* of *catalogue*, which was looked at last. */
  score(catalogue: Catalogue, row: number): number {
    const ways = catalogue.ways[row] ?? 0;
    return (
      (catalogue.hasRoom[row] === 1 ? ROOM : 0) +
      this.#topicScore(catalogue.topics, row) +
      (this.#isNear ? NEAR : 0) +
      WORD * Math.min(this.#wordCount, MOST_WORDS) +
      KNOWN * Math.min(this.#knownCount, MOST_KNOWN) +
      (this.#languagePlace === UNASKED ? 0 : languagePoints(this.#languagePlace)) +
      WAY * (bitCount(ways & this.#ways) + bitCount(ways & this.#preferredWays)) +
      FORMAT * bitCount((catalogue.formats[row] ?? 0) & this.#formats) +
      preferencePoints(this.#when, catalogue.when[row] ?? 0) +
      preferencePoints(this.#level, catalogue.level[row] ?? 0) +
      (ANSWER_POINTS[catalogue.answers[row] ?? 0] ?? 0) +
      freshPoints(this.#shown - (catalogue.updated[row] ?? 0))
    );
  }

  #prepareTopics(names: Names, table: TopicTable, hierarchy: Hierarchy): void {
    const { topics } = this.#query;
    const asked = bitsByNumber(table, topics);
    const known = bitsByNumber(table, onlyKnown(this.#query, hierarchy));
    const { starts, values } = table.chains;
    for (let topic = 0; topic < table.size; topic += 1) {
      const start = starts[topic] ?? 0;
      for (let at = start; at < (starts[topic + 1] ?? 0); at += 1) {
        const reached = values[at] ?? 0;
        this.#known[topic] = (this.#known[topic] ?? 0) | (known.get(reached) ?? 0);
        const bits = asked.get(reached) ?? 0;
        if (bits === 0) continue;
        this.#reached[topic] = (this.#reached[topic] ?? 0) | bits;
        const distance = Math.min(at - start, TOPIC_BY_DISTANCE.length - 1);
        const place = topic * topics.length + 31 - Math.clz32(bits);
        this.#points[place] = Math.max(
          this.#points[place] ?? 0,
          TOPIC_BY_DISTANCE[distance] ?? 0,
        );
      }
    }
    const near = nearTopics(this.#query, hierarchy);
    topics.forEach((topic, place) => {
      for (const relative of near.get(topic) ?? []) {
        const number = names.topics.find(relative);
        if (number >= 0) this.#near[number] = (this.#near[number] ?? 0) | (1 << place);
      }
    });
  }

  #mark(names: Names, communities: readonly string[], state: number): void {
    for (const community of communities) {
      const number = names.communities.find(community);
      if (number >= 0) this.#communities[number] = (this.#communities[number] ?? 0) | state;
    }
  }

  #lookAtTopics({ starts, values }: Lists, row: number): number {
    let reached = 0;
    let known = 0;
    let near = 0;
    const end = starts[row + 1] ?? 0;
    const start = starts[row] ?? 0;
    for (let at = start; at < end; at += 1) {
      const topic = values[at] ?? 0;
      reached |= this.#reached[topic] ?? 0;
      known |= this.#known[topic] ?? 0;
      near |= this.#near[topic] ?? 0;
    }
    this.#isNear = (near & ~reached) !== 0;
    this.#knownCount = bitCount(known);
    const isFit = this.#query.topics.length === 0 || reached !== 0 || this.#isNear;
    return isFit ? 0 : MISFIT.topics;
  }

  #lookAtLanguages({ starts, values }: Lists, row: number): number {
    let first = UNASKED;
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
      first = Math.min(first, this.#languages[values[at] ?? 0] ?? UNASKED);
    }
    this.#languagePlace = first;
    return first === UNASKED && this.#query.languages.length > 0 ? MISFIT.languages : 0;
  }

  #lookAtWords({ starts, values }: Lists, row: number): number {
    const { words, topics } = this.#query;
    this.#wordCount = 0;
    if (words.length === 0) return 0;
    let found = 0;
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
      found |= this.#words[values[at] ?? 0] ?? 0;
    }
    this.#wordCount = bitCount(found);
    return found === 0 && topics.length === 0 ? MISFIT.words : 0;
  }

  #topicScore({ starts, values }: Lists, row: number): number {
    const count = this.#query.topics.length;
    let score = 0;
    for (let asked = 0; asked < count; asked += 1) {
      let best = 0;
      for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
        best = Math.max(best, this.#points[(values[at] ?? 0) * count + asked] ?? 0);
      }
      score += best;
    }
    return score;
  }
}

/** A bit for each of *topics* by the numbers of those that some offer reaches. */
function bitsByNumber(
  table: TopicTable,
  topics: readonly string[],
): ReadonlyMap<number, number> {
  const bits = new Map<number, number>();
  topics.forEach((topic, place) => {
    const number = table.reached.find(topic);
    if (number >= 0) bits.set(number, 1 << place);
  });
  return bits;
}

function preferencePoints(asked: number, offered: number): number {
  if (asked === 0) return 0;
  return offered === 0 ? UNSAID : PREFERENCE * bitCount(asked & offered);
}

/** How many bits of *bits* are set. */
export function bitCount(bits: number): number {
  let count = 0;
  for (let rest = bits; rest !== 0; rest &= rest - 1) count += 1;
  return count;
}
