/**
 * Texts as rows of Unicode code points, as the protocol counts and orders them.
 *
 * JavaScript counts and compares UTF-16 units instead, which is something else as soon as a
 * letter lies beyond U+FFFF.
 */

// What counts as a blank between words: Unicode white space, and the separators of ASCII.
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are meant
const BLANKS = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/u;
const SURROGATE = /[\ud800-\udfff]/;

/** Whether *one* comes before (negative), with (0) or behind (positive) *other*. */
export function compareTexts(one: string, other: string): number {
  if (one === other) return 0;
  const size = Math.min(one.length, other.length);
  for (let at = 0; at < size; at += 1) {
    const left = one.charCodeAt(at);
    const right = other.charCodeAt(at);
    if (left === right) continue;
    // A surrogate stands for something beyond every single unit.
    const isLeftHigh = left >= 0xd800 && left <= 0xdfff;
    const isRightHigh = right >= 0xd800 && right <= 0xdfff;
    if (isLeftHigh !== isRightHigh) return isLeftHigh ? 1 : -1;
    return left - right;
  }
  return one.length - other.length;
}

/** *texts* in the order of `compareTexts`. */
export function sortedTexts(texts: Iterable<string>): string[] {
  const all = [...texts];
  // Without surrogates the two orders are the same, and the engine's own is far quicker.
  return all.some((text) => SURROGATE.test(text)) ? all.sort(compareTexts) : all.sort();
}

/** How many code points *text* has. */
export function lengthOf(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The first *most* code points of *text*. */
export function firstOf(text: string, most: number): string {
  if (text.length <= most) return text;
  if (!SURROGATE.test(text)) return text.slice(0, most);
  return Array.from(text).slice(0, most).join("");
}

/** The code points of *text*, each a string. */
export function lettersOf(text: string): readonly string[] {
  return SURROGATE.test(text) ? Array.from(text) : text.split("");
}

/** The parts of *text* between blanks, none of them empty. */
export function splitAtBlanks(text: string): readonly string[] {
  return text.split(BLANKS).filter((part) => part !== "");
}

/** *text* without blanks at its ends. */
export function withoutOuterBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && BLANKS.test(text.charAt(start))) start += 1;
  while (end > start && BLANKS.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/**
 * The place in sorted *texts* before which everything is lower than *wanted*.
 *
 * @param texts - in the order of `compareTexts`.
 */
export function firstNotBelow(texts: readonly string[], wanted: string): number {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareTexts(texts[middle] ?? "", wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
