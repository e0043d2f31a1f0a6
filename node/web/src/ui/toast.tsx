import { signal } from "@preact/signals";
import { useSpeech } from "./text.tsx";

/** Something that was done, and how to take it back. */
export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly undo?: () => void;
}

/** Toasts on the screen: at most three, the newest last. */
export class ToastBox {
  readonly shown = signal<readonly Toast[]>([]);
  #nextId = 1;

  /** Shows a toast and returns its id. The caller decides when it goes (see {@link TOAST_MS}). */
  say(text: string, undo?: () => void): number {
    const id = this.#nextId++;
    const toast = undo === undefined ? { id, text } : { id, text, undo };
    this.shown.value = [...this.shown.value, toast].slice(-3);
    return id;
  }

  /** Takes a toast away; unknown ids do nothing. */
  dismiss(id: number): void {
    this.shown.value = this.shown.value.filter((toast) => toast.id !== id);
  }

  /** Takes all away, as when locking. */
  clear(): void {
    this.shown.value = [];
  }
}

/** How long a toast stays, in milliseconds: long enough to read twice and reach *Undo*. */
export const TOAST_MS = 10_000;

/** The place of toasts. It stands on the page from the start, so that screen readers listen to it. */
export function Toasts({ box }: { readonly box: ToastBox }) {
  const { t } = useSpeech();
  return (
    <div class="toasts" role="status">
      {box.shown.value.map(({ id, text, undo }) => (
        <div class="toast" key={id}>
          <span>{text}</span>
          {undo && (
            <button
              class="btn"
              type="button"
              onClick={() => {
                undo();
                box.dismiss(id);
              }}
            >
              {t("undo")}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
