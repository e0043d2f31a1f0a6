/** What anyone may know of a community before joining: what its steward wrote, and its key. */

/** A community, as far as public pages show it. */
export interface Community {
  readonly name: string;
  readonly summary: string;
  /** One rule a line; blank lines do not count. */
  readonly rules: string;
  /** BCP 47 tags. */
  readonly languages: readonly string[];
  readonly programme: "adults" | "youth";
  /** Version of the node's software. */
  readonly version: string;
  /** The node's key, eight words. */
  readonly fingerprint: readonly string[];
}

/** Returns the community, or throws if the node cannot be reached. */
export type LoadCommunity = () => Promise<Community>;

/** Returns the rules as people read them: one after the other, without bullets they were written with. */
export function rulesOf({ rules }: Community): string[] {
  return rules
    .split(/\r?\n/)
    .map((line) => line.replace(/^\s*(?:[-*•]|\d{1,2}[.)])\s+/, "").trim())
    .filter((line) => line !== "");
}
