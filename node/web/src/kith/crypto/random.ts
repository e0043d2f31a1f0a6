/** The seam through which random bytes arrive: whoever needs keys or nonces is handed one. */

/** A source of *size* fresh bytes fit for secrets. */
export type Rng = (size: number) => Uint8Array;

/** The engine's own source. */
export const systemRng: Rng = (size) => crypto.getRandomValues(new Uint8Array(size));
