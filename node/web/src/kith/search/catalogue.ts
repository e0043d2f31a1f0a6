/**
 * Offers as columns of numbers, for matching and ranking thousands of them while somebody types.
 *
 * Each offer is a row. Topics, languages and words are rows of numbers of their own (`Lists`).
 * What is shown of an offer is read again from its bytes by whoever made the catalogue.
 */

import type { Interner, Names } from "./interner.ts";
import type { Listed } from "./listed.ts";
import { ANSWERS, FORMATS, LEVELS, primaryLanguage, WAYS, WHENS } from "./offer-content.ts";
import { offerHash } from "./ranking.ts";

/** For each row some numbers: those of row r are `values[starts[r]]` to `values[starts[r + 1]]`. */
export interface Lists {
  readonly starts: Int32Array;
  readonly values: Int32Array;
}

/** Some offers, none of them twice; immutable once made. */
export interface Catalogue {
  readonly size: number;
  readonly ids: readonly string[];
  /** CRC-32 of the ids' bytes, forwards and in reverse. */
  readonly hashes: Uint32Array;
  readonly reverseHashes: Uint32Array;
  readonly communities: Int32Array;
  /** Days. */
  readonly updated: Int32Array;
  readonly endDays: Int32Array;
  /** Bits by the place in `WAYS`, `FORMATS`, `WHENS`, `LEVELS`. */
  readonly ways: Uint8Array;
  readonly formats: Uint8Array;
  readonly when: Uint8Array;
  readonly level: Uint8Array;
  /** 1 if another mentee fits, else 0. */
  readonly hasRoom: Uint8Array;
  /** Place in `ANSWERS`, or `ANSWERS.length`. */
  readonly answers: Uint8Array;
  readonly topics: Lists;
  /** Primary subtags, each once. */
  readonly languages: Lists;
  readonly words: Lists;
}

/** Makes a catalogue, offer by offer. */
export class CatalogueBuilder {
  readonly #names: Names;
  readonly #rows: Row[] = [];
  readonly #places = new Map<string, number>();
  readonly #topics = new ListsBuilder();
  readonly #languages = new ListsBuilder();
  readonly #words = new ListsBuilder();

  /** @param names - numbers that are shared with whatever is searched together. */
  constructor(names: Names) {
    this.#names = names;
  }

  /**
   * Add *offer*.
   *
   * @returns its row, or -1 if one with its id is there already; then nothing is added.
   */
  add(offer: Listed): number {
    if (this.#places.has(offer.id)) return -1;
    const row = this.#rows.length;
    this.#places.set(offer.id, row);
    const [hash, reverseHash] = offerHash(offer.id);
    this.#rows.push({
      id: offer.id,
      hash,
      reverseHash,
      community: this.#names.communities.number(offer.community),
      updated: offer.updated,
      endDay: offer.endDay,
      ways: bitsOf(offer.ways, WAYS),
      formats: bitsOf(offer.formats, FORMATS),
      when: bitsOf(offer.when, WHENS),
      level: bitsOf(offer.level, LEVELS),
      hasRoom: offer.room === "open" ? 1 : 0,
      answers: offer.answers === null ? ANSWERS.length : ANSWERS.indexOf(offer.answers),
    });
    const languages = new Set(offer.languages.map(primaryLanguage));
    this.#topics.add(offer.topics, this.#names.topics);
    this.#languages.add(languages, this.#names.languages);
    this.#words.add(offer.words, this.#names.words);
    return row;
  }

  /** The catalogue of all offers that were added. */
  build(): Catalogue {
    const rows = this.#rows;
    return {
      size: rows.length,
      ids: rows.map((row) => row.id),
      hashes: Uint32Array.from(rows, (row) => row.hash),
      reverseHashes: Uint32Array.from(rows, (row) => row.reverseHash),
      communities: Int32Array.from(rows, (row) => row.community),
      updated: Int32Array.from(rows, (row) => row.updated),
      endDays: Int32Array.from(rows, (row) => row.endDay),
      ways: Uint8Array.from(rows, (row) => row.ways),
      formats: Uint8Array.from(rows, (row) => row.formats),
      when: Uint8Array.from(rows, (row) => row.when),
      level: Uint8Array.from(rows, (row) => row.level),
      hasRoom: Uint8Array.from(rows, (row) => row.hasRoom),
      answers: Uint8Array.from(rows, (row) => row.answers),
      topics: this.#topics.build(),
      languages: this.#languages.build(),
      words: this.#words.build(),
    };
  }
}

interface Row {
  readonly id: string;
  readonly hash: number;
  readonly reverseHash: number;
  readonly community: number;
  readonly updated: number;
  readonly endDay: number;
  readonly ways: number;
  readonly formats: number;
  readonly when: number;
  readonly level: number;
  readonly hasRoom: number;
  readonly answers: number;
}

class ListsBuilder {
  readonly #starts: number[] = [0];
  readonly #values: number[] = [];

  add(texts: Iterable<string>, names: Interner): void {
    for (const text of texts) this.#values.push(names.number(text));
    this.#starts.push(this.#values.length);
  }

  build(): Lists {
    return { starts: Int32Array.from(this.#starts), values: Int32Array.from(this.#values) };
  }
}

/** A bit for each of *choices* that is among *chosen*. */
export function bitsOf<T extends string>(chosen: readonly T[], choices: readonly T[]): number {
  let bits = 0;
  for (const one of chosen) bits |= 1 << choices.indexOf(one);
  return bits;
}
