/**
 * The two kinds of places: public pages, each with an address, and member views, which have none.
 */

/** Public pages and their paths. */
export const PUBLIC_PATHS = {
  community: "/",
  join: "/join",
  "sign-in": "/sign-in",
  safety: "/safety",
  about: "/about",
} as const;

/** A public page. */
export type PublicPage = keyof typeof PUBLIC_PATHS;

/** The areas of a member, in the order of the navigation; the first is where Back ends. */
export const AREAS = ["browse", "offers", "knocks", "talks", "me"] as const;

/** One of {@link AREAS}. */
export type Area = (typeof AREAS)[number];

/**
 * A member view: an area, which screen of it, and what that screen shows. Ids stay in memory.
 */
export interface MemberView {
  readonly area: Area;
  /** `root` is the area's own first screen. */
  readonly screen: string;
  readonly id?: string;
}

/** Returns the public page of a path, or null if there is none. A slash at the end does not matter. */
export function pageOf(path: string): PublicPage | null {
  const bare = path.length > 1 ? path.replace(/\/$/, "") : path;
  for (const [page, own] of Object.entries(PUBLIC_PATHS)) {
    if (own === bare) return page as PublicPage;
  }
  return null;
}

/** The first screen of an area. */
export function rootOf(area: Area): MemberView {
  return { area, screen: "root" };
}
