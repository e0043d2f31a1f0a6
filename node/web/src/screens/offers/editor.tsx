import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Select, Switch } from "../../ui/field.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { EditorActions, EditorModel, OfferDraft } from "../offers-model.ts";
import { listText, numberText } from "../parts/format.ts";
import { keepEnter } from "../parts/keys.ts";
import type { TopicLabel } from "../parts/model.ts";
import { BackLink, ChipSet, PersonaLine, SearchField } from "../parts/pieces.tsx";
import {
  ANSWERS_WORDS,
  FORMAT_WORDS,
  LEVEL_WORDS,
  valuesOf,
  WAY_WORDS,
  WHEN_WORDS,
} from "../parts/words.ts";
import { Leaves } from "./leaves.tsx";
import { Lint } from "./lint.tsx";

const MAX_TOPICS = 4;
const MAX_TEXT = 600;
const MAX_SUMMARY = 120;
const PLACES = [1, 2, 3, 4, 5, 10];
const STAYS = [30, 60, 90, 180];

interface Props {
  readonly model: EditorModel;
  readonly actions: EditorActions;
}

/** Writes an offer; beside it stands what leaves. */
export function OfferEditor({ model, actions }: Props) {
  const { t } = useSpeech();
  const title = model.id === null ? t("editor-new") : t("editor-change");
  return (
    <div class="stack stack-5">
      <BackLink text={t("nav-offers")} onBack={actions.onBack} />
      <div class="head">
        <h1>{title}</h1>
        <p class="small" role="status">
          {model.saved === "kept" && t("editor-kept")}
          {model.saved === "saving" && t("editor-saving")}
        </p>
      </div>
      <form
        class="split split-aside with-end"
        aria-label={title}
        onKeyDown={keepEnter}
        onSubmit={(event) => {
          event.preventDefault();
          actions.onPublish();
        }}
      >
        <div class="stack stack-7">
          <What model={model} actions={actions} />
          <How model={model} actions={actions} />
          <Who model={model} actions={actions} />
          <Words model={model} actions={actions} />
        </div>
        <div class="stick split-beside">
          <Leaves model={model} />
        </div>
        <End model={model} actions={actions} />
      </form>
    </div>
  );
}

function What({ model, actions }: Props) {
  const { t } = useSpeech();
  const { draft } = model;
  const chosen = draft.topics.map((topic) => topic.id);
  const known = new Map(
    [...draft.topics, ...model.topicHits].map((topic) => [topic.id, topic]),
  );
  const change = (ids: readonly string[]): void => {
    const topics = ids.map((id) => known.get(id)).filter((one): one is TopicLabel => !!one);
    actions.onChange({ topics: topics.slice(0, MAX_TOPICS) });
  };
  return (
    <Part title={t("editor-what")}>
      <div class="stack stack-3">
        <SearchField
          label={t("editor-topics")}
          value={model.topicQuery}
          onInput={actions.onTopicQuery}
        />
        <ChipSet
          legend={t("leaves-topics")}
          options={[...known.values()].map(({ id, text }) => ({ value: id, text }))}
          chosen={chosen}
          onChange={change}
          hint={t("editor-topics-count", { count: chosen.length })}
        />
      </div>
      <ChipSet
        legend={t("editor-ways")}
        options={valuesOf(WAY_WORDS).map((value) => ({ value, text: t(WAY_WORDS[value]) }))}
        chosen={draft.ways}
        onChange={(ways) => actions.onChange({ ways: ways.slice(0, 3) })}
        hint={t("editor-ways-hint")}
      />
    </Part>
  );
}

function How({ model, actions }: Props) {
  const { t } = useSpeech();
  const { draft } = model;
  const formats = valuesOf(FORMAT_WORDS).filter((one) => one !== "in-person" || model.inPerson);
  return (
    <Part title={t("editor-how")}>
      <ChipSet
        legend={t("leaves-languages")}
        options={model.languages}
        chosen={draft.languages}
        onChange={(languages) => actions.onChange({ languages: languages.slice(0, 6) })}
      />
      {model.otherLanguages.length > 0 && (
        <Select
          label={t("editor-other-language")}
          value=""
          options={[{ value: "", text: t("choose") }, ...model.otherLanguages]}
          onChange={(tag) => {
            if (tag !== "")
              actions.onChange({ languages: [...draft.languages, tag].slice(0, 6) });
          }}
        />
      )}
      <ChipSet
        legend={t("facet-formats")}
        options={formats.map((value) => ({ value, text: t(FORMAT_WORDS[value]) }))}
        chosen={draft.formats}
        onChange={(chosen) => actions.onChange({ formats: chosen })}
      />
      {draft.formats.includes("in-person") && (
        <Select
          label={t("offer-region")}
          value={draft.region ?? ""}
          options={[{ value: "", text: t("leaves-unsaid") }, ...model.regions]}
          onChange={(region) => actions.onChange({ region: region === "" ? null : region })}
          hint={t("editor-region-hint")}
        />
      )}
      <ChipSet
        legend={t("editor-when")}
        optional
        options={valuesOf(WHEN_WORDS).map((value) => ({ value, text: t(WHEN_WORDS[value]) }))}
        chosen={draft.when}
        onChange={(when) => actions.onChange({ when })}
        hint={t("editor-when-hint")}
      />
    </Part>
  );
}

