import type { ComponentChildren } from "preact";
import { useId, useRef } from "preact/hooks";

interface Props {
  /** What the tabs are about; heard only. */
  readonly label: string;
  readonly tabs: readonly { readonly key: string; readonly text: string }[];
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
  /** What belongs to the chosen tab. */
  readonly children: ComponentChildren;
}

/** Tabs inside a page. Arrows move and choose, mirrored from right to left; Home and End jump. */
export function Tabs({ label, tabs, chosen, onChoose, children }: Props) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    const rtl = list.current !== null && getComputedStyle(list.current).direction === "rtl";
    const to = tabAfter(
      tabs.findIndex((tab) => tab.key === chosen),
      tabs.length,
      event.key,
      rtl,
    );
    const next = to === null ? undefined : tabs[to];
    if (next === undefined || to === null) return;
    event.preventDefault();
    onChoose(next.key);
    const button = list.current?.children[to];
    if (button instanceof HTMLElement) button.focus();
  };
  return (
    <div class="stack stack-5">
      <div class="segments" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {tabs.map(({ key, text }) => (
          <button
            key={key}
            class="segment"
            type="button"
            role="tab"
            id={`${id}-${key}`}
            aria-selected={key === chosen}
            aria-controls={`${id}-panel`}
            tabIndex={key === chosen ? 0 : -1}
            onClick={() => onChoose(key)}
          >
            {text}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${chosen}`}>
        {children}
      </div>
    </div>
  );
}

/** Returns which of `count` tabs a key leads to from tab `at`, going round; null: the key means nothing. */
export function tabAfter(at: number, count: number, key: string, rtl: boolean): number | null {
  if (count === 0) return null;
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  if (key !== "ArrowRight" && key !== "ArrowLeft") return null;
  const step = (key === "ArrowRight") === rtl ? -1 : 1;
  return (at + step + count) % count;
}
