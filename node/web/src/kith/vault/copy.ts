/**
 * This device's copy of the vault: what is in it, and what the node does not have yet.
 *
 * Plain values and rules; sending is `vault.ts`'s part, keeping it on the device `replica.ts`'s.
 */

import { base64url, isEqual } from "../crypto/bytes.ts";
import { TooLargeError, UsageError } from "../crypto/errors.ts";
import { canonicalBytes, type JsonObject, parseJsonObject } from "../crypto/json.ts";
import type { Rng } from "../crypto/random.ts";
import type { Clock } from "../node/connection.ts";
import { type Index, type Stored, sealVault, type Writing } from "./chest.ts";
import { chunkOf, joinLines, splitLines } from "./layout.ts";
import {
  type Contents,
  DEVICE_BYTES,
  encodeRecord,
  erase,
  forget,
  join,
  MAX_RECORD_BYTES,
  type Name,
  nameOf,
  parseRecord,
  type Record,
  write,
} from "./records.ts";
import { MAX_VAULT_BYTES } from "./upload.ts";

export const DEVICE_SECRET_BYTES = 16;

const DAY_S = 86_400;

/** There is more in the vault than a node takes. */
export class VaultFullError extends UsageError {
  override readonly code = "vault-full";
  override readonly safe = "Your vault is full. Delete some conversations, then try again.";
}

/** What a device keeps of its copy. */
export interface VaultState {
  /** 16 random bytes that stand for this device and never leave it as they are. */
  readonly device: Uint8Array;
  /** The lines of the records, each ended by a line feed. */
  readonly lines: Uint8Array;
  /** Names of records that the node does not have yet. */
  readonly unsent: readonly Name[];
  /** The greatest version of the vault that this device has seen. */
  readonly seen: number;
  /** SHA-256 of that version's index chunk. */
  readonly seenMark: Uint8Array;
  /** The vault on the node when it was last read or written here. */
  readonly stored: Stored | null;
}

/** What was read from the node. */
export interface Taken {
  /** The records of the data chunks `fresh`. */
  readonly contents: Contents;
  /** The vault that they are of; null where there was none. */
  readonly stored: Stored | null;
  /** Which data chunks were read. */
  readonly fresh: Iterable<number>;
  /** Which of these did not fit, and are to be written anew. */
  readonly damaged?: Iterable<number>;
}

/** Records by kind and id, changed in memory. */
export class VaultCopy {
  readonly #clock: Clock;
  readonly #rng: Rng;
  #contents: Map<Name, Record>;
  #unsent: Set<Name>;
  #stored: Stored | null;
  #seen: number;
  #seenMark: Uint8Array;
  #device: Uint8Array;
  #changes = 0;

  /** Takes what the device keeps; one without a name gets one. */
  constructor(state: VaultState | null, { clock, rng }: { clock: Clock; rng: Rng }) {
    this.#clock = clock;
    this.#rng = rng;
    this.#contents = new Map();
    for (const line of splitLines(state?.lines ?? new Uint8Array())) {
      const record = parseRecord(line);
      this.#contents.set(nameOf(record), record);
    }
    this.#unsent = new Set(state?.unsent);
    this.#stored = state?.stored ?? null;
    this.#seen = state?.seen ?? 0;
    this.#seenMark = state?.seenMark ?? new Uint8Array();
    this.#device = state?.device ?? rng(DEVICE_SECRET_BYTES);
  }

  // --- records ---------------------------------------------------------------------

  /** The values of all records of *kind*, by id. */
  list(kind: string): ReadonlyMap<string, JsonObject> {
    const found = new Map<string, JsonObject>();
    for (const record of this.#contents.values()) {
      if (record.kind === kind && record.value !== null) found.set(record.id, record.value);
    }
    return found;
  }

  /** The value of one record, or null. */
  get(kind: string, id: string): JsonObject | null {
    return this.#contents.get(nameOf({ kind, id }))?.value ?? null;
  }

  /**
   * Adds or replaces a record; nothing happens where it is the same already.
   *
   * @throws RangeError - the name or the value is none of a record.
   */
  put(kind: string, id: string, value: JsonObject): void {
    const raw = canonicalBytes(value);
    const known = this.get(kind, id);
    if (known !== null && isEqual(canonicalBytes(known), raw)) return;
    // Read again, nobody changes it from outside.
    const bounds = { maxBytes: MAX_RECORD_BYTES, maxMembers: 4096 };
    const copy = parseJsonObject(raw, bounds);
    this.#keep(write(this.#contents, { kind, id, device: this.#writer }, copy));
  }

  /** Deletes a record, where there is one. */
  delete(kind: string, id: string): void {
    if (this.get(kind, id) === null) return;
    this.#keep(erase(this.#contents, { kind, id, device: this.#writer }, this.#today));
  }

  /** 16 random bytes that stand for this device; they stay on it. */
  get device(): Uint8Array {
    return this.#device;
  }

  /** Stands for a new device from now on: this copy turned out to be an older one. */
  renewDevice(): void {
    this.#device = this.#rng(DEVICE_SECRET_BYTES);
    this.#changes += 1;
  }

  /** Counts what was changed here, so that others see whether they have to look again. */
  get changes(): number {
    return this.#changes;
  }

