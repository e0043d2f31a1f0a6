import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { IconName } from "../../ui/icons.ts";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { Chip, ErrorState, Loading } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { Glyph, type GlyphName } from "./glyph.tsx";
import type { Coming, PersonaLook, WrittenText } from "./model.ts";

/** The way back, above a page's head. */
export function BackLink(props: { readonly text: string; readonly onBack: () => void }) {
  return (
    <button class="back back-btn" type="button" onClick={props.onBack}>
      <Icon name="back" small flip />
      <span>{props.text}</span>
    </button>
  );
}

/** A list of facts; see {@link Fact}. */
export function Facts(props: {
  readonly children: ComponentChildren;
  readonly small?: boolean;
}) {
  return <dl class={props.small ? "facts small" : "facts"}>{props.children}</dl>;
}

/** One fact and its name. */
export function Fact(props: { readonly name: string; readonly children: ComponentChildren }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}

/** A line with a drawing: what stays, who sees, what it does not do. */
export function Line(props: {
  readonly icon?: IconName;
  readonly glyph?: GlyphName;
  readonly children: ComponentChildren;
}) {
  return (
    <p class="stays">
      {props.glyph ? (
        <Glyph name={props.glyph} small />
      ) : (
        <Icon name={props.icon ?? "info"} small />
      )}
      <span>{props.children}</span>
    </p>
  );
}

/** A part of a page under its own heading. */
export function Section(props: {
  readonly title: string;
  readonly children: ComponentChildren;
  /** A card around it: what can be opened, done or sent away. */
  readonly card?: boolean;
  /** A small heading, as in an aside. */
  readonly minor?: boolean;
  readonly end?: ComponentChildren;
}) {
  const id = useId();
  const { card = false, minor = false } = props;
  const heading = (
    <h2 id={id} class={minor || card ? "label" : ""}>
      {props.title}
    </h2>
  );
  return (
    <section class={card ? "card stack" : "stack stack-3"} aria-labelledby={id}>
      {props.end ? (
        <div class="row row-between">
          {heading}
          {props.end}
        </div>
      ) : (
        heading
      )}
      {props.children}
    </section>
  );
}

/** People's words, one paragraph for each line. */
export function Prose({ text, lang }: WrittenText) {
  const lines = text.split(/\n+/).filter((line) => line.trim() !== "");
  return (
    <div class="stack stack-3 prose" {...(lang === undefined ? {} : { lang })}>
      {lines.map((line, at) => (
        <p key={at} dir="auto">
          {line}
        </p>
      ))}
    </div>
  );
}

/** Picture, name and pronouns of a persona. */
export function PersonaLine(props: {
  readonly persona: PersonaLook;
  readonly small?: boolean;
}) {
  const { name, pronouns, picture } = props.persona;
  return (
    <span class="row row-keep">
      <PersonaPicture bytes={picture} {...(props.small ? { size: "small" } : {})} />
      <span class="grow">
        <Written text={name} />
        {pronouns && (
          <span class="quiet small under">
            <Written text={pronouns} />
          </span>
        )}
      </span>
    </span>
  );
}

/** Several or one of a few values, as chips under a legend. */
export function ChipSet<V extends string>(props: {
  readonly legend: string;
  readonly optional?: boolean;
  readonly options: readonly { readonly value: V; readonly text: string }[];
  readonly chosen: readonly V[];
  readonly onChange: (chosen: readonly V[]) => void;
  /** One at most: a press on another one takes its place. */
  readonly single?: boolean;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly children?: ComponentChildren;
}) {
  const { t } = useSpeech();
  const id = useId();
  const { chosen, single = false } = props;
  const press = (value: V, on: boolean): void => {
    if (single) props.onChange(on ? [value] : chosen);
    else props.onChange(on ? [...chosen, value] : chosen.filter((one) => one !== value));
  };
  const told = props.hint || props.error ? { "aria-describedby": `${id}-h` } : {};
  return (
    <fieldset class="field" {...told}>
      <legend>
        {props.legend}
        {props.optional && (
          <>
            {" "}
            <small>{t("optional")}</small>
          </>
        )}
      </legend>
      <div class="chips">
        {props.options.map(({ value, text }) => (
          <Chip key={value} pressed={chosen.includes(value)} onPress={(on) => press(value, on)}>
            <bdi class="cap">{text}</bdi>
          </Chip>
        ))}
        {props.children}
      </div>
      <div id={`${id}-h`}>
        {props.error ? (
          <p class="error">
            <Icon name="look" small />
            <span>{props.error}</span>
          </p>
        ) : (
          props.hint && <p class="hint">{props.hint}</p>
        )}
      </div>
    </fieldset>
  );
}

