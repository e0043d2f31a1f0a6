/**
 * Topics that only some community has, and the labels that travel with offers naming them.
 *
 * A community topic (`x.craft.writing.haiku`) says by its id which shared topic it lies below, so
 * every reader can place it. An offer that names it brings its labels, so every reader can show
 * it. There is no table of the community topics of others: a label belongs to the offer it came
 * with, and two communities may give one id different ones. Source: SPEC.md, section on topics.
 */

import { compareTexts } from "../code-points.ts";
import { MalformedError, UsageError } from "../crypto/errors.ts";
import { checkText } from "../text.ts";
import { UnknownTopicError } from "./errors.ts";
import { type OfferContent, primaryLanguage, type TextMap } from "./offer-content.ts";
import { COMMUNITY_PREFIX, isCommunityTopic } from "./topic-ids.ts";
import { FALLBACK_LANGUAGE, MAX_LABEL_CHARACTERS, type Vocabulary } from "./vocabulary.ts";

/** Those of *topics* that are spelled as a community's, rightly or not. */
export function communityTopicsOf(topics: readonly string[]): readonly string[] {
  return topics.filter((topic) => topic.startsWith(COMMUNITY_PREFIX));
}

/**
 * Return if the topics of *content* may be named, with their labels.
 *
 * @param isKnownTopic - whether a topic of right spelling may be named.
 * @throws UnknownTopicError - a topic that may not be named, or no community topic though it
 *   begins like one.
 * @throws MalformedError - labels for other than exactly the community topics, or one out of
 *   bounds.
 * @throws PrivacyFloorError - a label that `checkText` refuses.
 */
export function checkTopics(
  content: OfferContent,
  isKnownTopic: (topic: string) => boolean,
): void {
  const community = communityTopicsOf(content.topics);
  if (!community.every(isCommunityTopic)) {
    throw new UnknownTopicError("not the id of a community topic", "/topics");
  }
  if (!content.topics.every(isKnownTopic)) {
    throw new UnknownTopicError("not in the vocabulary", "/topics");
  }
  const labels = content.topic_labels ?? {};
  const labelled = Object.keys(labels);
  if (
    labelled.length !== new Set(community).size ||
    !labelled.every((topic) => community.includes(topic))
  ) {
    throw new MalformedError(
      "each community topic comes with its labels, no other topic does",
      "/topic_labels",
    );
  }
  for (const texts of Object.values(labels)) {
    for (const label of Object.values(texts)) checkText(label, MAX_LABEL_CHARACTERS);
  }
}

/**
 * *content* with the labels of its community topics, all that *vocabulary* has.
 *
 * A topic that is not in the vocabulary any more keeps the labels that it has in *content*.
 *
 * @param vocabulary - of the community, with the words of all its languages: whoever leaves some
 *   out tells others which languages they read.
 * @throws UsageError - there are no labels for a community topic.
 */
export function withLabels(content: OfferContent, vocabulary: Vocabulary): OfferContent {
  const labels: [string, TextMap][] = communityTopicsOf(content.topics).map((topic) => {
    const own = Object.fromEntries(vocabulary.labels(topic));
    const isOwn = Object.keys(own).length > 0;
    return [topic, isOwn ? own : (content.topic_labels?.[topic] ?? {})];
  });
  for (const [topic, found] of labels) {
    if (Object.keys(found).length === 0) {
      throw new UsageError(`${topic} is no topic of this community`);
    }
  }
  return { ...content, topic_labels: Object.fromEntries(labels) };
}

/** *content* about *topics*, its own or ones above them, with their labels only. */
export function onlyNamed(content: OfferContent, topics: readonly string[]): OfferContent {
  const labels = Object.entries(content.topic_labels ?? {});
  const kept = labels.filter(([topic]) => topics.includes(topic));
  return { ...content, topics, topic_labels: Object.fromEntries(kept) };
}

/**
 * What *topic*, one that *content* names, is called.
 *
 * A community topic is called what its own offer says: the reader's community may call something
 * else by that id.
 *
 * @param content - of an offer, own or of another community.
 * @param vocabulary - the reader's.
 * @param languages - BCP 47 tags in order of preference; only the primary part counts.
 */
export function labelOf(
  content: OfferContent,
  topic: string,
  vocabulary: Vocabulary,
  languages: readonly string[] = [],
): string {
  const labels = Object.entries(content.topic_labels?.[topic] ?? {});
  for (const language of [...languages, FALLBACK_LANGUAGE]) {
    const wanted = primaryLanguage(language).toLowerCase();
    const found = labels.find(([tag]) => primaryLanguage(tag) === wanted);
    if (found !== undefined) return found[1];
  }
  const [first] = labels.sort(([one], [other]) => compareTexts(one, other));
  return first === undefined ? vocabulary.label(topic, languages) : first[1];
}
