import { useId, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Check, Field, Limit } from "../../ui/field.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { ErrorState, Notice } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { PersonaActions, PersonaModel } from "../me-model.ts";
import { numberText } from "../parts/format.ts";
import { keepEnter } from "../parts/keys.ts";
import type { TopicLabel } from "../parts/model.ts";
import { BackLink, ChipSet, Confirm, Radios, SearchField, Section } from "../parts/pieces.tsx";

const MAX_NAME = 40;
const MAX_ABOUT = 300;

interface Props {
  readonly model: PersonaModel;
  readonly actions: PersonaActions;
}

/** Writes a persona, and publishes it as a profile or not. */
export function PersonaEditor({ model, actions }: Props) {
  const { t, language } = useSpeech();
  const id = useId();
  const [removing, setRemoving] = useState(false);
  const { draft } = model;
  const long = (text: string, most: number): string | undefined =>
    [...text].length > most
      ? t("editor-too-long", { most: numberText(language, most) })
      : undefined;
  const why =
    draft.name.trim() === ""
      ? t("persona-missing")
      : (long(draft.name, MAX_NAME) ?? long(draft.about, MAX_ABOUT) ?? null);
  const title = model.id === null ? t("me-persona-new") : t("persona-change");
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-me")} onBack={actions.onBack} />
      <div class="head">
        <h1>{title}</h1>
        <p class="small" role="status">
          {model.saved === "kept" && t("editor-kept")}
          {model.saved === "saving" && t("editor-saving")}
        </p>
      </div>
      <form
        class="stack stack-6"
        aria-label={title}
        onKeyDown={keepEnter}
        onSubmit={(event) => {
          event.preventDefault();
          if (why === null) actions.onSave();
        }}
      >
        <div class="row row-keep">
          <PersonaPicture bytes={model.picture} size="large" />
          <div class="stack stack-2">
            <Button icon="again" onPress={actions.onSuggest}>
              {t("persona-suggest")}
            </Button>
            <p class="hint">{t("persona-picture-hint")}</p>
          </div>
        </div>
        <Field
          label={t("persona-name")}
          hint={t("persona-name-hint")}
          value={draft.name}
          onInput={(name) => actions.onChange({ name })}
          error={long(draft.name, MAX_NAME)}
        />
        <Field
          label={t("persona-pronouns")}
          value={draft.pronouns}
          onInput={(pronouns) => actions.onChange({ pronouns })}
          error={long(draft.pronouns, MAX_NAME)}
        />
        <Field
          label={t("persona-about")}
          hint={t("persona-about-hint")}
          value={draft.about}
          lines
          onInput={(about) => actions.onChange({ about })}
          error={long(draft.about, MAX_ABOUT)}
        />
        <ChipSet
          legend={t("leaves-languages")}
          optional
          options={model.languages}
          chosen={draft.languages}
          onChange={(languages) => actions.onChange({ languages: languages.slice(0, 6) })}
        />
        <Topics model={model} actions={actions} />
        <Publishing model={model} actions={actions} />
        <div class="stack stack-3">
          {model.failure && (
            <ErrorState title={model.failure.title} text={model.failure.next} />
          )}
          <div class="actions">
            <Button kind="main" submit blockedBy={why === null ? undefined : id}>
              {t("save")}
            </Button>
            {model.id !== null && (
              <Button kind="bare" onPress={() => setRemoving(true)}>
                {t("persona-remove")}
              </Button>
            )}
          </div>
          <p class="hint" id={id} role="status">
            {why}
          </p>
        </div>
      </form>
      {removing && (
        <Confirm
          title={t("persona-remove-title")}
          yes={t("persona-remove")}
          danger
          onYes={() => {
            setRemoving(false);
            actions.onRemove();
          }}
          onClose={() => setRemoving(false)}
        >
          <p>{t("persona-remove-more")}</p>
        </Confirm>
      )}
    </div>
  );
}

function Topics({ model, actions }: Props) {
  const { t } = useSpeech();
  const { draft } = model;
  const known = new Map(
    [...draft.topics, ...model.topicHits].map((topic) => [topic.id, topic]),
  );
  const change = (ids: readonly string[]): void => {
    const topics = ids.map((one) => known.get(one)).filter((one): one is TopicLabel => !!one);
    actions.onChange({ topics: topics.slice(0, 8) });
  };
  return (
    <div class="stack stack-3">
      <SearchField
        label={t("editor-topics")}
        value={model.topicQuery}
        onInput={actions.onTopicQuery}
      />
      <ChipSet
        legend={t("leaves-topics")}
        optional
        options={[...known.values()].map(({ id, text }) => ({ value: id, text }))}
        chosen={draft.topics.map((topic) => topic.id)}
        onChange={change}
      />
    </div>
  );
}

function Publishing({ model, actions }: Props) {
  const { t } = useSpeech();
  const { draft, link } = model;
  return (
    <Section title={t("persona-profile")}>
      <Radios
        legend={t("persona-who")}
        name="profile"
        chosen={draft.profile}
        onChoose={(profile) => actions.onChange({ profile })}
        options={[
          { value: "none", body: t("persona-kept-more") },
          { value: "by-link", body: t("persona-by-link-more") },
          { value: "listed", body: t("persona-listed-more") },
        ]}
      />
      {draft.profile !== "none" && (
        <>
          <Limit>{t("persona-profile-limit")}</Limit>
          {model.offers.length > 0 && (
            <fieldset class="field">
              <legend>{t("persona-shown")}</legend>
              {model.offers.map((offer) => (
                <Check
                  key={offer.id}
                  label={offer.title}
                  on={draft.shown.includes(offer.id)}
                  onChange={(on) =>
                    actions.onChange({
                      shown: on
                        ? [...draft.shown, offer.id]
                        : draft.shown.filter((one) => one !== offer.id),
                    })
                  }
                />
              ))}
            </fieldset>
          )}
          {draft.shown.length > 0 && (
            <Notice kind="caution" title={t("persona-links")}>
              <p>{t("persona-links-more")}</p>
            </Notice>
          )}
          {link !== null && (
            <div class="card stack stack-3">
              <p class="mono" dir="ltr">
                {link}
              </p>
              <div class="actions">
                <Button onPress={() => actions.onCopyLink(link)}>{t("resource-copy")}</Button>
              </div>
            </div>
          )}
        </>
      )}
    </Section>
  );
}
