/**
 * The catalogue file of each language as columns, read once for as long as it stays the same.
 */

import { parseUtf8 } from "../crypto/bytes.ts";
import { MalformedError, UnavailableError } from "../crypto/errors.ts";
import type { JsonObject, JsonValue } from "../crypto/json.ts";
import { partitionsAnswer } from "../node/api.ts";
import { type Catalogue, CatalogueBuilder } from "./catalogue.ts";
import type { Names } from "./interner.ts";
import type { Fetched, KeptFile, KeptFiles } from "./kept-files.ts";
import { type Listed, readListed } from "./listed.ts";
import { readObject } from "./members.ts";
import { etagOf, parsePartition } from "./partition.ts";
import { type CancelSignal, checkWanted, runInTurns, type Steps, type Turns } from "./steps.ts";

export const MAX_CATALOGUE_BYTES = 64 * 1024 * 1024;
const PATH = "/api/v1/catalogue/partitions";
const MAX_LIST_BYTES = 1024 * 1024;
const OFFERS_A_STEP = 32;
const NOTHING: Fetched = { file: null, isStale: false };

/** The offers of one language. */
export interface Shelf {
  readonly catalogue: Catalogue;
  /** The bytes of the offer in each row of it, as signed. */
  readonly objects: readonly Uint8Array[];
  /** Whether the node could not be asked for a newer file. */
  readonly isStale: boolean;
}

/** How far reading has come. */
export interface Progress {
  readonly language: string;
  /** Offers read. */
  readonly done: number;
  /** Offers in the file. */
  readonly total: number;
}

interface Read {
  readonly file: KeptFile | null;
  readonly shelf: Shelf;
}

/** The files of offers by language. */
export class Shelves {
  readonly #files: KeptFiles;
  readonly #turns: Turns;
  readonly #names: Names;
  readonly #read = new Map<string, Read>();
  readonly #getting = new Map<string, Promise<Shelf>>();
  #listed: ReadonlySet<string> | null = null;

  constructor(files: KeptFiles, names: Names, turns: Turns) {
    this.#files = files;
    this.#names = names;
    this.#turns = turns;
  }

  /**
   * The offers of *language*; none where there is no such file.
   *
   * Reading goes on when nobody waits any more, so that whoever types on need not begin anew.
   *
   * @param onProgress - told now and then while a file is read.
   * @throws CancelledError, UnavailableError, KithError - as `KeptFiles.fetch`.
   */
  async get(
    language: string,
    signal?: CancelSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<Shelf> {
    checkWanted(signal);
    let getting = this.#getting.get(language);
    if (getting === undefined) {
      getting = this.#get(language, onProgress).finally(() => this.#getting.delete(language));
      this.#getting.set(language, getting);
    }
    const shelf = await getting;
    checkWanted(signal);
    return shelf;
  }

  async #get(language: string, onProgress?: (progress: Progress) => void): Promise<Shelf> {
    const { file, isStale } = (await this.#isServed(language))
      ? await this.#files.fetch(`${PATH}/${language}`, {
          maxBytes: MAX_CATALOGUE_BYTES,
          check: checkPartition,
        })
      : NOTHING;
    const known = this.#read.get(language);
    if (known !== undefined && known.file === file) return { ...known.shelf, isStale };
    const objects = file === null ? [] : parsePartition(file.body, MAX_CATALOGUE_BYTES).objects;
    const steps = readAll(objects, this.#names, (done) =>
      onProgress?.({ language, done, total: objects.length }),
    );
    const shelf: Shelf = { ...(await runInTurns(steps, this.#turns)), isStale };
    this.#read.set(language, { file, shelf });
    return shelf;
  }

  /**
   * Whether the node has a file of *language*, as its list of all files says.
   *
   * Asking for one that is not there would be an error on the browser's console. The list is
   * fetched again only for a language that was not in it.
   */
  async #isServed(language: string): Promise<boolean> {
    if (this.#listed?.has(language)) return true;
    const file = await this.#fetchList();
    if (file === null) return true; // only asking for the file itself tells
    this.#listed = languagesIn(file);
    return this.#listed.has(language);
  }

  /** The list of all files, or null where there is none or no line. */
  async #fetchList(): Promise<KeptFile | null> {
    const check = (one: KeptFile) => void languagesIn(one);
    try {
      return (await this.#files.fetch(PATH, { maxBytes: MAX_LIST_BYTES, check })).file;
    } catch (error) {
      if (error instanceof UnavailableError) return null;
      throw error;
    }
  }

  /** The ids of all offers in the files of *languages*, as read last. */
  held(languages: readonly string[]): ReadonlySet<string> {
    const ids = languages.flatMap(
      (language) => this.#read.get(language)?.shelf.catalogue.ids ?? [],
    );
    return new Set(ids);
  }

  /** Forget everything: when the device is locked. */
  forget(): void {
    this.#read.clear();
  }
}

/** The languages that a node's list of files names. */
function languagesIn({ body }: KeptFile): ReadonlySet<string> {
  const { partitions } = partitionsAnswer(parseTrusted(body), "");
  return new Set(partitions.map(({ language }) => language));
}

/** Rejects with MalformedError where *file* is damaged. */
export async function checkPartition(file: KeptFile): Promise<void> {
  if (file.etag !== null && file.etag !== (await etagOf(file.body))) {
    throw new MalformedError("the file of a language is damaged");
  }
  parsePartition(file.body, MAX_CATALOGUE_BYTES);
}

/** The offer in *raw*, an object of a catalogue. @throws MalformedError - it is none. */
export function readRow(raw: Uint8Array): {
  readonly document: JsonObject;
  readonly listed: Listed;
} {
  const document = parseTrusted(raw);
  return { document, listed: readListed(document) };
}

/** The offers of *raws*, without those that are none: one bad line spoils no search. */
function* readAll(
  raws: readonly Uint8Array[],
  names: Names,
  onProgress: (done: number) => void,
): Steps<Omit<Shelf, "isStale">> {
  const builder = new CatalogueBuilder(names);
  const objects: Uint8Array[] = [];
  // Of several with one id the last counts.
  for (let at = raws.length - 1; at >= 0; at -= 1) {
    const done = raws.length - at;
    if (done % OFFERS_A_STEP === 0) {
      onProgress(done);
      yield;
    }
    const raw = raws[at];
    const listed = raw === undefined ? null : listedIn(raw);
    if (raw !== undefined && listed !== null && builder.add(listed) >= 0) objects.push(raw);
  }
  onProgress(raws.length);
  yield;
  return { catalogue: builder.build(), objects };
}

function listedIn(raw: Uint8Array): Listed | null {
  try {
    return readRow(raw).listed;
  } catch (error) {
    if (error instanceof MalformedError) return null;
    throw error;
  }
}

/** What *raw* spells, without the checks for strangers: the node has made them. */
function parseTrusted(raw: Uint8Array): JsonObject {
  try {
    return readObject(JSON.parse(parseUtf8(raw)) as JsonValue, "");
  } catch (error) {
    if (error instanceof SyntaxError) throw new MalformedError("not JSON");
    throw error;
  }
}
