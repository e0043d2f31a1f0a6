/**
 * How much the words of a passphrase are worth against guessing, in whatever language they are: a
 * cautious estimate that knows no dictionary. What it knows to be guessable it counts as a few
 * bits, a word as ten, and everything else as less than it would be worth if it were random. Pure.
 */

const ROWS = ["qwertzuiop", "qwertyuiop", "azertyuiop", "asdfghjkl", "yxcvbnm", "zxcvbnm"];
const ORDERS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", ...ROWS];
const COMMON =
  /pass(?:word|wort|phrase)?|letmein|welcome|iloveyou|admin|login|dragon|monkey|football|sunshine|princess|master|secret|hello|love|kith|mentor|motdepasse|contrasena|haslo|parol|senha|sifre/g;

const LEAST_RUN = 3;
const KNOWN_BITS = 6;
const WORD_BITS = 10;
const LETTER_BITS = 3;
const MIXED_BITS = 4.2;
const YEAR_BITS = 6;
const IDEOGRAPH_BITS = 5;
const STRUCK = "\u0000";

/**
 * Returns an estimate in bits.
 *
 * @param known what others know or can guess: the name, the community
 */
export function bitsOf(passphrase: string, known: readonly string[] = []): number {
  const parts = passphrase
    .toLowerCase()
    .split(/[\s\p{P}\p{S}]+/u)
    .filter(Boolean);
  const seen = new Set<string>();
  let bits = 0;
  for (const part of parts) {
    bits += seen.has(part) ? 1 : partBits(part, known);
    seen.add(part);
  }
  // Signs between letters are worth little: people put them where others do.
  const signs = new Set(passphrase.match(/[\p{P}\p{S}]/gu) ?? []).size;
  return bits + Math.min(signs, 3) * 2 + (/\p{Lu}/u.test(passphrase.slice(1)) ? 2 : 0);
}

function partBits(part: string, known: readonly string[]): number {
  let rest = part;
  let bits = 0;
  const strike = (pattern: RegExp | string, each: number): void => {
    rest = rest.replaceAll(pattern, () => {
      bits += each;
      return STRUCK;
    });
  };
  for (const word of known) {
    for (const one of word.toLowerCase().split(/[\s\p{P}]+/u)) {
      if (one.length >= LEAST_RUN) strike(one, 2);
    }
  }
  strike(COMMON, KNOWN_BITS);
  strike(/(?:19|20)\d\d/g, YEAR_BITS);
  strike(/(.)\1{2,}/gu, KNOWN_BITS);
  for (const run of runsIn(rest)) strike(run, KNOWN_BITS);
  for (const piece of rest.split(STRUCK)) bits += pieceBits(piece);
  return bits;
}

/** Pieces that follow the alphabet, the digits or a row of keys, forwards or backwards. */
function runsIn(text: string): string[] {
  const found: string[] = [];
  for (const order of ORDERS) {
    for (const line of [order, [...order].reverse().join("")]) {
      for (let size = line.length; size > LEAST_RUN; size -= 1) {
        for (let at = 0; at + size <= line.length; at += 1) {
          const run = line.slice(at, at + size);
          if (text.includes(run) && !found.some((one) => one.includes(run))) found.push(run);
        }
      }
    }
  }
  return found;
}

/** Letters alone count as a word; letters and digits mixed, as something nearly random. */
function pieceBits(piece: string): number {
  const length = [...piece].length;
  if (length === 0) return 0;
  if (/^\d+$/.test(piece)) return length * 2.5;
  if (/^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]+$/u.test(piece)) {
    return length * IDEOGRAPH_BITS;
  }
  const mixed = (piece.match(/\d(?=\p{L})|\p{L}(?=\d)/gu) ?? []).length;
  if (mixed >= 2) return length * MIXED_BITS;
  return Math.min(length * LETTER_BITS, WORD_BITS + Math.max(0, length - 8) * 1.5);
}
