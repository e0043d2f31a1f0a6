/**
 * Files that are the same for everybody, fetched whole and kept while they stay the same.
 *
 * A node serves one file of offers and one of resources for each language, the topics, and a
 * file of words for each language. It sees which of them a device asks for, never what is looked
 * for in them. Where it cannot be reached, what is kept is used and said to be stale.
 *
 * Left to the caller: sending requests (`FileSource`), and keeping files between visits,
 * encrypted and under neutral names (`FileStore`).
 */

import { KithError, UnavailableError } from "../crypto/errors.ts";
import { type CancelSignal, checkWanted } from "./steps.ts";

/** The longest single object in a file of many. */
export const MAX_DOCUMENT_BYTES = 64 * 1024;

/** A file as it was fetched. */
export interface KeptFile {
  readonly body: Uint8Array;
  /** As the node sent it, null if it sent none. */
  readonly etag: string | null;
}

/** What a node answers. */
export type FileReply =
  | ({ readonly kind: "file" } & KeptFile)
  /** It is still the one of the entity tag that was sent. */
  | { readonly kind: "same" }
  | { readonly kind: "none" };

/** Reads files of the node by a GET that shows nobody in particular. */
export interface FileSource {
  /**
   * The file at *path*.
   *
   * @throws UnavailableError - the node cannot be reached.
   * @throws KithError - it refused, or the answer is longer than `maxBytes`.
   */
  read(
    path: string,
    options: {
      readonly etag: string | null;
      readonly maxBytes: number;
      readonly signal?: CancelSignal | undefined;
    },
  ): Promise<FileReply>;
}

/**
 * Keeps files between visits; may forget any of them at any time. Lack of room is no error:
 * what finds none is not kept.
 */
export interface FileStore {
  get(path: string): Promise<KeptFile | null>;
  put(path: string, file: KeptFile): Promise<void>;
  delete(path: string): Promise<void>;
}

/** A file, and how sure it is. */
export interface Fetched {
  /** The same object for as long as the file stays the same; null where there is none. */
  readonly file: KeptFile | null;
  /** Whether the node could not be asked, so that there may be a newer one. */
  readonly isStale: boolean;
}

/** Takes a file, or throws (or rejects with) what is wrong with it. */
export type Check = (file: KeptFile) => void | Promise<void>;

/** How to fetch a file. */
export interface FetchOptions {
  readonly maxBytes: number;
  /**
   * Takes a file or throws. Nothing that it refuses is kept, and what is kept and refused is
   * fetched anew.
   */
  readonly check: Check;
  /** The tag of the file as it is now, if that is known: one with it is not asked for again. */
  readonly etag?: string | undefined;
  readonly signal?: CancelSignal | undefined;
}

/** The files of one node by their paths. */
export class KeptFiles {
  readonly #source: FileSource;
  readonly #store: FileStore | null;
  readonly #held = new Map<string, KeptFile>();
  readonly #fetching = new Map<string, Promise<Fetched>>();

  /** @param store - keeps files between visits; without one each visit fetches them anew. */
  constructor(source: FileSource, store: FileStore | null = null) {
    this.#source = source;
    this.#store = store;
  }

  /** The file at *path* as it was fetched last in this visit, or null. */
  last(path: string): KeptFile | null {
    return this.#held.get(path) ?? null;
  }

  /** Forget everything that is held in memory: when the device is locked. */
  forget(): void {
    this.#held.clear();
  }

  /**
   * The file at *path*; asked for once, however many ask at the same time.
   *
   * @throws CancelledError - `signal` was aborted; others that wait still get the file.
   * @throws UnavailableError - the node cannot be reached, and the file is not kept.
   * @throws KithError - the node refused, or the file is damaged.
   */
  async fetch(path: string, options: FetchOptions): Promise<Fetched> {
    checkWanted(options.signal);
    let fetching = this.#fetching.get(path);
    if (fetching === undefined) {
      fetching = this.#fetch(path, options).finally(() => this.#fetching.delete(path));
      this.#fetching.set(path, fetching);
    }
    const fetched = await fetching;
    checkWanted(options.signal);
    return fetched;
  }

  async #fetch(path: string, { maxBytes, check, etag }: FetchOptions): Promise<Fetched> {
    const known = this.#held.get(path) ?? (await this.#fromStore(path, check));
    if (known !== null && known.etag !== null && known.etag === etag) {
      this.#held.set(path, known);
      return { file: known, isStale: false };
    }
    let reply: FileReply;
    try {
      reply = await this.#source.read(path, { etag: known?.etag ?? null, maxBytes });
    } catch (error) {
      if (known === null || !(error instanceof UnavailableError)) throw error;
      this.#held.set(path, known);
      return { file: known, isStale: true };
    }
    if (reply.kind === "same" && known !== null) {
      this.#held.set(path, known);
      return { file: known, isStale: false };
    }
    if (reply.kind !== "file") {
      this.#held.delete(path);
      await this.#store?.delete(path);
      return { file: null, isStale: false };
    }
    const file: KeptFile = { body: reply.body, etag: reply.etag };
    await check(file);
    this.#held.set(path, file);
    await this.#store?.put(path, file);
    return { file, isStale: false };
  }

  async #fromStore(path: string, check: Check): Promise<KeptFile | null> {
    const kept = (await this.#store?.get(path)) ?? null;
    if (kept === null) return null;
    try {
      await check(kept);
      return kept;
    } catch (error) {
      if (!(error instanceof KithError)) throw error;
      return null; // damaged: it is fetched anew
    }
  }
}
