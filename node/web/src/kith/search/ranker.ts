/**
 * Ranking whole catalogues: the answer to a query, all pages of it.
 *
 * Several catalogues are searched as one; an offer that stands in several is taken from the last
 * of them. Order and score are those of `ranking.ts`.
 */

import { compareTexts } from "../code-points.ts";
import type { Catalogue } from "./catalogue.ts";
import { FacetCounter, type Facets } from "./facets.ts";
import type { Hierarchy } from "./hierarchy.ts";
import { type Names, newNames } from "./interner.ts";
import type { Query } from "./query.ts";
import { LUCK_SCALE, MAX_RANKED, mix32, rankingDay, rotationSeed, spread } from "./ranking.ts";
import type { Steps } from "./steps.ts";
import { type TopicTable, topicTableOf } from "./topic-table.ts";
import { NOT_ELIGIBLE, Weigher } from "./weigher.ts";

const ROWS_A_STEP = 1024;

/** One offer in its place. */
export interface Ranked {
  /** Place of its catalogue among those searched. */
  readonly source: number;
  /** Its row there. */
  readonly row: number;
  readonly score: number;
}

/** The answer to a query. */
export interface Ranking {
  /** Best first, at most `MAX_RANKED`. */
  readonly ranked: readonly Ranked[];
  /** How many offers answer. */
  readonly total: number;
  /** Null unless the query wants counts. */
  readonly facets: Facets | null;
}

/** A match with the number that orders it, lower first. */
interface Match extends Ranked {
  readonly key: number;
}

/** Ranks catalogues that share names. */
export class Ranker {
  readonly names: Names = newNames();
  readonly #hierarchy: Hierarchy;
  readonly #isPlaced: (topic: string) => boolean;
  #table: TopicTable | null = null;
  #hidden: Hidden | null = null;

  /**
   * @param hierarchy - of the vocabulary.
   * @param isPlaced - whether a topic is one that can be asked for, so that it is counted.
   */
  constructor(hierarchy: Hierarchy, isPlaced: (topic: string) => boolean) {
    this.#hierarchy = hierarchy;
    this.#isPlaced = isPlaced;
  }

  /**
   * The answer to *query*.
   *
   * @param catalogues - made with the names of this ranker.
   * @param query - what is asked; its limit and offset are left to `pageOf`.
   * @param day - today.
   * @param community - actor of the community in which it is asked.
   */
  *rank(
    catalogues: readonly Catalogue[],
    query: Query,
    day: number,
    community: string,
  ): Steps<Ranking> {
    const shown = rankingDay(query, day);
    const seed = rotationSeed(query, shown, community);
    const table = this.#topicTable();
    const hidden = this.#hiddenRows(catalogues);
    const weigher = new Weigher({ query, day, shown }, this.names, table, this.#hierarchy);
    const counter = query.counts ? new FacetCounter(this.names, table) : null;
    const matches: Match[] = [];
    yield;
    for (const [source, catalogue] of catalogues.entries()) {
      const isHidden = hidden[source];
      for (let row = 0; row < catalogue.size; row += 1) {
        if (row % ROWS_A_STEP === ROWS_A_STEP - 1) yield;
        if (isHidden?.[row] === 1) continue;
        const misfits = weigher.look(catalogue, row);
        if (misfits === NOT_ELIGIBLE) continue;
        counter?.count(catalogue, row, misfits);
        if (misfits !== 0) continue;
        const score = weigher.score(catalogue, row);
        const rotation = mix32(((catalogue.hashes[row] ?? 0) ^ seed) >>> 0);
        matches.push({ source, row, score, key: rotation - LUCK_SCALE * score });
      }
    }
    yield;
    return {
      ranked: dealt(catalogues, bestOf(catalogues, matches)),
      total: matches.length,
      facets: counter?.facets(this.#isPlaced) ?? null,
    };
  }

  #topicTable(): TopicTable {
    if (this.#table?.size !== this.names.topics.size) {
      this.#table = topicTableOf(this.names.topics, this.#hierarchy);
    }
    return this.#table;
  }

  /** For each of *catalogues* the rows whose offers stand in a later one, marked with 1. */
  #hiddenRows(catalogues: readonly Catalogue[]): readonly (Uint8Array | null)[] {
    const known = this.#hidden;
    const isSame =
      known?.catalogues.length === catalogues.length &&
      known.catalogues.every((one, at) => one === catalogues[at]);
    if (known !== null && isSame) return known.rows;
    const rows = hiddenRowsOf(catalogues);
    this.#hidden = { catalogues: [...catalogues], rows };
    return rows;
  }
}

interface Hidden {
  readonly catalogues: readonly Catalogue[];
  readonly rows: readonly (Uint8Array | null)[];
}

/** The page of *ranked* that *query* asks for. */
export function pageOf<T>(ranked: readonly T[], query: Query): readonly T[] {
  const offset = query.after?.offset ?? 0;
  return ranked.slice(offset, offset + query.limit);
}

function hiddenRowsOf(catalogues: readonly Catalogue[]): readonly (Uint8Array | null)[] {
  const seen = new Set<string>();
  const rows: (Uint8Array | null)[] = [];
  for (let source = catalogues.length - 1; source >= 0; source -= 1) {
    const ids = catalogues[source]?.ids ?? [];
    const hidden = seen.size > 0 ? Uint8Array.from(ids, (id) => (seen.has(id) ? 1 : 0)) : null;
    rows.unshift(hidden);
    if (source > 0) for (const id of ids) seen.add(id);
  }
  return rows;
}

/** The first `MAX_RANKED` of *matches*, in order. */
function bestOf(catalogues: readonly Catalogue[], matches: readonly Match[]): readonly Match[] {
  let best = [...matches];
  if (matches.length > MAX_RANKED) {
    // Sorting bare numbers is far quicker than sorting by comparison.
    const last = Float64Array.from(matches, (one) => one.key).sort()[MAX_RANKED - 1] ?? 0;
    best = matches.filter((one) => one.key <= last);
  }
  const reverseOf = (one: Match): number => catalogues[one.source]?.reverseHashes[one.row] ?? 0;
  const idOf = (one: Match): string => catalogues[one.source]?.ids[one.row] ?? "";
  best.sort(
    (one, other) =>
      one.key - other.key ||
      reverseOf(one) - reverseOf(other) ||
      compareTexts(idOf(one), idOf(other)),
  );
  return best.slice(0, MAX_RANKED);
}

function dealt(catalogues: readonly Catalogue[], best: readonly Match[]): readonly Ranked[] {
  const communities = best.map((one) => catalogues[one.source]?.communities[one.row] ?? 0);
  const withRoom = best.filter((one) => catalogues[one.source]?.hasRoom[one.row] === 1).length;
  return spread(communities, withRoom).flatMap((place) => {
    const one = best[place];
    return one === undefined ? [] : [{ source: one.source, row: one.row, score: one.score }];
  });
}