/** One of a few, with room for more than a word each. */
export function Radios<V extends string>(props: {
  readonly legend: string;
  readonly name: string;
  readonly options: readonly { readonly value: V; readonly body: ComponentChildren }[];
  readonly chosen: V | null;
  readonly onChoose: (value: V) => void;
  readonly hint?: string;
}) {
  const id = useId();
  return (
    <fieldset class="field" {...(props.hint ? { "aria-describedby": `${id}-h` } : {})}>
      <legend>{props.legend}</legend>
      {props.hint && (
        <p class="hint" id={`${id}-h`}>
          {props.hint}
        </p>
      )}
      {props.options.map(({ value, body }) => (
        <label class="check" key={value}>
          <input
            type="radio"
            name={`${props.name}-${id}`}
            checked={value === props.chosen}
            onChange={() => props.onChoose(value)}
          />
          <span>{body}</span>
        </label>
      ))}
    </fieldset>
  );
}

/** Asks once before what cannot be undone. */
export function Confirm(props: {
  readonly title: string;
  readonly children: ComponentChildren;
  readonly yes: string;
  readonly danger?: boolean;
  readonly blockedBy?: string | undefined;
  readonly onYes: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useSpeech();
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      {props.children}
      <div class="actions">
        <Button onPress={props.onClose}>{t("confirm-cancel")}</Button>
        <Button
          kind={props.danger ? "danger-main" : "main"}
          onPress={props.onYes}
          {...(props.blockedBy === undefined ? {} : { blockedBy: props.blockedBy })}
        >
          {props.yes}
        </Button>
      </div>
    </Dialog>
  );
}

/** Grey shapes, what failed, or the thing itself. */
export function Arriving<T>(props: {
  readonly what: Coming<T>;
  /** The page's heading while the thing that brings its own is not there. */
  readonly heading?: string;
  readonly rows?: number;
  readonly onRetry: () => void;
  readonly children: (value: T) => ComponentChildren;
}) {
  const { what } = props;
  const heading = props.heading && <h1 class="vh">{props.heading}</h1>;
  if (what.state === "loading") {
    return (
      <>
        {heading}
        <Loading rows={props.rows ?? 3} />
      </>
    );
  }
  if (what.state === "failed") {
    const { title, next } = what.failure;
    return (
      <>
        {heading}
        <ErrorState title={title} text={next} onRetry={props.onRetry} />
      </>
    );
  }
  return <>{props.children(what.value)}</>;
}

/** A box that takes something to look for. */
export function SearchField(props: {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly placeholder?: string;
  /** The id of the list of suggestions below, if there is one. */
  readonly controls?: string;
}) {
  const id = useId();
  return (
    <div class="field search">
      <label class="vh" for={id}>
        {props.label}
      </label>
      <Icon name="search" />
      <input
        class="input"
        id={id}
        type="search"
        dir="auto"
        value={props.value}
        placeholder={props.placeholder ?? props.label}
        autocomplete="off"
        autocapitalize="none"
        enterkeyhint="search"
        onInput={(event) => props.onInput(event.currentTarget.value)}
        {...(props.controls ? { "aria-controls": props.controls } : {})}
      />
    </div>
  );
}
