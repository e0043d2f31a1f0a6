import type { ComponentChildren } from "preact";
import { createPortal } from "preact/compat";
import { useEffect, useId, useRef } from "preact/hooks";
import { IconButton } from "./button.tsx";
import { focusStops, nextFocus, openDialogs } from "./modal.ts";
import { useSpeech } from "./text.tsx";

interface Props {
  readonly title: string;
  readonly children: ComponentChildren;
  /** Escape, the cross, or a press beside it. */
  readonly onClose: () => void;
  /** Rises beside the page instead of above its middle: filters, long choices. */
  readonly sheet?: boolean;
}

/**
 * A dialog above the page. Focus stays inside and on quick exit, and returns where it came from.
 * Show it by rendering it; `onClose` asks the owner to stop.
 */
export function Dialog({ title, children, onClose, sheet = false }: Props) {
  const { t } = useSpeech();
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const before = document.activeElement;
    openDialogs.value += 1;
    const inside = box.current;
    if (inside) (inside.querySelector<HTMLElement>("[autofocus]") ?? inside).focus();
    return () => {
      openDialogs.value -= 1;
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Escape") onClose();
    if (event.key !== "Tab" || !box.current) return;
    const exit = document.querySelector<HTMLElement>(".exit");
    const stops = [...focusStops(box.current), ...(exit ? [exit] : [])];
    const current = document.activeElement;
    const here = current instanceof HTMLElement ? current : null;
    nextFocus(stops, here, event.shiftKey)?.focus();
    event.preventDefault();
  };
  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: the scrim; what it does, the cross does too
    <div
      class={sheet ? "layer layer-sheet" : "layer"}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => event.target === event.currentTarget && onClose()}
    >
      <div
        class={sheet ? "dialog dialog-sheet stack" : "dialog stack"}
        role="dialog"
        aria-labelledby={id}
        tabIndex={-1}
        ref={box}
      >
        <div class="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t("close")} onPress={onClose} />
        </div>
        {children}
      </div>
    </div>,
    document.body,
  );
}

/** A dialog that comes from the side, or from below on a phone. */
export function Sheet(props: Omit<Props, "sheet">) {
  return <Dialog {...props} sheet />;
}
