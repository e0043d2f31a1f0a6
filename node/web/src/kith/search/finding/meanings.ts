/**
 * Choosing between the topics that a part of a text may mean.
 *
 * A text in a language that the reader knows beats one in another, an exact form beats an
 * inflected one and that a misspelt one, a label beats a synonym. Topics that are equal in all
 * of this are equally right: up to three are all taken, of more than three only the first, and
 * the rest is shown as a choice. Of a topic and one above it that are equally right, the more
 * specific is taken: whoever wants the wider one finds it among the choices, and whoever was not
 * asked sees fewer offers that are beside the point.
 *
 * Left to the caller: finding the candidates, and an order of equals, if one is likelier. Others
 * are in the order of the reader's languages, then of the hierarchy, then of ids, so that the
 * same text means the same everywhere.
 */

import { compareTexts } from "../../code-points.ts";

const MAX_EQUAL = 3;
const MAX_OTHERS = 6;

/** A topic that may be meant; the best sorts first. */
export interface Candidate {
  /** What decides, smaller first; equal ranks are equally right. */
  readonly rank: readonly number[];
  /** Of equals, smaller first. */
  readonly order: number;
  /** Place of the text's language among the reader's. */
  readonly language: number;
  /** Level of the topic. */
  readonly depth: number;
  /** Its id. */
  readonly topic: string;
}

/** Topics that are meant, and others to choose from. */
export interface Choice {
  readonly topics: readonly string[];
  /** At most six. */
  readonly others: readonly string[];
}

/** Topics above one, nearest first, or related to one. */
export type Relatives = (topic: string) => readonly string[];

/**
 * The topics that are meant.
 *
 * @param candidates - at least one, topics may repeat.
 * @param ancestors - the topics above one.
 */
export function choose(candidates: readonly Candidate[], ancestors: Relatives): Choice {
  const best = new Map<string, Candidate>();
  for (const one of [...candidates].sort(compareCandidates)) {
    if (!best.has(one.topic)) best.set(one.topic, one);
  }
  const ranked = [...best.values()];
  const first = ranked[0];
  const equal = ranked
    .filter((one) => first !== undefined && compareRanks(one.rank, first.rank) === 0)
    .map((one) => one.topic);
  const above = new Set(equal.flatMap((topic) => ancestors(topic)));
  const specific = equal.filter((topic) => !above.has(topic));
  const topics = specific.length <= MAX_EQUAL ? specific : specific.slice(0, 1);
  const others = ranked.map((one) => one.topic).filter((topic) => !topics.includes(topic));
  return { topics, others: others.slice(0, MAX_OTHERS) };
}

function compareCandidates(one: Candidate, other: Candidate): number {
  return (
    compareRanks(one.rank, other.rank) ||
    one.order - other.order ||
    one.language - other.language ||
    one.depth - other.depth ||
    compareTexts(one.topic, other.topic)
  );
}

function compareRanks(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < Math.min(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}
