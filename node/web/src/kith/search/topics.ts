/**
 * The vocabulary of the own community, and what finds topics in it, each made once.
 *
 * The words of all languages are fetched: asking for some would tell the node which somebody
 * reads.
 */

import { MalformedError } from "../crypto/errors.ts";
import type { KeptFiles } from "./kept-files.ts";
import { type CancelSignal, checkWanted, runInTurns, type Turns } from "./steps.ts";
import { TopicFinder } from "./topic-finder.ts";
import { Vocabulary } from "./vocabulary.ts";
import {
  LABEL_LANGUAGES,
  type LanguageTexts,
  MAX_FILE_BYTES,
  parseLanguage,
  parseTopics,
  type TopicLanguage,
} from "./vocabulary-files.ts";

const PATH = "/api/v1/topics";

/** Topics and words. */
export class Topics {
  readonly #files: KeptFiles;
  readonly #turns: Turns;
  #vocabulary: Promise<Vocabulary> | null = null;
  #finder: Promise<TopicFinder> | null = null;

  constructor(files: KeptFiles, turns: Turns) {
    this.#files = files;
    this.#turns = turns;
  }

  /**
   * The vocabulary with the words of all languages, fetched once for each visit.
   *
   * @throws CancelledError - *signal* was aborted; it goes on for whoever else waits.
   * @throws UnavailableError - the node cannot be reached, and a part is not kept.
   * @throws KithError - the node refused, or a file is damaged.
   */
  async vocabulary(signal?: CancelSignal): Promise<Vocabulary> {
    checkWanted(signal);
    this.#vocabulary ??= this.#load().catch((error: unknown) => {
      this.#vocabulary = null; // to be tried again
      throw error;
    });
    const vocabulary = await this.#vocabulary;
    checkWanted(signal);
    return vocabulary;
  }

  /** What finds topics by words of any language; errors as for `vocabulary`. */
  async finder(signal?: CancelSignal): Promise<TopicFinder> {
    checkWanted(signal);
    this.#finder ??= this.#makeFinder().catch((error: unknown) => {
      this.#finder = null;
      throw error;
    });
    const finder = await this.#finder;
    checkWanted(signal);
    return finder;
  }

  /** Fetch anew when they are wanted next: the community may have changed its topics. */
  refresh(): void {
    this.#vocabulary = null;
    this.#finder = null;
  }

  async #makeFinder(): Promise<TopicFinder> {
    const vocabulary = await this.vocabulary();
    return runInTurns(TopicFinder.of(vocabulary), this.#turns);
  }

  async #load(): Promise<Vocabulary> {
    const { file } = await this.#files.fetch(PATH, {
      maxBytes: MAX_FILE_BYTES,
      check: ({ body }) => void parseTopics(body),
    });
    if (file === null) throw new MalformedError("the node has no topics");
    const { topics, languages } = parseTopics(file.body);
    const held = new Map(languages.map((one) => [one.language, one]));
    const wanted = LABEL_LANGUAGES.flatMap((language) => held.get(language) ?? []);
    const words = await Promise.all(wanted.map((one) => this.#loadWords(one)));
    return new Vocabulary(topics, words);
  }

  async #loadWords({ language, etag }: TopicLanguage): Promise<LanguageTexts> {
    const { file } = await this.#files.fetch(`${PATH}/${language}`, {
      maxBytes: MAX_FILE_BYTES,
      etag,
      check: (one) => void parseWords(one.body, language),
    });
    if (file === null) throw new MalformedError(`the node has no words in ${language}`);
    await this.#turns.pause();
    return parseWords(file.body, language);
  }
}

function parseWords(raw: Uint8Array, language: string): LanguageTexts {
  const words = parseLanguage(raw);
  if (words.language !== language) {
    throw new MalformedError(`asked for words in ${language}, got others`);
  }
  return words;
}
