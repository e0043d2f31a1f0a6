/**
 * The topics at and above each topic that some offer names, as numbers.
 *
 * Offers name far fewer different topics than there are offers, so what a query says of topics
 * is worked out once for each topic and only looked up for each offer.
 */

import type { Lists } from "./catalogue.ts";
import { chainOf, type Hierarchy } from "./hierarchy.ts";
import { Interner } from "./interner.ts";

/** Made anew when offers name further topics. */
export interface TopicTable {
  /** How many topics it was made for: numbers below are those of `Names.topics`. */
  readonly size: number;
  /** Numbers of the topics that are reached: those named, and all above them. */
  readonly reached: Interner;
  /** For each topic named the numbers of itself and what is above it, nearest first. */
  readonly chains: Lists;
}

export function topicTableOf(topics: Interner, hierarchy: Hierarchy): TopicTable {
  const reached = new Interner();
  const starts = [0];
  const values: number[] = [];
  for (let number = 0; number < topics.size; number += 1) {
    for (const topic of chainOf(topics.text(number), hierarchy)) {
      values.push(reached.number(topic));
    }
    starts.push(values.length);
  }
  return {
    size: topics.size,
    reached,
    chains: { starts: Int32Array.from(starts), values: Int32Array.from(values) },
  };
}
