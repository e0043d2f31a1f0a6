import { concat, uint32, utf8 } from "../../src/kith/crypto/bytes.ts";
import { sha256 } from "../../src/kith/crypto/hashes.ts";
import type { Rng } from "../../src/kith/crypto/random.ts";

/** The same bytes for the same *seed*, for tests alone. */
export function seededRng(seed: number): Rng {
  let counter = 0;
  return (size) => {
    const blocks: Uint8Array[] = [];
    for (let have = 0; have < size; have += 32) {
      blocks.push(sha256(concat(utf8("test"), uint32(seed), uint32(counter))));
      counter += 1;
    }
    return concat(...blocks).slice(0, size);
  };
}
