/**
 * QR codes: text in, a square of dark and light modules out. Pure.
 *
 * Versions 1 to 10 at error correction level M; alphanumeric mode where the text allows it, else
 * bytes of UTF-8. Source: ISO/IEC 18004:2015.
 */

import { correctionOf } from "./qr-correction.ts";
import { drawCode } from "./qr-draw.ts";

/** `modules[row][column]`: whether it is dark. Without the quiet zone of four light modules. */
export type Modules = readonly (readonly boolean[])[];

/** How one version is laid out at level M. */
interface Layout {
  /** Bytes that hold text. */
  readonly data: number;
  /** Bytes of correction in each block. */
  readonly correction: number;
  readonly blocks: number;
}

/** Versions 1 to 10; table 9 of the standard. */
const LAYOUTS: readonly Layout[] = [
  { data: 16, correction: 10, blocks: 1 },
  { data: 28, correction: 16, blocks: 1 },
  { data: 44, correction: 26, blocks: 1 },
  { data: 64, correction: 18, blocks: 2 },
  { data: 86, correction: 24, blocks: 2 },
  { data: 108, correction: 16, blocks: 4 },
  { data: 124, correction: 18, blocks: 4 },
  { data: 154, correction: 22, blocks: 4 },
  { data: 182, correction: 22, blocks: 5 },
  { data: 216, correction: 26, blocks: 5 },
];

const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/** From this version on, counts take more bits. */
const WIDE_FROM = 10;

/** Bits in the order in which they are written. */
class Bits {
  readonly bits: number[] = [];

  add(value: number, count: number): void {
    for (let at = count - 1; at >= 0; at -= 1) this.bits.push((value >>> at) & 1);
  }
}

/**
 * Returns the code of a text.
 *
 * @param text at most 311 letters, digits and signs of the alphanumeric set, or 213 bytes
 * @throws RangeError for a longer text
 */
export function encodeQr(text: string): Modules {
  for (const [index, layout] of LAYOUTS.entries()) {
    const version = index + 1;
    const written = write(text, version);
    if (written.bits.length > layout.data * 8) continue;
    return drawCode(version, interleave(fill(written, layout.data), layout));
  }
  throw new RangeError("too long for a QR code");
}

function write(text: string, version: number): Bits {
  const bits = new Bits();
  if ([...text].every((c) => ALPHANUMERIC.includes(c))) {
    bits.add(0b0010, 4);
    bits.add(text.length, version < WIDE_FROM ? 9 : 11);
    for (let at = 0; at < text.length; at += 2) {
      const first = ALPHANUMERIC.indexOf(text.charAt(at));
      if (at + 1 === text.length) bits.add(first, 6);
      else bits.add(first * 45 + ALPHANUMERIC.indexOf(text.charAt(at + 1)), 11);
    }
    return bits;
  }
  const bytes = new TextEncoder().encode(text);
  bits.add(0b0100, 4);
  bits.add(bytes.length, version < WIDE_FROM ? 8 : 16);
  for (const byte of bytes) bits.add(byte, 8);
  return bits;
}

/** Ends the message and fills up its last bytes; §7.4.9 and §7.4.10. */
function fill({ bits }: Bits, size: number): Uint8Array {
  const padded = [...bits, ...new Array<number>(Math.min(4, size * 8 - bits.length)).fill(0)];
  while (padded.length % 8 > 0) padded.push(0);
  const bytes = new Uint8Array(size);
  const used = padded.length / 8;
  for (let at = 0; at < size; at += 1) {
    const filler = (at - used) % 2 === 0 ? 0xec : 0x11;
    const own = padded.slice(at * 8, at * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0);
    bytes[at] = at < used ? own : filler;
  }
  return bytes;
}

/** Cuts into blocks, the longer ones last, and takes one byte of each in turn; §7.6. */
function interleave(data: Uint8Array, { blocks, correction }: Layout): Uint8Array {
  const short = Math.floor(data.length / blocks);
  const longFrom = blocks - (data.length % blocks);
  const texts: Uint8Array[] = [];
  let at = 0;
  for (let block = 0; block < blocks; block += 1) {
    const size = block < longFrom ? short : short + 1;
    texts.push(data.subarray(at, at + size));
    at += size;
  }
  const corrections = texts.map((text) => correctionOf(text, correction));
  return Uint8Array.from([...inTurn(texts, short + 1), ...inTurn(corrections, correction)]);
}

function inTurn(blocks: readonly Uint8Array[], longest: number): number[] {
  const mixed: number[] = [];
  for (let at = 0; at < longest; at += 1) {
    for (const block of blocks) {
      const byte = block[at];
      if (byte !== undefined) mixed.push(byte);
    }
  }
  return mixed;
}
