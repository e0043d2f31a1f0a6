/**
 * Search folding: the form in which two spellings of a word are the same.
 *
 * Folded text is lower case, without diacritics, tatweel, harakat or invisible characters, in
 * one width, with Arabic letter variants, Latin letters with strokes and every script's decimal
 * digits reduced to one form, and with single spaces for all punctuation. `+` and `#` stay when
 * they end a word, since they are the difference between C, C++ and C#.
 *
 * Marks are only taken from Latin, Greek, Cyrillic, Hebrew and Arabic letters: in kana, Hangul
 * and the scripts of India they are part of the letter. Folding is for comparing, never for
 * showing. Left to the caller: bounding the length, and splitting text without spaces.
 *
 * Source: Unicode Standard Annex #15 (NFKC), the Unicode case folding table.
 */

// One letter for several that no decomposition brings together. Escapes, because right-to-left
// letters and look-alikes in a table are hard to review.
const ONE_FOR_MANY: readonly (readonly [one: string, many: string])[] = [
  ["ae", "\u00e6"],
  ["oe", "\u0153"],
  ["o", "\u00f8"], // with stroke
  ["d", "\u0111\u00f0"], // with stroke, eth
  ["th", "\u00fe"], // thorn
  ["h", "\u0127"], // with stroke
  ["i", "\u0131"], // dotless
  ["l", "\u0142"], // with stroke
  ["t", "\u0167"], // with stroke
  ["n", "\u014b"], // eng
  ["e", "\u0259"], // schwa
  ["\u05db", "\u05da"], // final kaf, mem, nun, pe, tsadi of Hebrew
  ["\u05de", "\u05dd"],
  ["\u05e0", "\u05df"],
  ["\u05e4", "\u05e3"],
  ["\u05e6", "\u05e5"],
  ["\u0627", "\u0671\u0672\u0673"], // alef: wasla, with wavy hamza above and below
  ["\u064a", "\u0649\u06cc\u06d0\u06cd\u06d2"], // yeh: alef maksura, Farsi yeh, e, tail, barree
  ["\u0647", "\u0629\u06c3\u06c1\u06be\u06d5"], // heh: teh marbuta, goal, two-eyed, ae
  ["\u0643", "\u06a9\u06aa"], // kaf: keheh, swash
  ["\u0648", "\u06c6\u06c7"], // waw: oe, u
  ["", "\u0621\u0674\u0640"], // hamza on the line, high hamza, tatweel
];
const REPLACE = new Map(
  ONE_FOR_MANY.flatMap(([one, many]) => Array.from(many, (letter) => [letter, one] as const)),
);
const REPLACED = new RegExp(`[${[...REPLACE.keys()].join("")}]`, "g");

// Combining marks: general (Latin, Greek, Cyrillic), Cyrillic, Hebrew points, Arabic harakat,
// hamza and madda above and below, dagger alef, Quranic marks.
const MARKS = new RegExp(
  "[\\u0300-\\u036f\\u0483-\\u0487\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4\\u05c5\\u05c7" +
    "\\u0610-\\u061a\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e8\\u06ea-\\u06ed\\u08d3-\\u08ff]",
  "g",
);
const MAX_ROUNDS = 8;

// Where lower case is not what Unicode folds cases to: sharp s, final sigma, old forms of
// Cyrillic letters, and Cherokee, which folds to its capitals.
const CASES = /[\u00df\u03c2\u1c80-\u1c88\u13f8-\u13fd\uab70-\uabbf]/g;
const OLD_CYRILLIC = "\u0432\u0434\u043e\u0441\u0442\u0442\u044a\u0463\ua64b";
const IOTA_BELOW = /\u0345/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII is meant
const ASCII = /^[\x00-\x7f]*$/;
const ASCII_WORD = /^[A-Za-z0-9]+$/;
const ASCII_BLANKS = /[^A-Za-z0-9+#]+/g;
const SIGN = /[+#]/;
const BLANKS = / {2,}/g;
const SIGNS_ALONE = /(^| )[+#]+/g;
const LETTERS_AND_BLANKS = /^[\p{L} ]*$/u;
const INVISIBLE = /\p{Cf}/gu;
const OTHER = /[^\p{L}\p{M}\p{N}+#]+/gu;
const DECIMAL = /\p{Nd}/gu;
const IS_DECIMAL = /\p{Nd}/u;

/**
 * The folded form of *text*; folding it again changes nothing.
 *
 * @param text - any string; folding can lengthen it (one code point can unfold into 18).
 */
export function fold(text: string): string {
  if (ASCII.test(text)) return foldAscii(text);
  // Compatibility forms can unfold into letters that fold further: go on until it rests.
  let before = text;
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const folded = foldOnce(before);
    if (folded === before) break;
    before = folded;
  }
  return before;
}

/** Whether *text* holds nothing but ASCII. */
export function isAscii(text: string): boolean {
  return ASCII.test(text);
}

/**
 * *text* with its cases folded, as Unicode does it, but for Greek letters with an iota below.
 *
 * @param text - in compatibility form.
 */
export function foldCases(text: string): string {
  return text.toLowerCase().replace(CASES, foldCase);
}

function foldAscii(text: string): string {
  if (ASCII_WORD.test(text)) return text.toLowerCase();
  return withSingleBlanks(text.toLowerCase().replace(ASCII_BLANKS, " "));
}

function foldOnce(text: string): string {
  const lower = foldCases(text.normalize("NFKC"));
  const bare = lower.normalize("NFD").replace(IOTA_BELOW, "\u03b9").replace(MARKS, "");
  const plain = bare.replace(REPLACED, (letter) => REPLACE.get(letter) ?? letter);
  const composed = plain.normalize("NFC");
  // Nothing but letters between blanks is spelled already, and the most usual.
  return LETTERS_AND_BLANKS.test(composed) ? withSingleBlanks(composed) : spell(composed);
}

function foldCase(letter: string): string {
  const point = letter.charCodeAt(0);
  if (point === 0xdf) return "ss";
  if (point === 0x3c2) return "\u03c3";
  if (point >= 0xab70) return String.fromCharCode(point - 0xab70 + 0x13a0);
  if (point >= 0x1c80) return OLD_CYRILLIC.charAt(point - 0x1c80);
  return String.fromCharCode(point - 8);
}

/** *text* with ASCII digits, no invisibles, and single blanks for all that is no word. */
function spell(text: string): string {
  const visible = text.replace(INVISIBLE, ""); // inside words, not between them
  return withSingleBlanks(visible.replace(OTHER, " ")).replace(DECIMAL, digitOf);
}

/** *text* without signs that end no word, and without needless blanks. */
function withSingleBlanks(text: string): string {
  const words = SIGN.test(text) ? text.replace(SIGNS_ALONE, "$1") : text;
  return words.replace(BLANKS, " ").trim();
}

/** The ASCII digit that *letter* stands for: digits come in tens, from nought on. */
function digitOf(letter: string): string {
  const point = letter.codePointAt(0) ?? 0;
  if (point < 0x80) return letter;
  let before = point;
  while (IS_DECIMAL.test(String.fromCodePoint(before - 1))) before -= 1;
  return String((point - before) % 10);
}
