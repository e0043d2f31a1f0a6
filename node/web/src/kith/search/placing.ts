/**
 * What a vocabulary makes of topics that it does not have: in queries and in what is listed.
 *
 * A community topic of somewhere else, and one that went out of use, counts as another one here
 * (`Vocabulary.nearest`). Offers are found under that; so whoever asks for the topic asks for
 * that, and counts name what can be asked for (`isAskable`). Source: SPEC.md, section on topics.
 */

import type { Listed } from "./listed.ts";
import type { Query } from "./query.ts";
import { COMMUNITY_PREFIX } from "./topic-ids.ts";
import type { Vocabulary } from "./vocabulary.ts";

/**
 * *query* with each topic as the one that it counts as, none twice; one without a place stays,
 * and nothing answers to it.
 */
export function placeQuery(query: Query, vocabulary: Vocabulary): Query {
  return {
    ...query,
    topics: placed(query.topics, vocabulary),
    knows: placed(query.knows, vocabulary),
  };
}

/** Whether *topic* is in use here, so that counting offers for it says something. */
export function isAskable(topic: string, vocabulary: Vocabulary): boolean {
  return vocabulary.nearest(topic) === topic;
}

/**
 * *offer* with one name for all community topics of elsewhere with one place.
 *
 * It answers the same queries with the same score.
 */
export function placeListed(offer: Listed, vocabulary: Vocabulary): Listed {
  if (!offer.topics.some((topic) => topic.startsWith(COMMUNITY_PREFIX))) return offer;
  return { ...offer, topics: offer.topics.map((topic) => namedByPlace(topic, vocabulary)) };
}

function namedByPlace(topic: string, vocabulary: Vocabulary): string {
  const place = vocabulary.nearest(topic);
  if (place === null || vocabulary.isKnown(topic)) return topic;
  return `${COMMUNITY_PREFIX}${place}.*`; // no topic is called so; above it lies the same
}

function placed(topics: readonly string[], vocabulary: Vocabulary): readonly string[] {
  return [...new Set(topics.map((topic) => vocabulary.nearest(topic) ?? topic))];
}
