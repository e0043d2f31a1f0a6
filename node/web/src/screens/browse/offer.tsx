import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { KnockChance, OfferActions, OfferModel, OfferPageModel } from "../browse-model.ts";
import { dateText, listText, ownName, ownNames } from "../parts/format.ts";
import { Arriving, BackLink, Confirm, Fact, Facts, Line, Prose } from "../parts/pieces.tsx";
import {
  ANSWERS_WORDS,
  AUDIENCE_WORDS,
  FORMAT_WORDS,
  LEVEL_WORDS,
  WAY_WORDS,
  WHEN_WORDS,
} from "../parts/words.ts";
import { WhyLine } from "./offer-card.tsx";

interface Props {
  readonly model: OfferPageModel;
  readonly actions: OfferActions;
}

/** The page of one offer. */
export function OfferPage({ model, actions }: Props) {
  const { t } = useSpeech();
  return (
    <div class="stack">
      <BackLink text={t("offer-back")} onBack={actions.onBack} />
      {model.state === "gone" ? (
        <>
          <h1 class="vh">{t("offer-gone")}</h1>
          <EmptyState icon="offers" title={t("offer-gone")} text={t("offer-gone-more")}>
            <Button onPress={actions.onBack}>{t("offer-back")}</Button>
          </EmptyState>
        </>
      ) : (
        <Arriving what={model} heading={t("offer-page")} rows={2} onRetry={actions.onRetry}>
          {(offer) => <Offer offer={offer} actions={actions} />}
        </Arriving>
      )}
    </div>
  );
}

interface Inner {
  readonly offer: OfferModel;
  readonly actions: OfferActions;
}

function Offer({ offer, actions }: Inner) {
  return (
    <div class="split split-aside">
      <div class="stack stack-6">
        <div class="row row-keep row-top">
          <PersonaPicture bytes={offer.picture} size="large" />
          <div class="head grow">
            <h1>
              <Written {...offer.title} />
            </h1>
            <p>
              <Written
                text={offer.community}
                {...(offer.communityLang ? { lang: offer.communityLang } : {})}
              />
            </p>
          </div>
        </div>
        {offer.why && <WhyLine why={offer.why} />}
        <Texts texts={offer.texts} />
        <OfferFacts offer={offer} actions={actions} />
      </div>
      <Aside offer={offer} actions={actions} />
    </div>
  );
}

/** What the owner wrote, in one language at a time. */
function Texts({ texts }: { readonly texts: OfferModel["texts"] }) {
  const { t } = useSpeech();
  const [lang, setLang] = useState<string | null>(null);
  const shown = texts.find((one) => one.lang === lang) ?? texts[0];
  if (shown === undefined) return null;
  return (
    <div class="stack stack-3">
      <Prose {...shown} />
      {texts.length > 1 && (
        <p class="row small quiet">
          {t("offer-also-in")}
          {texts
            .filter((one) => one !== shown)
            .map((one) => (
              <button
                class="link-btn"
                type="button"
                lang={one.lang}
                key={one.lang}
                onClick={() => setLang(one.lang)}
              >
                {ownName(one.lang)}
              </button>
            ))}
        </p>
      )}
    </div>
  );
}

function OfferFacts({ offer, actions }: Inner) {
  const { t, language } = useSpeech();
  const list = (words: readonly string[]): string => listText(language, words, "and");
  const ways = list(offer.ways.map((one) => t(WAY_WORDS[one])));
  const formats = listText(
    language,
    offer.formats.map((one) => t(FORMAT_WORDS[one])),
    "or",
  );
  const level = offer.level.length > 0 && list(offer.level.map((one) => t(LEVEL_WORDS[one])));
  const audience = t(AUDIENCE_WORDS[offer.audience]);
  return (
    <Facts>
      <Fact name={t("facet-topics")}>
        <ul class="chips">
          {offer.topics.map((topic) => (
            <li key={topic.id}>
              <button class="chip" type="button" onClick={() => actions.onTopic(topic.id)}>
                <bdi>{topic.text}</bdi>
              </button>
            </li>
          ))}
        </ul>
      </Fact>
      <Fact name={t("offer-how")}>{ways}</Fact>
      <Fact name={t("facet-formats")}>{formats}</Fact>
      {offer.region !== null && <Fact name={t("offer-region")}>{offer.region}</Fact>}
      <Fact name={t("facet-languages")}>{ownNames(language, offer.languages)}</Fact>
      <Fact name={t("facet-when")}>
        {offer.when.length > 0 && list(offer.when.map((one) => t(WHEN_WORDS[one])))}
        <p class="hint">{t("offer-when-note")}</p>
      </Fact>
      <Fact name={t("offer-for-whom")}>
        {level ? t("offer-level-and", { level, audience }) : t("offer-any-level", { audience })}
      </Fact>
      {offer.group && <Fact name={t("offer-shape")}>{t("offer-group")}</Fact>}
      <Fact name={t("facet-room")}>
        {offer.room === "open" ? t("room-open") : t("room-full")}
      </Fact>
      {offer.answers !== null && (
        <Fact name={t("offer-answers")}>
          {t("usually-answers", { when: t(ANSWERS_WORDS[offer.answers]) })}
        </Fact>
      )}
      <Fact name={t("offer-until")}>{dateText(language, offer.untilDay)}</Fact>
    </Facts>
  );
}

