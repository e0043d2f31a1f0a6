import type { ComponentChildren } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { RowHeights, windowOf } from "./window-range.ts";

/** The view moves in steps of this many pixels: most of scrolling draws nothing anew. */
const STEP_PX = 160;

interface Props {
  readonly label: string;
  readonly count: number;
  /** Another list: what was measured is forgotten. */
  readonly listKey: string;
  /** Likely height of a row in CSS pixels, with the gap below it. */
  readonly guess: number;
  readonly row: (place: number) => ComponentChildren;
}

/**
 * A long list that scrolls with the page. Only rows near the view exist; rows may differ in
 * height. Sizes are set through the object model: the page's rules allow no style attribute.
 */
export function LongList({ label, count, listKey, guess, row }: Props) {
  const list = useRef<HTMLUListElement>(null);
  const heights = useMemo(() => new RowHeights(guess), [listKey, guess]);
  const [view, setView] = useState({ top: 0, height: 900, turn: 0 });
  const { from, to, above, below } = windowOf(count, heights, view.top, view.height);

  useLayoutEffect(() => {
    let waiting = 0;
    const look = (): void => {
      waiting = 0;
      const box = list.current?.getBoundingClientRect();
      if (!box) return;
      const top = Math.floor(-box.top / STEP_PX) * STEP_PX;
      const height = innerHeight + STEP_PX;
      setView((now) =>
        now.top === top && now.height === height ? now : { ...now, top, height },
      );
    };
    const later = (): void => {
      if (waiting === 0) waiting = requestAnimationFrame(look);
    };
    look();
    addEventListener("scroll", later, { passive: true });
    addEventListener("resize", later);
    return () => {
      cancelAnimationFrame(waiting);
      removeEventListener("scroll", later);
      removeEventListener("resize", later);
    };
  }, []);

  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return;
    box.style.setProperty("padding-block", `${above}px ${below}px`);
    let changed = false;
    for (const item of box.children) {
      const place = Number(item.getAttribute("aria-posinset")) - 1;
      const height = item.getBoundingClientRect().height;
      if (height > 0 && heights.set(place, height)) changed = true;
    }
    if (changed) setView((now) => ({ ...now, turn: now.turn + 1 }));
  });

  return (
    <ul class="long-list" aria-label={label} ref={list}>
      {Array.from({ length: to - from }, (_, i) => (
        <li key={from + i} aria-setsize={count} aria-posinset={from + i + 1}>
          {row(from + i)}
        </li>
      ))}
    </ul>
  );
}
