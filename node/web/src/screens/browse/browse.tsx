import { useId, useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Sheet } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { EmptyState, ErrorState, Loading } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { BrowseActions, BrowseModel, ResultsModel } from "../browse-model.ts";
import { dateText } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { SearchField } from "../parts/pieces.tsx";
import { CrisisHelp } from "./crisis.tsx";
import { Facets } from "./facets.tsx";
import { LongList } from "./long-list.tsx";
import { OfferCard } from "./offer-card.tsx";

interface Props {
  readonly model: BrowseModel;
  readonly actions: BrowseActions;
}

const DAY_SECONDS = 86_400;
/** Likely height of a card and the gap below it, in CSS pixels. */
const CARD_PX = 208;

/** Offers of all connected communities: to search, to narrow down, to open. */
export function Browse({ model, actions }: Props) {
  const { t } = useSpeech();
  const [open, setOpen] = useState(false);
  const { results } = model;
  const ready = results.state === "ready" ? results.value : null;
  return (
    <div class="split split-rail">
      <div class="facets stick rail">
        <h2 class="vh">{t("browse-filters")}</h2>
        <Facets facets={model.facets} onFacet={actions.onFacet} />
      </div>
      <div class="stack browse-main">
        <h1 class="vh">{t("nav-browse")}</h1>
        <div class="stack stack-3">
          <SearchField
            label={t("browse-search")}
            value={model.query}
            onInput={actions.onQuery}
            placeholder={t("browse-search-hint")}
          />
          <Chosen model={model} actions={actions} onFilters={() => setOpen(true)} />
          {model.nodeSearches !== null && (
            <Where on={model.nodeSearches} onChange={actions.onNodeSearches} />
          )}
        </div>
        {model.crisis && <CrisisHelp crisis={model.crisis} onOpen={actions.onResource} />}
        <Wishes model={model} actions={actions} />
        {model.offlineSince !== null && <Offline since={model.offlineSince} />}
        <div class="browse-count" role="status">
          {ready && ready.count > 0 && <Count results={ready} asked={model.query !== ""} />}
        </div>
        {results.state === "loading" && <Loading rows={4} />}
        {results.state === "failed" && (
          <ErrorState
            title={results.failure.title}
            text={results.failure.next}
            onRetry={actions.onRetry}
          />
        )}
        {ready && <h2 class="vh">{t("browse-results")}</h2>}
        {ready && ready.count > 0 && (
          <LongList
            label={t("browse-results")}
            count={ready.count}
            listKey={ready.key}
            guess={CARD_PX}
            row={(place) => <OfferCard offer={ready.offerAt(place)} onOpen={actions.onOpen} />}
          />
        )}
        {ready && ready.count === 0 && <NothingFound model={model} actions={actions} />}
        {ready && <KeepWish model={model} actions={actions} />}
        {model.hidden && (
          <p class="row small quiet">
            {t("browse-hidden")}
            <Button kind="bare" onPress={actions.onShowHidden}>
              {t("browse-show-hidden")}
            </Button>
          </p>
        )}
      </div>
      {open && (
        <Sheet title={t("browse-filters")} onClose={() => setOpen(false)}>
          <Facets facets={model.facets} onFacet={actions.onFacet} />
          <div class="actions sheet-end">
            {model.chosen.length > 0 && (
              <Button onPress={actions.onClear}>{t("browse-clear")}</Button>
            )}
            <Button kind="main" onPress={() => setOpen(false)}>
              {ready ? t("browse-show", { count: ready.count }) : t("close")}
            </Button>
          </div>
        </Sheet>
      )}
    </div>
  );
}

