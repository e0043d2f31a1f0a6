import { useId } from "preact/hooks";
import { Button, IconButton } from "../../ui/button.tsx";
import { Select, Switch } from "../../ui/field.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { WeekGrid } from "../../ui/week-grid.tsx";
import { dayText, spanText } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { keepEnter } from "../parts/keys.ts";
import type {
  SessionModel,
  SlotModel,
  TalkActions,
  TalkModel,
  TimesDraft,
} from "../talk-model.ts";

const MINUTES = [30, 45, 60, 90, 120];
const MAX_SLOTS = 5;

const STATES = {
  proposed: "session-proposed",
  agreed: "session-agreed",
  cancelled: "session-cancelled",
  "took-place": "session-took-place",
} as const satisfies Record<SessionModel["state"], string>;

/** One session: times to pick from, or the time that was agreed. */
export function SessionCard(props: {
  readonly session: SessionModel;
  readonly model: TalkModel;
  readonly actions: TalkActions;
}) {
  const { t } = useSpeech();
  const id = useId();
  const { session, model, actions } = props;
  const { state } = session;
  const writable = model.status === "open";
  const over = state === "cancelled" || state === "took-place";
  const mine = session.proposed.length > 0 && session.proposedByMe;
  return (
    <article class="card pact" aria-labelledby={id}>
      <div class="pact-head">
        <Glyph name="date" />
        <h3 class="label" id={id}>
          {t("session-title", { number: session.number })}
        </h3>
        <span class={state === "agreed" ? "tag tag-on pact-state" : "tag pact-state"}>
          {mine && state === "proposed" ? t("session-waits") : t(STATES[state])}
        </span>
      </div>
      {session.words && (
        <p>
          <Written {...session.words} />
        </p>
      )}
      {session.picked && (
        <div>
          <Slot slot={session.picked} now={model.now} />
        </div>
      )}
      {!over && session.proposed.length > 0 && (
        <div>
          {session.picked && <p class="small quiet">{t("session-instead")}</p>}
          {session.proposed.map((slot, at) => (
            <Slot
              key={slot.start}
              slot={slot}
              now={model.now}
              main={at === 0 && !session.picked}
              {...(writable && !mine
                ? { onPick: () => actions.onPick(session.id, slot.start) }
                : {})}
            />
          ))}
        </div>
      )}
      {writable && !over && (
        <SessionButtons session={session} model={model} actions={actions} />
      )}
      {model.times?.session === session.id && (
        <TimesForm draft={model.times} now={model.now} actions={actions} />
      )}
    </article>
  );
}

function SessionButtons(props: {
  readonly session: SessionModel;
  readonly model: TalkModel;
  readonly actions: TalkActions;
}) {
  const { t } = useSpeech();
  const { session, model, actions } = props;
  const choosing = model.times?.session === session.id;
  return (
    <div class="actions">
      {session.hasCome && session.picked && (
        <Button onPress={() => actions.onSessionEnd(session.id, "took-place")}>
          {t("session-note-it")}
        </Button>
      )}
      {session.picked && !session.hasCome && (
        <Button onPress={() => actions.onCalendar(session.id)}>{t("session-calendar")}</Button>
      )}
      {!choosing && !session.hasCome && (
        <Button kind="bare" onPress={() => actions.onTimes(session.id)}>
          {t("session-other")}
        </Button>
      )}
      {session.picked ? (
        !session.hasCome && (
          <Button kind="bare" onPress={() => actions.onSessionEnd(session.id, "cancelled")}>
            {t("session-cancel")}
          </Button>
        )
      ) : (
        <Button kind="bare" onPress={() => actions.onSessionEnd(session.id, "declined")}>
          {session.proposedByMe ? t("session-take-back") : t("session-decline")}
        </Button>
      )}
    </div>
  );
}

