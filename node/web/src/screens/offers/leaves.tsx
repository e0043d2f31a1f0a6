import { useId } from "preact/hooks";
import { useSpeech } from "../../ui/text.tsx";
import type { EditorModel } from "../offers-model.ts";
import { dateText, isolated, listText, ownNames } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { Fact, Facts, Line } from "../parts/pieces.tsx";
import {
  ANSWERS_WORDS,
  FORMAT_WORDS,
  LEVEL_WORDS,
  WAY_WORDS,
  WHEN_WORDS,
} from "../parts/words.ts";

/** What goes out with the offer, in words and in bytes; what stays; what cannot be taken back. */
export function Leaves({ model }: { readonly model: EditorModel }) {
  const { t, language } = useSpeech();
  const id = useId();
  const { draft, leaves, release } = model;
  const list = (words: readonly string[]): string =>
    words.length === 0 ? t("leaves-unsaid") : listText(language, words);
  const written = [draft.summary, draft.text].some((text) => text.trim() !== "");
  const blocked = model.findings.some((finding) => finding.blocks);
  return (
    <section class="leaves" aria-labelledby={id}>
      <div class="leaves-head">
        <h2 id={id}>
          <Glyph name="out" />
          <span>{t("leaves-title")}</span>
        </h2>
        <p class="small">
          {leaves.communities === 0
            ? t("leaves-home")
            : t("leaves-to", {
                communities: t("leaves-communities", { count: leaves.communities }),
                changes: release.changes,
                days: release.days,
              })}
        </p>
      </div>
      <div class="leaves-body">
        <Facts small>
          <Fact name={t("leaves-topics")}>
            {list(draft.topics.map((topic) => isolated(topic.text)))}
          </Fact>
          <Fact name={t("leaves-ways")}>
            {list(draft.ways.map((one) => t(WAY_WORDS[one])))}
          </Fact>
          <Fact name={t("leaves-languages")}>
            {draft.languages.length === 0
              ? t("leaves-unsaid")
              : ownNames(language, draft.languages)}
          </Fact>
          <Fact name={t("leaves-formats")}>
            {list(draft.formats.map((one) => t(FORMAT_WORDS[one])))}
          </Fact>
          <Fact name={t("facet-when")}>
            {list(draft.when.map((one) => t(WHEN_WORDS[one])))}
          </Fact>
          <Fact name={t("facet-level")}>
            {list(draft.level.map((one) => t(LEVEL_WORDS[one])))}
          </Fact>
          <Fact name={t("offer-answers")}>
            {draft.answers === null ? t("leaves-unsaid") : t(ANSWERS_WORDS[draft.answers])}
          </Fact>
          <Fact name={t("facet-room")}>{t("leaves-room")}</Fact>
          <Fact name={t("leaves-text")}>
            {!written
              ? t("leaves-no-text")
              : blocked
                ? t("leaves-text-mended")
                : t("leaves-text-as-is")}
          </Fact>
          <Fact name={t("leaves-dates")}>
            {t("leaves-dates-text", { day: dateText(language, model.untilDay) })}
          </Fact>
          <Fact name={t("leaves-from")}>
            {t("leaves-from-text", { community: leaves.from })}
          </Fact>
          <Fact name={t("leaves-relays")}>
            {draft.relay ? t("leaves-relays-yes") : t("leaves-relays-no")}
          </Fact>
        </Facts>
        <details>
          <summary>{t("leaves-bytes", { size: leaves.size })}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
          <pre class="bytes" tabIndex={0}>
            {leaves.bytes}
          </pre>
        </details>
        <hr class="rule" />
        <Line icon="home">{t("leaves-stays")}</Line>
        <Line icon="info">{t("leaves-copies")}</Line>
      </div>
    </section>
  );
}
