/**
 * Pictures of personas and offers: bytes in, a quiet pattern out. The same bytes give the same
 * picture everywhere.
 *
 * Four tiles in one hue and three lightnesses: shape and lightness tell pictures apart, hue only
 * helps. Never a face (at most one round tile, at most one half), a flag (no stripes, one hue),
 * a wheel or a cross (no shape more than twice). The bytes are the start of a domain-separated
 * SHA-256 of the public key; making them is the caller's.
 */

/** One tile: an SVG path, where it stands, and its colour number (0 to 23). */
export interface Tile {
  readonly path: string;
  readonly transform: string;
  readonly ink: number;
}

/** A picture on a square of 64 units. Colours are `hue * 3 + lightness`, 0 light, 1 middle, 2 dark. */
export interface Picture {
  readonly ground: number;
  readonly tiles: readonly Tile[];
}

/** How many bytes a picture takes. */
export const PICTURE_BYTES = 10;

/** Equal lightness across hues: none shouts, and all survive colour blindness in grey. */
export const INKS: readonly string[] = [
  "#f7d0ce",
  "#c78382",
  "#683738",
  "#f0d5bc",
  "#bd8d5f",
  "#613f1a",
  "#dcdebc",
  "#9b9d5e",
  "#4a4b19",
  "#c4e4ce",
  "#6ca881",
  "#245337",
  "#b9e4e6",
  "#4fa8ad",
  "#005256",
  "#c3dff7",
  "#6a9eca",
  "#244b6b",
  "#d7d7f8",
  "#9291cb",
  "#44426c",
  "#efd0e7",
  "#b984ad",
  "#5f3957",
];

interface Shape {
  readonly path: string;
  /** How often it may occur. */
  readonly most: 1 | 2;
  readonly round: boolean;
}

const shape = (path: string, most: 1 | 2 = 2, round = false): Shape => ({ path, most, round });

/** The order is part of the format: changing it changes every picture. */
const SHAPES: readonly [Shape, ...Shape[]] = [
  shape("M0 0H24A24 24 0 0 1 0 24Z"),
  shape("M0 0H12A12 12 0 0 1 24 12V24H12A12 12 0 0 1 0 12Z"),
  shape("M0 24V12A12 12 0 0 1 24 12V24Z"),
  shape("M0 0H24V24H0Z"),
  shape("M0 0H24L0 24Z"),
  shape("M0 0H24V24A24 24 0 0 1 0 0Z"),
  shape("M0 0H24A12 12 0 0 1 0 0Z", 1),
  shape("M3 12A9 9 0 0 1 21 12A9 9 0 0 1 3 12Z", 2, true),
  shape(
    "M1 12A11 11 0 0 1 23 12A11 11 0 0 1 1 12ZM7 12A5 5 0 0 0 17 12A5 5 0 0 0 7 12Z",
    2,
    true,
  ),
];

const CORNERS = [
  [8, 8],
  [32, 8],
  [8, 32],
  [32, 32],
] as const;

/**
 * Returns the picture of some bytes.
 *
 * @param bytes at least {@link PICTURE_BYTES}; more are not looked at
 * @throws RangeError if there are fewer
 */
export function pictureOf(bytes: Uint8Array): Picture {
  if (bytes.length < PICTURE_BYTES) throw new RangeError("a picture takes ten bytes");
  const at = (i: number): number => bytes[i] ?? 0;
  const hue = (at(0) % (INKS.length / 3)) * 3;
  const onDark = (at(1) & 3) === 0;
  const inks = onDark ? [hue, hue + 1] : [hue + 2, hue + 1];
  const chosen = chooseShapes([at(2), at(4), at(6), at(8)]);
  const bits = [3, 5, 7, 9].map((i) => (at(i) >> 2) & 1);
  const sum = (bits[0] ?? 0) + (bits[1] ?? 0) + (bits[2] ?? 0);
  if (sum === 0) bits[3] = 1; // both inks always appear
  if (sum === 3) bits[3] = 0;
  const tiles = CORNERS.map(([x, y], i) => ({
    path: (SHAPES[chosen[i] ?? 0] ?? SHAPES[0]).path,
    transform: `translate(${x} ${y}) rotate(${90 * (at(3 + 2 * i) & 3)} 12 12)`,
    ink: inks[bits[i] ?? 0] ?? hue,
  }));
  return { ground: onDark ? hue + 2 : hue, tiles };
}

function chooseShapes(wanted: readonly number[]): number[] {
  const used = new Map<number, number>();
  let round = false;
  return wanted.map((byte) => {
    let k = byte % SHAPES.length;
    for (;;) {
      const candidate = SHAPES[k] ?? SHAPES[0];
      const free = (used.get(k) ?? 0) < candidate.most && !(candidate.round && round);
      if (free) {
        used.set(k, (used.get(k) ?? 0) + 1);
        round = round || candidate.round;
        return k;
      }
      k = (k + 1) % SHAPES.length;
    }
  });
}
