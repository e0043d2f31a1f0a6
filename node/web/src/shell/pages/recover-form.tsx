import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Limit } from "../../ui/field.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { Login } from "../account.ts";
import { type Failure, failureOf } from "../failures.ts";
import { LoginFields } from "../login-fields.tsx";
import type { Shell } from "../shell.ts";

interface Props {
  readonly shell: Shell;
  readonly onBack: () => void;
}

/** The twelve words, and a new name and passphrase. */
export function RecoverForm({ shell, onBack }: Props) {
  const { t } = useSpeech();
  const [sheet, setSheet] = useState("");
  const [login, setLogin] = useState<Login>({ name: "", passphrase: "" });
  const [ready, setReady] = useState(false);
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const go = async (): Promise<void> => {
    setAsked(true);
    if (busy || !ready || sheet.trim() === "") return;
    setBusy(true);
    setFailure(null);
    try {
      await shell.recover(sheet, { ...login, name: login.name.trim() });
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy(false);
  };
  return (
    <form
      class="stack stack-5"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <div class="card stack">
        <Field
          label={t("recover-words")}
          value={sheet}
          onInput={setSheet}
          hint={t("recover-words-hint")}
          error={asked && sheet.trim() === "" ? t("recover-words-missing") : undefined}
          lines
          code
        />
      </div>
      <div class="card stack">
        <h2>{t("recover-login")}</h2>
        <LoginFields
          login={login}
          onInput={setLogin}
          onReady={setReady}
          known={[]}
          asked={asked}
        />
        <Limit>{t("login-limit")}</Limit>
      </div>
      {failure && <ErrorState title={t(failure.title)} text={t(failure.next)} />}
      <div class="actions">
        <Button kind="main" submit>
          {busy ? t("working") : t("recover-go")}
        </Button>
        <Button kind="bare" onPress={onBack}>
          {t("go-back")}
        </Button>
      </div>
    </form>
  );
}
