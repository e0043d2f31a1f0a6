/** Where the build has put icons and manifests. */

import type { Mask } from "./discreet.ts";

/** Two addresses of a mask. */
export interface Look {
  readonly icon: string;
  readonly manifest: string;
}

declare const __LOOKS__: Readonly<Record<Mask, Look>>;

/** Returns icon and manifest of a mask. */
export function lookOf(mask: Mask): Look {
  return __LOOKS__[mask];
}