function Chosen({ model, actions, onFilters }: Props & { readonly onFilters: () => void }) {
  const { t } = useSpeech();
  const { chosen, correction } = model;
  return (
    <>
      <ul class="chips" aria-label={t("browse-chosen")}>
        <li class="facets-open">
          <button class="chip" type="button" aria-haspopup="dialog" onClick={onFilters}>
            <Glyph name="filter" small />
            {t("browse-filters")}
          </button>
        </li>
        {chosen.map(({ key, option }) => (
          <li key={`${key} ${option.value}`}>
            <button
              class="chip chip-on"
              type="button"
              aria-label={t("browse-take-away", { what: option.text })}
              onClick={() => actions.onFacet(key, option.value, false)}
            >
              <bdi {...(option.lang ? { lang: option.lang } : {})}>{option.text}</bdi>
              <Icon name="close" small />
            </button>
          </li>
        ))}
      </ul>
      {correction !== null && (
        <p class="row small">
          {t("browse-mean")}
          <button
            class="link-btn"
            type="button"
            dir="auto"
            onClick={() => actions.onQuery(correction)}
          >
            {correction}
          </button>
        </p>
      )}
    </>
  );
}

/** Where the search happens, and the switch that lets the node do it. */
function Where(props: { readonly on: boolean; readonly onChange: (on: boolean) => void }) {
  const { t } = useSpeech();
  const id = useId();
  const { on } = props;
  return (
    <label class="switch where">
      <Icon name={on ? "globe" : "device"} small />
      <span class="grow" id={id}>
        <b>{on ? t("browse-at-node") : t("browse-here")}</b>{" "}
        {on ? t("browse-at-node-more") : t("browse-here-more")}
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={on}
        aria-checked={on}
        aria-label={t("browse-node-switch")}
        aria-describedby={id}
        onChange={(event) => props.onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

function Count({
  results,
  asked,
}: {
  readonly results: ResultsModel;
  readonly asked: boolean;
}) {
  const { t } = useSpeech();
  const offers = t("count-offers", { count: results.count });
  const communities = t("count-communities", { count: results.communities });
  return (
    <p class="small quiet">
      {asked
        ? t("browse-count-best", { offers, communities })
        : t("browse-count", { offers, communities })}
    </p>
  );
}

function Offline({ since }: { readonly since: number }) {
  const { t, language } = useSpeech();
  const day = dateText(language, Math.floor(since / DAY_SECONDS));
  return (
    <p class="row small quiet row-keep">
      <Icon name="cloud" small />
      <span>{t("browse-offline", { day })}</span>
    </p>
  );
}

/** Kept searches; a mark tells that something new fits, without a number. */
function Wishes({ model, actions }: Props) {
  const { t } = useSpeech();
  if (model.wishes.length === 0 || model.query !== "") return null;
  return (
    <section class="stack stack-2" aria-label={t("wishes")}>
      <h2 class="label">{t("wishes")}</h2>
      <ul class="list">
        {model.wishes.map((wish) => (
          <li class="row row-keep wish" key={wish.id}>
            <Glyph name="wish" small />
            <button
              class="link-btn grow"
              type="button"
              onClick={() => actions.onOpenWish(wish.id)}
            >
              <Written text={wish.text} />
              {wish.fresh && <span class="tag tag-on">{t("wish-fresh")}</span>}
            </button>
            <button
              class="btn btn-icon"
              type="button"
              aria-label={t("wish-drop", { what: wish.text })}
              onClick={() => actions.onDropWish(wish.id)}
            >
              <Icon name="close" small />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function NothingFound({ model, actions }: Props) {
  const { t } = useSpeech();
  const asked = model.query !== "" || model.chosen.length > 0;
  if (!asked) {
    return <EmptyState icon="offers" title={t("empty-browse")} text={t("empty-browse-more")} />;
  }
  return (
    <EmptyState icon="search" title={t("browse-nothing")} text={t("browse-nothing-more")}>
      {model.chosen.length > 0 && (
        <Button onPress={actions.onClear}>{t("browse-clear")}</Button>
      )}
    </EmptyState>
  );
}

function KeepWish({ model, actions }: Props) {
  const { t } = useSpeech();
  if (model.wishKept === null) return null;
  return (
    <div class="notice">
      <Glyph name="wish" />
      <h2>{model.wishKept ? t("wish-kept") : t("wish-title")}</h2>
      <p>{t("wish-more")}</p>
      {!model.wishKept && (
        <div class="actions">
          <Button onPress={actions.onKeepWish}>{t("wish-keep")}</Button>
        </div>
      )}
    </div>
  );
}
