/** Stems of words, each made once; knows which Arabic words begin with a particle. */

import { type Family, familyOf, stem, withoutParticle } from "./endings.ts";

/** Stems by the words of a vocabulary. */
export class Stems {
  readonly #bare = new Set<string>();
  readonly #known = new Map<string, string>();

  /** @param arabic - the folded words of all Arabic texts. */
  constructor(arabic: readonly string[]) {
    const family = familyOf("ar");
    if (family === null) return;
    for (const word of arabic) this.#bare.add(stem(word, family));
  }

  /** The stem of a folded *word*, without a particle if the rest is known. */
  of(word: string, family: Family): string {
    const key = `${family.name}:${word}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const found = this.#stem(word, family);
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(key, found);
    return found;
  }

  #stem(word: string, family: Family): string {
    const rest = family.name === "ar" ? withoutParticle(word) : null;
    const bare = rest === null ? null : stem(rest, family);
    return bare !== null && this.#bare.has(bare) ? bare : stem(word, family);
  }
}

const MAX_KNOWN = 16_384;
