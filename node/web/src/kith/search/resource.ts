/**
 * The resource document: an entry of a community's library as it is announced to peers.
 *
 * Reading is a strict allow-list: another member, another spelling of a default or a value out of
 * bounds refuses the whole. The proof's signature is not checked here: the node has done that,
 * and the keys of other communities are not on the device.
 *
 * Source: SPEC.md, section on the library; Activity Vocabulary (Page, Article); FEP-8b32.
 */

import { MalformedError, TooLargeError } from "../crypto/errors.ts";
import { canonicalBytes, type JsonObject, type JsonValue } from "../crypto/json.ts";
import { parseDay } from "./day.ts";
import { UnknownTopicError, WrongOwnerError } from "./errors.ts";
import { textsOf } from "./listed.ts";
import { type Members, readBoolean, readMembers, readStrings, readText } from "./members.ts";
import { readProof } from "./proof-shape.ts";
import { checkResourceContent, type ResourceContent } from "./resource-content.ts";
import { actorUrl, followersUrl, originOfResource, type UrlOptions } from "./urls.ts";

export const MAX_RESOURCE_BYTES = 40 * 1024;
const MAX_REVISION = 2 ** 31 - 1;
const MAX_DAYS = 365;

const CONTEXT: JsonValue = [
  "https://www.w3.org/ns/activitystreams",
  "https://w3id.org/security/data-integrity/v2",
  { kith: "https://kith.invalid/ns#" },
];
const REQUIRED = [
  "@context",
  "proof",
  "id",
  "type",
  "attributedTo",
  "to",
  "published",
  "updated",
  "endTime",
  "kith:revision",
  "kith:topics",
  "kith:languages",
  "kith:licence",
  "kith:reviewed",
  "nameMap",
] as const;
const OPTIONAL = ["summaryMap", "contentMap", "url", "kith:region", "kith:urgent"] as const;

type Wire = Members<(typeof REQUIRED)[number], (typeof OPTIONAL)[number]>;

/** An entry of a library as announced; days are since 1970-01-01 UTC. */
export interface Resource {
  /** `{origin}/resources/{base64url of 16 bytes}`. */
  readonly id: string;
  /** The actor of the community whose library it stands in. */
  readonly author: string;
  /** The day it was first announced. */
  readonly published: number;
  /** The day this revision was made. */
  readonly updated: number;
  /** It is over when this day begins; at most 365 days after `updated`. */
  readonly endDay: number;
  /** From 1; a higher one replaces a lower one. */
  readonly revision: number;
  /** What a steward chose. */
  readonly content: ResourceContent;
}

/**
 * The resource in *document*.
 *
 * @param document - parsed by the strict JSON reader, proof included.
 * @param isKnownTopic - whether a topic may be named.
 * @param options - whether loopback origins of nodes are taken; of links they never are.
 * @throws MalformedError - another member, a missing one, a value out of bounds.
 * @throws TooLargeError - longer than `MAX_RESOURCE_BYTES`.
 * @throws UnknownTopicError - a topic that may not be named.
 * @throws PrivacyFloorError - a text with characters that mislead.
 * @throws WrongOwnerError - id, author, audience or proof belong to different actors.
 */
export function parseResource(
  document: JsonObject,
  isKnownTopic: (topic: string) => boolean,
  options: UrlOptions = {},
): Resource {
  const wire = readMembers(document, REQUIRED, OPTIONAL);
  checkContext(wire["@context"]);
  const author = checkOwner(document, wire, options);
  const proofDay = dayAt(readProof(document, author).created, "/proof/created");
  checkSize(document);
  const resource: Resource = {
    id: readText(wire.id, "/id"),
    author,
    published: dayAt(wire.published, "/published"),
    updated: dayAt(wire.updated, "/updated"),
    endDay: dayAt(wire.endTime, "/endTime"),
    revision: revisionOf(wire["kith:revision"]),
    content: checkResourceContent(contentOf(document, wire)),
  };
  if (!resource.content.topics.every(isKnownTopic)) {
    throw new UnknownTopicError("not in the vocabulary", "/kith:topics");
  }
  checkDays(resource, proofDay);
  return resource;
}

