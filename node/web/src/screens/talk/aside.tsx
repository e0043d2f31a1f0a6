import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Limit } from "../../ui/field.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { Confirm, Section } from "../parts/pieces.tsx";
import type { GoalModel, TalkActions, TalkModel } from "../talk-model.ts";
import { EMPTY_TERMS } from "./agreement.tsx";
import { CheckIn } from "./check-in.tsx";

interface Props {
  readonly talk: TalkModel;
  readonly actions: TalkActions;
  readonly onReport: () => void;
}

/** What belongs to a conversation: safety words, goals, check-ins, and ways to rest or leave it. */
export function About({ talk, actions, onReport }: Props) {
  const { t } = useSpeech();
  const writable = talk.status === "open";
  return (
    <>
      <SafetyWords talk={talk} actions={actions} />
      {writable && (
        <Section title={t("talk-do")} minor>
          <div class="actions">
            <Button onPress={() => actions.onTimes(null)}>{t("talk-meet")}</Button>
            {talk.agreement.state === "none" && talk.agreement.draft === null && (
              <Button onPress={() => actions.onTerms(EMPTY_TERMS)}>
                {t("agreement-propose")}
              </Button>
            )}
            <Button kind="bare" onPress={actions.onShowCard}>
              {t("talk-card")}
            </Button>
          </div>
        </Section>
      )}
      <Goals talk={talk} actions={actions} />
      {talk.checkIn && <CheckIn checkIn={talk.checkIn} onAnswer={actions.onCheckIn} />}
      <Ways talk={talk} actions={actions} onReport={onReport} />
    </>
  );
}

function SafetyWords({ talk, actions }: Omit<Props, "onReport">) {
  const { t } = useSpeech();
  return (
    <Section title={t("words-title")} minor>
      <ol class="words" dir="ltr" lang="en">
        {talk.safetyWords.map((word, at) => (
          <li key={word}>
            <span aria-hidden="true">{at + 1}</span>
            {word}
          </li>
        ))}
      </ol>
      <Limit>{t("words-limit")}</Limit>
      {talk.status === "open" && !talk.wordsCompared && (
        <div class="actions">
          <Button onPress={() => actions.onCompared(true)}>{t("words-match")}</Button>
          <Button kind="bare" onPress={() => actions.onCompared(false)}>
            {t("words-differ")}
          </Button>
        </div>
      )}
    </Section>
  );
}

function Goals({ talk, actions }: Omit<Props, "onReport">) {
  const { t } = useSpeech();
  const writable = talk.status === "open";
  const shown = talk.goals.filter((goal) => goal.state !== "dropped");
  if (shown.length === 0 && !writable) return null;
  return (
    <Section title={t("goals")} minor>
      {shown.length > 0 && (
        <ul>
          {shown.map((goal) => (
            <li key={goal.id}>
              <Goal goal={goal} writable={writable} actions={actions} />
            </li>
          ))}
        </ul>
      )}
      {writable && (
        <form
          class="stack stack-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (talk.newGoal.trim() !== "") actions.onAddGoal();
          }}
        >
          <Field label={t("goal-new")} value={talk.newGoal} onInput={actions.onNewGoal} />
          {talk.newGoal.trim() !== "" && (
            <div>
              <Button submit>{t("goal-add")}</Button>
            </div>
          )}
        </form>
      )}
    </Section>
  );
}

function Goal(props: {
  readonly goal: GoalModel;
  readonly writable: boolean;
  readonly actions: TalkActions;
}) {
  const { t } = useSpeech();
  const { goal, actions } = props;
  return (
    <div class="row row-keep goal">
      <label class="check grow">
        <input
          type="checkbox"
          checked={goal.state === "reached"}
          disabled={!props.writable}
          onChange={(event) =>
            actions.onGoal(goal.id, event.currentTarget.checked ? "reached" : "open")
          }
        />
        <span>
          <Written {...goal.words} />
        </span>
      </label>
      {props.writable && goal.state === "open" && (
        <button
          class="btn btn-bare"
          type="button"
          aria-label={t("goal-drop-it", { goal: goal.words.text })}
          onClick={() => actions.onGoal(goal.id, "dropped")}
        >
          {t("goal-drop")}
        </button>
      )}
    </div>
  );
}

/** To rest, to end, to block, to forget. */
function Ways({ talk, actions, onReport }: Props) {
  const { t } = useSpeech();
  const [asking, setAsking] = useState<"block" | "delete" | null>(null);
  const open = talk.status === "open";
  const close = (): void => setAsking(null);
  return (
    <div class="stack stack-2">
      {open && (
        <>
          <Button onPress={() => actions.onRest(true)}>{t("talk-rest")}</Button>
          <Button onPress={actions.onBeginClosing}>{t("talk-close")}</Button>
        </>
      )}
      {talk.status !== "blocked" && (
        <Button onPress={() => setAsking("block")}>{t("block")}</Button>
      )}
      <Button onPress={onReport}>{t("report")}</Button>
      {!open && (
        <Button kind="danger" onPress={() => setAsking("delete")}>
          {t("talk-delete")}
        </Button>
      )}
      {asking === "block" && (
        <Confirm
          title={t("block-title")}
          yes={t("block")}
          danger
          onYes={() => {
            close();
            actions.onBlock();
          }}
          onClose={close}
        >
          <p>{t("block-more")}</p>
          <Limit>{t("block-limit")}</Limit>
        </Confirm>
      )}
      {asking === "delete" && (
        <Confirm
          title={t("talk-delete-title")}
          yes={t("talk-delete")}
          danger
          onYes={() => {
            close();
            actions.onDelete();
          }}
          onClose={close}
        >
          <p>{t("talk-delete-more")}</p>
        </Confirm>
      )}
    </div>
  );
}
