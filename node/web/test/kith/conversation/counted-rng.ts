import { concat, uint64 } from "../../../src/kith/crypto/bytes.ts";
import { sha256 } from "../../../src/kith/crypto/hashes.ts";
import type { Rng } from "../../../src/kith/crypto/random.ts";

/** The stream of SHA-256(seed(8) ‖ counter(8)) of which the vectors of conversations speak. */
export function countedRng(seed: number): Rng {
  let count = 0;
  return (size) => {
    const blocks: Uint8Array[] = [];
    for (let have = 0; have < size; have += 32) {
      blocks.push(sha256(concat(uint64(seed), uint64(count))));
      count += 1;
    }
    return concat(...blocks).slice(0, size);
  };
}