  /** All records as they are now, deletions included. */
  snapshot(): Contents {
    return new Map(this.#contents);
  }

  // --- what the node has -------------------------------------------------------------

  /** The vault on the node as last read or written here; null where there was none. */
  get stored(): Stored | null {
    return this.#stored;
  }

  /** The greatest version that was seen; 0 for none. */
  get seen(): number {
    return this.#seen;
  }

  /** SHA-256 of that version's index chunk. */
  get seenMark(): Uint8Array {
    return this.#seenMark;
  }

  /** Whether there is something that the node does not have. */
  get isBehind(): boolean {
    return this.#unsent.size > 0 || this.damaged.size > 0 || this.#stored === null;
  }

  /**
   * The data chunks that did not fit when they were last read; they are written anew.
   *
   * No hash is known of them, so that they are read again before.
   */
  get damaged(): ReadonlySet<number> {
    const hashes = this.#stored?.index.hashes ?? [];
    return new Set(hashes.flatMap((hash, place) => (hash === null ? [place + 1] : [])));
  }

  /**
   * Joins what was read from the node; tells whether it was set back.
   *
   * It was if it holds an older form of a record that it had, as far as this device knows. A
   * record of this very device that the copy does not have means that the copy was set back:
   * from then on it stands for a new device.
   */
  take({ contents: read, stored, fresh, damaged = [] }: Taken): boolean {
    const contents = forget(read, this.#today);
    const known = this.#contents;
    this.#contents = join(known, contents);
    const isOlder = [...contents].some(
      ([name, record]) =>
        record.device === this.#writer && this.#isNews(name, record, known.get(name)),
    );
    const lost = this.#compare(contents, stored, new Set(fresh));
    this.#stored = stored === null ? null : without(stored, new Set(damaged));
    this.#noteSeen();
    if (isOlder) this.renewDevice();
    this.#changes += 1;
    return [...lost].some((name) => contents.has(name));
  }

  /** Notes what the node lacks; returns what of it the node was thought to have. */
  #compare(contents: Contents, stored: Stored | null, read: ReadonlySet<number>): Set<Name> {
    const lost = new Set<Name>();
    if (stored === null) return lost;
    for (const [name, record] of this.#contents) {
      const there = contents.get(name);
      if (there !== undefined && isSame(there, record)) this.#unsent.delete(name);
      else if (read.has(chunkOf(name, stored.index.hashes.length))) lost.add(name);
    }
    const new_ = [...lost].filter((name) => !this.#unsent.has(name));
    for (const name of new_) this.#unsent.add(name);
    return new Set(new_);
  }

  /** Whether *known* is not, or not what follows on, *record*. */
  #isNews(name: Name, record: Record, known: Record | undefined): boolean {
    if (known === undefined || this.#contents.get(name) !== known) return true;
    const isOne = record.rev === known.rev && record.device === known.device;
    return isOne && !isSame(record, known);
  }

  #noteSeen(): void {
    const stored = this.#stored;
    if (stored === null || stored.index.version < this.#seen) return;
    this.#seen = stored.index.version;
    this.#seenMark = stored.mark;
  }

  /**
   * What brings the node up to date, and the records it is made of.
   *
   * What is put while it is being encrypted is not in it, and stays unsent.
   *
   * @param isAnew - whether every chunk is written, as under a new key.
   * @throws VaultFullError - there is more than a vault holds.
   */
  async write(vaultKey: Uint8Array, isAnew = false): Promise<[Writing, Contents]> {
    this.#contents = forget(this.#contents, this.#today);
    const sent = this.snapshot();
    const number = this.#stored?.index.hashes.length ?? 0;
    const changed = new Set(this.damaged);
    if (number > 0) for (const name of this.#unsent) changed.add(chunkOf(name, number));
    let writing = await this.#seal(vaultKey, sent, isAnew ? null : changed);
    if (!isAnew && writing.sizeBytes > MAX_VAULT_BYTES) {
      writing = await this.#seal(vaultKey, sent, null); // chunks as small as they can be
    }
    if (writing.sizeBytes > MAX_VAULT_BYTES) {
      throw new VaultFullError(`${writing.sizeBytes} bytes`);
    }
    return [writing, sent];
  }

  async #seal(
    vaultKey: Uint8Array,
    contents: Contents,
    changed: ReadonlySet<number> | null,
  ): Promise<Writing> {
    try {
      return await sealVault(vaultKey, contents, {
        before: this.#stored,
        changed,
        device: this.#writer,
        seen: this.#seen,
        rng: this.#rng,
      });
    } catch (error) {
      if (error instanceof TooLargeError) throw new VaultFullError(error.message);
      throw error;
    }
  }

  /** Notes that the node has taken *writing*, of which *sent* were the records. */
  written(writing: Writing, sent: Contents): void {
    this.#stored = writing.stored;
    this.#noteSeen();
    for (const name of [...this.#unsent]) {
      if (this.#contents.get(name) === sent.get(name)) this.#unsent.delete(name);
    }
    this.#changes += 1;
  }

  /** What the device is to keep. */
  state(): VaultState {
    return {
      device: this.#device,
      lines: joinLines([...this.#contents.values()].map(encodeRecord)),
      unsent: [...this.#unsent].sort(),
      seen: this.#seen,
      seenMark: this.#seenMark,
      stored: this.#stored,
    };
  }

  get #writer(): string {
    return base64url(this.#device.slice(0, DEVICE_BYTES));
  }

  get #today(): number {
    return Math.floor(this.#clock() / DAY_S);
  }

  #keep(record: Record): void {
    this.#contents.set(nameOf(record), record);
    this.#unsent.add(nameOf(record));
    this.#changes += 1;
  }
}

/** *stored* as one of which the hashes of the chunks *damaged* are not known. */
function without(stored: Stored, damaged: ReadonlySet<number>): Stored {
  const hashes = stored.index.hashes.map((hash, place) =>
    damaged.has(place + 1) ? null : hash,
  );
  const index: Index = { ...stored.index, hashes };
  return { ...stored, index };
}

function isSame(one: Record, other: Record): boolean {
  return one === other || isEqual(encodeRecord(one), encodeRecord(other));
}
