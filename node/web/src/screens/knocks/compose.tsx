import { useId } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Limit } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { WeekGrid } from "../../ui/week-grid.tsx";
import type { ComposeActions, ComposeModel } from "../knocks-model.ts";
import { dayText, numberText } from "../parts/format.ts";
import { keepEnter } from "../parts/keys.ts";
import { BackLink, ChipSet, Fact, Facts } from "../parts/pieces.tsx";
import { valuesOf } from "../parts/words.ts";
import { PersonaChoice } from "./persona-choice.tsx";
import { Prompts } from "./prompts.tsx";
import { RHYTHM_WORDS } from "./states.ts";

const MAX_WORDS = 800;
const MAX_SHORT = 200;

interface Props {
  readonly model: ComposeModel;
  readonly actions: ComposeActions;
}

/** Writes a knock, with who sees what beside it. */
export function Compose({ model, actions }: Props) {
  const { t } = useSpeech();
  return (
    <div class="stack stack-5">
      <BackLink text={t("compose-back")} onBack={actions.onBack} />
      <div class="head">
        <h1>{t("compose-title")}</h1>
        <p class="small" role="status">
          {model.saved === "kept" && t("editor-kept")}
        </p>
      </div>
      <Form model={model} actions={actions} />
    </div>
  );
}

function Form({ model, actions }: Props) {
  const { t, language } = useSpeech();
  const id = useId();
  const { draft, offer } = model;
  const long = (text: string, most: number): string | undefined =>
    [...text].length > most
      ? t("editor-too-long", { most: numberText(language, most) })
      : undefined;
  const tooLong = [
    long(draft.words, MAX_WORDS),
    long(draft.hopes, MAX_SHORT),
    long(draft.tried, MAX_SHORT),
  ].find((one) => one !== undefined);
  const why =
    draft.words.trim() === ""
      ? t("compose-empty")
      : (tooLong ?? (model.sending ? t("editor-publishing") : null));
  return (
    <form
      class="split split-aside with-end"
      aria-label={t("compose-title")}
      onKeyDown={keepEnter}
      onSubmit={(event) => {
        event.preventDefault();
        if (why === null) actions.onSend();
      }}
    >
      <div class="stack stack-6">
        <div class="row row-keep">
          <PersonaPicture bytes={offer.picture} />
          <div class="grow">
            <p class="label">
              <Written {...offer.title} />
            </p>
            <p class="small quiet">
              <Written text={offer.community} />
            </p>
          </div>
        </div>
        <Field
          label={t("compose-words")}
          hint={t("compose-words-hint")}
          value={draft.words}
          lines
          onInput={(words) => actions.onChange({ words })}
          error={long(draft.words, MAX_WORDS)}
        />
        <Prompts prompts={model.prompts} />
        <Field
          label={t("compose-hopes")}
          value={draft.hopes}
          onInput={(hopes) => actions.onChange({ hopes })}
          error={long(draft.hopes, MAX_SHORT)}
        />
        <Field
          label={t("compose-tried")}
          value={draft.tried}
          onInput={(tried) => actions.onChange({ tried })}
          error={long(draft.tried, MAX_SHORT)}
        />
        <ChipSet
          legend={t("compose-rhythm")}
          optional
          single
          options={valuesOf(RHYTHM_WORDS).map((value) => ({
            value,
            text: t(RHYTHM_WORDS[value]),
          }))}
          chosen={draft.rhythm === null ? [] : [draft.rhythm]}
          onChange={([rhythm]) => actions.onChange({ rhythm: rhythm ?? null })}
        />
        <div class="field">
          <h2 class="label">
            {t("compose-times")} <small>{t("optional")}</small>
          </h2>
          <p class="hint">{t("compose-times-hint")}</p>
          <WeekGrid
            label={t("compose-times")}
            chosen={draft.cells}
            onChange={(cells) => actions.onChange({ cells })}
          />
        </div>
        <PersonaChoice
          legend={t("compose-as")}
          personas={model.personas}
          newPicture={model.newPicture}
          chosen={draft.persona}
          onChoose={(persona) => actions.onChange({ persona })}
        />
      </div>
      <aside class="stack stack-5 stick split-beside" aria-label={t("compose-before")}>
        <WhoSees model={model} />
        <details>
          <summary>{t("compose-example")}</summary>
          <p class="small quiet">{t("compose-example-text")}</p>
        </details>
      </aside>
      <div class="stack stack-3">
        {model.failure && (
          <ErrorState
            title={model.failure.title}
            text={model.failure.next}
            onRetry={actions.onSend}
          />
        )}
        <div class="actions">
          <Button kind="main" submit blockedBy={why === null ? undefined : id}>
            {model.online ? t("compose-send") : t("compose-send-later")}
          </Button>
          <Button onPress={actions.onKeep}>{t("compose-keep")}</Button>
        </div>
        <p class="hint" id={id} role="status">
          {why ??
            t("compose-note", {
              number: model.number,
              of: model.of,
              day: dayText(language, model.ends, model.now),
            })}
        </p>
      </div>
    </form>
  );
}

function WhoSees({ model }: { readonly model: ComposeModel }) {
  const { t, language } = useSpeech();
  const id = useId();
  const size = numberText(language, Math.round(model.sealedBytes / 1024));
  const community = model.offer.community;
  return (
    <section class="leaves" aria-labelledby={id}>
      <div class="leaves-head">
        <h2 id={id}>
          <Icon name="lock" />
          <span>{t("sees-title")}</span>
        </h2>
      </div>
      <div class="leaves-body">
        <Facts small>
          <Fact name={t("sees-they")}>{t("sees-they-more")}</Fact>
          <Fact name={t("sees-home")}>{t("sees-home-more", { size, community })}</Fact>
          <Fact name={t("sees-their-node")}>
            {t("sees-their-node-more", { community: model.home })}
          </Fact>
        </Facts>
        <Limit>{t("sees-limit")}</Limit>
      </div>
    </section>
  );
}
