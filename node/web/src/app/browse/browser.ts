/**
 * Browsing: what was typed and chosen, and what was found. Signals in, no drawing.
 *
 * Each letter cancels the search before it; the list stays until the next one is there.
 */

import { computed, effect, signal } from "@preact/signals";
import { UnavailableError, UsageError } from "../../kith/crypto/errors.ts";
import type { Hit, SearchAnswer } from "../../kith/search/search.ts";
import { CancelledError } from "../../kith/search/steps.ts";
import type { Vocabulary } from "../../kith/search/vocabulary.ts";
import type {
  BrowseActions,
  BrowseModel,
  FacetKey,
  OfferPageModel,
  ResultsModel,
} from "../../screens/browse-model.ts";
import type { Coming } from "../../screens/parts/model.ts";
import type { Speech } from "../../ui/text.tsx";
import type { Catalogue } from "../catalogue.ts";
import { cardOf, facetsOf, offerOf, optionOf, type Wording } from "./cards.ts";
import { choose, type Filters, NO_FILTERS, queryOf } from "./filters.ts";

/** What browsing needs of the page around it. */
export interface Around {
  readonly catalogue: Catalogue;
  readonly speech: () => Speech | null;
  /** Searched where no language is chosen; BCP 47 tags. */
  readonly languages: () => readonly string[];
  readonly open: (id: string) => void;
  readonly back: () => void;
}

interface Found {
  readonly answer: SearchAnswer;
  readonly vocabulary: Vocabulary;
  /** Counts the lists, so that a new one begins at its top. */
  readonly number: number;
}

/** Browsing of one member, for as long as their vault is open. */
export class Browsing {
  readonly #around: Around;
  readonly #text = signal("");
  readonly #filters = signal<Filters>(NO_FILTERS);
  readonly #found = signal<Found | null>(null);
  readonly #failed = signal<Error | null>(null);
  readonly #round = signal(0);
  readonly #stop: () => void;
  #searching = new AbortController();
  #count = 0;

  constructor(around: Around) {
    this.#around = around;
    this.#stop = effect(() => {
      this.#round.value; // asked for once more
      const text = this.#text.value;
      const filters = this.#filters.value;
      if (around.speech() !== null) void this.#search(text, filters);
    });
  }

  /** Ends it: nothing is searched any more, and what was found is dropped. */
  end(): void {
    this.#stop();
    this.#searching.abort();
    this.#found.value = null;
    this.#text.value = "";
    this.#around.catalogue.forget();
  }

  /** What the screen shows. */
  readonly model = computed<BrowseModel | null>(() => {
    const speech = this.#around.speech();
    if (speech === null) return null;
    const found = this.#found.value;
    const filters = this.#filters.value;
    const wording = found && { speech, vocabulary: found.vocabulary };
    return {
      query: this.#text.value,
      chosen: wording === null ? [] : chosenOf(filters, wording),
      correction: wording === null ? null : correctionOf(found, wording),
      facets: wording === null ? [] : facetsOf(found?.answer.facets ?? null, filters, wording),
      results: this.#results(found, wording, speech),
      nodeSearches: null,
      offlineSince: null,
      wishes: [],
      wishKept: null,
      crisis: null,
      hidden: false,
    };
  });

  readonly actions: BrowseActions = {
    onQuery: (text) => {
      this.#text.value = text;
    },
    onFacet: (key: FacetKey, value: string, isOn: boolean) => {
      this.#filters.value = choose(this.#filters.value, key, value, isOn);
    },
    onClear: () => {
      this.#filters.value = NO_FILTERS;
    },
    onOpen: (id) => this.#around.open(id),
    onRetry: () => this.retry(),
    onNodeSearches: () => undefined,
    onKeepWish: () => undefined,
    onOpenWish: () => undefined,
    onDropWish: () => undefined,
    onShowHidden: () => undefined,
    onResource: () => undefined,
  };

  /** Searches once more. */
  retry(): void {
    this.#round.value += 1;
  }

  /** Shows what is about this topic, and nothing else. */
  showTopic(topic: string): void {
    this.#text.value = "";
    this.#filters.value = { ...NO_FILTERS, topics: [topic] };
    this.#around.back();
  }

  /** The page of an offer that was found. */
  offer(id: string): OfferPageModel {
    const speech = this.#around.speech();
    const found = this.#found.value;
    const hit = found?.answer.hits.find((one) => one.id === id);
    if (speech === null || found === null) return { state: "loading" };
    if (hit === undefined) return { state: "gone" };
    return { state: "ready", value: offerOf(hit, { speech, vocabulary: found.vocabulary }) };
  }

  async #search(text: string, filters: Filters): Promise<void> {
    this.#searching.abort();
    const searching = new AbortController();
    this.#searching = searching;
    const { search, topics } = this.#around.catalogue;
    try {
      const query = queryOf(text, filters, this.#around.languages());
      const answer = await search.find(query, searching.signal);
      const vocabulary = await topics.vocabulary(searching.signal);
      this.#count += 1;
      this.#found.value = { answer, vocabulary, number: this.#count };
      this.#failed.value = null;
    } catch (error) {
      if (searching.signal.aborted || error instanceof CancelledError) return;
      this.#failed.value = error instanceof Error ? error : new Error(String(error));
    }
  }

  #results(found: Found | null, wording: Wording | null, { t }: Speech): Coming<ResultsModel> {
    const failed = this.#failed.value;
    if (failed !== null) {
      const isAway = failed instanceof UnavailableError;
      const isTooMuch = failed instanceof UsageError;
      const title = isAway
        ? t("browse-unreachable")
        : isTooMuch
          ? t("browse-too-much")
          : t("error-unknown");
      const next = isAway ? t("browse-unreachable-next") : t("browse-failed-next");
      return { state: "failed", failure: { title, next } };
    }
    if (found === null || wording === null) return { state: "loading" };
    const { answer, number } = found;
    const { facets, hits, understood } = answer;
    const asked = new Set([...this.#filters.value.topics, ...(understood?.topics ?? [])]);
    const communities = Object.keys(facets?.communities ?? {}).length;
    return {
      state: "ready",
      value: {
        count: hits.length,
        communities,
        key: String(number),
        offerAt: (place) => cardOf(hitAt(hits, place), asked, wording),
      },
    };
  }
}

function hitAt(hits: readonly Hit[], place: number): Hit {
  const hit = hits[place];
  if (hit === undefined) throw new RangeError("no offer in this place");
  return hit;
}

function chosenOf(filters: Filters, wording: Wording): BrowseModel["chosen"] {
  return (Object.keys(filters) as FacetKey[]).flatMap((key) =>
    filters[key].map((value) => ({ key, option: optionOf(key, value, 0, wording) })),
  );
}

function correctionOf(found: Found | null, { speech, vocabulary }: Wording): string | null {
  const [first] = found?.answer.understood?.didYouMean ?? [];
  return first === undefined ? null : vocabulary.label(first, [speech.language]);
}
