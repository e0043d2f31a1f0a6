import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { useSpeech } from "./text.tsx";
import { rowsNear } from "./virtual-range.ts";

interface Props {
  readonly label: string;
  readonly count: number;
  /** Height of each row in CSS pixels. All rows are equally high. */
  readonly rowPx: number;
  readonly row: (index: number) => ComponentChildren;
}

/**
 * A long list of which only the rows near the view exist. Sizes are set through the object model:
 * the page's rules allow no style attribute.
 */
export function VirtualList({ label, count, rowPx, row }: Props) {
  const { t } = useSpeech();
  const box = useRef<HTMLDivElement>(null);
  const space = useRef<HTMLUListElement>(null);
  const [view, setView] = useState({ scroll: 0, height: 800 });
  const measure = (): void => {
    const element = box.current;
    if (element) setView({ scroll: element.scrollTop, height: element.clientHeight });
  };
  const { from, to } = rowsNear(count, rowPx, view.scroll, view.height);
  useLayoutEffect(() => {
    measure();
    addEventListener("resize", measure);
    return () => removeEventListener("resize", measure);
  }, []);
  useLayoutEffect(() => {
    const list = space.current;
    if (!list) return;
    list.style.setProperty("block-size", `${count * rowPx}px`);
    for (const item of list.children) {
      if (!(item instanceof HTMLElement)) continue;
      const index = Number(item.getAttribute("aria-posinset")) - 1;
      item.style.setProperty("block-size", `${rowPx}px`);
      item.style.setProperty("transform", `translateY(${index * rowPx}px)`);
    }
  });
  return (
    <>
      <p class="small quiet" role="status">
        {t("list-count", { count })}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section class="vlist" ref={box} onScroll={measure} tabIndex={0} aria-label={label}>
        <ul class="vlist-space" ref={space}>
          {Array.from({ length: to - from }, (_, i) => (
            <li
              class="vlist-row"
              key={from + i}
              aria-setsize={count}
              aria-posinset={from + i + 1}
            >
              {row(from + i)}
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}
