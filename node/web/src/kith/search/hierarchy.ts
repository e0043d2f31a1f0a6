/**
 * What search needs of the vocabulary: what lies above a topic, and what is related to it.
 *
 * `Vocabulary` has both. Search is given these two functions and nothing else, so that it works
 * over any vocabulary and for topics that nobody has heard of.
 */

import type { Query } from "./query.ts";

/** The relations of topics, for any string. */
export interface Hierarchy {
  /** The topics above one, nearest first; nothing for a root or an unknown one. */
  ancestors(topic: string): readonly string[];
  /** Topics elsewhere that are close to one. */
  related(topic: string): readonly string[];
}

/** *topic* and all above it, nearest first. */
export function chainOf(topic: string, hierarchy: Hierarchy): readonly string[] {
  return [topic, ...hierarchy.ancestors(topic)];
}

/**
 * For each topic asked its near relatives; nothing unless the query wants them.
 *
 * Near is the topic directly above and what the vocabulary relates to it, naming exactly those;
 * whatever is asked or lies below something asked is not only near and left out.
 */
export function nearTopics(
  query: Query,
  hierarchy: Hierarchy,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  if (!query.near) return found;
  const asked = new Set(query.topics);
  for (const topic of query.topics) {
    const near = [...hierarchy.ancestors(topic).slice(0, 1), ...hierarchy.related(topic)];
    const isOnlyNear = (one: string): boolean =>
      !chainOf(one, hierarchy).some((upper) => asked.has(upper));
    found.set(topic, [...new Set(near.filter(isOnlyNear))]);
  }
  return found;
}

/**
 * The topics that the asker knows, without those asked and what lies above these: whoever names
 * C# reaches .NET as well, which says nothing more about them.
 */
export function onlyKnown(query: Query, hierarchy: Hierarchy): readonly string[] {
  const asked = new Set(query.topics.flatMap((topic) => chainOf(topic, hierarchy)));
  return query.knows.filter((topic) => !asked.has(topic));
}