function contentOf(document: JsonObject, wire: Wire): ResourceContent {
  const { url, type } = wire;
  const region = wire["kith:region"];
  const urgent = wire["kith:urgent"];
  if (urgent !== undefined && !readBoolean(urgent, "/kith:urgent")) {
    throw new MalformedError("false is spelled by leaving the member out", "/kith:urgent");
  }
  if (type !== "Page" && type !== "Article") throw new MalformedError("another type", "/type");
  const link = url === undefined ? "" : readText(url, "/url", { least: 1 });
  if ((type === "Page") !== (link !== "")) {
    throw new MalformedError("a Page has a link, an Article has none", "/url");
  }
  return {
    topics: readStrings(wire["kith:topics"], "/kith:topics"),
    languages: readStrings(wire["kith:languages"], "/kith:languages"),
    licence: readText(wire["kith:licence"], "/kith:licence"),
    reviewed: dayAt(wire["kith:reviewed"], "/kith:reviewed"),
    name: textsOf(document, "nameMap"),
    summary: notEmpty(document, "summaryMap"),
    content: notEmpty(document, "contentMap"),
    url: link,
    region: region === undefined ? null : readText(region, "/kith:region"),
    urgent: urgent !== undefined,
  };
}

/** The texts in the member *name*, which is left out rather than empty. */
function notEmpty(document: JsonObject, name: string): ResourceContent["summary"] {
  const texts = textsOf(document, name);
  if (document[name] !== undefined && Object.keys(texts).length === 0) {
    throw new MalformedError("an empty member is left out", `/${name}`);
  }
  return texts;
}

function checkContext(value: JsonValue): void {
  if (canonical(value) !== canonical(CONTEXT)) {
    throw new MalformedError("not the context of this kind of document", "/@context");
  }
}

function checkOwner(document: JsonObject, wire: Wire, options: UrlOptions): string {
  const origin = originOfResource(readText(wire.id, "/id"), options);
  const author = readText(wire.attributedTo, "/attributedTo");
  if (author !== actorUrl(origin)) {
    throw new WrongOwnerError("the author is not the actor of the resource's origin");
  }
  const to = readStrings(document["to"], "/to");
  if (to.length !== 1) throw new MalformedError("not one audience", "/to");
  if (to[0] !== followersUrl(origin)) {
    throw new WrongOwnerError("the audience is not the author's followers");
  }
  return author;
}

function revisionOf(value: JsonValue): number {
  const isRight = typeof value === "number" && value >= 1 && value <= MAX_REVISION;
  if (!isRight) throw new MalformedError("not a revision", "/kith:revision");
  return value;
}

function dayAt(value: JsonValue, pointer: string): number {
  try {
    return parseDay(readText(value, pointer));
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    throw new MalformedError(error.message, pointer);
  }
}

function checkDays(resource: Resource, signed: number): void {
  const { published, updated, endDay, content } = resource;
  if (signed < updated) {
    throw new MalformedError("a proof older than the resource", "/proof/created");
  }
  if (published > updated || updated >= endDay) {
    throw new MalformedError("the dates are not in order", "/updated");
  }
  if (endDay > updated + MAX_DAYS) {
    throw new MalformedError("the resource stands for too long", "/endTime");
  }
  if (content.reviewed > updated) {
    throw new MalformedError("reviewed after it was announced", "/kith:reviewed");
  }
}

function checkSize(document: JsonObject): void {
  const members = Object.entries(document).filter(([name]) => name !== "proof");
  const size = canonicalBytes(Object.fromEntries(members)).length;
  if (size > MAX_RESOURCE_BYTES) {
    throw new TooLargeError(`a resource has at most ${MAX_RESOURCE_BYTES} bytes, not ${size}`);
  }
}

function canonical(value: JsonValue): string {
  return new TextDecoder().decode(canonicalBytes(value));
}
