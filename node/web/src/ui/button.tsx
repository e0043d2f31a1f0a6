import type { ComponentChildren } from "preact";
import { Icon } from "./icon.tsx";
import type { IconName } from "./icons.ts";

/** Main: one a screen. Danger is an outline; danger-main only inside a confirming dialog. */
export type ButtonKind = "plain" | "main" | "bare" | "danger" | "danger-main";

interface Props {
  readonly children: ComponentChildren;
  readonly onPress?: () => void;
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  readonly submit?: boolean;
  readonly block?: boolean;
  /** The id of the line that says why it cannot be pressed now. It keeps its place in the tab order. */
  readonly blockedBy?: string | undefined;
  readonly pressed?: boolean;
}

/** A button with a word on it. */
export function Button(props: Props) {
  const { kind = "plain", blockedBy } = props;
  const classes = [
    "btn",
    kind === "plain" ? "" : `btn-${kind}`,
    props.block ? "btn-block" : "",
  ];
  const press = (event: Event): void => {
    if (blockedBy !== undefined) event.preventDefault();
    else props.onPress?.();
  };
  return (
    <button
      class={classes.filter(Boolean).join(" ")}
      type={props.submit ? "submit" : "button"}
      onClick={press}
      {...(blockedBy === undefined
        ? {}
        : { "aria-disabled": true, "aria-describedby": blockedBy })}
      {...(props.pressed === undefined ? {} : { "aria-pressed": props.pressed })}
    >
      {props.icon && <Icon name={props.icon} small />}
      {props.children}
    </button>
  );
}

interface IconButtonProps {
  readonly icon: IconName;
  /** What it does, in words: heard, and shown on hover. */
  readonly label: string;
  readonly onPress: () => void;
}

/** A button with a drawing only. */
export function IconButton({ icon, label, onPress }: IconButtonProps) {
  return (
    <button
      class="btn btn-icon"
      type="button"
      aria-label={label}
      title={label}
      onClick={onPress}
    >
      <Icon name={icon} />
    </button>
  );
}
