import type { ComponentChildren } from "preact";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.ts";
import { useSpeech } from "./text.tsx";

/** A surface for what can be opened, done or sent away. */
export function Card({ children }: { readonly children: ComponentChildren }) {
  return <div class="card stack">{children}</div>;
}

/** Nothing here yet: what will stand here, and at most one thing to do. */
export function EmptyState(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  readonly children?: ComponentChildren;
  /** The page's own heading. */
  readonly top?: boolean;
}) {
  return (
    <div class="empty">
      <Icon name={props.icon} />
      {props.top ? <h1>{props.title}</h1> : <h2>{props.title}</h2>}
      <p>{props.text}</p>
      {props.children}
    </div>
  );
}

/** Something failed: what, why, and the next step. */
export function ErrorState(props: {
  readonly title: string;
  readonly text: string;
  readonly onRetry?: () => void;
}) {
  const { t } = useSpeech();
  return (
    <div class="notice notice-caution" role="alert">
      <Icon name="look" />
      <h2>{props.title}</h2>
      <p>{props.text}</p>
      {props.onRetry && (
        <div class="actions">
          <Button onPress={props.onRetry}>{t("try-again")}</Button>
        </div>
      )}
    </div>
  );
}

/** A notice: neutral, good, or to look at before going on. */
export function Notice(props: {
  readonly kind?: "good" | "caution" | "danger";
  readonly title: string;
  readonly children: ComponentChildren;
}) {
  const { kind } = props;
  return (
    <div class={kind ? `notice notice-${kind}` : "notice"}>
      <Icon name={kind === "good" ? "check" : kind ? "look" : "info"} />
      <h2>{props.title}</h2>
      <div>{props.children}</div>
    </div>
  );
}

/** Grey shapes where content will stand, and a word for screen readers. `rows`: how many. */
export function Loading({ rows = 3 }: { readonly rows?: number }) {
  const { t } = useSpeech();
  return (
    <div class="waiting" role="status">
      <span class="vh">{t("loading")}</span>
      {Array.from({ length: rows }, (_, i) => (
        <div class="card waiting-row" key={i} aria-hidden="true">
          <div class="skel skel-pic" />
          <div class="stack stack-2">
            <div class="skel skel-a" />
            <div class="skel skel-b" />
          </div>
        </div>
      ))}
    </div>
  );
}

/** A choice that stays pressed; a tick shows it as well as the tint. */
export function Chip(props: {
  readonly children: ComponentChildren;
  readonly pressed: boolean;
  readonly onPress: (pressed: boolean) => void;
}) {
  return (
    <button
      class="chip"
      type="button"
      aria-pressed={props.pressed}
      onClick={() => props.onPress(!props.pressed)}
    >
      {props.children}
    </button>
  );
}

/** A word that belongs to something; not for pressing. */
export function Tag({
  children,
  on = false,
}: {
  readonly children: ComponentChildren;
  readonly on?: boolean;
}) {
  return <span class={on ? "tag tag-on" : "tag"}>{children}</span>;
}
