import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import { type Failure, failureOf } from "../failures.ts";
import type { Shell } from "../shell.ts";

interface Props {
  readonly shell: Shell;
  /** With a heading of its own, beside other things. */
  readonly titled?: boolean;
}

/** Name and passphrase. */
export function SignInForm({ shell, titled = false }: Props) {
  const { t } = useSpeech();
  const [name, setName] = useState("");
  const [passphrase, setPassphrase] = useState("");
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const go = async (): Promise<void> => {
    setAsked(true);
    if (busy || name.trim() === "" || passphrase === "") return;
    setBusy(true);
    setFailure(null);
    try {
      await shell.signIn({ name: name.trim(), passphrase });
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  return (
    <form
      class="card stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      {titled && <h2>{t("nav-sign-in")}</h2>}
      <Field
        label={t("sign-in-name")}
        value={name}
        onInput={setName}
        error={asked && name.trim() === "" ? t("login-no-name") : undefined}
        complete="username"
        plain
      />
      <Field
        label={t("sign-in-passphrase")}
        value={passphrase}
        onInput={setPassphrase}
        error={asked && passphrase === "" ? t("login-no-passphrase") : undefined}
        complete="current-password"
        secret
      />
      {failure && <ErrorState title={t(failure.title)} text={t(failure.next)} />}
      <Button kind="main" submit block>
        {busy ? t("working") : t("nav-sign-in")}
      </Button>
      <p class="limit">
        <Icon name="device" small />
        <span>{t("sign-in-note")}</span>
      </p>
    </form>
  );
}
