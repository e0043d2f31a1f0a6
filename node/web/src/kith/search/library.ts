/**
 * The library as one member sees it: fetched whole, searched on this device.
 *
 * For each language the node serves one file of all resources, the same for everybody. The node
 * sees which languages somebody fetches, never what they look for. Nothing here opens a link.
 * What a malicious node could do: leave resources out, and show forged ones, since proofs of
 * other communities are not verified on the device.
 */

import { CryptoError, RemoteError, UsageError } from "../crypto/errors.ts";
import { parseJsonObject } from "../crypto/json.ts";
import { dayOf } from "./day.ts";
import { type KeptFile, MAX_DOCUMENT_BYTES } from "./kept-files.ts";
import { type FoundResource, findResources, type ResourceQuery } from "./library-search.ts";
import { parsePartition } from "./partition.ts";
import { parseResource, type Resource } from "./resource.ts";
import type { SearchMeans } from "./search.ts";
import { checkPartition, MAX_CATALOGUE_BYTES } from "./shelves.ts";
import { type CancelSignal, runInTurns, type Steps } from "./steps.ts";

const PATH = "/api/v1/library";

/** What was found, or all there is. */
export interface LibraryAnswer<T> {
  readonly resources: readonly T[];
  /** Whether the node could not be asked for newer ones. */
  readonly isStale: boolean;
}

/** All resources of one's own and the connected communities. */
export class Library {
  readonly #means: SearchMeans;
  readonly #read = new Map<
    string,
    { readonly file: KeptFile | null; readonly resources: readonly Resource[] }
  >();

  constructor(means: SearchMeans) {
    this.#means = means;
  }

  /**
   * All live resources in any of *languages*, each once, by id.
   *
   * @param languages - primary subtags.
   * @throws UsageError - no language, so there is no file to look in.
   * @throws CancelledError, UnavailableError, KithError - as `KeptFiles.fetch`.
   */
  async list(
    languages: readonly string[],
    signal?: CancelSignal,
  ): Promise<LibraryAnswer<Resource>> {
    if (languages.length === 0) {
      throw new UsageError("looking into the library needs at least one language");
    }
    const today = dayOf(this.#means.clock());
    const found = new Map<string, Resource>();
    let isStale = false;
    for (const language of [...new Set(languages)].sort()) {
      const shelf = await this.#get(language, signal);
      isStale ||= shelf.isStale;
      for (const resource of shelf.resources) {
        const known = found.get(resource.id); // one file may be a moment newer than another
        if (known !== undefined && known.revision >= resource.revision) continue;
        if (resource.endDay > today) found.set(resource.id, resource);
      }
    }
    const resources = [...found.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
    return { resources, isStale };
  }

  /**
   * What fits *query*, found on this device.
   *
   * @throws UsageError - the query names no language; others as `list`.
   */
  async find(
    query: ResourceQuery,
    signal?: CancelSignal,
  ): Promise<LibraryAnswer<FoundResource>> {
    const { topics, clock, actor, turns } = this.#means;
    const { resources, isStale } = await this.list(query.languages, signal);
    const vocabulary = await topics.vocabulary(signal);
    const finder = (query.text ?? "") === "" ? null : await topics.finder(signal);
    const means = { vocabulary, finder, today: dayOf(clock()), community: actor };
    const found = await runInTurns(findResources(resources, query, means), turns, signal);
    return { resources: found, isStale };
  }

  /** Forget everything: when the device is locked. */
  forget(): void {
    this.#read.clear();
  }

  async #get(
    language: string,
    signal?: CancelSignal,
  ): Promise<{ readonly resources: readonly Resource[]; readonly isStale: boolean }> {
    const { file, isStale } = await this.#means.files.fetch(`${PATH}/${language}`, {
      maxBytes: MAX_CATALOGUE_BYTES,
      check: checkPartition,
      signal,
    });
    const known = this.#read.get(language);
    if (known !== undefined && known.file === file)
      return { resources: known.resources, isStale };
    const steps = readAll(
      file === null ? [] : parsePartition(file.body, MAX_CATALOGUE_BYTES).objects,
    );
    const resources = await runInTurns(steps, this.#means.turns);
    this.#read.set(language, { file, resources });
    return { resources, isStale };
  }
}

/** The resources in *raws*, without those that are none: one bad line spoils no library. */
function* readAll(raws: readonly Uint8Array[]): Steps<readonly Resource[]> {
  const resources: Resource[] = [];
  for (const raw of raws) {
    try {
      const document = parseJsonObject(raw, { maxBytes: MAX_DOCUMENT_BYTES });
      resources.push(parseResource(document, () => true, { development: true }));
    } catch (error) {
      if (!(error instanceof RemoteError || error instanceof CryptoError)) throw error;
    }
    yield;
  }
  return resources;
}
