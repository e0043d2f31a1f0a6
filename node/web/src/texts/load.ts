/** Loads the texts of one language: each is a file of its own, fetched when it is needed. */

import { directionOf, type Language } from "./languages.ts";
import { addressOfTexts } from "./spoken.ts";
import { makeTexts, type Translate } from "./texts.ts";

/** Put in by the build: texts from right to left are English in disguise, for looking at. */
declare const __PSEUDO__: boolean;

/** What is fetched in vain so often that English has to do. */
const FALLBACK: Language = "en";

/** The texts that were found. */
export interface Found {
  /** Another than was wanted if its file could not be had. */
  readonly language: Language;
  readonly t: Translate;
}

/**
 * Returns the sentences of a language, or of English where its file cannot be fetched: the shell
 * keeps English on the device.
 *
 * @throws TypeError if not even those can be fetched
 */
export async function loadTexts(language: Language): Promise<Found> {
  try {
    return await load(language);
  } catch (error) {
    if (language === FALLBACK) throw error;
    return load(FALLBACK);
  }
}

async function load(language: Language): Promise<Found> {
  const address = addressOfTexts(language);
  if (address === null) throw new TypeError(`no texts in ${language}`);
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new TypeError(`no texts: ${answer.status}`);
  const pseudo = __PSEUDO__ && directionOf(language) === "rtl";
  return { language, t: makeTexts(language, [await answer.text()], pseudo) };
}
