import { useEffect, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Limit } from "../../ui/field.tsx";
import { ErrorState, Loading } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { Login } from "../account.ts";
import type { Failure } from "../failures.ts";
import { ChosenLogin, LoginFields } from "../login-fields.tsx";
import { StepHead } from "./head.tsx";

interface Props {
  readonly suggest: () => Promise<Login>;
  readonly failureOf: (error: unknown) => Failure;
  /** What others could guess: it counts little in a passphrase. */
  readonly known: readonly string[];
  readonly onBack: () => void;
  /** Creates the account; leads on when it is done. */
  readonly onChosen: (login: Login) => Promise<void>;
}

/** Name and passphrase: generated ones first, own ones where somebody wants them. */
export function LoginStep({ suggest, failureOf, known, onBack, onChosen }: Props) {
  const { t } = useSpeech();
  const [drawn, setDrawn] = useState<Login | null>(null);
  const [own, setOwn] = useState<Login | null>(null);
  const [busy, setBusy] = useState(false);
  const [ready, setReady] = useState(true);
  const [asked, setAsked] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const draw = (): void => {
    suggest()
      .then(setDrawn)
      .catch((error: unknown) => setFailure(failureOf(error)));
  };
  useEffect(draw, []);
  const go = async (): Promise<void> => {
    const login = own ?? drawn;
    setAsked(true);
    if (busy || login === null || (own !== null && !ready)) return;
    setBusy(true);
    setFailure(null);
    try {
      await onChosen({ name: login.name.trim(), passphrase: login.passphrase });
    } catch (error) {
      setFailure(failureOf(error));
      setBusy(false);
    }
  };
  return (
    <form
      class="stack stack-6 column"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void go();
      }}
    >
      <StepHead title={t("join-login-title")} lead={t("join-login-lead")} />
      <div class="card stack stack-5">
        {own !== null ? (
          <LoginFields
            login={own}
            onInput={setOwn}
            onReady={setReady}
            known={known}
            asked={asked}
          />
        ) : drawn === null ? (
          <Loading rows={1} />
        ) : (
          <ChosenLogin login={drawn} />
        )}
        <div class="actions">
          {own === null && (
            <Button icon="again" onPress={draw}>
              {t("login-draw")}
            </Button>
          )}
          <Button
            kind="bare"
            onPress={() => {
              setAsked(false);
              setOwn(own === null ? { name: "", passphrase: "" } : null);
            }}
          >
            {own === null ? t("login-own") : t("login-drawn")}
          </Button>
        </div>
      </div>
      <Limit>{t("login-limit")}</Limit>
      {failure && <ErrorState title={t(failure.title)} text={t(failure.next)} />}
      <div class="actions">
        <Button kind="main" submit {...(busy ? { blockedBy: "join-busy" } : {})}>
          {t("join-create")}
        </Button>
        {!busy && (
          <Button kind="bare" onPress={onBack}>
            {t("go-back")}
          </Button>
        )}
        <p id="join-busy" role="status" class="hint">
          {busy && t("working")}
        </p>
      </div>
    </form>
  );
}