function Who({ model, actions }: Props) {
  const { t, language } = useSpeech();
  const { draft } = model;
  const answers = valuesOf(ANSWERS_WORDS);
  return (
    <Part title={t("editor-who")}>
      <ChipSet
        legend={t("facet-level")}
        optional
        options={valuesOf(LEVEL_WORDS).map((value) => ({ value, text: t(LEVEL_WORDS[value]) }))}
        chosen={draft.level}
        onChange={(level) => actions.onChange({ level })}
      />
      <div class="pair">
        <Select
          label={t("editor-places")}
          value={String(draft.places)}
          options={PLACES.map((count) => ({
            value: String(count),
            text: numberText(language, count),
          }))}
          onChange={(value) => actions.onChange({ places: Number(value) })}
          hint={t("editor-places-hint")}
        />
        <Select
          label={t("editor-answers")}
          value={draft.answers ?? ""}
          options={[
            { value: "", text: t("leaves-unsaid") },
            ...answers.map((value) => ({ value, text: t(ANSWERS_WORDS[value]) })),
          ]}
          onChange={(value) =>
            actions.onChange({ answers: answers.find((one) => one === value) ?? null })
          }
        />
        <Select
          label={t("editor-days")}
          value={String(draft.days)}
          options={STAYS.map((count) => ({ value: String(count), text: t("days", { count }) }))}
          onChange={(value) => actions.onChange({ days: Number(value) })}
        />
      </div>
      <Switch
        label={t("editor-group")}
        on={draft.group}
        onChange={(group) => actions.onChange({ group })}
        hint={t("editor-group-hint")}
      />
      <Switch
        label={t("editor-relay")}
        on={draft.relay}
        onChange={(relay) => actions.onChange({ relay })}
        hint={t("editor-relay-hint")}
      />
      {model.profile && (
        <div class="stack stack-3">
          <Switch
            label={t("editor-profile")}
            on={model.profile.shown}
            onChange={actions.onShowUnder}
            hint={t("editor-profile-hint")}
          />
          <p class="small">
            <PersonaLine persona={model.profile.persona} small />
          </p>
        </div>
      )}
    </Part>
  );
}

function Words({ model, actions }: Props) {
  const { t, language } = useSpeech();
  const { draft } = model;
  const change = (text: Partial<OfferDraft>): void => actions.onChange(text);
  const used = (text: string, most: number): string =>
    t("editor-used", {
      used: numberText(language, [...text].length),
      most: numberText(language, most),
    });
  const tooLong = (text: string, most: number): string | undefined =>
    [...text].length > most
      ? t("editor-too-long", { most: numberText(language, most) })
      : undefined;
  return (
    <Part title={t("editor-words")}>
      <Field
        label={t("editor-line")}
        value={draft.summary}
        onInput={(summary) => change({ summary })}
        hint={used(draft.summary, MAX_SUMMARY)}
        error={tooLong(draft.summary, MAX_SUMMARY)}
      />
      <Field
        label={t("editor-text")}
        value={draft.text}
        onInput={(text) => change({ text })}
        lines
        hint={t("two-sentences", {
          first: t("editor-text-hint"),
          second: used(draft.text, MAX_TEXT),
        })}
        error={tooLong(draft.text, MAX_TEXT)}
      />
      <Select
        label={t("editor-text-language")}
        value={draft.textLanguage}
        options={[...model.languages, ...model.otherLanguages]}
        onChange={(textLanguage) => change({ textLanguage })}
      />
      <Lint findings={model.findings} onFix={actions.onFix} onKeep={actions.onKeepWords} />
    </Part>
  );
}

const MISSING = {
  topics: "missing-topics",
  ways: "missing-ways",
  languages: "missing-languages",
  formats: "missing-formats",
} as const;

function End({ model, actions }: Props) {
  const { t, language } = useSpeech();
  const id = useId();
  const blocking = model.findings.find((finding) => finding.blocks);
  const missing = model.missing.map((one) => t(MISSING[one]));
  const why =
    missing.length > 0
      ? t("editor-missing", { what: listText(language, missing, "and") })
      : blocking
        ? t("editor-blocked", { words: blocking.words })
        : model.publishing
          ? t("editor-publishing")
          : null;
  return (
    <div class="stack stack-3">
      {model.failure && <ErrorState title={model.failure.title} text={model.failure.next} />}
      <div class="actions">
        <Button kind="main" submit blockedBy={why === null ? undefined : id}>
          {model.id === null ? t("editor-publish") : t("editor-save")}
        </Button>
        <Button onPress={actions.onClose}>{t("editor-close")}</Button>
      </div>
      <p class="hint" id={id} role="status">
        {why ?? t("editor-release", model.release)}
      </p>
    </div>
  );
}

function Part(props: { readonly title: string; readonly children: ComponentChildren }) {
  const id = useId();
  return (
    <section class="stack stack-5" aria-labelledby={id}>
      <h2 id={id}>{props.title}</h2>
      {props.children}
    </section>
  );
}
