/**
 * The member's views as a stack in memory, and what Back does with it.
 *
 * Addresses say nothing: every member view stands at `/`. The browser's history holds the entry
 * the member came in with (the *base*) and, while something is open above the first view, one
 * entry more (the *sentinel*). Back leads from the sentinel to the base, which the app answers by
 * closing one view. If views are still open it goes forward to the same sentinel again rather
 * than adding a new one: engines skip entries that a page adds without a gesture.
 *
 * Pure. The caller owns the history object (`history.ts`).
 */

/** One open view. `id` is unique within a stack, so that a view can keep its own state. */
export interface Entry<V> {
  readonly id: number;
  readonly view: V;
  /** Where the page was scrolled when another view covered this one, in CSS pixels. */
  readonly scroll: number;
}

/** Open views, first to last; never empty. */
export interface ViewStack<V> {
  readonly entries: readonly [Entry<V>, ...Entry<V>[]];
  readonly nextId: number;
}

/** What the caller has to do with the browser's history after a step. */
export type HistoryStep = "none" | "push-sentinel" | "forward-to-sentinel" | "back-to-base";

/** A new stack and what the history needs for it. */
export interface Step<V> {
  readonly stack: ViewStack<V>;
  readonly history: HistoryStep;
}

/** The longest stack kept. Beyond it the oldest views above the first are forgotten. */
export const MAX_DEPTH = 50;

/** Returns a stack with one view. */
export function startStack<V>(first: V): ViewStack<V> {
  return { entries: [{ id: 0, view: first, scroll: 0 }], nextId: 1 };
}

/** Returns the view on top. */
export function topOf<V>(stack: ViewStack<V>): Entry<V> {
  return stack.entries[stack.entries.length - 1] ?? stack.entries[0];
}

/** Opens a view above the others. `scroll`: where the covered view was scrolled. */
export function openView<V>(stack: ViewStack<V>, view: V, scroll: number): Step<V> {
  const [first, ...rest] = stack.entries;
  const covered = [first, ...rest].map((entry, i) =>
    i === rest.length ? { ...entry, scroll } : entry,
  );
  const above = [...covered.slice(1), { id: stack.nextId, view, scroll: 0 }];
  const kept = above.slice(-(MAX_DEPTH - 1));
  return {
    stack: { entries: [covered[0] ?? first, ...kept], nextId: stack.nextId + 1 },
    history: rest.length === 0 ? "push-sentinel" : "none",
  };
}

/**
 * Changes to another area: whatever stands above the first view is closed, and unless the area
 * *is* the first view, it is opened above it. So Back from any area leads to the first one.
 */
export function switchArea<V>(stack: ViewStack<V>, area: V, isFirst: boolean): Step<V> {
  const [first, ...rest] = stack.entries;
  if (isFirst) {
    return {
      stack: { entries: [{ ...first, scroll: 0 }], nextId: stack.nextId },
      history: rest.length > 0 ? "back-to-base" : "none",
    };
  }
  return {
    stack: {
      entries: [first, { id: stack.nextId, view: area, scroll: 0 }],
      nextId: stack.nextId + 1,
    },
    history: rest.length > 0 ? "none" : "push-sentinel",
  };
}

/** Answers Back as pressed in the browser: the history already stands at the base. */
export function afterBrowserBack<V>(stack: ViewStack<V>): Step<V> {
  const shorter = withoutTop(stack);
  return {
    stack: shorter,
    history: shorter.entries.length > 1 ? "forward-to-sentinel" : "none",
  };
}

/** Closes the view on top by a control of the page itself. The first view stays. */
export function closeView<V>(stack: ViewStack<V>): Step<V> {
  const shorter = withoutTop(stack);
  const landed = stack.entries.length > 1 && shorter.entries.length === 1;
  return { stack: shorter, history: landed ? "back-to-base" : "none" };
}

function withoutTop<V>(stack: ViewStack<V>): ViewStack<V> {
  const [first, ...rest] = stack.entries;
  return { entries: [first, ...rest.slice(0, -1)], nextId: stack.nextId };
}
