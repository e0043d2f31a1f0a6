import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { Icon } from "./icon.tsx";
import { useSpeech } from "./text.tsx";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly hint?: string;
  /** What is wrong and what to do; read out when it appears. */
  readonly error?: string | undefined;
  readonly lines?: boolean;
  /** Hidden letters, with a button that shows them. Pasting is allowed. */
  readonly secret?: boolean;
  /** HTML's autocomplete word. Default: `off`, so that browsers remember nothing. */
  readonly complete?: string;
  /** Codes and links: always left to right, never corrected. */
  readonly code?: boolean;
  /** Names for signing in: never corrected, whatever their direction. */
  readonly plain?: boolean;
  readonly placeholder?: string;
}

/** One line or several to write in, with its label, hint and error. */
export function Field(props: Props) {
  const { t } = useSpeech();
  const id = useId();
  const [shown, setShown] = useState(false);
  const { label, hint, error, secret = false, code = false, plain = false } = props;
  const told = [hint && `${id}-h`, error && `${id}-e`].filter(Boolean).join(" ");
  const raw = secret || code || plain;
  const common = {
    id: `${id}-i`,
    class: code ? "input mono" : "input",
    value: props.value,
    dir: code ? "ltr" : "auto",
    spellcheck: !raw,
    autocapitalize: raw ? "none" : "sentences",
    autocomplete: props.complete ?? "off",
    placeholder: props.placeholder ?? "",
    onInput: (event: Event) => {
      const target = event.currentTarget;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
        props.onInput(target.value);
      }
    },
    ...(told ? { "aria-describedby": told } : {}),
    ...(error ? { "aria-invalid": true } : {}),
  } as const;
  const input = props.lines ? (
    <textarea {...common} />
  ) : secret && !shown ? (
    <input {...common} type="password" />
  ) : (
    <input {...common} type="text" />
  );
  return (
    <div class="field">
      <label class="label" for={`${id}-i`}>
        {label}
      </label>
      {secret ? (
        <div class="with-btn">
          {input}
          <button
            class="btn btn-bare"
            type="button"
            aria-controls={`${id}-i`}
            aria-label={shown ? t("hide-it", { what: label }) : t("show-it", { what: label })}
            onClick={() => setShown(!shown)}
          >
            {shown ? t("hide") : t("show")}
          </button>
        </div>
      ) : (
        input
      )}
      {hint && (
        <p class="hint" id={`${id}-h`}>
          {hint}
        </p>
      )}
      <div id={`${id}-e`} role="alert">
        {error && <ErrorLine text={error} />}
      </div>
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly options: readonly {
    readonly value: string;
    readonly text: string;
    readonly lang?: string;
  }[];
  readonly onChange: (value: string) => void;
  readonly hint?: string;
}

/** One out of a few, in the system's own menu. */
export function Select({ label, value, options, onChange, hint }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <select
        class="input"
        id={id}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        {...(hint ? { "aria-describedby": `${id}-h` } : {})}
      >
        {options.map((option) => (
          <option
            key={option.value}
            value={option.value}
            selected={option.value === value}
            {...(option.lang ? { lang: option.lang } : {})}
          >
            {option.text}
          </option>
        ))}
      </select>
      {hint && (
        <p class="hint" id={`${id}-h`}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** A box to tick, with what is wrong while it is not. */
export function Check(props: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly error?: string | undefined;
}) {
  const id = useId();
  return (
    <div class="stack stack-1">
      <label class="check">
        <input
          type="checkbox"
          checked={props.on}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
          {...(props.error ? { "aria-invalid": true, "aria-describedby": id } : {})}
        />
        <span>{props.label}</span>
      </label>
      <div id={id} role="alert">
        {props.error && <ErrorLine text={props.error} />}
      </div>
    </div>
  );
}

function ErrorLine({ text }: { readonly text: string }) {
  return (
    <p class="error">
      <Icon name="look" small />
      <span>{text}</span>
    </p>
  );
}

/** A switch that acts at once. */
export function Switch(props: {
  readonly label: string;
  readonly on: boolean;
  readonly onChange: (on: boolean) => void;
  readonly hint?: string;
}) {
  const id = useId();
  return (
    <label class="switch">
      <span class="grow">
        <span class="label" id={`${id}-l`}>
          {props.label}
        </span>
        {props.hint && (
          <span class="hint" id={`${id}-h`}>
            {props.hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        aria-checked={props.on}
        checked={props.on}
        aria-labelledby={`${id}-l`}
        {...(props.hint ? { "aria-describedby": `${id}-h` } : {})}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

/** What a control for safety does not do, in one sentence. */
export function Limit({ children }: { readonly children: ComponentChildren }) {
  return (
    <p class="limit">
      <Icon name="info" small />
      <span>{children}</span>
    </p>
  );
}
