/**
 * What a screen shows of an offer document, read leniently.
 *
 * The node verified and checked the document before it served it; `readListed` has read what
 * search needs. Here is what is left: a member that is not what it should be is left out, so
 * that one odd offer spoils no page. All of it is to be shown as text.
 */

import type { JsonObject, JsonValue } from "../crypto/json.ts";
import type { Listed } from "./listed.ts";
import { AUDIENCES, isLanguageTag, type OfferContent, type TextMap } from "./offer-content.ts";

const REGION = /^[0-9]{3}$/;

/** What the owner of the offer in *document*, listed as *listed*, chose. */
export function contentOf(document: JsonObject, listed: Listed): OfferContent {
  const region = document["kith:region"];
  return {
    topics: listed.topics,
    languages: listed.languages,
    ways: listed.ways,
    formats: listed.formats,
    audience: AUDIENCES.find((one) => one === document["kith:audience"]) ?? "adults",
    when: listed.when,
    level: listed.level,
    room: listed.room,
    answers: listed.answers,
    group: document["kith:group"] === true,
    relay: document["kith:relay"] === true,
    region: typeof region === "string" && REGION.test(region) ? region : null,
    summary: textsIn(document["summaryMap"]),
    content: textsIn(document["contentMap"]),
    topic_labels: Object.fromEntries(
      Object.entries(objectIn(document["kith:topicLabels"]))
        .filter(([topic]) => listed.topics.includes(topic))
        .map(([topic, labels]) => [topic, textsIn(labels)]),
    ),
  };
}

function textsIn(value: JsonValue | undefined): TextMap {
  const texts: [string, string][] = [];
  for (const [language, text] of Object.entries(objectIn(value))) {
    if (typeof text === "string" && isLanguageTag(language)) texts.push([language, text]);
  }
  return Object.fromEntries(texts);
}

function objectIn(value: JsonValue | undefined): JsonObject {
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  return isObject ? (value as JsonObject) : {};
}
