/** What somebody has chosen while browsing. Pure. */

import { FORMATS, LEVELS, WAYS, WHENS } from "../../kith/search/offer-content.ts";
import { MAX_TOPICS, newQuery, type Query } from "../../kith/search/query.ts";
import type { FacetKey } from "../../screens/browse-model.ts";

/** Values by group, in the order in which they were chosen. */
export type Filters = Readonly<Record<FacetKey, readonly string[]>>;

export const NO_FILTERS: Filters = {
  topics: [],
  languages: [],
  ways: [],
  formats: [],
  when: [],
  level: [],
  room: [],
  communities: [],
};

/** How many offers one list shows at most. */
export const LIST_LIMIT = 1000;

/** *filters* with one value chosen or taken away. */
export function choose(filters: Filters, key: FacetKey, value: string, isOn: boolean): Filters {
  const others = filters[key].filter((one) => one !== value);
  const chosen = isOn ? [...others, value].slice(-MAX_TOPICS) : others;
  return { ...filters, [key]: chosen };
}

/** Whether anything is chosen. */
export function isAnyChosen(filters: Filters): boolean {
  return Object.values(filters).some((values) => values.length > 0);
}

/**
 * The query that *text* and *filters* make.
 *
 * @param languages - searched where none is chosen.
 */
export function queryOf(text: string, filters: Filters, languages: readonly string[]): Query {
  const { topics, ways, formats, when, level, room, communities } = filters;
  return newQuery({
    text: text.trim(),
    topics,
    languages: filters.languages.length > 0 ? filters.languages : languages,
    ways: WAYS.filter((one) => ways.includes(one)),
    formats: FORMATS.filter((one) => formats.includes(one)),
    when: WHENS.filter((one) => when.includes(one)),
    level: LEVELS.filter((one) => level.includes(one)),
    roomOnly: room.includes("open"),
    communities,
    counts: true,
    limit: LIST_LIMIT,
  });
}
