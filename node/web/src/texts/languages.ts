/** The languages of the interface. */

/** BCP 47 tags, in the order of the language menu. */
export const LANGUAGES = [
  "ar",
  "de",
  "en",
  "es",
  "fr",
  "it",
  "ja",
  "pl",
  "pt",
  "ru",
  "tr",
  "zh",
] as const;

/** One of {@link LANGUAGES}. */
export type Language = (typeof LANGUAGES)[number];

/** Each language's name for itself: shown as it is, in every language. */
export const OWN_NAMES: Readonly<Record<Language, string>> = {
  ar: "العربية",
  de: "Deutsch",
  en: "English",
  es: "Español",
  fr: "Français",
  it: "Italiano",
  ja: "日本語",
  pl: "Polski",
  pt: "Português",
  ru: "Русский",
  tr: "Türkçe",
  zh: "中文",
};

/** Languages whose texts a native speaker has reviewed. The others say that they are not. */
export const REVIEWED: ReadonlySet<Language> = new Set<Language>(["en"]);

/** Whether a word is a language of the interface. */
export function isLanguage(word: unknown): word is Language {
  return LANGUAGES.some((language) => language === word);
}

/** Returns `rtl` or `ltr`. */
export function directionOf(language: Language): "rtl" | "ltr" {
  return language === "ar" ? "rtl" : "ltr";
}

/**
 * Returns the first wanted language that there is, else English.
 *
 * @param wanted BCP 47 tags, best first; only the primary subtag counts
 * @param spoken the languages that there are texts in
 */
export function chooseLanguage(
  wanted: readonly string[],
  spoken: readonly Language[] = LANGUAGES,
): Language {
  for (const tag of wanted) {
    const primary = tag.toLowerCase().split("-")[0];
    if (isLanguage(primary) && spoken.includes(primary)) return primary;
  }
  return "en";
}
