import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { PeopleActions, PeopleModel } from "../browse-model.ts";
import { isolated, listText } from "../parts/format.ts";
import { Arriving, BackLink } from "../parts/pieces.tsx";

/** Personas of this community that want to be found at home. */
export function People(props: {
  readonly model: PeopleModel;
  readonly actions: PeopleActions;
}) {
  const { t, language } = useSpeech();
  const { model, actions } = props;
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("go-back")} onBack={actions.onBack} />
      <div class="head">
        <h1>{t("people")}</h1>
        <p>{t("people-lead")}</p>
      </div>
      <Arriving what={model.people} onRetry={actions.onRetry}>
        {(people) =>
          people.length === 0 ? (
            <EmptyState icon="me" title={t("people-none")} text={t("people-none-more")} />
          ) : (
            <ul class="rows">
              {people.map(({ persona, about, topics }) => (
                <li key={persona.id}>
                  <button
                    class="card row-card"
                    type="button"
                    onClick={() => actions.onOpen(persona.id)}
                  >
                    <PersonaPicture bytes={persona.picture} />
                    <span class="grow">
                      <b class="row-title">
                        <Written text={persona.name} />
                      </b>
                      {persona.pronouns && (
                        <span class="small quiet under">
                          <Written text={persona.pronouns} />
                        </span>
                      )}
                      {about && (
                        <span class="under">
                          <Written {...about} />
                        </span>
                      )}
                      <span class="small quiet under">
                        {listText(
                          language,
                          topics.map((topic) => isolated(topic.text)),
                        )}
                      </span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Arriving>
    </div>
  );
}
