import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { ErrorState, Notice } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { OfferCard } from "../browse/offer-card.tsx";
import type { SentActions, SentModel } from "../knocks-model.ts";
import { dayText } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import {
  BackLink,
  Confirm,
  Fact,
  Facts,
  PersonaLine,
  Prose,
  Section,
} from "../parts/pieces.tsx";
import { CellsText } from "./cells.tsx";
import { RHYTHM_WORDS, STATE_LOOKS } from "./states.ts";

interface Props {
  readonly model: SentModel;
  readonly actions: SentActions;
}

/** One's own knock: where it stands, what was answered, what was written. */
export function SentKnock({ model, actions }: Props) {
  const { t, language } = useSpeech();
  const [asking, setAsking] = useState(false);
  const look = STATE_LOOKS[model.state];
  const open = model.state === "queued" || model.state === "delivered";
  return (
    <div class="stack stack-5 column">
      <BackLink text={t("nav-knocks")} onBack={actions.onBack} />
      <div class="row row-keep row-top">
        <PersonaPicture bytes={model.offer.picture} />
        <div class="head grow">
          <h1>
            <Written {...model.offer.title} />
          </h1>
          <p>
            <Written text={model.offer.community} />
          </p>
          <p class="state-line" data-state={model.state} role="status">
            <Glyph name={look.glyph} small />
            <span>{t(look.text)}</span>
          </p>
        </div>
      </div>
      <Outcome model={model} actions={actions} />
      <Section title={t("sent-written")} card>
        <p class="small quiet">{dayText(language, model.at, model.now)}</p>
        <Prose text={model.written.words} />
        <WrittenFacts model={model} />
      </Section>
      {open && (
        <div class="stack stack-2">
          <div class="actions">
            <Button onPress={() => setAsking(true)}>{t("sent-withdraw")}</Button>
          </div>
          <p class="hint">
            {t("sent-ends", { day: dayText(language, model.ends, model.now) })}
          </p>
        </div>
      )}
      {asking && (
        <Confirm
          title={t("sent-withdraw-title")}
          yes={t("sent-withdraw")}
          onYes={() => {
            setAsking(false);
            actions.onWithdraw();
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t("sent-withdraw-more")}</p>
        </Confirm>
      )}
    </div>
  );
}

function WrittenFacts({ model }: { readonly model: SentModel }) {
  const { t } = useSpeech();
  const { hopes, tried, rhythm, cells, persona } = model.written;
  return (
    <Facts small>
      {hopes !== "" && (
        <Fact name={t("knock-hopes")}>
          <Written text={hopes} />
        </Fact>
      )}
      {tried !== "" && (
        <Fact name={t("knock-tried")}>
          <Written text={tried} />
        </Fact>
      )}
      {rhythm !== null && <Fact name={t("compose-rhythm")}>{t(RHYTHM_WORDS[rhythm])}</Fact>}
      {cells.length > 0 && (
        <Fact name={t("times")}>
          <CellsText cells={cells} />
        </Fact>
      )}
      <Fact name={t("compose-as")}>
        {persona === null ? t("persona-none") : <PersonaLine persona={persona} small />}
      </Fact>
    </Facts>
  );
}

function Outcome({ model, actions }: Props) {
  const { t } = useSpeech();
  const { answer, talk } = model;
  const words = answer && answer.words.text !== "" && (
    <blockquote class="quote">
      <Prose {...answer.words} />
    </blockquote>
  );
  switch (model.state) {
    case "accepted":
      return (
        <Notice kind="good" title={t("sent-accepted")}>
          {words}
          {talk !== null && (
            <div class="actions">
              <Button kind="main" onPress={() => actions.onTalk(talk)}>
                {t("offer-open-talk")}
              </Button>
            </div>
          )}
        </Notice>
      );
    case "declined":
    case "expired":
      return (
        <>
          <Notice title={t(model.state === "declined" ? "sent-declined" : "sent-expired")}>
            {words}
            <p>{t(model.state === "declined" ? "sent-declined-more" : "sent-expired-more")}</p>
          </Notice>
          <Elsewhere model={model} actions={actions} />
        </>
      );
    case "queued":
      return (
        <Notice title={t("sent-queued")}>
          <p>{t("sent-queued-more", { community: model.offer.community })}</p>
        </Notice>
      );
    case "failed":
      return (
        <ErrorState
          title={model.failure?.title ?? t("sent-failed")}
          text={model.failure?.next ?? t("sent-failed-more")}
          onRetry={actions.onAgain}
        />
      );
    default:
      return null;
  }
}

/** After a no: topics that were suggested, and offers close to it. */
function Elsewhere({ model, actions }: Props) {
  const { t } = useSpeech();
  if (model.suggestions.length === 0 && model.close.length === 0) {
    return (
      <div class="actions">
        <Button onPress={actions.onBrowse}>{t("nav-browse")}</Button>
      </div>
    );
  }
  return (
    <Section title={t("sent-close")}>
      {model.suggestions.length > 0 && (
        <div class="chips">
          {model.suggestions.map((topic) => (
            <button
              class="chip"
              type="button"
              key={topic.id}
              onClick={() => actions.onTopic(topic.id)}
            >
              <bdi>{topic.text}</bdi>
            </button>
          ))}
        </div>
      )}
      <ul class="stack stack-3">
        {model.close.map((offer) => (
          <li key={offer.id}>
            <OfferCard offer={offer} onOpen={actions.onOpenOffer} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
