/**
 * Unicode's full case folding, which JavaScript lacks: lower case, and the letters in which the
 * two differ once a text is in compatibility form (NFKC).
 *
 * Source: the Unicode case folding table, status C and F.
 */

// Sharp s, final sigma, old forms of Cyrillic letters, and Cherokee, which folds to capitals.
const DIFFERENT = /[\u00df\u03c2\u1c80-\u1c88\u13f8-\u13fd\uab70-\uabbf]/g;
const OLD_CYRILLIC = "\u0432\u0434\u043e\u0441\u0442\u0442\u044a\u0463\ua64b";
// Greek letters with an iota below, and that iota alone, fold to one with an iota beside it.
const WITH_IOTA =
  /[\u0345\u1f80-\u1faf\u1fb2-\u1fb4\u1fb7\u1fbc\u1fc2-\u1fc4\u1fc7\u1fcc\u1ff2-\u1ff4\u1ff7\u1ffc]/g;

/** *text*, which is in NFKC, without differences of case; put it into NFKC again. */
export function caseFold(text: string): string {
  return text
    .toLowerCase()
    .replace(DIFFERENT, foldLetter)
    .replace(WITH_IOTA, (letter) => letter.normalize("NFD").replace("\u0345", "\u03b9"));
}

function foldLetter(letter: string): string {
  const point = letter.charCodeAt(0);
  if (point === 0xdf) return "ss";
  if (point === 0x3c2) return "\u03c3";
  if (point >= 0xab70) return String.fromCharCode(point - 0xab70 + 0x13a0);
  if (point >= 0x1c80) return OLD_CYRILLIC.charAt(point - 0x1c80);
  return String.fromCharCode(point - 8);
}
