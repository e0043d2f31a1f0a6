/**
 * The member's vault: records in memory, on this device, and encrypted on the node.
 *
 *     member.vault.put("persona", "1", { pseudonym: "Heron" });
 *     await member.vault.sync();
 *
 * `sync` makes this copy and the one on the node the same: it reads what other devices wrote,
 * joins it with what was written here, and writes the result in one call that the node takes
 * only if nobody else has written meanwhile; else it tries again. It is never a reason to lose a
 * record: whatever the node answers, this copy only grows.
 *
 * A node that shows an older vault than it had, or chunks that do not fit, is found out
 * (`warnings`) and given what it lacks. Sources: protocol/spec/vault.md; docs/adr/0010.
 */

import { DecryptionError, UnavailableError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import type { JsonObject } from "../crypto/json.ts";
import type { Call, Reply } from "../node/connection.ts";
import { ProblemError } from "../node/errors.ts";
import {
  differing,
  INDEX_CHUNK,
  type Index,
  judgeIndex,
  openData,
  openIndex,
  type Stored,
  type Writing,
} from "./chest.ts";
import { LARGEST_BYTES } from "./chunk.ts";
import type { VaultCopy } from "./copy.ts";
import { SMALLEST_CHUNK_BYTES } from "./layout.ts";
import type { Contents, Name, Record } from "./records.ts";
import { CHUNKS_TYPE, encodeChunks, etagOfHash } from "./upload.ts";

export const MAX_TRIES = 8;
export const MAX_READS = 3;

const NOT_MODIFIED = 304;
const BUSY = "other devices are writing to the vault";

/**
 * What a node did to a vault: showed an older one; one that was never written after the last
 * seen one; chunks that do not fit their index; none where there was one.
 */
export type Warning = "rolled-back" | "forked" | "damaged" | "gone";

/** The keys that the vault is under. */
export interface VaultKeys {
  /** 32 bytes. */
  readonly vaultKey: Uint8Array;
  /** Which it may be under after a change that was cut off, or null. */
  readonly nextVaultKey: Uint8Array | null;
  /** Notes that the node took the next key. */
  takeNextVaultKey(): void;
  /** Keeps what was changed on this device, before the node hears of it. */
  commit(): Promise<void>;
}

/** Calls with the member's session. */
export interface Caller {
  send(call: Call): Promise<Reply>;
}

/** The vault of the member whose keys are open. */
export class Vault {
  readonly #copy: VaultCopy;
  readonly #keys: VaultKeys;
  readonly #session: Caller;
  readonly #warnings = new Set<Warning>();
  #queue: Promise<unknown> = Promise.resolve();
  /** Is told of each warning once, at once. */
  tell: (warning: Warning) => void = () => undefined;

  constructor(copy: VaultCopy, keys: VaultKeys, session: Caller) {
    this.#copy = copy;
    this.#keys = keys;
    this.#session = session;
  }

  // --- records ---------------------------------------------------------------------

  /** The values of all records of *kind*, by id. */
  list(kind: string): ReadonlyMap<string, JsonObject> {
    return this.#copy.list(kind);
  }

  /** Adds or replaces a record, in memory; `sync` keeps it. */
  put(kind: string, id: string, value: JsonObject): void {
    this.#copy.put(kind, id, value);
  }

  /** Deletes a record, where there is one. */
  delete(kind: string, id: string): void {
    this.#copy.delete(kind, id);
  }

  /** 16 random bytes that stand for this device; they stay on it. */
  get device(): Uint8Array {
    return this.#copy.device;
  }

  /** Stands for a new device from now on: this copy turned out to be an older one. */
  renewDevice(): void {
    this.#copy.renewDevice();
  }

  /** Counts what was changed, so that others see whether they have to look again. */
  get changes(): number {
    return this.#copy.changes;
  }

  /** Whether there is something that the node does not have yet. */
  get isBehind(): boolean {
    return this.#copy.isBehind;
  }

  /** How much room the chunks of records take on the node; 0 where not known. */
  get sizeBytes(): number {
    return (this.#copy.stored?.sizes ?? []).reduce((sum, size) => sum + size, 0);
  }

  /** What the node was found to have done to the vault since it was opened. */
  get warnings(): ReadonlySet<Warning> {
    return this.#warnings;
  }

  // --- the node ----------------------------------------------------------------------

  /**
   * Returns when this copy and the node's are the same.
   *
   * @throws NodeUnreachableError - no answer came; what is here is kept on this device.
   * @throws ProblemError - the node refused.
   * @throws DecryptionError - the vault is under another key: another device has changed the
   *   passphrase.
   * @throws UnavailableError - other devices kept writing.
   * @throws VaultFullError - there is more than a vault holds.
   */
  sync(): Promise<void> {
    return this.#alone(async () => {
      await this.#keys.commit();
      // A write is taken only over the newest vault, so it is a look at it, too. What did not
      // fit is looked at again, before it is written over.
      const copy = this.#copy;
      let isKnown = copy.stored !== null && copy.isBehind && copy.damaged.size === 0;
      for (let count = 0; count < MAX_TRIES; count += 1) {
        if (!isKnown) {
          await this.#pull();
          await this.#keys.commit();
        }
        if (!copy.isBehind || (await this.#push())) return;
        isKnown = false;
      }
      throw new UnavailableError(BUSY, 5);
    });
  }

  /** Writes the vault of somebody new, without looking for one first. */
  begin(): Promise<void> {
    return this.#alone(async () => {
      await this.#keys.commit();
      await this.#push();
    });
  }

  /**
   * Writes the whole vault under a new key; returns the answer to the call that did.
   *
   * @param vaultKey - the new one, 32 bytes.
   * @param make - returns the call that carries all the chunks.
   * @throws NodeUnreachableError - no answer came; the node may or may not have taken it.
   * @throws ProblemError - the node refused.
   * @throws UnavailableError - other devices kept writing.
   */
  rewrite(
    vaultKey: Uint8Array,
    make: (chunks: ReadonlyMap<number, Uint8Array>) => Call,
  ): Promise<Reply> {
    return this.#alone(async () => {
      for (let count = 0; count < MAX_TRIES; count += 1) {
        await this.#pull();
        await this.#keys.commit();
        const [writing, sent] = await this.#copy.write(vaultKey, true);
        const reply = await this.#tryWrite(make(writing.chunks), writing, sent);
        if (reply !== null) return reply;
      }
      throw new UnavailableError(BUSY, 5);
    });
  }

  /** Lets nobody in before *work* has ended. */
  #alone<T>(work: () => Promise<T>): Promise<T> {
    const run = this.#queue.then(work, work);
    this.#queue = run.catch(() => undefined);
    return run;
  }

  /** Writes what the node lacks; tells whether it took it. */
  async #push(): Promise<boolean> {
    const [writing, sent] = await this.#copy.write(this.#keys.vaultKey);
    const raw = encodeChunks(writing.chunks);
    const call: Call = { method: "PUT", path: "/api/v1/vault", raw, mediaType: CHUNKS_TYPE };
    if ((await this.#tryWrite(call, writing, sent)) === null) return false;
    await this.#keys.commit();
    return true;
  }

  /** The answer, or null where another device has written meanwhile. */
  async #tryWrite(call: Call, writing: Writing, sent: Contents): Promise<Reply | null> {
    const { stored } = this.#copy;
    const guard = stored === null ? { etag: "*" } : { ifMatch: etagOfHash(stored.mark) };
    try {
      const reply = await this.#session.send({ ...call, ...guard });
      this.#copy.written(writing, sent);
      return reply;
    } catch (error) {
      if (isProblem(error, "precondition-failed")) return null;
      throw error;
    }
  }

  async #pull(): Promise<void> {
    for (let count = 1; count < MAX_READS; count += 1) {
      if (await this.#tryPull(false)) return;
    }
    await this.#tryPull(true);
  }

  /** Reads the vault; false where another device wrote in the middle of it. */
  async #tryPull(isLast: boolean): Promise<boolean> {
    const copy = this.#copy;
    const raw = await this.#readIndex();
    if (raw === null) return true;
    if (raw.length === 0) {
      if (copy.seen > 0) this.#warn("gone");
      copy.take({ contents: new Map(), stored: null, fresh: [] });
      return true;
    }
    const [index, mark] = [await this.#openIndex(raw), sha256(raw)];
    const verdict = judgeIndex(index, mark, copy.seen, copy.seenMark);
    if (verdict === "rolled-back" || verdict === "forked") this.#warn(verdict);
    const known = copy.stored;
    const fresh = differing(index, known?.index ?? null);
    const { contents, sizes, damaged } = await this.#readData(index, fresh);
    if (damaged.size > 0) {
      if (!isLast) return false;
      if (copy.seen === 0) throw new DecryptionError("cannot be opened");
      this.#warn("damaged");
    }
    const stored: Stored = { index, mark, sizes: sizesOf(index, known, sizes) };
    if (copy.take({ contents, stored, fresh, damaged })) this.#warn("rolled-back");
    return true;
  }

  #warn(warning: Warning): void {
    if (this.#warnings.has(warning)) return;
    this.#warnings.add(warning);
    this.tell(warning);
  }

  async #openIndex(raw: Uint8Array): Promise<Index> {
    try {
      return await openIndex(this.#keys.vaultKey, raw);
    } catch (error) {
      // The node took a new key, and its answer was lost.
      const next = this.#keys.nextVaultKey;
      if (!(error instanceof DecryptionError) || next === null) throw error;
      const index = await openIndex(next, raw);
      this.#keys.takeNextVaultKey();
      return index;
    }
  }

  /** The index chunk, nothing where there is none, null where it is unchanged. */
  async #readIndex(): Promise<Uint8Array | null> {
    const { stored, damaged } = this.#copy;
    const known =
      stored !== null && damaged.size === 0 ? { etag: etagOfHash(stored.mark) } : {};
    return this.#read(INDEX_CHUNK, known);
  }

  /** Records and sizes of the chunks *fresh*, and which of them did not fit. */
  async #readData(
    index: Index,
    fresh: readonly number[],
  ): Promise<{
    readonly contents: ReadonlyMap<Name, Record>;
    readonly sizes: ReadonlyMap<number, number>;
    readonly damaged: ReadonlySet<number>;
  }> {
    const contents = new Map<Name, Record>();
    const sizes = new Map<number, number>();
    const damaged = new Set<number>();
    // The browser itself keeps how many calls are under way at once within bounds.
    const read = await Promise.all(fresh.map((chunk) => this.#read(chunk, {})));
    for (const [at, chunk] of fresh.entries()) {
      const raw = read[at] ?? new Uint8Array();
      try {
        for (const [name, record] of await openData(this.#keys.vaultKey, chunk, raw, index)) {
          contents.set(name, record);
        }
        sizes.set(chunk, raw.length);
      } catch (error) {
        if (!(error instanceof DecryptionError)) throw error;
        damaged.add(chunk);
      }
    }
    return { contents, sizes, damaged };
  }

  /** A chunk as the node has it, nothing where it has none, null where it is unchanged. */
  async #read(chunk: number, known: { readonly etag?: string }): Promise<Uint8Array | null> {
    const call: Call = {
      method: "GET",
      path: `/api/v1/vault/${chunk}`,
      maxBytes: LARGEST_BYTES,
    };
    try {
      const reply = await this.#session.send({ ...call, ...known });
      return reply.status === NOT_MODIFIED ? null : reply.body;
    } catch (error) {
      if (isProblem(error, "not-found")) return new Uint8Array();
      throw error;
    }
  }
}

/** The size of each data chunk: as read now, as known before, or the smallest. */
function sizesOf(
  index: Index,
  known: Stored | null,
  read: ReadonlyMap<number, number>,
): readonly number[] {
  const isKnown = known !== null && known.index.hashes.length === index.hashes.length;
  return index.hashes.map(
    (_, place) =>
      read.get(place + 1) ?? (isKnown ? known.sizes[place] : undefined) ?? SMALLEST_CHUNK_BYTES,
  );
}

function isProblem(error: unknown, code: string): boolean {
  return error instanceof ProblemError && error.code === code;
}
