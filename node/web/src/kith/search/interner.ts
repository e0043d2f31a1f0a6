/** Texts as small numbers, the same number for the same text. */

export class Interner {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** How many texts have a number; numbers are below. */
  get size(): number {
    return this.#texts.length;
  }

  /** The number of *text*, a new one if it has none yet. */
  number(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.#texts.length;
    this.#numbers.set(text, number);
    this.#texts.push(text);
    return number;
  }

  /** The number of *text*, or -1. */
  find(text: string): number {
    return this.#numbers.get(text) ?? -1;
  }

  /** The text of *number*, empty for one that is not given out. */
  text(number: number): string {
    return this.#texts[number] ?? "";
  }
}

/** Numbers of the texts that offers share; one for all catalogues that are searched together. */
export interface Names {
  readonly topics: Interner;
  /** Primary subtags. */
  readonly languages: Interner;
  readonly communities: Interner;
  readonly words: Interner;
}

export function newNames(): Names {
  return {
    topics: new Interner(),
    languages: new Interner(),
    communities: new Interner(),
    words: new Interner(),
  };
}
