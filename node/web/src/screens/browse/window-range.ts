/**
 * Which rows of a long list stand near the view, where rows differ in height. Rows not seen yet
 * count with a guess; each that was drawn is measured. Pure.
 */

/** Rows drawn beyond each edge of the view. */
const MARGIN = 4;

/** Heights of rows in CSS pixels, as far as they are known. */
export class RowHeights {
  readonly #known = new Map<number, number>();
  #sum = 0;

  /** @param guess the height of a row that was never drawn */
  constructor(readonly guess: number) {}

  /** Notes a measured height; returns whether it changes anything. */
  set(row: number, height: number): boolean {
    const before = this.#known.get(row);
    if (before !== undefined && Math.abs(before - height) < 1) return false;
    this.#known.set(row, height);
    this.#sum += height - (before ?? 0);
    return true;
  }

  /** The mean of what was measured: the best guess for the others. */
  get mean(): number {
    return this.#known.size === 0 ? this.guess : this.#sum / this.#known.size;
  }

  of(row: number): number {
    return this.#known.get(row) ?? this.mean;
  }
}

/** Rows `from` (inclusive) to `to` (exclusive), and the room above and below them in pixels. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly above: number;
  readonly below: number;
}

/**
 * Returns the rows near a view.
 *
 * @param top how far the view's upper edge lies below the list's, in pixels; may be negative
 * @param height of the view
 */
export function windowOf(
  count: number,
  heights: RowHeights,
  top: number,
  height: number,
): Window {
  let from = 0;
  let above = 0;
  while (from < count && above + heights.of(from) < top) {
    above += heights.of(from);
    from += 1;
  }
  from = Math.min(from, Math.max(0, count - 1)); // something stays, however far one is beyond
  let to = from;
  let end = above;
  while (to < count && end < top + height) {
    end += heights.of(to);
    to += 1;
  }
  const first = Math.max(0, from - MARGIN);
  const last = Math.min(count, to + MARGIN);
  const sum = (start: number, stop: number): number => {
    let total = 0;
    for (let row = start; row < stop; row += 1) total += heights.of(row);
    return total;
  };
  return { from: first, to: last, above: sum(0, first), below: sum(last, count) };
}
