import { useId } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Select } from "../../ui/field.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { dateText, isolated, listText } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { keepEnter } from "../parts/keys.ts";
import { Fact, Facts } from "../parts/pieces.tsx";
import { valuesOf } from "../parts/words.ts";
import type { AgreementModel, TalkActions, TalkStatus, TermsModel } from "../talk-model.ts";

const CADENCE = {
  once: "cadence-once",
  weekly: "cadence-weekly",
  fortnightly: "cadence-fortnightly",
  monthly: "cadence-monthly",
  "as-needed": "cadence-as-needed",
} as const satisfies Record<TermsModel["cadence"], string>;

const SESSIONS = [0, 1, 2, 3, 4, 6, 8, 12];
const MINUTES = [0, 30, 45, 60, 90];
const MAX_GOALS = 8;

/** What the two agreed on, what is proposed, or the form that proposes it. */
export function Agreement(props: {
  readonly model: AgreementModel;
  readonly actions: TalkActions;
  readonly status: TalkStatus;
}) {
  const { t } = useSpeech();
  const id = useId();
  const { model, actions } = props;
  const writable = props.status === "open";
  const shown = model.proposed ?? model.agreed;
  const tag = model.proposed
    ? t(model.proposedByMe ? "agreement-waits" : "agreement-proposed")
    : model.agreed
      ? t("agreement-both")
      : null;
  return (
    <article class="card pact print-pact" aria-labelledby={id}>
      <div class="pact-head">
        <Glyph name="pact" />
        <h3 class="label" id={id}>
          {t("agreement")}
        </h3>
        {tag !== null && model.draft === null && (
          <span class={model.proposed ? "tag pact-state" : "tag tag-on pact-state"}>{tag}</span>
        )}
      </div>
      {model.draft ? (
        <TermsForm terms={model.draft} actions={actions} />
      ) : shown ? (
        <Terms terms={shown} />
      ) : (
        <p class="small">{t("agreement-none")}</p>
      )}
      {writable && model.draft === null && (
        <div class="actions">
          {model.proposed && !model.proposedByMe && (
            <>
              <Button kind="main" onPress={() => actions.onAnswerAgreement(true)}>
                {t("agreement-accept")}
              </Button>
              <Button onPress={() => actions.onTerms(model.proposed)}>
                {t("agreement-change")}
              </Button>
              <Button kind="bare" onPress={() => actions.onAnswerAgreement(false)}>
                {t("agreement-decline")}
              </Button>
            </>
          )}
          {model.proposed && model.proposedByMe && (
            <Button onPress={() => actions.onAnswerAgreement(false)}>
              {t("agreement-take-back")}
            </Button>
          )}
          {!model.proposed && (
            <Button onPress={() => actions.onTerms(model.agreed ?? EMPTY_TERMS)}>
              {model.agreed ? t("agreement-change") : t("agreement-propose")}
            </Button>
          )}
          {model.agreed && !model.proposed && (
            <>
              <Button kind="bare" onPress={actions.onPrintAgreement}>
                {t("print")}
              </Button>
              <Button kind="bare" onPress={actions.onBeginClosing}>
                {t("agreement-end")}
              </Button>
            </>
          )}
        </div>
      )}
    </article>
  );
}

/** Terms in which everything is open. */
export const EMPTY_TERMS: TermsModel = {
  goals: [],
  cadence: "as-needed",
  sessions: 0,
  minutes: 0,
  channel: "",
  boundaries: "",
  confidentiality: "",
  limits: "",
  ending: "",
  reviewDay: 0,
};

const WRITTEN = [
  ["channel", "terms-channel"],
  ["boundaries", "terms-boundaries"],
  ["confidentiality", "terms-confidentiality"],
  ["limits", "terms-limits"],
  ["ending", "terms-ending"],
] as const;

/** What was left open is left out. */
function Terms({ terms }: { readonly terms: TermsModel }) {
  const { t, language } = useSpeech();
  return (
    <Facts small>
      {terms.goals.length > 0 && (
        <Fact name={t("goals")}>
          <bdi dir="auto">{listText(language, terms.goals.map(isolated))}</bdi>
        </Fact>
      )}
      <Fact name={t("terms-cadence")}>{t(CADENCE[terms.cadence])}</Fact>
      {terms.sessions > 0 && (
        <Fact name={t("terms-sessions")}>{t("sessions", { count: terms.sessions })}</Fact>
      )}
      {terms.minutes > 0 && (
        <Fact name={t("terms-minutes")}>{t("minutes", { count: terms.minutes })}</Fact>
      )}
      {WRITTEN.map(
        ([name, text]) =>
          terms[name] !== "" && (
            <Fact name={t(text)} key={name}>
              <Written text={terms[name]} />
            </Fact>
          ),
      )}
      {terms.reviewDay > 0 && (
        <Fact name={t("terms-review")}>{dateText(language, terms.reviewDay)}</Fact>
      )}
    </Facts>
  );
}

function TermsForm(props: { readonly terms: TermsModel; readonly actions: TalkActions }) {
  const { t } = useSpeech();
  const { terms, actions } = props;
  const change = (part: Partial<TermsModel>): void => actions.onTerms({ ...terms, ...part });
  const cadences = valuesOf(CADENCE);
  return (
    <form
      class="stack"
      aria-label={t("agreement-propose")}
      onKeyDown={keepEnter}
      onSubmit={(event) => {
        event.preventDefault();
        actions.onPropose();
      }}
    >
      <p class="hint">{t("agreement-form")}</p>
      <Field
        label={t("goals")}
        hint={t("terms-goals-hint")}
        value={terms.goals.join("\n")}
        lines
        onInput={(text) => change({ goals: text.split("\n").slice(0, MAX_GOALS) })}
      />
      <div class="pair">
        <Select
          label={t("terms-cadence")}
          value={terms.cadence}
          options={cadences.map((value) => ({ value, text: t(CADENCE[value]) }))}
          onChange={(value) =>
            change({ cadence: cadences.find((one) => one === value) ?? "as-needed" })
          }
        />
        <Select
          label={t("terms-sessions")}
          value={String(terms.sessions)}
          options={SESSIONS.map((count) => ({
            value: String(count),
            text: count === 0 ? t("open-for-now") : t("sessions", { count }),
          }))}
          onChange={(value) => change({ sessions: Number(value) })}
        />
        <Select
          label={t("terms-minutes")}
          value={String(terms.minutes)}
          options={MINUTES.map((count) => ({
            value: String(count),
            text: count === 0 ? t("open-for-now") : t("minutes", { count }),
          }))}
          onChange={(value) => change({ minutes: Number(value) })}
        />
      </div>
      {WRITTEN.map(([name, text]) => (
        <Field
          key={name}
          label={t(text)}
          value={terms[name]}
          onInput={(value) => change({ [name]: value })}
        />
      ))}
      <div class="actions">
        <Button kind="main" submit>
          {t("agreement-send")}
        </Button>
        <Button onPress={() => actions.onTerms(null)}>{t("confirm-cancel")}</Button>
      </div>
    </form>
  );
}
