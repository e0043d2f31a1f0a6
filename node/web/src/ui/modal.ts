/**
 * How many dialogs are open. The frame rests everything but quick exit while there is one: the
 * platform's own modal dialogs would take quick exit out of reach.
 */

import { signal } from "@preact/signals";

/** Open dialogs; the frame reads it. */
export const openDialogs = signal(0);

/** Where focus goes with Tab among some elements; null: nowhere. */
export function nextFocus<T>(stops: readonly T[], current: T | null, back: boolean): T | null {
  if (stops.length === 0) return null;
  const at = current === null ? -1 : stops.indexOf(current);
  if (at < 0) return (back ? stops[stops.length - 1] : stops[0]) ?? null;
  return stops[(at + (back ? -1 : 1) + stops.length) % stops.length] ?? null;
}

const STOPS =
  "a[href], button:not(:disabled), input:not(:disabled), select, textarea, [tabindex='0'], summary";

/** Returns what Tab can reach inside an element, in order. */
export function focusStops(root: ParentNode): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>(STOPS)].filter(
    (element) => element.tabIndex >= 0 && element.getClientRects().length > 0,
  );
}
