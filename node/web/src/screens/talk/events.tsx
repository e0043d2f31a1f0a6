import { useSpeech, Written } from "../../ui/text.tsx";
import type { TalkEvent, TalkItem } from "../talk-model.ts";

/** Each event as one line: done by me, done by them. */
const TEXTS = {
  began: ["event-began", "event-began"],
  card: ["event-card-mine", "event-card-theirs"],
  "agreement-proposed": ["event-agreement-mine", "event-agreement-theirs"],
  "agreement-accepted": ["event-agreed-mine", "event-agreed-theirs"],
  "agreement-declined": ["event-not-agreed-mine", "event-not-agreed-theirs"],
  "session-agreed": ["event-session-mine", "event-session-theirs"],
  "session-declined": ["event-session-no-mine", "event-session-no-theirs"],
  "session-cancelled": ["event-session-off-mine", "event-session-off-theirs"],
  "session-took-place": ["event-session-was", "event-session-was"],
  "goal-set": ["event-goal-mine", "event-goal-theirs"],
  "goal-reached": ["event-goal-reached", "event-goal-reached"],
  "goal-dropped": ["event-goal-dropped", "event-goal-dropped"],
  note: ["event-note-mine", "event-note-theirs"],
  "check-in": ["event-check-mine", "event-check-theirs"],
  closing: ["event-closing-mine", "event-closing-theirs"],
  "passed-on": ["event-passed-mine", "event-passed-theirs"],
  unknown: ["event-unknown", "event-unknown"],
} as const satisfies Record<TalkEvent, readonly [string, string]>;

/** One quiet line in the flow. */
export function EventLine({ item }: { readonly item: TalkItem & { readonly kind: "event" } }) {
  const { t } = useSpeech();
  const [mine, theirs] = TEXTS[item.event];
  return (
    <p class="flow-line small">
      {t(item.mine ? mine : theirs)}
      {item.words && (
        <span class="flow-words">
          <Written {...item.words} />
        </span>
      )}
    </p>
  );
}
