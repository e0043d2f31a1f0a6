import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Limit } from "../../ui/field.tsx";
import { useSpeech } from "../../ui/text.tsx";
import type { CircleActions, CircleModel, SeatModel } from "../circles-model.ts";
import { Confirm, PersonaLine, Prose, Section } from "../parts/pieces.tsx";
import { Meetings } from "./meetings.tsx";

interface Props {
  readonly circle: CircleModel;
  readonly actions: CircleActions;
}

/** Meetings, members, rules, and the way out. */
export function CircleAside({ circle, actions }: Props) {
  const { t } = useSpeech();
  const [leaving, setLeaving] = useState(false);
  const [removing, setRemoving] = useState<SeatModel | null>(null);
  const inside = circle.standing === "in";
  return (
    <>
      <Meetings circle={circle} actions={actions} />
      {inside && circle.convener && <LettingIn circle={circle} actions={actions} />}
      <Section title={t("circle-members")} minor>
        <ul class="list">
          {circle.seats.map((seat) => (
            <li class="row row-keep row-between" key={seat.id}>
              <span>
                <PersonaLine persona={seat.persona} small />
              </span>
              {seat.me ? (
                <span class="tag">{t("you")}</span>
              ) : seat.convener ? (
                <span class="tag">{t("circle-convener")}</span>
              ) : (
                inside &&
                circle.convener && (
                  <Button kind="bare" onPress={() => setRemoving(seat)}>
                    {t("circle-remove")}
                  </Button>
                )
              )}
            </li>
          ))}
        </ul>
        <Limit>{t("circle-members-limit")}</Limit>
      </Section>
      <Section title={t("circle-rules")} minor>
        <Prose {...circle.terms.purpose} />
        <Prose {...circle.terms.rules} />
      </Section>
      <div class="stack stack-2">
        {inside && <Button onPress={() => setLeaving(true)}>{t("circle-leave")}</Button>}
        <Button onPress={actions.onReport}>{t("report")}</Button>
      </div>
      {leaving && (
        <Confirm
          title={t("circle-leave-title")}
          yes={t("circle-leave")}
          onYes={() => {
            setLeaving(false);
            actions.onLeave();
          }}
          onClose={() => setLeaving(false)}
        >
          <p>{circle.convener ? t("circle-leave-convener") : t("circle-leave-more")}</p>
        </Confirm>
      )}
      {removing && (
        <Confirm
          title={t("circle-remove-title", { name: removing.persona.name })}
          yes={t("circle-remove")}
          danger
          onYes={() => {
            actions.onRemove(removing.id);
            setRemoving(null);
          }}
          onClose={() => setRemoving(null)}
        >
          <p>{t("circle-remove-more")}</p>
        </Confirm>
      )}
    </>
  );
}

/** The convener's part: who asks, and whom to invite. */
function LettingIn({ circle, actions }: Props) {
  const { t } = useSpeech();
  return (
    <Section title={t("circle-invitations")} minor>
      {circle.asking.length > 0 && (
        <ul class="list">
          {circle.asking.map(({ id, persona }) => (
            <li class="stack stack-2" key={id}>
              <PersonaLine persona={persona} small />
              <div class="actions">
                <Button onPress={() => actions.onLetIn(id, true)}>{t("circle-let-in")}</Button>
                <Button kind="bare" onPress={() => actions.onLetIn(id, false)}>
                  {t("circle-not-in")}
                </Button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {circle.invitable.length > 0 ? (
        <details>
          <summary>{t("circle-invite")}</summary>
          <ul class="list">
            {circle.invitable.map(({ talk, persona }) => (
              <li class="row row-keep row-between" key={talk}>
                <PersonaLine persona={persona} small />
                <Button onPress={() => actions.onInvite(talk)}>{t("circle-invite-it")}</Button>
              </li>
            ))}
          </ul>
        </details>
      ) : (
        <p class="small quiet">{t("circle-invite-none")}</p>
      )}
    </Section>
  );
}
