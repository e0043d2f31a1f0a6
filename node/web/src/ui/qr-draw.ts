/** Draws the modules of a QR code: patterns, text in its zigzag, and the mask that reads best. */

import type { Modules } from "./qr.ts";

/** Centres of alignment patterns for versions 1 to 10; annex E. */
const ALIGNMENT: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
];

/** The eight masks; table 10. */
const MASKS: readonly ((row: number, column: number) => boolean)[] = [
  (i, j) => (i + j) % 2 === 0,
  (i) => i % 2 === 0,
  (_, j) => j % 3 === 0,
  (i, j) => (i + j) % 3 === 0,
  (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2 === 0,
  (i, j) => ((i * j) % 2) + ((i * j) % 3) === 0,
  (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2 === 0,
  (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2 === 0,
];

/** A square on which patterns stand that the text must not touch. */
class Board {
  readonly dark: boolean[][];
  readonly fixed: boolean[][];

  constructor(readonly size: number) {
    const square = (): boolean[][] =>
      Array.from({ length: size }, () => new Array<boolean>(size).fill(false));
    this.dark = square();
    this.fixed = square();
  }

  set(row: number, column: number, dark: boolean): void {
    const line = this.dark[row];
    if (line !== undefined && column >= 0 && column < this.size) line[column] = dark;
  }

  fix(row: number, column: number, dark: boolean): void {
    this.set(row, column, dark);
    const line = this.fixed[row];
    if (line !== undefined && column >= 0 && column < this.size) line[column] = true;
  }

  isFixed(row: number, column: number): boolean {
    return this.fixed[row]?.[column] === true;
  }
}

/** Draws a code. `bytes`: text and correction, interleaved. */
export function drawCode(version: number, bytes: Uint8Array): Modules {
  let best: Modules = [];
  let least = Number.POSITIVE_INFINITY;
  for (let mask = 0; mask < MASKS.length; mask += 1) {
    const board = new Board(version * 4 + 17);
    drawPatterns(board, version);
    drawFormat(board, mask);
    drawBytes(board, bytes, MASKS[mask] ?? (() => false));
    const penalty = penaltyOf(board.dark);
    if (penalty < least) {
      least = penalty;
      best = board.dark;
    }
  }
  return best;
}

function drawPatterns(board: Board, version: number): void {
  const { size } = board;
  for (let i = 0; i < size; i += 1) {
    board.fix(6, i, i % 2 === 0);
    board.fix(i, 6, i % 2 === 0);
  }
  for (const [row, column] of [
    [3, 3],
    [3, size - 4],
    [size - 4, 3],
  ] as const) {
    drawRings(board, row, column, 4);
  }
  const centres = ALIGNMENT[version - 1] ?? [];
  const last = centres.length - 1;
  for (const [i, row] of centres.entries()) {
    for (const [j, column] of centres.entries()) {
      const taken = (i === 0 && (j === 0 || j === last)) || (i === last && j === 0);
      if (!taken) drawRings(board, row, column, 2);
    }
  }
  if (version >= 7) drawVersion(board, version);
}

/** A finder (`radius` 4, with its light border) or an alignment pattern (2). */
function drawRings(board: Board, row: number, column: number, radius: number): void {
  for (let dy = -radius; dy <= radius; dy += 1) {
    for (let dx = -radius; dx <= radius; dx += 1) {
      const ring = Math.max(Math.abs(dx), Math.abs(dy));
      const dark = radius === 4 ? ring !== 2 && ring !== 4 : ring !== 1;
      board.fix(row + dy, column + dx, dark);
    }
  }
}

/** Returns a value with the remainder of a BCH code behind it. */
function withCheck(value: number, bits: number, generator: number): number {
  let rest = value;
  for (let i = 0; i < bits; i += 1) rest = (rest << 1) ^ ((rest >>> (bits - 1)) * generator);
  return (value << bits) | rest;
}

/** The fifteen bits that tell level M (00) and the mask; §7.9. Exported for its test. */
export function formatBits(mask: number): number {
  return withCheck(mask, 10, 0x537) ^ 0x5412;
}

function drawFormat(board: Board, mask: number): void {
  const { size } = board;
  const bits = formatBits(mask);
  for (let i = 0; i < 15; i += 1) {
    const dark = ((bits >>> i) & 1) === 1;
    // Round the first finder, past the timing lines.
    if (i < 6) board.fix(i, 8, dark);
    else if (i < 8) board.fix(i + 1, 8, dark);
    else if (i === 8) board.fix(8, 7, dark);
    else board.fix(8, 14 - i, dark);
    // Beside the other two.
    if (i < 8) board.fix(8, size - 1 - i, dark);
    else board.fix(size - 15 + i, 8, dark);
  }
  board.fix(size - 8, 8, true);
}

function drawVersion(board: Board, version: number): void {
  const bits = withCheck(version, 12, 0x1f25);
  for (let i = 0; i < 18; i += 1) {
    const dark = ((bits >>> i) & 1) === 1;
    const near = Math.floor(i / 3);
    const far = board.size - 11 + (i % 3);
    board.fix(near, far, dark);
    board.fix(far, near, dark);
  }
}

/** Writes the text upwards and downwards in pairs of columns, from the right; §7.7.3. */
function drawBytes(
  board: Board,
  bytes: Uint8Array,
  mask: (row: number, column: number) => boolean,
): void {
  const { size } = board;
  let at = 0;
  let upwards = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5; // the timing line has a column to itself
    for (let step = 0; step < size; step += 1) {
      const row = upwards ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        if (board.isFixed(row, column)) continue;
        const bit = ((bytes[at >>> 3] ?? 0) >>> (7 - (at & 7))) & 1;
        board.set(row, column, (bit === 1) !== mask(row, column));
        at += 1;
      }
    }
    upwards = !upwards;
  }
}

const FINDER_LIKE = ["10111010000", "00001011101"];

/** How hard a code is to read; §7.8.3. Less is better. */
function penaltyOf(dark: Modules): number {
  const rows = dark.map((line) => line.map((is) => (is ? "1" : "0")).join(""));
  const columns = rows.map((_, j) => rows.map((row) => row.charAt(j)).join(""));
  let penalty = 0;
  for (const line of [...rows, ...columns]) {
    for (const run of line.match(/(.)\1{4,}/g) ?? []) penalty += run.length - 2;
    for (const pattern of FINDER_LIKE) {
      for (let at = line.indexOf(pattern); at >= 0; at = line.indexOf(pattern, at + 1)) {
        penalty += 40;
      }
    }
  }
  let count = 0;
  for (const [i, row] of rows.entries()) {
    for (let j = 0; j < row.length; j += 1) {
      const here = row.charAt(j);
      if (here === "1") count += 1;
      const below = rows[i + 1];
      const block = here + row.charAt(j + 1) + (below?.slice(j, j + 2) ?? "");
      if (block === "1111" || block === "0000") penalty += 3;
    }
  }
  const share = (count * 100) / (rows.length * rows.length);
  return penalty + Math.floor(Math.abs(share - 50) / 5) * 10;
}
