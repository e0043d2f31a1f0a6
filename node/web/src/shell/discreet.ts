/**
 * Discreet mode: a neutral title and icon in place of Kith's own, chosen by the member.
 *
 * What it does not do: the address bar still shows the host, and an app that is already
 * installed keeps the name and icon it was installed with.
 */

/** The masks on offer; `none` shows Kith's own title and icon. */
export const MASKS = ["none", "notes", "sums", "weather"] as const;

/** One of {@link MASKS}. */
export type Mask = (typeof MASKS)[number];

/** Whether a stored word is a mask. */
export function isMask(word: unknown): word is Mask {
  return MASKS.some((mask) => mask === word);
}

/**
 * Returns the page's title. Titles are kept in the browser's history, so member views share one
 * constant title, and a mask replaces every title.
 *
 * @param mask the chosen mask
 * @param maskTitle its title in the language of the page; not used for `none`
 * @param publicTitle the title of a public page, or null on a member view
 */
export function titleFor(mask: Mask, maskTitle: string, publicTitle: string | null): string {
  if (mask !== "none") return maskTitle;
  return publicTitle === null ? BRAND : `${publicTitle} · ${BRAND}`;
}

/** The product's name; the same in every language. */
export const BRAND = "Kith";
