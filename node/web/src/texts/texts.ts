/**
 * The texts of one language: from Fluent source to typed sentences.
 *
 * A missing message is a mistake of ours that the build refuses (`check.ts`); at run time the key
 * is shown, so that a broken text never breaks a screen.
 */

import { FluentBundle, FluentResource, type FluentVariable } from "@fluent/bundle";
import type { TextArgs, TextKey } from "./keys.gen.ts";
import type { Language } from "./languages.ts";
import { toPseudo } from "./pseudo.ts";

export type { TextKey } from "./keys.gen.ts";

/** What a message needs: nothing, or an object with its placeables. */
export type ArgsOf<K extends TextKey> = TextArgs[K] extends never
  ? []
  : [args: Readonly<Record<TextArgs[K], string | number>>];

/** Returns the sentence of a key. */
export type Translate = <K extends TextKey>(key: K, ...args: ArgsOf<K>) => string;

/**
 * Returns the sentences of a language.
 *
 * @param language decides plural rules and the form of numbers
 * @param sources Fluent files; later ones must not repeat keys
 * @param pseudo lengthens and accents every sentence, for tests
 */
export function makeTexts(
  language: Language,
  sources: readonly string[],
  pseudo = false,
): Translate {
  const bundle = new FluentBundle(language, {
    // Marks around placeables: people's words never turn a sentence round.
    useIsolating: true,
    ...(pseudo ? { transform: toPseudo } : {}),
  });
  for (const source of sources) bundle.addResource(new FluentResource(source));
  return (key, ...args) => {
    const pattern = bundle.getMessage(key)?.value;
    if (pattern === null || pattern === undefined) return key;
    const given: Record<string, FluentVariable> = { ...args[0] };
    return bundle.formatPattern(pattern, given, []);
  };
}
