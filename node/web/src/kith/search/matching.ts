/**
 * What an offer has of what a query asks, for one offer at a time.
 *
 * **Match.** An offer answers a query if it is live (its end day is after today), not of a
 * community in `without`, and, for each of these that the query names, fits at least one value:
 * `topics` (the offer names the topic itself or one below it; with `near` also if it names a
 * near relative of a topic that it does not reach, see `nearTopics`), `languages` (compared by
 * primary subtag), `ways`, `formats`, `communities`. It must have room if the query says
 * `roomOnly`. In a query without topics it must have at least one of `words`. `knows`, `when`,
 * `level` and `preferredWays` never exclude anybody. To a query that `isLost` nothing answers.
 *
 * All offers of a catalogue are matched at once in `plan.ts`; this is for the few that are
 * shown. Source: SPEC.md, section on search.
 */

import { chainOf, type Hierarchy, nearTopics, onlyKnown } from "./hierarchy.ts";
import type { Listed } from "./listed.ts";
import { primaryLanguage } from "./offer-content.ts";
import type { Query } from "./query.ts";

/** Each topic at or above those of *offer*, with the distance to the nearest. */
export function reachedTopics(
  offer: Listed,
  hierarchy: Hierarchy,
): ReadonlyMap<string, number> {
  const reached = new Map<string, number>();
  for (const topic of offer.topics) {
    chainOf(topic, hierarchy).forEach((above, distance) => {
      reached.set(above, Math.min(distance, reached.get(above) ?? distance));
    });
  }
  return reached;
}

/** The topics of *offer* that are near relatives of asked ones it does not reach. */
export function nearNamed(
  offer: Listed,
  query: Query,
  hierarchy: Hierarchy,
): readonly string[] {
  if (!query.near) return [];
  const reached = reachedTopics(offer, hierarchy);
  const near = new Set<string>();
  for (const [topic, relatives] of nearTopics(query, hierarchy)) {
    if (reached.has(topic)) continue;
    for (const one of relatives) near.add(one);
  }
  return offer.topics.filter((topic) => near.has(topic));
}

/** The topics that the asker only knows and *offer* reaches. */
export function knownTopics(
  offer: Listed,
  query: Query,
  hierarchy: Hierarchy,
): readonly string[] {
  const known = onlyKnown(query, hierarchy);
  if (known.length === 0) return [];
  const reached = reachedTopics(offer, hierarchy);
  return known.filter((topic) => reached.has(topic));
}

/** Those of *asked*, in their order, that are among *offered*. */
export function common(
  asked: readonly string[],
  offered: readonly string[],
): readonly string[] {
  return asked.filter((value) => offered.includes(value));
}

/** The primary subtags of the languages of *offer*. */
export function spoken(offer: Listed): readonly string[] {
  return [...new Set(offer.languages.map(primaryLanguage))];
}
