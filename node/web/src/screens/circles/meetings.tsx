import { useId } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Field, Select } from "../../ui/field.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { CircleActions, CircleModel, MeetingModel } from "../circles-model.ts";
import { dayText, isolated, listText, spanText } from "../parts/format.ts";
import { keepEnter } from "../parts/keys.ts";
import { Section } from "../parts/pieces.tsx";

const MINUTES = [30, 45, 60, 90, 120];

interface Props {
  readonly circle: CircleModel;
  readonly actions: CircleActions;
}

/** When the circle meets, and who comes. */
export function Meetings({ circle, actions }: Props) {
  const { t } = useSpeech();
  const inside = circle.standing === "in";
  if (!inside && circle.meetings.length === 0) return null;
  return (
    <Section title={t("circle-meetings")} minor>
      {circle.meetings.length === 0 && <p class="small quiet">{t("circle-meetings-none")}</p>}
      {circle.meetings.map((meeting) => (
        <Meeting key={meeting.id} meeting={meeting} circle={circle} actions={actions} />
      ))}
      {circle.meeting ? (
        <MeetingForm circle={circle} actions={actions} />
      ) : (
        inside &&
        circle.convener && (
          <div>
            <Button onPress={() => actions.onMeeting({})}>{t("circle-meet")}</Button>
          </div>
        )
      )}
    </Section>
  );
}

function Meeting({ meeting, circle, actions }: Props & { readonly meeting: MeetingModel }) {
  const { t, language } = useSpeech();
  const day = dayText(language, meeting.start, circle.now);
  const span = spanText(language, meeting.start, meeting.minutes);
  const open = !meeting.cancelled && !meeting.over && circle.standing === "in";
  return (
    <article class="card stack stack-3 meeting">
      <div class="stack stack-1">
        <h3 class="label">{t("slot", { day, span })}</h3>
        {meeting.cancelled && <span class="tag">{t("session-cancelled")}</span>}
        <p class="small">
          <Written {...meeting.where} />
        </p>
        {meeting.coming.length > 0 && (
          <p class="small quiet">
            {t("circle-coming", {
              names: listText(language, meeting.coming.map(isolated), "and"),
            })}
          </p>
        )}
      </div>
      {open && (
        <div class="actions">
          <Button
            pressed={meeting.mine === "yes"}
            onPress={() => actions.onAttend(meeting.id, true)}
          >
            {t("circle-come")}
          </Button>
          <Button
            pressed={meeting.mine === "no"}
            onPress={() => actions.onAttend(meeting.id, false)}
          >
            {t("circle-not-come")}
          </Button>
          <Button kind="bare" onPress={() => actions.onCalendar(meeting.id)}>
            {t("session-calendar")}
          </Button>
          {circle.convener && (
            <Button kind="bare" onPress={() => actions.onCancelMeeting(meeting.id)}>
              {t("session-cancel")}
            </Button>
          )}
        </div>
      )}
    </article>
  );
}

function MeetingForm({ circle, actions }: Props) {
  const { t } = useSpeech();
  const id = useId();
  const draft = circle.meeting;
  if (!draft) return null;
  const why = draft.date === "" || draft.time === "" ? t("circle-meet-missing") : draft.error;
  return (
    <form
      class="card stack"
      aria-label={t("circle-meet")}
      onKeyDown={keepEnter}
      onSubmit={(event) => {
        event.preventDefault();
        if (why === null) actions.onMeetingSend();
      }}
    >
      <div class="time-row">
        <input
          class="input"
          type="date"
          aria-label={t("day")}
          value={draft.date}
          onInput={(event) => actions.onMeeting({ date: event.currentTarget.value })}
        />
        <input
          class="input"
          type="time"
          aria-label={t("hour")}
          value={draft.time}
          onInput={(event) => actions.onMeeting({ time: event.currentTarget.value })}
        />
      </div>
      <Select
        label={t("terms-minutes")}
        value={String(draft.minutes)}
        options={MINUTES.map((count) => ({
          value: String(count),
          text: t("minutes", { count }),
        }))}
        onChange={(value) => actions.onMeeting({ minutes: Number(value) })}
      />
      <Field
        label={t("circle-where")}
        hint={t("circle-where-hint")}
        value={draft.where}
        onInput={(where) => actions.onMeeting({ where })}
      />
      <div class="actions">
        <Button kind="main" submit blockedBy={why === null ? undefined : id}>
          {t("circle-meet-send")}
        </Button>
        <Button onPress={() => actions.onMeeting(null)}>{t("confirm-cancel")}</Button>
      </div>
      <p class="hint" id={id} role="status">
        {why}
      </p>
    </form>
  );
}
