/**
 * Why an offer was found: codes with values, of which the screen makes sentences.
 *
 * **Reasons**, in this order, where they apply:
 *
 * | code | values |
 * |---|---|
 * | topic-exact | topics asked and named |
 * | topic-under | topics named that lie below one asked which is not named itself |
 * | topic-near | topics named that are only near relatives of what was asked |
 * | words | words asked that occur in the offer's own text |
 * | knows | topics the asker knows that the offer names, or names something below |
 * | language | languages asked and spoken |
 * | way | ways asked, or named in the text, and offered |
 * | format, when, level | each asked and offered |
 * | way-differs, when-differs, level-differs | what is offered instead of what was preferred |
 * | has-room, no-room | always one of them, without values |
 * | answers | how soon the owner usually answers, if they say so |
 *
 * **Headline.** One reason says most: the first that is there of `HEADLINES`. What does not fit
 * (`DIFFERENCES`) is to be said beside it, so that nobody is surprised later.
 */

import { UsageError } from "../crypto/errors.ts";
import type { Hierarchy } from "./hierarchy.ts";
import type { Listed } from "./listed.ts";
import { common, knownTopics, nearNamed, spoken } from "./matching.ts";
import type { Query } from "./query.ts";

/** A stable code and what it is about. */
export interface Reason {
  readonly code: string;
  readonly values: readonly string[];
}

/** The one reason to show first, and those that say what differs. */
export interface Headline {
  readonly first: Reason;
  readonly differences: readonly Reason[];
}

export const HEADLINES: readonly string[] = [
  "topic-exact",
  "topic-under",
  "words",
  "topic-near",
  "way",
  "knows",
  "format",
  "when",
  "level",
  "language",
  "answers",
  "has-room",
  "no-room",
];
export const DIFFERENCES: readonly string[] = [
  "topic-near",
  "way-differs",
  "when-differs",
  "level-differs",
  "no-room",
];

/** Why *offer* answers *query*; see **Reasons**. */
export function explain(offer: Listed, query: Query, hierarchy: Hierarchy): readonly Reason[] {
  const ways = [...query.ways, ...query.preferredWays];
  const reasons: readonly Reason[] = [
    { code: "topic-exact", values: common(query.topics, offer.topics) },
    { code: "topic-under", values: topicsUnder(offer, query, hierarchy) },
    { code: "topic-near", values: nearNamed(offer, query, hierarchy) },
    { code: "words", values: common(query.words, offer.words) },
    { code: "knows", values: knownTopics(offer, query, hierarchy) },
    { code: "language", values: common(query.languages, spoken(offer)) },
    { code: "way", values: common(ways, offer.ways) },
    { code: "format", values: common(query.formats, offer.formats) },
    { code: "when", values: common(query.when, offer.when) },
    { code: "level", values: common(query.level, offer.level) },
    { code: "way-differs", values: instead(query.preferredWays, offer.ways) },
    { code: "when-differs", values: instead(query.when, offer.when) },
    { code: "level-differs", values: instead(query.level, offer.level) },
  ];
  const room = { code: offer.room === "open" ? "has-room" : "no-room", values: [] };
  const answers = offer.answers === null ? [] : [{ code: "answers", values: [offer.answers] }];
  return [...reasons.filter(({ values }) => values.length > 0), room, ...answers];
}

/**
 * The one of *reasons* to show first, and those of the others that say what differs.
 *
 * @param reasons - as `explain` gives them; codes that are not known here never come first.
 * @throws UsageError - none of them is known here.
 */
export function headline(reasons: readonly Reason[]): Headline {
  for (const code of HEADLINES) {
    const first = reasons.find((reason) => reason.code === code);
    if (first === undefined) continue;
    const differences = reasons.filter(
      (reason) => DIFFERENCES.includes(reason.code) && reason !== first,
    );
    return { first, differences };
  }
  throw new UsageError("no reason that is known here");
}

function instead(preferred: readonly string[], offered: readonly string[]): readonly string[] {
  return preferred.length > 0 && common(preferred, offered).length === 0 ? offered : [];
}

function topicsUnder(offer: Listed, query: Query, hierarchy: Hierarchy): readonly string[] {
  const unnamed = query.topics.filter((topic) => !offer.topics.includes(topic));
  return offer.topics.filter(
    (topic) =>
      !query.topics.includes(topic) &&
      hierarchy.ancestors(topic).some((above) => unnamed.includes(above)),
  );
}
