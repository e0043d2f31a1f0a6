import { Button } from "../../ui/button.tsx";
import { Check, Field, Limit, Select } from "../../ui/field.tsx";
import { Notice } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import { isolated, listText } from "../parts/format.ts";
import { keepEnter } from "../parts/keys.ts";
import { BackLink, ChipSet, Prose, Section } from "../parts/pieces.tsx";
import { valuesOf } from "../parts/words.ts";
import type { ClosingModel, TalkActions } from "../talk-model.ts";
import { FEELINGS } from "./check-in.tsx";

const KEEP = [0, 4, 12, 26, 52];

interface Props {
  readonly closing: ClosingModel;
  readonly actions: TalkActions;
}

/** The end: look back, thank, keep or forget, pass it on. No reason is asked for. */
export function Closing({ closing, actions }: Props) {
  const { t } = useSpeech();
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("closing-back")} onBack={() => actions.onClosing(null)} />
      <div class="head">
        <h1>{closing.closed === null ? t("closing-title") : t("talk-closed")}</h1>
        <p>{t(closing.closed === "by-them" ? "closing-by-them" : "closing-lead")}</p>
      </div>
      {closing.theirWords && closing.theirWords.text !== "" && (
        <Section title={t("closing-their-words")} card>
          <Prose {...closing.theirWords} />
        </Section>
      )}
      {closing.closed === null ? (
        <Form closing={closing} actions={actions} />
      ) : (
        <After closing={closing} actions={actions} />
      )}
    </div>
  );
}

function Form({ closing, actions }: Props) {
  const { t } = useSpeech();
  const change = actions.onClosing;
  return (
    <form
      class="stack stack-6"
      aria-label={t("closing-title")}
      onKeyDown={keepEnter}
      onSubmit={(event) => {
        event.preventDefault();
        actions.onClose();
      }}
    >
      <Section title={t("closing-words")}>
        <Field
          label={t("closing-words-label")}
          hint={t("closing-words-hint")}
          value={closing.words}
          lines
          onInput={(words) => change({ words })}
        />
      </Section>
      <LookBack closing={closing} actions={actions} />
      {closing.canThank && (
        <Section title={t("closing-thanks")}>
          <Field
            label={t("closing-thanks-label")}
            hint={t("closing-thanks-hint")}
            value={closing.thanks}
            lines
            onInput={(thanks) => change({ thanks })}
          />
          <Check
            label={t("closing-thanks-show")}
            on={closing.thanksMayShow}
            onChange={(thanksMayShow) => change({ thanksMayShow })}
          />
        </Section>
      )}
      <Section title={t("closing-keep")}>
        <Select
          label={t("closing-keep-label")}
          value={String(closing.keepWeeks)}
          options={KEEP.map((count) => ({
            value: String(count),
            text: count === 0 ? t("closing-keep-not") : t("weeks", { count }),
          }))}
          onChange={(value) => change({ keepWeeks: Number(value) })}
          hint={t("closing-keep-hint")}
        />
      </Section>
      <div class="stack stack-3">
        <div class="actions">
          <Button kind="main" submit>
            {t("closing-send")}
          </Button>
          <Button onPress={() => change(null)}>{t("not-now")}</Button>
        </div>
        <Limit>{t("closing-limit")}</Limit>
      </div>
    </form>
  );
}

function LookBack({ closing, actions }: Props) {
  const { t } = useSpeech();
  const { feeling, questions } = closing;
  return (
    <Section title={t("closing-look-back")}>
      <p class="hint">{t("closing-blind")}</p>
      <ChipSet
        legend={t("check-in-how")}
        optional
        single
        options={valuesOf(FEELINGS).map((value) => ({ value, text: t(FEELINGS[value]) }))}
        chosen={feeling === "" ? [] : [feeling]}
        onChange={([chosen]) => actions.onClosing({ feeling: chosen ?? "" })}
      />
      {questions.map((question) => (
        <Field
          key={question.id}
          label={question.text}
          value={question.answer}
          lines
          onInput={(answer) =>
            actions.onClosing({
              questions: questions.map((one) =>
                one.id === question.id ? { ...one, answer } : one,
              ),
            })
          }
        />
      ))}
    </Section>
  );
}

function After({ closing, actions }: Props) {
  const { t, language } = useSpeech();
  const topics = listText(
    language,
    closing.learned.map((topic) => isolated(topic.text)),
    "and",
  );
  return (
    <>
      {closing.learned.length > 0 && (
        <Notice kind="good" title={t("pass-on-title")}>
          <p>{t("pass-on-more", { topics })}</p>
          <div class="actions">
            <Button kind="main" onPress={actions.onPassOn}>
              {t("pass-on-yes")}
            </Button>
          </div>
        </Notice>
      )}
      {closing.theirReflection === null ? (
        <p class="small quiet">{t("closing-waits")}</p>
      ) : (
        closing.theirReflection.length > 0 && (
          <Section title={t("closing-theirs")} card>
            {closing.theirReflection.map((one) => (
              <Prose key={one.text} {...one} />
            ))}
          </Section>
        )
      )}
      <div class="actions">
        <Button onPress={actions.onExport}>{t("talk-export")}</Button>
        <Button kind="danger" onPress={actions.onDelete}>
          {t("talk-delete")}
        </Button>
      </div>
    </>
  );
}
