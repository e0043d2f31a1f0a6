/**
 * Free text that people write and other people's screens show.
 *
 * Text of offers is refused rather than mended, so that what is signed is what was seen. The
 * rules keep out what misleads a reader (control characters, characters that turn or hide text)
 * and what most surely identifies a person: links, handles, telephone numbers. It is a floor,
 * not an anonymiser; more careful advice is the part of `lint/`. Private texts may hold links and
 * names.
 *
 * Source: SPEC.md, section on texts; Unicode Standard Annex #9 (bidi controls), #15 (NFC).
 */

import { caseFold } from "./case-fold.ts";
import { firstOf, lengthOf, withoutOuterBlanks } from "./code-points.ts";
import { hasLoneSurrogate } from "./crypto/bytes.ts";
import { MalformedError, RemoteError } from "./crypto/errors.ts";

/** A text holds what must not leave a device, or what misleads. */
export class PrivacyFloorError extends RemoteError {
  override readonly code = "unsafe-text";
  override readonly safe =
    "The text holds a link, a handle or characters that are not allowed here.";
}

// Explicit ranges, not Unicode categories but the one that never changes (Cc): two nodes must
// agree. Joiners (200C, 200D) and direction marks (200E, 200F, 061C) are needed by scripts.
const FORBIDDEN =
  /[\p{Cc}\xad\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{10ffff}]/gu;

// The folded text is searched. Endings are a short list: "Node.js" and "ASP.NET" are skills.
const ENDINGS = "com|org|info|eu|me|app|chat|link|page|social|blog|online|site|xyz";
const INSIDE = "[\\p{L}\\p{N}_]"; // a word goes on
const LINK = new RegExp(
  `://|(?:^|[^\\p{L}\\p{N}_])(?:www\\.|mailto:)|[a-z0-9-]\\.[a-z]{2,24}/` +
    `|[a-z0-9-]\\.(?:${ENDINGS})(?!${INSIDE})`,
  "u",
);
const HANDLE = /@[\p{L}\p{N}_]/u;
const PHONE = /\p{Nd}(?:[ ().+/-]{0,2}\p{Nd}){6}/u;
const FLOOR: readonly (readonly [RegExp, string])[] = [
  [LINK, "a link"],
  [HANDLE, "a handle"],
  [PHONE, "a number"],
];

/**
 * *text* if it may stand in an offer.
 *
 * @param text - one piece of plain text, no markup, no line breaks.
 * @param maxCharacters - the most Unicode characters it may have; at least one is needed.
 * @throws MalformedError - empty or too long, blank at an end, or not in NFC.
 * @throws PrivacyFloorError - control, bidi-override or invisible characters, a link, a handle
 *   (`@name`, `name@host`), or 7 digits that may be a telephone number.
 */
export function checkText(text: string, maxCharacters: number): string {
  checkLength(text, maxCharacters);
  if (holdsForbidden(text)) {
    throw new PrivacyFloorError("the text holds characters that are not allowed");
  }
  if (text !== withoutOuterBlanks(text)) {
    throw new MalformedError("a text must not begin or end with a blank");
  }
  checkComposed(text);
  // Wide and decorated letters fold to plain ones, so they hide nothing.
  const folded = caseFold(text.normalize("NFKC"));
  for (const [pattern, what] of FLOOR) {
    if (pattern.test(folded))
      throw new PrivacyFloorError(`the text holds what looks like ${what}`);
  }
  return text;
}

/**
 * *text* fit for a screen: cut, in NFC, misleading characters dropped, a line break a blank.
 *
 * For names and summaries of other servers, which we show and never sign.
 */
export function cleanText(text: string, maxCharacters: number): string {
  const cut = firstOf(text, 4 * maxCharacters)
    .replace(/\n/g, " ")
    .replace(FORBIDDEN, "");
  const composed = withoutOuterBlanks(cut.normalize("NFC"));
  return withoutOuterBlanks(firstOf(composed, maxCharacters));
}

/**
 * *text* if it may stand in a private message; line breaks are allowed.
 *
 * @throws MalformedError - too long, not in NFC, or with characters that mislead.
 */
export function checkWords(text: string, maxCharacters: number): string {
  if (lengthOf(text) > maxCharacters) {
    throw new MalformedError(`a text has at most ${maxCharacters} characters`);
  }
  for (const line of text.split("\n")) {
    const isClean = cleanText(line, maxCharacters) === withoutOuterBlanks(line);
    if (hasLoneSurrogate(line) || !isClean) {
      throw new MalformedError("a text holds characters that are not allowed");
    }
  }
  return text;
}

/** @throws MalformedError - *text* is empty or has more characters. */
export function checkLength(text: string, maxCharacters: number): void {
  const length = lengthOf(text);
  if (length === 0 || length > maxCharacters) {
    throw new MalformedError(`a text must have 1 to ${maxCharacters} characters`);
  }
}

/** @throws MalformedError - *text* is not in Unicode normal form C. */
export function checkComposed(text: string): void {
  if (text.normalize("NFC") !== text) {
    throw new MalformedError("a text must be in Unicode normal form C");
  }
}

function holdsForbidden(text: string): boolean {
  return text.search(FORBIDDEN) >= 0;
}
