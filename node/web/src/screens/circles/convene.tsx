import { useId } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Limit, Select } from "../../ui/field.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { ConveneActions, ConveneModel } from "../circles-model.ts";
import { numberText } from "../parts/format.ts";
import { keepEnter } from "../parts/keys.ts";
import { BackLink, ChipSet, PersonaLine, Radios } from "../parts/pieces.tsx";

const PLACES = [3, 5, 8, 12, 20, 30];

/** Begins a circle. */
export function Convene(props: {
  readonly model: ConveneModel;
  readonly actions: ConveneActions;
}) {
  const { t, language } = useSpeech();
  const id = useId();
  const { model, actions } = props;
  const missing = model.name.trim() === "" || model.languages.length === 0;
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-circles")} onBack={actions.onBack} />
      <div class="head">
        <h1>{t("circle-new")}</h1>
        <p>{t("convene-lead")}</p>
        <p class="small" role="status">
          {model.saved === "kept" && t("editor-kept")}
        </p>
      </div>
      <form
        class="stack stack-6"
        aria-label={t("circle-new")}
        onKeyDown={keepEnter}
        onSubmit={(event) => {
          event.preventDefault();
          if (!missing) actions.onBegin();
        }}
      >
        <Field
          label={t("convene-name")}
          value={model.name}
          onInput={(name) => actions.onChange({ name })}
        />
        <Field
          label={t("circle-purpose")}
          value={model.purpose}
          lines
          onInput={(purpose) => actions.onChange({ purpose })}
        />
        <Field
          label={t("circle-rules")}
          hint={t("convene-rules-hint")}
          value={model.rules}
          lines
          onInput={(rules) => actions.onChange({ rules })}
        />
        <ChipSet
          legend={t("leaves-languages")}
          options={model.languageOptions}
          chosen={model.languages}
          onChange={(languages) => actions.onChange({ languages })}
        />
        <Select
          label={t("convene-places")}
          value={String(model.places)}
          options={PLACES.map((count) => ({
            value: String(count),
            text: numberText(language, count),
          }))}
          onChange={(value) => actions.onChange({ places: Number(value) })}
        />
        <Radios
          legend={t("circle-join-as")}
          name="convener"
          chosen={model.persona}
          onChoose={(persona) => actions.onChange({ persona })}
          options={model.personas.map((persona) => ({
            value: persona.id,
            body: <PersonaLine persona={persona} small />,
          }))}
        />
        {model.failure && <ErrorState title={model.failure.title} text={model.failure.next} />}
        <div class="stack stack-3">
          <div class="actions">
            <Button kind="main" submit blockedBy={missing ? id : undefined}>
              {t("convene-begin")}
            </Button>
          </div>
          <p class="hint" id={id} role="status">
            {missing ? t("convene-missing") : ""}
          </p>
          <Limit>{t("circle-limit")}</Limit>
        </div>
      </form>
    </div>
  );
}
