import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Language } from "../texts/languages.ts";
import type { Translate } from "../texts/texts.ts";

/** The texts of the page's language. */
export interface Speech {
  readonly language: Language;
  readonly t: Translate;
}

const SpeechContext = createContext<Speech | null>(null);

/** Gives the texts to everything inside. */
export const SpeechProvider = SpeechContext.Provider;

/**
 * Returns the texts.
 *
 * @throws Error outside a {@link SpeechProvider}
 */
export function useSpeech(): Speech {
  const speech = useContext(SpeechContext);
  if (speech === null) throw new Error("no texts here: SpeechProvider is missing");
  return speech;
}

/** Words that people wrote, in the direction that is theirs. */
export function Written({ text, lang }: { readonly text: string; readonly lang?: string }) {
  return (
    <bdi dir="auto" {...(lang === undefined ? {} : { lang })}>
      {text}
    </bdi>
  );
}
