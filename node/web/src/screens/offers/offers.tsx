import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { EmptyState, Notice, Tag } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { OfferState, OffersActions, OffersModel, OwnOffer } from "../offers-model.ts";
import { dateText, isolated, listText } from "../parts/format.ts";
import { Glyph, type GlyphName } from "../parts/glyph.tsx";
import { Arriving, Confirm } from "../parts/pieces.tsx";

interface Props {
  readonly model: OffersModel;
  readonly actions: OffersActions;
}

/** What this member offers, and where each of it stands. */
export function Offers({ model, actions }: Props) {
  const { t } = useSpeech();
  const [asking, setAsking] = useState<OwnOffer | null>(null);
  const some = model.offers.state === "ready" && model.offers.value.length > 0;
  return (
    <div class="stack stack-5 column">
      <div class="row row-between">
        <h1>{t("nav-offers")}</h1>
        {some && (
          <Button kind="main" onPress={actions.onNew}>
            {t("offers-new")}
          </Button>
        )}
      </div>
      <PassOn model={model} actions={actions} />
      <Arriving what={model.offers} onRetry={actions.onRetry}>
        {(offers) =>
          offers.length === 0 ? (
            <EmptyState icon="offers" title={t("empty-offers")} text={t("empty-offers-more")}>
              <Button kind="main" onPress={actions.onNew}>
                {t("offers-new")}
              </Button>
            </EmptyState>
          ) : (
            <ul class="stack stack-3">
              {offers.map((offer) => (
                <li key={offer.id}>
                  <Own offer={offer} actions={actions} onWithdraw={() => setAsking(offer)} />
                </li>
              ))}
            </ul>
          )
        }
      </Arriving>
      {asking && (
        <Confirm
          title={asking.state.state === "draft" ? t("offers-drop") : t("offers-withdraw-title")}
          yes={asking.state.state === "draft" ? t("offers-drop-yes") : t("offers-withdraw")}
          danger
          onYes={() => {
            if (asking.state.state === "draft") actions.onDropDraft(asking.id);
            else actions.onWithdraw(asking.id);
            setAsking(null);
          }}
          onClose={() => setAsking(null)}
        >
          <p>
            {asking.state.state === "draft" ? t("offers-drop-more") : t("offers-withdraw-more")}
          </p>
        </Confirm>
      )}
    </div>
  );
}

function PassOn({ model, actions }: Props) {
  const { t, language } = useSpeech();
  if (model.passOn === null) return null;
  const topics = listText(
    language,
    model.passOn.topics.map((topic) => isolated(topic.text)),
    "and",
  );
  return (
    <Notice kind="good" title={t("pass-on-title")}>
      <p>{t("pass-on-more", { topics })}</p>
      <div class="actions">
        <Button kind="main" onPress={actions.onPassOn}>
          {t("pass-on-yes")}
        </Button>
        <Button kind="bare" onPress={actions.onNotNow}>
          {t("not-now")}
        </Button>
      </div>
    </Notice>
  );
}

const LOOKS = {
  draft: { glyph: "ring", text: "offer-state-draft" },
  waiting: { glyph: "clock", text: "offer-state-waiting" },
  up: { glyph: "yes", text: "offer-state-up" },
  full: { glyph: "no", text: "offer-state-full" },
  "paused-by-itself": { glyph: "pause", text: "offer-state-paused" },
  queued: { glyph: "clock", text: "offer-state-queued" },
  ended: { glyph: "ring", text: "offer-state-ended" },
  removed: { glyph: "no", text: "offer-state-removed" },
} as const satisfies Record<
  OfferState["state"],
  { readonly glyph: GlyphName; readonly text: string }
>;

function Own(props: {
  readonly offer: OwnOffer;
  readonly actions: OffersActions;
  readonly onWithdraw: () => void;
}) {
  const { t } = useSpeech();
  const { offer, actions } = props;
  const { state } = offer.state;
  const look = LOOKS[state];
  const live = state === "up" || state === "full";
  return (
    <article class="card stack stack-3">
      <div class="row row-keep row-top">
        <PersonaPicture bytes={offer.picture} />
        <div class="grow">
          <h2 class="offer-title">
            <Written {...offer.title} />
          </h2>
          <p class="state-line small" data-state={state}>
            <Glyph name={look.glyph} small />
            <span>{t(look.text)}</span>
          </p>
        </div>
      </div>
      <ul class="chips" aria-label={t("facet-topics")}>
        {offer.topics.map((topic) => (
          <li key={topic.id}>
            <Tag>
              <bdi>{topic.text}</bdi>
            </Tag>
          </li>
        ))}
      </ul>
      <StateNote state={offer.state} />
      <div class="actions">
        {offer.state.state === "up" && offer.state.soon && (
          <Button onPress={() => actions.onExtend(offer.id)}>{t("offers-extend")}</Button>
        )}
        {state === "paused-by-itself" && (
          <Button onPress={() => actions.onRoom(offer.id, true)}>{t("offers-resume")}</Button>
        )}
        {state === "ended" && (
          <Button onPress={() => actions.onExtend(offer.id)}>{t("offers-again")}</Button>
        )}
        {state !== "removed" && state !== "ended" && (
          <Button onPress={() => actions.onOpen(offer.id)}>
            {state === "draft" ? t("offers-go-on") : t("offer-edit")}
          </Button>
        )}
        {live && (
          <Button kind="bare" onPress={() => actions.onRoom(offer.id, state === "full")}>
            {state === "full" ? t("offers-room-again") : t("offers-no-room")}
          </Button>
        )}
        {state !== "removed" && state !== "ended" && (
          <Button kind="bare" onPress={props.onWithdraw}>
            {state === "draft" ? t("offers-drop-yes") : t("offers-withdraw")}
          </Button>
        )}
      </div>
    </article>
  );
}

function StateNote({ state }: { readonly state: OfferState }) {
  const { t, language } = useSpeech();
  switch (state.state) {
    case "up":
    case "full": {
      const day = dateText(language, state.untilDay);
      const soon = state.state === "up" && state.soon;
      return (
        <p class="small quiet">
          {soon ? t("offers-soon", { day }) : t("offers-until", { day })}
        </p>
      );
    }
    case "waiting":
      return <p class="small quiet">{t("offers-waiting-more")}</p>;
    case "queued":
      return <p class="small quiet">{t("offers-queued-more")}</p>;
    case "paused-by-itself":
      return <p class="small">{t("offers-paused-more")}</p>;
    case "removed":
      return (
        <div class="stack stack-1 small">
          <p>{t("offers-removed-more")}</p>
          {state.reason && (
            <p>
              <Written {...state.reason} />
            </p>
          )}
        </div>
      );
    default:
      return null;
  }
}
