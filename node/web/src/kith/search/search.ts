/**
 * Finding offers on the device, over files that are the same for everybody.
 *
 * Nothing here shows who is looking or for what: the node sees only that somebody fetched the
 * files of some languages. Proofs of other communities' offers are the node's to verify: the keys
 * for it are in those communities' actors, and asking them would tell them of the reader.
 */

import type { JsonObject } from "../crypto/json.ts";
import { dayOf } from "./day.ts";
import type { Facets } from "./facets.ts";
import type { KeptFiles } from "./kept-files.ts";
import type { OfferContent } from "./offer-content.ts";
import { contentOf } from "./offer-document.ts";
import { isAskable, placeQuery } from "./placing.ts";
import { checkAsked, encodeCursor, type Query } from "./query.ts";
import { pageOf, type Ranked, Ranker } from "./ranker.ts";
import { rankingDay } from "./ranking.ts";
import { explain, type Reason } from "./reasons.ts";
import { type Progress, readRow, type Shelf, Shelves } from "./shelves.ts";
import { type CancelSignal, checkWanted, runInTurns, type Turns } from "./steps.ts";
import type { Topics } from "./topics.ts";
import { type Understood, understandQuery } from "./understood.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What search is made of. */
export interface SearchMeans {
  readonly files: KeptFiles;
  readonly topics: Topics;
  /** Id of the own community's actor. */
  readonly actor: string;
  /** Seconds since the Unix epoch, UTC. */
  readonly clock: () => number;
  readonly turns: Turns;
}

/** One result. */
export interface Hit {
  /** The offer's URL. */
  readonly id: string;
  /** The actor that announced it. */
  readonly community: string;
  /** Whether that is the own community. */
  readonly own: boolean;
  readonly score: number;
  /** Why it was found; see `reasons.ts`. */
  readonly reasons: readonly Reason[];
  /** The document as its author signed it. */
  readonly object: JsonObject;
  /** What its owner chose, for showing. */
  readonly content: OfferContent;
  /** The first day on which it is gone, since 1970-01-01 UTC. */
  readonly endDay: number;
}

/** A ranked page. */
export interface SearchAnswer {
  readonly hits: readonly Hit[];
  /** How many offers answer. */
  readonly total: number;
  /** Cursor of the next page, for `parseCursor`; null if this is the last. */
  readonly next: string | null;
  /** Counts, if they were asked for. */
  readonly facets: Facets | null;
  /** What was made of free text, if there was any. */
  readonly understood: Understood | null;
  /** Whether the node could not be asked for newer offers. */
  readonly isStale: boolean;
}

/** What is made for one vocabulary. */
interface Ready {
  readonly vocabulary: Vocabulary;
  readonly ranker: Ranker;
  readonly shelves: Shelves;
}

/** The catalogue as one member sees it. */
export class Search {
  /** Told while files are read; to be set by the screen. */
  onProgress: ((progress: Progress) => void) | null = null;

  readonly #means: SearchMeans;
  #ready: Ready | null = null;
  #fresh = new Map<string, Shelf>();

  constructor(means: SearchMeans) {
    this.#means = means;
  }

  /**
   * Fetch and read what searching in *languages* needs, so that the first search is quick.
   *
   * Also the way to look for newer offers; `find` itself asks the node only for files that were
   * never fetched in this visit.
   *
   * @throws CancelledError - *signal* was aborted.
   * @throws UnavailableError - the node cannot be reached, and something is not kept.
   */
  async prepare(languages: readonly string[], signal?: CancelSignal): Promise<void> {
    const { shelves } = await this.#open(signal);
    for (const language of inOrder(languages)) await this.#load(shelves, language, signal);
    await this.#means.topics.finder(signal);
  }

