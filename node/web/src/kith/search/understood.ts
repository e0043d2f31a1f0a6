/**
 * What free text was taken to mean, and the query that it makes.
 *
 * `TopicFinder.understand` makes an `Understanding`; a node and a device both turn it into a
 * query by these rules, so that the same words find the same offers wherever they are searched.
 *
 * What somebody chose explicitly wins. Understood topics are added behind the chosen ones. Words
 * are preferred where there is a topic to look for, else at least one of them is required. Ways
 * are preferred where there is a topic or a word, else required: "teach me" alone must not list
 * the whole catalogue. Text of which nothing is understood finds nothing (`Query.isLost`), since
 * whatever it would list could only be something else. Source: SPEC.md, section on search.
 */

import { MAX_WORDS, type Piece, type Understanding } from "./finding/reading.ts";
import type { Way } from "./offer-content.ts";
import { MAX_TOPICS, type Query } from "./query.ts";

/** Whoever can tell what a text means; `TopicFinder` does. */
export interface Understands {
  understand(text: string, options: { readonly languages: readonly string[] }): Understanding;
}

/** What was made of a free text. */
export interface Understood {
  /** All that were searched, chosen ones first. */
  readonly topics: readonly string[];
  readonly meanings: readonly Piece[];
  readonly ways: readonly Way[];
  /** They were compared with what offers say of themselves. */
  readonly words: readonly string[];
  /** Topics of a similar spelling. */
  readonly didYouMean: readonly string[];
}

/** *query* with its text understood, and what to tell about that; null if it has no text. */
export function understandQuery(
  query: Query,
  finder: Understands,
): { readonly query: Query; readonly understood: Understood | null } {
  if (query.text === "") return { query, understood: null };
  const understanding = finder.understand(query.text, { languages: query.languages });
  const asked = understoodQuery(query, understanding);
  const { pieces, ways, didYouMean } = understanding;
  const others = didYouMean.filter((topic) => !asked.topics.includes(topic));
  return {
    query: asked,
    understood: {
      topics: asked.topics,
      meanings: pieces,
      ways,
      words: asked.words,
      didYouMean: others,
    },
  };
}

/** *query* with what its text was understood to mean; see the module. */
export function understoodQuery(query: Query, understanding: Understanding): Query {
  const meant = understanding.pieces.flatMap((piece) => piece.topics);
  const topics = [...new Set([...query.topics, ...meant])].slice(0, MAX_TOPICS);
  const words = understanding.words.slice(0, MAX_WORDS);
  const ways = query.ways.length > 0 ? [] : understanding.ways;
  const hasSubject = topics.length > 0 || words.length > 0;
  return {
    ...query,
    topics,
    words,
    ways: hasSubject || query.ways.length > 0 ? query.ways : ways,
    preferredWays: hasSubject ? ways : [],
    isLost: !hasSubject && understanding.ways.length === 0,
  };
}
