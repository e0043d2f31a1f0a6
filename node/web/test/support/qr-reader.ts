/**
 * Reads QR codes of versions 1 to 10 at level M without any damage: written apart from the
 * encoder, from the standard alone, so that the two check each other.
 */

import type { Modules } from "../../src/ui/qr.ts";

/** Correction bytes a block, blocks; ISO/IEC 18004 table 9, level M. */
const TABLE = [
  [10, 1],
  [16, 1],
  [26, 1],
  [18, 2],
  [24, 2],
  [16, 4],
  [18, 4],
  [22, 4],
  [22, 5],
  [26, 5],
] as const;
const CENTRES = [[], [18], [22], [26], [30], [34], [22, 38], [24, 42], [26, 46], [28, 50]];
const SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

const isDark = (modules: Modules, x: number, y: number): boolean => modules[y]?.[x] === true;

function isPattern(x: number, y: number, size: number): boolean {
  const version = (size - 17) / 4;
  if (x === 6 || y === 6) return true;
  if ((x < 9 && y < 9) || (x > size - 9 && y < 9) || (x < 9 && y > size - 9)) return true;
  if (version > 6 && ((x > size - 12 && y < 6) || (y > size - 12 && x < 6))) return true;
  const lines = [...(version > 1 ? [6] : []), ...(CENTRES[version - 1] ?? [])];
  const last = lines[lines.length - 1] ?? 0;
  return lines.some((cx) =>
    lines.some((cy) => {
      const finder = (cx === 6 && (cy === 6 || cy === last)) || (cx === last && cy === 6);
      return !finder && Math.abs(x - cx) < 3 && Math.abs(y - cy) < 3;
    }),
  );
}

function isMasked(mask: number, x: number, y: number): boolean {
  const product = x * y;
  switch (mask) {
    case 0:
      return (x + y) % 2 === 0;
    case 1:
      return y % 2 === 0;
    case 2:
      return x % 3 === 0;
    case 3:
      return (x + y) % 3 === 0;
    case 4:
      return (Math.floor(y / 2) + Math.floor(x / 3)) % 2 === 0;
    case 5:
      return (product % 2) + (product % 3) === 0;
    case 6:
      return ((product % 2) + (product % 3)) % 2 === 0;
    default:
      return (((x + y) % 2) + (product % 3)) % 2 === 0;
  }
}

/** Returns the text of a code. Throws an Error where level, mode or correction are not as expected. */
export function readQr(modules: Modules): string {
  const size = modules.length;
  const format = [0, 1, 2, 3, 4, 5, 7, 8]
    .map((x) => (isDark(modules, x, 8) ? "1" : "0"))
    .join("");
  const level = Number.parseInt(format.slice(0, 5), 2) ^ 0b10101;
  if (level >> 3 !== 0) throw new Error("not level M");
  const stream = unmasked(modules, level & 7);
  const [correction, blocks] = TABLE[(size - 17) / 4 - 1] ?? [0, 1];
  const total = Math.floor(stream.length / 8);
  const data = total - correction * blocks;
  const pieces: number[][] = Array.from({ length: blocks }, () => []);
  const longFrom = blocks - (data % blocks);
  const short = Math.floor(data / blocks);
  const all = Array.from({ length: total }, (_, i) =>
    Number.parseInt(stream.slice(i * 8, i * 8 + 8), 2),
  );
  let at = 0;
  for (let i = 0; i <= short; i += 1) {
    for (let b = i < short ? 0 : longFrom; b < blocks; b += 1) pieces[b]?.push(all[at++] ?? 0);
  }
  return textOf(pieces.flat(), (size - 17) / 4);
}

function unmasked(modules: Modules, mask: number): string {
  const size = modules.length;
  let bits = "";
  let up = true;
  for (let x = size - 1; x > 0; x -= x === 8 ? 3 : 2) {
    for (let i = 0; i < size; i += 1) {
      const y = up ? size - 1 - i : i;
      for (const column of [x, x - 1]) {
        if (isPattern(column, y, size)) continue;
        bits += isDark(modules, column, y) === isMasked(mask, column, y) ? "0" : "1";
      }
    }
    up = !up;
  }
  return bits;
}

function textOf(data: readonly number[], version: number): string {
  const bits = data.map((byte) => byte.toString(2).padStart(8, "0")).join("");
  let at = 0;
  const take = (count: number): number => {
    at += count;
    return Number.parseInt(bits.slice(at - count, at), 2);
  };
  const mode = take(4);
  if (mode === 4) {
    const count = take(version < 10 ? 8 : 16);
    return new TextDecoder().decode(Uint8Array.from({ length: count }, () => take(8)));
  }
  if (mode !== 2) throw new Error("a mode of another kind");
  let text = "";
  for (let left = take(version < 10 ? 9 : 11); left > 0; left -= 2) {
    if (left === 1) return text + SIGNS.charAt(take(6));
    const pair = take(11);
    text += SIGNS.charAt(Math.floor(pair / 45)) + SIGNS.charAt(pair % 45);
  }
  return text;
}