function Aside({ offer, actions }: Inner) {
  const { t } = useSpeech();
  const [hiding, setHiding] = useState(false);
  const { knock } = offer;
  if (knock === null) {
    return (
      <aside class="stack stack-5 stick" aria-label={t("offer-actions")}>
        <div class="card stack">
          <Line icon="lock">{t("offer-not-yet")}</Line>
        </div>
      </aside>
    );
  }
  if (knock.state === "own") {
    return (
      <aside class="stack stack-5 stick" aria-label={t("offer-actions")}>
        <div class="card stack">
          <p>{t("offer-own")}</p>
          <Button block onPress={actions.onEdit}>
            {t("offer-edit")}
          </Button>
        </div>
      </aside>
    );
  }
  return (
    <aside class="stack stack-5 stick dock-aside" aria-label={t("offer-actions")}>
      <div class="card stack">
        <KnockBox knock={knock} actions={actions} />
        <hr class="rule" />
        <Line icon="lock">{t("offer-sealed")}</Line>
      </div>
      <div class="actions">
        <Button pressed={offer.kept} onPress={() => actions.onKeep(!offer.kept)}>
          {offer.kept ? t("offer-kept") : t("offer-keep")}
        </Button>
        <Button kind="bare" onPress={() => setHiding(true)}>
          {t("offer-hide")}
        </Button>
        <Button kind="bare" onPress={actions.onReport}>
          {t("report")}
        </Button>
      </div>
      {hiding && (
        <Confirm
          title={t("offer-hide-title")}
          yes={t("offer-hide")}
          onYes={() => {
            setHiding(false);
            actions.onHide();
          }}
          onClose={() => setHiding(false)}
        >
          <p>{t("offer-hide-more")}</p>
          {!offer.home && (
            <Button
              kind="bare"
              onPress={() => {
                setHiding(false);
                actions.onHideCommunity();
              }}
            >
              {t("offer-hide-community", { community: offer.community })}
            </Button>
          )}
        </Confirm>
      )}
    </aside>
  );
}

interface Knocking {
  readonly knock: KnockChance;
  readonly actions: OfferActions;
}

function KnockBox({ knock, actions }: Knocking) {
  const { t } = useSpeech();
  switch (knock.state) {
    case "free":
      return (
        <>
          <div class="dock">
            <Button kind="main" block onPress={actions.onKnock}>
              {t("offer-knock")}
            </Button>
          </div>
          <p class="small quiet">
            {t("offer-knocks-left", { left: knock.left, of: knock.of })}
          </p>
        </>
      );
    case "knocked":
      return (
        <>
          <p>{t("offer-knocked")}</p>
          <Button block onPress={() => actions.onOpenKnock(knock.knock)}>
            {t("offer-open-knock")}
          </Button>
        </>
      );
    case "talking":
      return (
        <>
          <p>{t("offer-talking")}</p>
          <Button block onPress={() => actions.onOpenTalk(knock.talk)}>
            {t("offer-open-talk")}
          </Button>
        </>
      );
    default:
      return (
        <>
          <Button kind="main" block blockedBy="offer-why-not">
            {t("offer-knock")}
          </Button>
          <p class="small quiet" id="offer-why-not">
            {knock.state === "full"
              ? t("offer-full-more")
              : knock.state === "none-left"
                ? t("offer-none-left", { of: knock.of })
                : t("offer-offline")}
          </p>
        </>
      );
  }
}