  /**
   * A ranked page, found on this device.
   *
   * Counts are over the files of the query's languages: of other languages they know what is
   * offered in these too.
   *
   * @param query - its limit may be as high as 1000 here.
   * @throws UsageError - the query names no language, so there is no file to look in, or too much.
   * @throws CancelledError - *signal* was aborted, for instance by the next letter typed.
   * @throws UnavailableError, KithError - as `prepare`.
   */
  async find(query: Query, signal?: CancelSignal): Promise<SearchAnswer> {
    checkAsked(query);
    const { vocabulary, ranker, shelves } = await this.#open(signal);
    const finder = query.text === "" ? null : await this.#means.topics.finder(signal);
    // Fetched in an order that does not tell which language is preferred.
    for (const language of inOrder(query.languages)) {
      if (!this.#fresh.has(language)) await this.#load(shelves, language, signal);
    }
    const searched = query.languages.flatMap((language) => this.#fresh.get(language) ?? []);
    checkWanted(signal);
    const placed = placeQuery(query, vocabulary);
    const { query: asked, understood } =
      finder === null ? { query: placed, understood: null } : understandQuery(placed, finder);
    const today = dayOf(this.#means.clock());
    const steps = ranker.rank(
      searched.map((shelf) => shelf.catalogue),
      asked,
      today,
      this.#means.actor,
    );
    const { ranked, total, facets } = await runInTurns(steps, this.#means.turns, signal);
    const page = pageOf(ranked, asked);
    return {
      hits: page.map((one) => this.#hit(one, searched, asked, vocabulary)),
      total,
      next: nextOf(asked, page.length, ranked.length, today),
      facets,
      understood,
      isStale: searched.some((shelf) => shelf.isStale),
    };
  }

  /**
   * The answers of `find` to *queries*, with each file fetched once, so that the node can neither
   * count the queries nor tell which languages are preferred; errors as there.
   */
  async findAll(
    queries: readonly Query[],
    signal?: CancelSignal,
  ): Promise<readonly SearchAnswer[]> {
    queries.forEach(checkAsked);
    const { shelves } = await this.#open(signal);
    for (const language of inOrder(queries.flatMap((query) => query.languages))) {
      if (!this.#fresh.has(language)) await this.#load(shelves, language, signal);
    }
    const answers: SearchAnswer[] = [];
    for (const query of queries) answers.push(await this.find(query, signal));
    return answers;
  }

  /** The ids of all offers in the files of *languages*, as last searched here. */
  held(languages: readonly string[]): ReadonlySet<string> {
    return this.#ready?.shelves.held(languages) ?? new Set();
  }

  /** Forget all offers: when the device is locked, and after topics were refreshed. */
  forget(): void {
    this.#ready = null;
    this.#fresh = new Map();
  }

  async #load(shelves: Shelves, language: string, signal?: CancelSignal): Promise<void> {
    const shelf = await shelves.get(language, signal, (progress) =>
      this.onProgress?.(progress),
    );
    if (this.#ready?.shelves === shelves) this.#fresh.set(language, shelf);
  }

  async #open(signal?: CancelSignal): Promise<Ready> {
    const vocabulary = await this.#means.topics.vocabulary(signal);
    if (this.#ready === null || this.#ready.vocabulary !== vocabulary) {
      const ranker = new Ranker(vocabulary, (topic) => isAskable(topic, vocabulary));
      const shelves = new Shelves(this.#means.files, ranker.names, this.#means.turns);
      this.#ready = { vocabulary, ranker, shelves };
      this.#fresh = new Map();
    }
    return this.#ready;
  }

  #hit(
    { source, row, score }: Ranked,
    searched: readonly Shelf[],
    query: Query,
    vocabulary: Vocabulary,
  ): Hit {
    const raw = searched[source]?.objects[row];
    if (raw === undefined) throw new RangeError("a row that is not there");
    const { document, listed } = readRow(raw);
    return {
      id: listed.id,
      community: listed.community,
      own: listed.community === this.#means.actor,
      score,
      reasons: explain(listed, query, vocabulary),
      object: document,
      content: contentOf(document, listed),
      endDay: listed.endDay,
    };
  }
}

function inOrder(languages: readonly string[]): readonly string[] {
  return [...new Set(languages)].sort();
}

function nextOf(query: Query, shown: number, ranked: number, today: number): string | null {
  const offset = (query.after?.offset ?? 0) + shown;
  if (shown === 0 || offset >= ranked) return null;
  return encodeCursor({ day: rankingDay(query, today), offset });
}
