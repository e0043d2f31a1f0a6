import { Button } from "../../ui/button.tsx";
import { Limit } from "../../ui/field.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { Notice } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { CardModel, ReceivedActions, ReceivedModel, TheirWeek } from "../knocks-model.ts";
import { dayText, isolated, listText, ownNames } from "../parts/format.ts";
import type { WrittenText } from "../parts/model.ts";
import { BackLink, Fact, Facts, PersonaLine, Prose, Section } from "../parts/pieces.tsx";
import { AnswerForm } from "./answer.tsx";
import { CellsText } from "./cells.tsx";
import { Prompts } from "./prompts.tsx";
import { RHYTHM_WORDS } from "./states.ts";

interface Props {
  readonly model: ReceivedModel;
  readonly actions: ReceivedActions;
}

/** A knock that came: what it says, and the answer. */
export function ReceivedKnock({ model, actions }: Props) {
  const { t, language } = useSpeech();
  return (
    <div class="stack stack-5">
      <BackLink text={t("nav-knocks")} onBack={actions.onBack} />
      <div class="row row-keep row-top">
        <PersonaPicture bytes={model.offer.picture} />
        <div class="head grow">
          <h1>{t("received-title")}</h1>
          <p>
            <Written {...model.offer.title} />
          </p>
          <p class="small quiet">
            {t("received-from", {
              community: model.community,
              day: dayText(language, model.at, model.now),
            })}
          </p>
        </div>
      </div>
      <div class="split split-aside">
        <div class="stack stack-6">
          <Section title={t("received-says")} card>
            <Prose {...model.words} />
            <KnockFacts model={model} />
          </Section>
          <Prompts prompts={model.prompts} />
          {model.state === "open" ? (
            <AnswerForm model={model} actions={actions} />
          ) : (
            <Over model={model} actions={actions} />
          )}
        </div>
        <aside class="stack stack-5 stick" aria-label={t("received-who")}>
          {model.card ? (
            <Card card={model.card} />
          ) : (
            <div class="card stack">
              <h2 class="label">{t("received-nobody")}</h2>
              <p class="small">{t("received-nobody-more")}</p>
            </div>
          )}
          <Limit>{t("received-limit")}</Limit>
          <div class="actions">
            <Button kind="bare" onPress={actions.onBlock}>
              {t("block")}
            </Button>
            <Button kind="bare" onPress={actions.onReport}>
              {t("report")}
            </Button>
          </div>
        </aside>
      </div>
    </div>
  );
}

function KnockFacts({ model }: { readonly model: ReceivedModel }) {
  const { t } = useSpeech();
  const { hopes, tried, rhythm, times } = model;
  if (!hopes && !tried && !rhythm && !times) return null;
  return (
    <Facts small>
      {hopes && (
        <Fact name={t("received-hopes")}>
          <Written {...hopes} />
        </Fact>
      )}
      {tried && (
        <Fact name={t("received-tried")}>
          <Written {...tried} />
        </Fact>
      )}
      {rhythm && (
        <Fact name={t("compose-rhythm")}>
          {typeof rhythm === "string" ? t(RHYTHM_WORDS[rhythm]) : <Written {...rhythm} />}
        </Fact>
      )}
      {times && (
        <Fact name={t("received-times")}>
          {isWeek(times) ? <CellsText cells={times.cells} /> : <Written {...times} />}
        </Fact>
      )}
    </Facts>
  );
}

/** Whether times came as parts of a week, and not in words. */
export function isWeek(times: TheirWeek | WrittenText): times is TheirWeek {
  return "cells" in times;
}

/** What somebody shows of themselves. */
export function Card({ card }: { readonly card: CardModel }) {
  const { t, language } = useSpeech();
  return (
    <section class="card stack stack-3" aria-label={t("received-who")}>
      <h2 class="label">
        <PersonaLine persona={card.persona} />
      </h2>
      {card.about && (
        <p>
          <Written {...card.about} />
        </p>
      )}
      <Facts small>
        {card.languages.length > 0 && (
          <Fact name={t("leaves-languages")}>{ownNames(language, card.languages)}</Fact>
        )}
        {card.topics.length > 0 && (
          <Fact name={t("leaves-topics")}>
            {listText(
              language,
              card.topics.map((topic) => isolated(topic.text)),
            )}
          </Fact>
        )}
      </Facts>
      {card.thanks.length > 0 && (
        <div class="stack stack-2">
          <h3 class="label">{t("card-thanks")}</h3>
          {card.thanks.map((one) => (
            <blockquote class="quote small" key={one.text}>
              <Written {...one} />
            </blockquote>
          ))}
          <Limit>{t("card-thanks-limit")}</Limit>
        </div>
      )}
    </section>
  );
}

const OVER = {
  open: "received-accepted",
  accepted: "received-accepted",
  declined: "received-declined",
  expired: "received-expired",
  withdrawn: "received-withdrawn",
} as const;

function Over({ model, actions }: Props) {
  const { t } = useSpeech();
  const { talk } = model;
  return (
    <Notice
      title={t(OVER[model.state])}
      {...(model.state === "accepted" ? { kind: "good" as const } : {})}
    >
      {model.state === "accepted" && talk !== null ? (
        <div class="actions">
          <Button kind="main" onPress={() => actions.onTalk(talk)}>
            {t("offer-open-talk")}
          </Button>
        </div>
      ) : (
        <p>{t("received-over-more")}</p>
      )}
    </Notice>
  );
}
