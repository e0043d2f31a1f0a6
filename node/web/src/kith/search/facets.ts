/**
 * How many offers would answer a query with another choice.
 *
 * **Counts.** Each group of values is counted over what answers the query without the choice of
 * that very group: a number says what choosing the value would bring. An offer counts for its
 * topics and for all above them, and for languages by their primary subtags. Leaving out topics
 * leaves out near relatives too and does not make words required.
 */

import { compareTexts } from "../code-points.ts";
import type { Catalogue, Lists } from "./catalogue.ts";
import type { Interner, Names } from "./interner.ts";
import { FORMATS, LEVELS, WAYS, WHENS } from "./offer-content.ts";
import type { TopicTable } from "./topic-table.ts";
import { MISFIT } from "./weigher.ts";

/** Offers by value. */
export type Counts = Readonly<Record<string, number>>;

/** Counts of live offers for each value that a query could choose; zeros are left out. */
export interface Facets {
  readonly topics: Counts;
  readonly languages: Counts;
  readonly ways: Counts;
  readonly formats: Counts;
  readonly when: Counts;
  readonly level: Counts;
  readonly room: Counts;
  readonly communities: Counts;
  /** What the query as it is brings. */
  readonly total: number;
}

/** Counts one offer after the other. */
export class FacetCounter {
  readonly #names: Names;
  readonly #table: TopicTable;
  readonly #topics: Int32Array;
  readonly #seen: Int32Array; // by topic, the last offer that counted for it
  readonly #languages: Int32Array;
  readonly #communities: Int32Array;
  readonly #ways = new Int32Array(WAYS.length);
  readonly #formats = new Int32Array(FORMATS.length);
  readonly #when = new Int32Array(WHENS.length);
  readonly #level = new Int32Array(LEVELS.length);
  readonly #room = new Int32Array(2);
  #offers = 0;
  #total = 0;

  constructor(names: Names, table: TopicTable) {
    this.#names = names;
    this.#table = table;
    this.#topics = new Int32Array(table.reached.size);
    this.#seen = new Int32Array(table.reached.size);
    this.#languages = new Int32Array(names.languages.size);
    this.#communities = new Int32Array(names.communities.size);
  }

  /** Count the offer in *row* of *catalogue*, which does not fit *misfits* of the query. */
  count(catalogue: Catalogue, row: number, misfits: number): void {
    const isAllBut = (group: number): boolean => (misfits & ~group) === 0;
    if (isAllBut(MISFIT.topics)) this.#countTopics(catalogue.topics, row);
    if (isAllBut(MISFIT.languages)) {
      const { starts, values } = catalogue.languages;
      for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
        add(this.#languages, values[at] ?? 0);
      }
    }
    if (isAllBut(MISFIT.communities)) add(this.#communities, catalogue.communities[row] ?? 0);
    if (isAllBut(MISFIT.ways)) addBits(this.#ways, catalogue.ways[row] ?? 0);
    if (isAllBut(MISFIT.formats)) addBits(this.#formats, catalogue.formats[row] ?? 0);
    if (isAllBut(MISFIT.room)) add(this.#room, catalogue.hasRoom[row] ?? 0);
    if (misfits !== 0) return;
    this.#total += 1;
    addBits(this.#when, catalogue.when[row] ?? 0);
    addBits(this.#level, catalogue.level[row] ?? 0);
  }

  /**
   * What was counted.
   *
   * @param isPlaced - whether a topic is one that can be asked for: whatever is left out has been
   *   counted for the topic that it counts as, too.
   */
  facets(isPlaced: (topic: string) => boolean): Facets {
    const named = (names: Interner, counts: Int32Array): Counts =>
      countsOf(counts, (number) => names.text(number));
    const topics = named(this.#table.reached, this.#topics);
    return {
      topics: Object.fromEntries(Object.entries(topics).filter(([topic]) => isPlaced(topic))),
      languages: named(this.#names.languages, this.#languages),
      ways: countsOf(this.#ways, (bit) => WAYS[bit] ?? ""),
      formats: countsOf(this.#formats, (bit) => FORMATS[bit] ?? ""),
      when: countsOf(this.#when, (bit) => WHENS[bit] ?? ""),
      level: countsOf(this.#level, (bit) => LEVELS[bit] ?? ""),
      room: countsOf(this.#room, (hasRoom) => (hasRoom === 1 ? "open" : "full")),
      communities: named(this.#names.communities, this.#communities),
      total: this.#total,
    };
  }

  #countTopics({ starts, values }: Lists, row: number): void {
    this.#offers += 1;
    const { chains } = this.#table;
    for (let at = starts[row] ?? 0; at < (starts[row + 1] ?? 0); at += 1) {
      const topic = values[at] ?? 0;
      const end = chains.starts[topic + 1] ?? 0;
      for (let step = chains.starts[topic] ?? 0; step < end; step += 1) {
        const reached = chains.values[step] ?? 0;
        if (this.#seen[reached] === this.#offers) continue;
        this.#seen[reached] = this.#offers;
        add(this.#topics, reached);
      }
    }
  }
}

function add(counts: Int32Array, place: number): void {
  counts[place] = (counts[place] ?? 0) + 1;
}

function addBits(counts: Int32Array, bits: number): void {
  for (let place = 0; place < counts.length; place += 1) {
    if ((bits & (1 << place)) !== 0) add(counts, place);
  }
}

function countsOf(counts: Int32Array, nameOf: (place: number) => string): Counts {
  const found: (readonly [string, number])[] = [];
  counts.forEach((count, place) => {
    if (count > 0) found.push([nameOf(place), count]);
  });
  return Object.fromEntries(found.sort(([one], [other]) => compareTexts(one, other)));
}
