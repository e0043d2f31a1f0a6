/**
 * The documents that the vocabulary of a node comes in: topics, and the words of a language.
 *
 * `GET /api/v1/topics` has the topics and says which languages there are words in;
 * `GET /api/v1/topics/{language}` has those words. Source: SPEC.md, section on topics.
 */

import { MalformedError } from "../crypto/errors.ts";
import { type JsonObject, type JsonValue, parseJsonObject } from "../crypto/json.ts";
import { readBoolean, readMembers, readObject, readStrings, readText } from "./members.ts";

/** The interface languages, in the order in which they are listed. */
export const LABEL_LANGUAGES: readonly string[] = [
  "ar",
  "en",
  "it",
  "fr",
  "de",
  "pl",
  "tr",
  "pt",
  "ru",
  "ja",
  "zh",
  "es",
];
export const VOCABULARY_VERSION = 2;
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

const MAX_MEMBERS = 20_000;

/** One topic, without words. */
export interface Concept {
  /** Dotted id. */
  readonly id: string;
  /** Ids of topics elsewhere that are close to it; named on one side only. */
  readonly related: readonly string[];
  /** What it is called in every language alike: `js`, `C++`. */
  readonly aliases: readonly string[];
  /** Whether this topic itself carries the mark; see `Vocabulary.isSensitive`. */
  readonly sensitive: boolean;
  /** Whether the names of languages are words for it. */
  readonly languages: boolean;
  /** Whether its words also say who somebody is, so that they mean it only beside no other. */
  readonly people: boolean;
  /** Id of the topic that took its place, null while in use. */
  readonly retired: string | null;
}

/** What one topic is called in one language. */
export interface TopicTexts {
  /** Its name, at most 80 characters. */
  readonly label: string;
  /** Further everyday words for it. */
  readonly synonyms: readonly string[];
  /** One line of at most 200 characters, or empty. */
  readonly description: string;
}

/** All words in one language. */
export interface LanguageTexts {
  /** One of `LABEL_LANGUAGES`. */
  readonly language: string;
  /** Whether a native speaker has read them. */
  readonly reviewed: boolean;
  /** Id to words. */
  readonly topics: ReadonlyMap<string, TopicTexts>;
  /** Primary subtag to the name of that language. */
  readonly languageNames: ReadonlyMap<string, string>;
}

/** A language that there are words in. */
export interface TopicLanguage {
  readonly language: string;
  readonly reviewed: boolean;
  /** Of the file of its words. */
  readonly etag: string;
}

/** All topics, without words. */
export interface TopicsAnswer {
  /** Parents before children, retired ones last. */
  readonly topics: readonly Concept[];
  readonly languages: readonly TopicLanguage[];
}

/**
 * The topics in *raw*, what `GET /api/v1/topics` answers.
 *
 * @throws MalformedError - no such document, or of another version.
 * @throws TooLargeError - more than 4 MiB.
 */
export function parseTopics(raw: Uint8Array): TopicsAnswer {
  const document = parse(raw);
  const members = readMembers(document, ["version", "topics", "languages"]);
  if (members.version !== VOCABULARY_VERSION) {
    throw new MalformedError("another version of the vocabulary", "/version");
  }
  return {
    topics: readArray(members.topics, "/topics").map((one, at) =>
      parseConcept(one, `/topics/${at}`),
    ),
    languages: readArray(members.languages, "/languages").map((one, at) => {
      const at_ = `/languages/${at}`;
      const values = readMembers(
        readObject(one, at_),
        ["language", "reviewed", "etag"],
        [],
        at_,
      );
      return {
        language: readText(values.language, `${at_}/language`),
        reviewed: readBoolean(values.reviewed, `${at_}/reviewed`),
        etag: readText(values.etag, `${at_}/etag`),
      };
    }),
  };
}

/**
 * The topic that *value* describes, as it stands in files.
 *
 * @throws MalformedError - it describes none; what its members mean is not checked.
 */
export function parseConcept(value: JsonValue, pointer = ""): Concept {
  const members = readMembers(
    readObject(value, pointer),
    ["id"],
    ["related", "aliases", "sensitive", "languages", "people", "retired"],
    pointer,
  );
  const retired = members.retired ?? null;
  return {
    id: readText(members.id, `${pointer}/id`),
    related: readStrings(members.related ?? [], `${pointer}/related`),
    aliases: readStrings(members.aliases ?? [], `${pointer}/aliases`),
    sensitive: readBoolean(members.sensitive ?? false, `${pointer}/sensitive`),
    languages: readBoolean(members.languages ?? false, `${pointer}/languages`),
    people: readBoolean(members.people ?? false, `${pointer}/people`),
    retired: retired === null ? null : readText(retired, `${pointer}/retired`),
  };
}

/**
 * The words in *raw*, the file of one language.
 *
 * @throws MalformedError - no such file.
 * @throws TooLargeError - more than 4 MiB.
 */
export function parseLanguage(raw: Uint8Array): LanguageTexts {
  return readLanguage(parse(raw));
}

/** As `parseLanguage`, of JSON that was parsed already. */
export function readLanguage(document: JsonObject): LanguageTexts {
  const members = readMembers(document, ["language", "reviewed", "topics"], ["languageNames"]);
  const topics = new Map<string, TopicTexts>();
  for (const [topic, value] of Object.entries(readObject(members.topics, "/topics"))) {
    topics.set(topic, readTexts(value, `/topics/${topic}`));
  }
  const names = new Map<string, string>();
  const given = readObject(members.languageNames ?? {}, "/languageNames");
  for (const [language, name] of Object.entries(given)) {
    names.set(language, readText(name, `/languageNames/${language}`));
  }
  return {
    language: readText(members.language, "/language"),
    reviewed: readBoolean(members.reviewed, "/reviewed"),
    topics,
    languageNames: names,
  };
}

function readTexts(value: JsonValue, pointer: string): TopicTexts {
  const members = readMembers(
    readObject(value, pointer),
    ["label"],
    ["synonyms", "description"],
    pointer,
  );
  return {
    label: readText(members.label, `${pointer}/label`),
    synonyms: readStrings(members.synonyms ?? [], `${pointer}/synonyms`),
    description: readText(members.description ?? "", `${pointer}/description`),
  };
}

function readArray(value: JsonValue | undefined, pointer: string): readonly JsonValue[] {
  if (!Array.isArray(value)) throw new MalformedError("not an array", pointer);
  return value as readonly JsonValue[];
}

function parse(raw: Uint8Array): JsonObject {
  return parseJsonObject(raw, { maxBytes: MAX_FILE_BYTES, maxMembers: MAX_MEMBERS });
}
