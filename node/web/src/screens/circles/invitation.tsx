import { Button } from "../../ui/button.tsx";
import { Limit } from "../../ui/field.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { ErrorState } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { CircleActions, CircleModel } from "../circles-model.ts";
import { ownNames } from "../parts/format.ts";
import {
  BackLink,
  Fact,
  Facts,
  PersonaLine,
  Prose,
  Radios,
  Section,
} from "../parts/pieces.tsx";

/** What a circle is, before one joins. */
export function Invitation(props: {
  readonly circle: CircleModel;
  readonly actions: CircleActions;
}) {
  const { t, language } = useSpeech();
  const { circle, actions } = props;
  const { terms } = circle;
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-circles")} onBack={actions.onBack} />
      <div class="row row-keep row-top">
        <PersonaPicture bytes={circle.picture} size="large" />
        <div class="head grow">
          <h1>
            <Written {...terms.name} />
          </h1>
          <p>{t("circle-invited")}</p>
        </div>
      </div>
      {circle.invitation && (
        <blockquote class="quote">
          <Prose {...circle.invitation} />
        </blockquote>
      )}
      <Facts>
        <Fact name={t("circle-purpose")}>
          <Written {...terms.purpose} />
        </Fact>
        <Fact name={t("leaves-languages")}>{ownNames(language, terms.languages)}</Fact>
        <Fact name={t("circle-size")}>
          {t("circle-size-text", { count: circle.people, places: terms.places })}
        </Fact>
      </Facts>
      {terms.rules.text !== "" && (
        <Section title={t("circle-rules")} card>
          <Prose {...terms.rules} />
        </Section>
      )}
      <Radios
        legend={t("circle-join-as")}
        name="seat"
        chosen={circle.joinAs}
        onChoose={actions.onJoinAs}
        options={circle.personas.map((persona) => ({
          value: persona.id,
          body: <PersonaLine persona={persona} small />,
        }))}
      />
      {circle.failure && <ErrorState title={circle.failure.title} text={circle.failure.next} />}
      <div class="stack stack-3">
        <div class="actions">
          <Button kind="main" onPress={actions.onJoin}>
            {t("circle-join")}
          </Button>
          <Button onPress={actions.onDecline}>{t("circle-decline")}</Button>
        </div>
        <Limit>{t("circle-limit")}</Limit>
      </div>
    </div>
  );
}
