import { base64url, utf8 } from "../../../../src/kith/crypto/bytes.ts";
import { UnavailableError } from "../../../../src/kith/crypto/errors.ts";
import { sha256 } from "../../../../src/kith/crypto/hashes.ts";
import type { JsonObject, JsonValue } from "../../../../src/kith/crypto/json.ts";
import type {
  FileReply,
  FileSource,
  FileStore,
  KeptFile,
} from "../../../../src/kith/search/kept-files.ts";
import { runNow, type Turns } from "../../../../src/kith/search/steps.ts";
import { TopicFinder } from "../../../../src/kith/search/topic-finder.ts";
import { Vocabulary } from "../../../../src/kith/search/vocabulary.ts";
import { parseConcept, readLanguage } from "../../../../src/kith/search/vocabulary-files.ts";
import { protocolVectors } from "../../../support/vectors.ts";

interface Shipped {
  readonly concepts: readonly JsonValue[];
  readonly languages: readonly JsonObject[];
}

/** The small vocabulary of the vectors, as the node would serve it. */
export const shipped = protocolVectors<Shipped>("topic_finding.json");

/** The same, made. */
export const smallVocabulary = new Vocabulary(
  shipped.concepts.map((one) => parseConcept(one)),
  shipped.languages.map(readLanguage),
);

export const smallFinder = runNow(TopicFinder.of(smallVocabulary));

/** Turns that are over at once, so that every pause is taken. */
export const eagerTurns: Turns = { pause: async () => {}, now: () => 0, lengthMs: 0 };

/** A file of objects in one language, as the node writes it. */
export function partitionOf(language: string, objects: readonly JsonObject[]): Uint8Array {
  const lines = objects.map((one) => Buffer.from(JSON.stringify(one))).sort(Buffer.compare);
  const header = JSON.stringify({ format: "kith-partition/1", language, offers: lines.length });
  return utf8([header, ...lines.map(String), ""].join("\n"));
}

/** The entity tag of *raw* as nodes make it. */
export function tagOf(raw: Uint8Array): string {
  return `"${base64url(sha256(raw).slice(0, 16))}"`;
}

/** A node that serves files, with what was asked of it. */
export class FakeNode implements FileSource {
  readonly files = new Map<string, Uint8Array>();
  readonly asked: { path: string; etag: string | null }[] = [];
  isDown = false;

  constructor() {
    const languages = shipped.languages.map((one) => {
      const raw = utf8(JSON.stringify(one));
      const language = String(one["language"]);
      this.files.set(`/api/v1/topics/${language}`, raw);
      return { language, reviewed: true, etag: tagOf(raw) };
    });
    const topics = { version: 2, topics: shipped.concepts, languages };
    this.files.set("/api/v1/topics", utf8(JSON.stringify(topics)));
  }

  async read(path: string, { etag }: { readonly etag: string | null }): Promise<FileReply> {
    this.asked.push({ path, etag });
    if (this.isDown) throw new UnavailableError("down");
    const body = this.files.get(path);
    if (body === undefined) return { kind: "none" };
    const tag = tagOf(body);
    return tag === etag ? { kind: "same" } : { kind: "file", body, etag: tag };
  }
}

/** Keeps files in a map. */
export class FakeStore implements FileStore {
  readonly kept = new Map<string, KeptFile>();

  async get(path: string): Promise<KeptFile | null> {
    return this.kept.get(path) ?? null;
  }

  async put(path: string, file: KeptFile): Promise<void> {
    this.kept.set(path, file);
  }

  async delete(path: string): Promise<void> {
    this.kept.delete(path);
  }
}
