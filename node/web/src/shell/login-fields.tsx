import { useEffect, useState } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { useSpeech } from "../ui/text.tsx";
import type { Login } from "./account.ts";
import { faultOf } from "./join/model.ts";
import type { Strength } from "./strength.ts";

/** A generated login: to be read, copied by hand, or kept by a password manager. */
export function ChosenLogin({ login }: { readonly login: Login }) {
  const { t } = useSpeech();
  const [shown, setShown] = useState(true);
  return (
    <>
      <div class="drawn">
        <span class="label">{t("sign-in-name")}</span>
        <output class="mono drawn-text" translate={false}>
          {login.name}
        </output>
      </div>
      <div class="drawn">
        <div class="row row-between">
          <span class="label">{t("sign-in-passphrase")}</span>
          <Button kind="bare" onPress={() => setShown(!shown)} pressed={!shown}>
            {shown ? t("hide") : t("show")}
          </Button>
        </div>
        <output class="mono drawn-text" translate={false}>
          {shown ? <Words text={login.passphrase} /> : "•".repeat(12)}
        </output>
      </div>
    </>
  );
}

/** Words that break after their hyphens only. */
function Words({ text }: { readonly text: string }) {
  const parts = text.split("-");
  return (
    <>
      {parts.map((part, i) => (
        <span class="nowrap" key={i}>
          {i < parts.length - 1 ? `${part}-` : part}
          <wbr />
        </span>
      ))}
    </>
  );
}

interface Props {
  readonly login: Login;
  readonly onInput: (login: Login) => void;
  /** Whether it may be used. */
  readonly onReady: (ready: boolean) => void;
  readonly known: readonly string[];
  /** Somebody has tried to go on: say what is missing. */
  readonly asked: boolean;
}

/** A name and a passphrase of one's own, with a meter that is loaded when somebody writes. */
export function LoginFields({ login, onInput, onReady, known, asked }: Props) {
  const { t } = useSpeech();
  const strength = useStrength(login, known);
  const fault = faultOf(login);
  const judged = strength === "failed" ? null : strength;
  const enough = judged !== null && judged.is >= judged.enough;
  useEffect(() => onReady(fault === null && enough), [fault, enough]);
  const passphraseFault = (): string | undefined => {
    if (strength === "failed") return t("error-part-next");
    if (!asked) return undefined;
    if (fault === "no-passphrase") return t("login-no-passphrase");
    if (fault === "same") return t("login-same");
    return enough ? undefined : t("login-weak");
  };
  return (
    <>
      <Field
        label={t("sign-in-name")}
        value={login.name}
        onInput={(name) => onInput({ ...login, name })}
        hint={t("login-name-hint")}
        error={asked && fault === "no-name" ? t("login-no-name") : undefined}
        complete="username"
        plain
      />
      <div class="stack stack-2">
        <Field
          label={t("sign-in-passphrase")}
          value={login.passphrase}
          onInput={(passphrase) => onInput({ ...login, passphrase })}
          hint={t("login-passphrase-hint")}
          error={passphraseFault()}
          complete="new-password"
          secret
        />
        {login.passphrase !== "" && judged && <Meter strength={judged.is} />}
      </div>
    </>
  );
}

interface Judged {
  readonly is: Strength;
  readonly enough: Strength;
}

/** Judges the passphrase; null while the judge is loading, `failed` if it cannot be had. */
function useStrength(login: Login, known: readonly string[]): Judged | "failed" | null {
  const [judged, setJudged] = useState<Judged | "failed" | null>(null);
  useEffect(() => {
    if (login.passphrase === "") return undefined; // not before somebody writes
    let current = true;
    import("./strength.ts").then(
      ({ strengthOf, ENOUGH }) => {
        if (!current) return;
        setJudged({ is: strengthOf(login.passphrase, [login.name, ...known]), enough: ENOUGH });
      },
      () => current && setJudged("failed"),
    );
    return () => {
      current = false;
    };
  }, [login.name, login.passphrase]);
  return judged;
}

const WORDS = ["strength-0", "strength-1", "strength-2", "strength-3", "strength-4"] as const;

/** Five steps; the word says what the bar shows. */
function Meter({ strength }: { readonly strength: Strength }) {
  const { t } = useSpeech();
  return (
    <div class="meter">
      <div class="meter-bar" data-v={strength} aria-hidden="true">
        <i />
        <i />
        <i />
        <i />
      </div>
      <p class="hint" role="status">
        {t(WORDS[strength])}
      </p>
    </div>
  );
}
