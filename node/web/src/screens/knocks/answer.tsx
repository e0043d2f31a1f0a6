import { useId } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Select } from "../../ui/field.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import { WeekGrid } from "../../ui/week-grid.tsx";
import type { ReceivedActions, ReceivedModel } from "../knocks-model.ts";
import { dayText, numberText } from "../parts/format.ts";
import { keepEnter } from "../parts/keys.ts";
import { ChipSet, Radios } from "../parts/pieces.tsx";
import { PersonaChoice } from "./persona-choice.tsx";
import { isWeek } from "./received.tsx";

const MAX_WORDS = 800;
const MAX_SUGGESTIONS = 5;
const RESTS = [0, 1, 2, 4, 8];

interface Props {
  readonly model: ReceivedModel;
  readonly actions: ReceivedActions;
}

const KIND_WORDS = ["decline-words-room", "decline-words-fit", "decline-words-time"] as const;

/** Yes with a persona and times, or a kind no. */
export function AnswerForm({ model, actions }: Props) {
  const { t, language } = useSpeech();
  const id = useId();
  const { answer } = model;
  const tooLong = [...answer.words].length > MAX_WORDS;
  const why =
    answer.how === null
      ? t("answer-choose")
      : tooLong
        ? t("editor-too-long", { most: numberText(language, MAX_WORDS) })
        : model.sending
          ? t("editor-publishing")
          : null;
  return (
    <form
      class="stack stack-6"
      aria-label={t("answer-title")}
      onKeyDown={keepEnter}
      onSubmit={(event) => {
        event.preventDefault();
        if (why === null) actions.onSend();
      }}
    >
      <h2>{t("answer-title")}</h2>
      <Radios
        legend={t("answer-how")}
        name="how"
        chosen={answer.how}
        onChoose={(how) => actions.onChange({ how })}
        options={[
          { value: "accept", body: t("answer-accept") },
          { value: "decline", body: t("answer-decline") },
        ]}
      />
      {answer.how === "accept" && <Accept model={model} actions={actions} />}
      {answer.how === "decline" && <Decline model={model} actions={actions} />}
      {answer.how !== null && (
        <Select
          label={t("answer-rest")}
          value={String(answer.pauseWeeks)}
          options={RESTS.map((count) => ({
            value: String(count),
            text: count === 0 ? t("answer-rest-no") : t("answer-rest-weeks", { count }),
          }))}
          onChange={(value) => actions.onChange({ pauseWeeks: Number(value) })}
        />
      )}
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
            {answer.how === "accept"
              ? t("answer-send-yes")
              : answer.how === "decline"
                ? t("answer-send-no")
                : t("answer-send")}
          </Button>
        </div>
        <p class="hint" id={id} role="status">
          {why ?? t("answer-ends", { day: dayText(language, model.ends, model.now) })}
        </p>
      </div>
    </form>
  );
}

function Accept({ model, actions }: Props) {
  const { t } = useSpeech();
  const { answer, times } = model;
  return (
    <>
      <Field
        label={t("answer-words")}
        hint={t("answer-words-yes")}
        value={answer.words}
        lines
        onInput={(words) => actions.onChange({ words })}
      />
      <div class="field">
        <h3 class="label">
          {t("compose-times")} <small>{t("optional")}</small>
        </h3>
        <p class="hint">{t("compose-times-hint")}</p>
        <WeekGrid
          label={t("compose-times")}
          chosen={answer.cells}
          onChange={(cells) => actions.onChange({ cells })}
          {...(times && isWeek(times) ? { theirs: times.cells } : {})}
        />
      </div>
      <PersonaChoice
        legend={t("answer-as")}
        personas={model.personas}
        newPicture={model.newPicture}
        chosen={answer.persona}
        onChoose={(persona) => actions.onChange({ persona })}
      />
    </>
  );
}

function Decline({ model, actions }: Props) {
  const { t } = useSpeech();
  const { answer } = model;
  return (
    <>
      <div class="stack stack-3">
        <p class="hint">{t("decline-start")}</p>
        <div class="stack stack-2">
          {KIND_WORDS.map((key) => (
            <button
              class="chip chip-text"
              type="button"
              key={key}
              aria-pressed={answer.words === t(key)}
              onClick={() => actions.onChange({ words: t(key) })}
            >
              <span>{t(key)}</span>
            </button>
          ))}
        </div>
      </div>
      <Field
        label={t("answer-words")}
        hint={t("answer-words-no")}
        value={answer.words}
        lines
        onInput={(words) => actions.onChange({ words })}
      />
      {model.topics.length > 0 && (
        <ChipSet
          legend={t("decline-suggest")}
          optional
          options={model.topics.map(({ id, text }) => ({ value: id, text }))}
          chosen={answer.suggestions}
          onChange={(chosen) =>
            actions.onChange({ suggestions: chosen.slice(0, MAX_SUGGESTIONS) })
          }
          hint={t("decline-suggest-hint")}
        />
      )}
    </>
  );
}
