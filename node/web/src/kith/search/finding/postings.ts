/** Which places have a text: rows of ascending numbers by key. */

const NONE: readonly number[] = [];

/** Rows of numbers by key; grows, never forgets. */
export class Postings {
  readonly #rows = new Map<string, number[]>();

  /** Note that *place* has *key*. */
  add(key: string, place: number): void {
    const row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, [place]);
    else row.push(place);
  }

  /** The places that have *key*, in the order in which they were noted. */
  get(key: string): readonly number[] {
    return this.#rows.get(key) ?? NONE;
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  keys(): IterableIterator<string> {
    return this.#rows.keys();
  }

  entries(): IterableIterator<[string, readonly number[]]> {
    return this.#rows.entries();
  }
}