/** A time on one's own clock, and on theirs where they say so. */
function Slot(props: {
  readonly slot: SlotModel;
  readonly now: number;
  readonly main?: boolean;
  readonly onPick?: () => void;
}) {
  const { t, language } = useSpeech();
  const { slot, now, onPick } = props;
  const day = dayText(language, slot.start, now);
  const span = spanText(language, slot.start, slot.minutes);
  const own = -new Date(slot.start * 1000).getTimezoneOffset();
  const theirs = slot.theirOffset;
  return (
    <div class="slot">
      <div class="slot-times">
        <b>{t("slot", { day, span })}</b>
        {theirs !== null && theirs !== own && (
          <span class="small quiet">
            {t("slot-theirs", { span: spanText(language, slot.start, slot.minutes, theirs) })}
          </span>
        )}
      </div>
      {onPick && (
        <button
          class={props.main ? "btn btn-main" : "btn"}
          type="button"
          aria-label={t("slot-choose-it", { day, span })}
          onClick={onPick}
        >
          {t("slot-choose")}
        </button>
      )}
    </div>
  );
}

/** Parts of a week first, then exact times made from them. */
export function TimesForm(props: {
  readonly draft: TimesDraft;
  readonly now: number;
  readonly actions: TalkActions;
}) {
  const { t } = useSpeech();
  const id = useId();
  const { draft, actions } = props;
  const change = actions.onTimesChange;
  const move = (at: number, part: { readonly date?: string; readonly time?: string }): void =>
    change({ slots: draft.slots.map((slot, i) => (i === at ? { ...slot, ...part } : slot)) });
  const why = draft.slots.length === 0 ? t("times-none") : draft.error;
  return (
    <form
      class="stack"
      aria-label={t("times-title")}
      onKeyDown={keepEnter}
      onSubmit={(event) => {
        event.preventDefault();
        if (why === null) actions.onTimesSend();
      }}
    >
      <p class="hint">{t("times-hint")}</p>
      <WeekGrid
        label={t("compose-times")}
        chosen={draft.cells}
        theirs={draft.theirs}
        onChange={(cells) => change({ cells })}
      />
      {draft.slots.length > 0 && (
        <fieldset class="field">
          <legend>{t("times-exact")}</legend>
          {draft.slots.map((slot, at) => (
            <div class="time-row" key={at}>
              <input
                class="input"
                type="date"
                aria-label={t("times-day", { number: at + 1 })}
                value={slot.date}
                onInput={(event) => move(at, { date: event.currentTarget.value })}
              />
              <input
                class="input"
                type="time"
                aria-label={t("times-hour", { number: at + 1 })}
                value={slot.time}
                onInput={(event) => move(at, { time: event.currentTarget.value })}
              />
              <IconButton
                icon="close"
                label={t("times-drop", { number: at + 1 })}
                onPress={() => change({ slots: draft.slots.filter((_, i) => i !== at) })}
              />
            </div>
          ))}
        </fieldset>
      )}
      {draft.slots.length < MAX_SLOTS && (
        <div>
          <Button
            kind="bare"
            onPress={() => change({ slots: [...draft.slots, { date: "", time: "19:00" }] })}
          >
            {t("times-add")}
          </Button>
        </div>
      )}
      <Select
        label={t("terms-minutes")}
        value={String(draft.minutes)}
        options={MINUTES.map((count) => ({
          value: String(count),
          text: t("minutes", { count }),
        }))}
        onChange={(value) => change({ minutes: Number(value) })}
      />
      <Switch
        label={t("times-offset")}
        hint={t("times-offset-hint")}
        on={draft.tellOffset}
        onChange={(tellOffset) => change({ tellOffset })}
      />
      <div class="stack stack-2">
        <div class="actions">
          <Button kind="main" submit blockedBy={why === null ? undefined : id}>
            {t("times-send")}
          </Button>
          <Button onPress={actions.onTimesDrop}>{t("confirm-cancel")}</Button>
        </div>
        <p class="hint" id={id} role="status">
          {why}
        </p>
      </div>
    </form>
  );
}
