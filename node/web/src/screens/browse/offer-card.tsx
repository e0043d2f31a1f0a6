import { Icon } from "../../ui/icon.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { Tag } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { OfferCardModel, WhyModel } from "../browse-model.ts";
import { listText, ownNames } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { ANSWERS_WORDS, FORMAT_WORDS, WHEN_WORDS } from "../parts/words.ts";
import { fitsInPart, whyText } from "./why.ts";

interface Props {
  readonly offer: OfferCardModel;
  readonly onOpen: (id: string) => void;
}

/** An offer in a list: the whole card is one thing to press. */
export function OfferCard({ offer, onOpen }: Props) {
  const { t } = useSpeech();
  const full = offer.room === "full";
  return (
    <article class={full ? "card offer offer-full" : "card offer"}>
      <PersonaPicture bytes={offer.picture} />
      <div>
        <h3 class="offer-title">
          <button class="offer-open" type="button" onClick={() => onOpen(offer.id)}>
            <Written {...offer.title} />
          </button>
        </h3>
        <p class="offer-from">
          <Written text={offer.community} />
          {offer.kept && (
            <span class="offer-kept">
              <Glyph name="wish" small /> {t("offer-kept")}
            </span>
          )}
        </p>
      </div>
      <div class="offer-body">
        {full ? (
          <p class="offer-why" data-fit="part">
            <Glyph name="clock" small />
            <span>{t("offer-full")}</span>
          </p>
        ) : (
          <>
            {offer.why && <WhyLine why={offer.why} />}
            <ul class="chips" aria-label={t("facet-topics")}>
              {offer.topics.map((topic) => (
                <li key={topic.id}>
                  <Tag on={topic.asked}>
                    <bdi>{topic.text}</bdi>
                  </Tag>
                </li>
              ))}
            </ul>
            <Meta offer={offer} />
          </>
        )}
      </div>
    </article>
  );
}

/** Why it is shown; grey where it fits in part. */
export function WhyLine({ why }: { readonly why: WhyModel }) {
  const speech = useSpeech();
  const text = whyText(speech, why);
  if (text === null) return null;
  const part = fitsInPart(why);
  return (
    <p class="offer-why" data-fit={part ? "part" : "whole"}>
      <Glyph name={part ? "part" : "yes"} small />
      <span>{text}</span>
    </p>
  );
}

/** Languages, format, when and answers; what the owner did not say is left out. */
function Meta({ offer }: { readonly offer: OfferCardModel }) {
  const { t, language } = useSpeech();
  const list = (words: readonly string[]): string => listText(language, words);
  return (
    <ul class="offer-meta">
      <li>
        <Icon name="globe" small />
        <span class="vh">{t("facet-languages")} </span>
        <span>{ownNames(language, offer.languages)}</span>
      </li>
      <li>
        <Glyph name="way" small />
        <span class="vh">{t("facet-formats")} </span>
        <span class="cap">{list(offer.formats.map((one) => t(FORMAT_WORDS[one])))}</span>
      </li>
      {offer.when.length > 0 && (
        <li>
          <Glyph name="date" small />
          <span class="vh">{t("facet-when")} </span>
          <span class="cap">{list(offer.when.map((one) => t(WHEN_WORDS[one])))}</span>
        </li>
      )}
      {offer.answers !== null && (
        <li>
          <Glyph name="clock" small />
          {t("usually-answers", { when: t(ANSWERS_WORDS[offer.answers]) })}
        </li>
      )}
    </ul>
  );
}
