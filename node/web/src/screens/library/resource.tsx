import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { Limit } from "../../ui/field.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { ResourceActions, ResourceModel, ResourcePageModel } from "../library-model.ts";
import { dateText, ownNames } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { Arriving, BackLink, Fact, Facts, Prose } from "../parts/pieces.tsx";

/** One entry of the library. A link leads away only after a warning. */
export function ResourcePage(props: {
  readonly model: ResourcePageModel;
  readonly actions: ResourceActions;
}) {
  const { t } = useSpeech();
  const { model, actions } = props;
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-library")} onBack={actions.onBack} />
      {model.state === "gone" ? (
        <>
          <h1 class="vh">{t("resource-gone")}</h1>
          <EmptyState
            icon="library"
            title={t("resource-gone")}
            text={t("resource-gone-more")}
          />
        </>
      ) : (
        <Arriving what={model} heading={t("resource-page")} rows={1} onRetry={actions.onRetry}>
          {(resource) => <Resource resource={resource} actions={actions} />}
        </Arriving>
      )}
    </div>
  );
}

function Resource(props: {
  readonly resource: ResourceModel;
  readonly actions: ResourceActions;
}) {
  const { t, language } = useSpeech();
  const [leaving, setLeaving] = useState(false);
  const { resource, actions } = props;
  const { link } = resource;
  return (
    <>
      <div class="head">
        {resource.crisis && (
          <p class="state-line">
            <Glyph name="life" small />
            <span>{t("resource-crisis")}</span>
          </p>
        )}
        <h1>
          <Written {...resource.title} />
        </h1>
        <p>{t("resource-from", { community: resource.community })}</p>
      </div>
      {resource.text && <Prose {...resource.text} />}
      {link !== null && (
        <div class="card stack">
          <p class="mono" dir="ltr">
            {link}
          </p>
          <div class="actions">
            <Button kind="main" onPress={() => setLeaving(true)}>
              {t("resource-open")}
            </Button>
            <Button onPress={() => actions.onCopy(link)}>{t("resource-copy")}</Button>
          </div>
        </div>
      )}
      <Facts>
        <Fact name={t("leaves-topics")}>
          <ul class="chips">
            {resource.topics.map((topic) => (
              <li key={topic.id}>
                <button class="chip" type="button" onClick={() => actions.onTopic(topic.id)}>
                  <bdi>{topic.text}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </Fact>
        <Fact name={t("leaves-languages")}>{ownNames(language, resource.languages)}</Fact>
        <Fact name={t("resource-updated")}>{dateText(language, resource.updatedDay)}</Fact>
        <Fact name={t("offer-until")}>{dateText(language, resource.untilDay)}</Fact>
      </Facts>
      <div class="stack stack-2">
        <Limit>{t("resource-limit")}</Limit>
        <div>
          <Button kind="bare" onPress={actions.onReport}>
            {t("report")}
          </Button>
        </div>
      </div>
      {leaving && link !== null && (
        <Leave link={link} onClose={() => setLeaving(false)} onCopy={actions.onCopy} />
      )}
    </>
  );
}

/** The last word before another place: the whole address, and what it can learn. */
export function Leave(props: {
  readonly link: string;
  readonly onClose: () => void;
  readonly onCopy: (link: string) => void;
}) {
  const { t } = useSpeech();
  return (
    <Dialog title={t("leave-title")} onClose={props.onClose}>
      <p class="mono leave-link" dir="ltr">
        {props.link}
      </p>
      <p>{t("leave-more")}</p>
      <Limit>{t("leave-limit")}</Limit>
      <div class="actions">
        <Button onPress={props.onClose}>{t("leave-stay")}</Button>
        <Button onPress={() => props.onCopy(props.link)}>{t("resource-copy")}</Button>
        <a
          class="btn btn-main"
          href={props.link}
          rel="noreferrer noopener external"
          target="_blank"
          onClick={props.onClose}
        >
          {t("leave-go")}
        </a>
      </div>
    </Dialog>
  );
}
