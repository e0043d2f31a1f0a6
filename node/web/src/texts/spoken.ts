/** Which languages there are texts in, and where each file is: put in by the build. */

import { isLanguage, type Language } from "./languages.ts";

declare const __TEXTS__: Readonly<Partial<Record<Language, string>>>;

/** The languages that there are texts in. */
export const SPOKEN: readonly Language[] = Object.keys(__TEXTS__).filter(isLanguage);

/** Returns the address of a language's texts, or null if there are none. */
export function addressOfTexts(language: Language): string | null {
  return __TEXTS__[language] ?? null;
}
