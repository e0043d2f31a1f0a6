/**
 * An entry that a member proposes for the library, as it is sealed to the moderators.
 *
 * A proposal travels as a report of the kind `resource` whose proof is the proposed content in
 * canonical JSON: outside, nothing tells it from a report about something else. It proves nothing
 * and says of nobody that they wrote it. Whether its topics are known is left to the stewards who
 * take it into the library. Source: SPEC.md, section on reports; RFC 8785.
 */

import { isEqual } from "../crypto/bytes.ts";
import { MalformedError, TooLargeError } from "../crypto/errors.ts";
import { canonicalBytes, type JsonValue, parseJsonObject } from "../crypto/json.ts";
import { textsOf } from "./listed.ts";
import { readBoolean, readMembers, readStrings, readText } from "./members.ts";
import { MAX_RESOURCE_BYTES } from "./resource.ts";
import { checkResourceContent, type ResourceContent } from "./resource-content.ts";
import { membersOf } from "./resource-files.ts";

/**
 * The canonical JSON of *content*.
 *
 * @throws MalformedError, UnknownTopicError, PrivacyFloorError - it may not stand in a library.
 * @throws TooLargeError - longer than a resource may be.
 */
export function encodeProposal(content: ResourceContent): Uint8Array {
  const raw = canonicalBytes(membersOf(checkResourceContent(content)));
  if (raw.length > MAX_RESOURCE_BYTES) {
    throw new TooLargeError(`an entry has at most ${MAX_RESOURCE_BYTES} bytes`);
  }
  return raw;
}

/**
 * The content in *raw*, from a stranger.
 *
 * @throws KithError - as `encodeProposal`; MalformedError also where it is not in canonical form.
 */
export function parseProposal(raw: Uint8Array): ResourceContent {
  const document = parseJsonObject(raw, { maxBytes: MAX_RESOURCE_BYTES });
  const wire = readMembers(
    document,
    ["topics", "languages", "licence", "reviewed", "name"],
    ["summary", "content", "url", "region", "urgent"],
  );
  const region = wire.region ?? null;
  const content: ResourceContent = {
    topics: readStrings(wire.topics, "/topics"),
    languages: readStrings(wire.languages, "/languages"),
    licence: readText(wire.licence, "/licence"),
    reviewed: readDay(wire.reviewed),
    name: textsOf(document, "name"),
    summary: textsOf(document, "summary"),
    content: textsOf(document, "content"),
    url: readText(wire.url ?? "", "/url"),
    region: region === null ? null : readText(region, "/region"),
    urgent: readBoolean(wire.urgent ?? false, "/urgent"),
  };
  if (!isEqual(encodeProposal(content), raw)) {
    throw new MalformedError("the proposed entry is not in canonical form");
  }
  return content;
}

function readDay(value: JsonValue): number {
  if (typeof value !== "number") throw new MalformedError("not a day", "/reviewed");
  return value;
}
