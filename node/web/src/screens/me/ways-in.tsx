import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Limit } from "../../ui/field.tsx";
import { ErrorState, Loading, Notice } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type {
  DevicesActions,
  DevicesModel,
  PassphraseActions,
  PassphraseModel,
} from "../me-model.ts";
import { dateText } from "../parts/format.ts";
import { Arriving, BackLink, Confirm, Line } from "../parts/pieces.tsx";

/** The devices that keep the vault. */
export function Devices(props: {
  readonly model: DevicesModel;
  readonly actions: DevicesActions;
}) {
  const { t, language } = useSpeech();
  const [asking, setAsking] = useState<string | null>(null);
  const { model, actions } = props;
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-me")} onBack={actions.onBack} />
      <div class="head">
        <h1>{t("me-devices")}</h1>
        <p>{t("devices-lead")}</p>
      </div>
      {model.failure && <ErrorState title={model.failure.title} text={model.failure.next} />}
      <Arriving what={model.devices} onRetry={actions.onRetry}>
        {(devices) => (
          <ul class="rows">
            {devices.map((device) => (
              <li class="card stack stack-3" key={device.id}>
                <div>
                  <h2 class="label">
                    <Written text={device.name} />
                  </h2>
                  <p class="small quiet">
                    {device.current
                      ? t("devices-this")
                      : device.savedDay !== null &&
                        t("devices-saved", { day: dateText(language, device.savedDay) })}
                  </p>
                </div>
                <Field
                  label={t("devices-name")}
                  value={device.name}
                  onInput={(name) => actions.onRename(device.id, name)}
                />
                {!device.current && (
                  <div>
                    <Button kind="bare" onPress={() => setAsking(device.id)}>
                      {t("devices-forget")}
                    </Button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
      </Arriving>
      <Notice title={t("devices-add")}>
        <p>{t("devices-add-more")}</p>
      </Notice>
      {asking !== null && (
        <Confirm
          title={t("devices-forget-title")}
          yes={t("devices-forget")}
          danger
          onYes={() => {
            actions.onForget(asking);
            setAsking(null);
          }}
          onClose={() => setAsking(null)}
        >
          <p>{t("devices-forget-more")}</p>
          <Limit>{t("devices-forget-limit")}</Limit>
        </Confirm>
      )}
    </div>
  );
}

/** The recovery sheet: shown after the passphrase, printed, or made anew. */
export function Recovery(props: {
  readonly onBack: () => void;
  readonly tried: boolean;
  /** The sheet itself, once it is open; null: closed. */
  readonly sheet: ComponentChildren | null;
  readonly passphrase: string;
  readonly wrong: boolean;
  readonly working: boolean;
  readonly onPassphrase: (text: string) => void;
  readonly onShow: () => void;
  readonly onNew: () => void;
}) {
  const { t } = useSpeech();
  const [asking, setAsking] = useState(false);
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-me")} onBack={props.onBack} />
      <div class="head">
        <h1>{t("me-sheet")}</h1>
        <p>{t("recovery-lead")}</p>
      </div>
      {!props.tried && (
        <Notice kind="caution" title={t("recovery-untried")}>
          <p>{t("recovery-untried-more")}</p>
        </Notice>
      )}
      {props.sheet ?? (
        <form
          class="card stack"
          aria-label={t("recovery-show")}
          onSubmit={(event) => {
            event.preventDefault();
            props.onShow();
          }}
        >
          <Field
            label={t("sign-in-passphrase")}
            value={props.passphrase}
            secret
            complete="current-password"
            onInput={props.onPassphrase}
            error={props.wrong ? t("passphrase-wrong") : undefined}
          />
          {props.working ? (
            <Loading rows={0} />
          ) : (
            <div class="actions">
              <Button kind="main" submit>
                {t("recovery-show")}
              </Button>
            </div>
          )}
        </form>
      )}
      <div class="stack stack-3">
        <div>
          <Button onPress={() => setAsking(true)}>{t("recovery-new")}</Button>
        </div>
        <Limit>{t("recovery-limit")}</Limit>
      </div>
      {asking && (
        <Confirm
          title={t("recovery-new-title")}
          yes={t("recovery-new")}
          onYes={() => {
            setAsking(false);
            props.onNew();
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t("recovery-new-more")}</p>
        </Confirm>
      )}
    </div>
  );
}

const STRENGTHS = [
  "strength-0",
  "strength-1",
  "strength-2",
  "strength-3",
  "strength-4",
] as const;

/** Another passphrase: one that was made up first, one's own beside it. */
export function Passphrase(props: {
  readonly model: PassphraseModel;
  readonly actions: PassphraseActions;
}) {
  const { t } = useSpeech();
  const id = useId();
  const { model, actions } = props;
  const why =
    model.current === "" || model.next === ""
      ? t("passphrase-missing")
      : (model.error ?? (model.working ? t("passphrase-working") : null));
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-me")} onBack={actions.onBack} />
      <div class="head">
        <h1>{t("passphrase-title")}</h1>
        <p>{t("passphrase-lead")}</p>
      </div>
      {model.done ? (
        <Notice kind="good" title={t("passphrase-done")}>
          <p>{t("passphrase-done-more")}</p>
        </Notice>
      ) : (
        <form
          class="stack stack-6"
          aria-label={t("passphrase-title")}
          onSubmit={(event) => {
            event.preventDefault();
            if (why === null) actions.onSave();
          }}
        >
          <Field
            label={t("passphrase-now")}
            value={model.current}
            secret
            complete="current-password"
            onInput={(current) => actions.onChange({ current })}
            error={model.wrong ? t("passphrase-wrong") : undefined}
          />
          <div class="card stack stack-3">
            <h2 class="label">{t("passphrase-made")}</h2>
            <p class="mono" dir="ltr" lang="en">
              {model.suggestion}
            </p>
            <div class="actions">
              <Button onPress={actions.onTakeSuggestion}>{t("passphrase-take")}</Button>
              <Button kind="bare" icon="again" onPress={actions.onAnother}>
                {t("passphrase-another")}
              </Button>
            </div>
          </div>
          <div class="stack stack-2">
            <Field
              label={t("passphrase-next")}
              value={model.next}
              secret
              complete="new-password"
              onInput={(next) => actions.onChange({ next })}
              error={model.error ?? undefined}
            />
            {model.strength !== null && (
              <>
                <progress
                  class="progress"
                  max={4}
                  value={model.strength}
                  aria-label={t("passphrase-strength")}
                />
                <p class="small" role="status">
                  {t(STRENGTHS[model.strength])}
                </p>
              </>
            )}
          </div>
          <div class="stack stack-2">
            <div class="actions">
              <Button kind="main" submit blockedBy={why === null ? undefined : id}>
                {t("passphrase-save")}
              </Button>
            </div>
            <p class="hint" id={id} role="status">
              {why}
            </p>
          </div>
        </form>
      )}
      <Line icon="lock">{t("passphrase-limit")}</Line>
    </div>
  );
}
