/**
 * How the ids of topics are spelled.
 *
 * A shared topic has a dotted id in at most three levels (`craft.writing.poetry`); what lies
 * above it is the id without its last part. A *community topic* is one that only some community
 * has: `x.`, the id of a shared topic, and one more part (`x.craft.writing.haiku`).
 *
 * Source: SPEC.md, section on topics.
 */

export const COMMUNITY_PREFIX = "x.";
export const MAX_ID_CHARACTERS = 80;

const SHARED = "(?!x\\.)[a-z]+(?:-[a-z]+)*(?:\\.[a-z0-9]+(?:-[a-z0-9]+)*){0,2}";
const SHARED_ID = new RegExp(`^${SHARED}$`);
const COMMUNITY_ID = new RegExp(`^x\\.${SHARED}\\.[a-z0-9]+(?:-[a-z0-9]+)*$`);

/** The id above *topic* by its spelling alone, null for a branch. */
export function parentOf(topic: string): string | null {
  const start = topic.startsWith(COMMUNITY_PREFIX) ? COMMUNITY_PREFIX.length : 0;
  const end = topic.lastIndexOf(".");
  return end <= start ? null : topic.slice(start, end);
}

/** The ids above *topic* by its spelling alone, nearest first. */
export function idsAbove(topic: string): readonly string[] {
  const above: string[] = [];
  for (let one = parentOf(topic); one !== null; one = parentOf(one)) above.push(one);
  return above;
}

/** Whether *topic* is spelled like one that all communities may have. */
export function isSharedTopic(topic: string): boolean {
  return SHARED_ID.test(topic);
}

/** Whether *topic* is spelled like one that only some community has. */
export function isCommunityTopic(topic: string): boolean {
  return topic.length <= MAX_ID_CHARACTERS && COMMUNITY_ID.test(topic);
}
