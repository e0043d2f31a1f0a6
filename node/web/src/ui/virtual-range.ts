/** Which rows of a long list have to exist. Pure. */

/** Rows `from` (included) to `to` (not included). */
export interface RowRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Returns the rows near the visible part.
 *
 * @param count rows in all, 0 or more
 * @param rowPx height of one row, more than 0, CSS pixels
 * @param scrollPx how far the list is scrolled; engines report less than 0 while it bounces
 * @param heightPx height of the visible part
 * @param spare rows kept on either side, so that quick fingers see no gap
 */
export function rowsNear(
  count: number,
  rowPx: number,
  scrollPx: number,
  heightPx: number,
  spare = 6,
): RowRange {
  if (!(rowPx > 0)) throw new RangeError("a row has a height");
  const first = Math.floor(Math.max(0, scrollPx) / rowPx) - spare;
  const last = Math.ceil((Math.max(0, scrollPx) + Math.max(0, heightPx)) / rowPx) + spare;
  const to = Math.min(count, Math.max(0, last));
  return { from: Math.min(to, Math.max(0, first)), to };
}
