/**
 * Free text that people write and other people's screens show.
 *
 * Text of offers is refused rather than mended, so that what is signed is what was seen. The
 * rules keep out what misleads a reader (control characters, characters that turn or hide text)
 * and what most surely identifies a person: links, handles, telephone numbers. It is a floor;
 * more careful advice is the part of `lint/`. Private texts may hold links and names.
 *
 * Sources: SPEC.md, section on texts; Unicode Standard Annex #9 (bidi controls), #15 (NFC).
 */

import { hasLoneSurrogate } from "./crypto/bytes.ts";
import { MalformedError, RemoteError } from "./crypto/errors.ts";

/** A text holds what must not leave in an offer. */
export class PrivacyFloorError extends RemoteError {
  override readonly code = "unsafe-text";
  override readonly safe = "The text holds something that must not be published.";
}

// Explicit ranges, not Unicode categories: those change between versions, and all clients and
// nodes must agree. Joiners (200C, 200D) and direction marks (200E, 200F, 061C) are needed.
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is forbidden
  /[\x00-\x1f\x7f-\x9f\xad\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\u{e0000}-\u{10ffff}]/u;
const ALL_FORBIDDEN = new RegExp(FORBIDDEN.source, "gu");

// The folded text is searched. Endings are a short list: "Node.js" and "ASP.NET" are skills.
// Boundaries of words are written out, as those of the engine know ASCII only.
const WORD = "\\p{L}\\p{N}_";
const LINK = new RegExp(
  `://|(?:^|[^${WORD}])(?:www\\.|mailto:)|[a-z0-9-]\\.[a-z]{2,24}/` +
    "|[a-z0-9-]\\.(?:com|org|info|eu|me|app|chat|link|page|social|blog|online|site|xyz)" +
    `(?![${WORD}])`,
  "u",
);
const HANDLE = new RegExp(`@[${WORD}]`, "u");
const PHONE = /\p{Nd}(?:[ ().+/-]{0,2}\p{Nd}){6}/u;

/**
 * *text* if it may stand in an offer.
 *
 * @param text - one piece of plain text, no markup, no line breaks.
 * @param maxCharacters - the most Unicode characters it may have; at least one is needed.
 * @throws MalformedError - empty or too long, blank at an end, or not in NFC.
 * @throws PrivacyFloorError - control, bidi-override or invisible characters, a link, a handle,
 *   or seven digits that may be a telephone number.
 */
export function checkText(text: string, maxCharacters: number): string {
  const count = countCharacters(text);
  if (count === 0 || count > maxCharacters) {
    throw new MalformedError(`a text must have 1 to ${maxCharacters} characters`);
  }
  if (hasLoneSurrogate(text) || FORBIDDEN.test(text)) {
    throw new PrivacyFloorError("the text holds characters that are not allowed");
  }
  if (text !== text.trim()) {
    throw new MalformedError("a text must not begin or end with a blank");
  }
  if (text !== text.normalize("NFC")) {
    throw new MalformedError("a text must be in Unicode normal form C");
  }
  // Wide and decorated letters fold to plain ones, so they hide nothing.
  const folded = text.normalize("NFKC").toLowerCase();
  if (LINK.test(folded)) throw new PrivacyFloorError("the text holds what looks like a link");
  if (HANDLE.test(folded))
    throw new PrivacyFloorError("the text holds what looks like a handle");
  if (PHONE.test(folded))
    throw new PrivacyFloorError("the text holds what looks like a number");
  return text;
}

/**
 * *text* fit for a screen: cut, in NFC, misleading characters dropped, a line break as a blank.
 *
 * For names and summaries of others, which are shown and never signed.
 */
export function cleanText(text: string, maxCharacters: number): string {
  const cut = [...text].slice(0, 4 * maxCharacters).join("");
  const shown = cut.replaceAll("\n", " ").replace(ALL_FORBIDDEN, "").normalize("NFC").trim();
  return [...shown].slice(0, maxCharacters).join("").trim();
}

/**
 * *text* if it may stand in a private message; line breaks are allowed.
 *
 * @throws MalformedError - too long, not in NFC, or with characters that mislead.
 */
export function checkWords(text: string, maxCharacters: number): string {
  if (countCharacters(text) > maxCharacters) {
    throw new MalformedError(`a text has at most ${maxCharacters} characters`);
  }
  for (const line of text.split("\n")) {
    if (hasLoneSurrogate(line) || cleanText(line, maxCharacters) !== line.trim()) {
      throw new MalformedError("a text holds characters that are not allowed");
    }
  }
  return text;
}

/** How many Unicode characters *text* has, as all limits count. */
export function countCharacters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}
