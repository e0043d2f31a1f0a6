import type { ComponentChildren } from "preact";
import { Button } from "../../ui/button.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { dayText, timeText } from "../parts/format.ts";
import { Glyph, type GlyphName } from "../parts/glyph.tsx";
import { Arriving } from "../parts/pieces.tsx";
import type { TalkRow, TalkStatus, TalksActions, TalksModel } from "../talk-model.ts";

interface Props {
  readonly model: TalksModel;
  readonly actions: TalksActions;
  /** What the tab of circles holds. */
  readonly circles: ComponentChildren;
}

/** Conversations, and circles beside them. */
export function Talks({ model, actions, circles }: Props) {
  const { t } = useSpeech();
  return (
    <div class="stack stack-5 column">
      <h1>{t("nav-talks")}</h1>
      <Tabs
        label={t("nav-talks")}
        tabs={[
          { key: "talks", text: t("talks-two") },
          { key: "circles", text: t("nav-circles") },
        ]}
        chosen={model.tab}
        onChoose={(tab) => actions.onTab(tab === "circles" ? "circles" : "talks")}
      >
        {model.tab === "circles" ? (
          circles
        ) : (
          <Arriving what={model.talks} onRetry={actions.onRetry}>
            {(talks) =>
              talks.length === 0 ? (
                <EmptyState icon="talks" title={t("empty-talks")} text={t("empty-talks-more")}>
                  <Button onPress={actions.onBrowse}>{t("nav-browse")}</Button>
                </EmptyState>
              ) : (
                <ul class="rows">
                  {talks.map((talk) => (
                    <li key={talk.id}>
                      <Row talk={talk} now={model.now} onOpen={actions.onOpen} />
                    </li>
                  ))}
                </ul>
              )
            }
          </Arriving>
        )}
      </Tabs>
    </div>
  );
}

const STATUS = {
  open: null,
  "paused-by-them": { glyph: "pause", text: "talk-paused" },
  "frozen-by-me": { glyph: "pause", text: "talk-frozen" },
  resting: { glyph: "pause", text: "talk-resting" },
  closed: { glyph: "ring", text: "talk-closed" },
  gone: { glyph: "no", text: "talk-gone" },
  blocked: { glyph: "no", text: "talk-blocked" },
} as const satisfies Record<
  TalkStatus,
  { readonly glyph: GlyphName; readonly text: string } | null
>;

function Row(props: {
  readonly talk: TalkRow;
  readonly now: number;
  readonly onOpen: (id: string) => void;
}) {
  const { t, language } = useSpeech();
  const { talk, now } = props;
  const status = STATUS[talk.status];
  return (
    <button class="card row-card" type="button" onClick={() => props.onOpen(talk.id)}>
      <PersonaPicture bytes={talk.persona?.picture ?? talk.picture} />
      <span class="grow">
        <b class="row-title">
          {talk.persona ? <Written text={talk.persona.name} /> : t("talk-nameless")}
        </b>
        <span class="small under">
          <Written {...talk.about} />
        </span>
        {status && (
          <span class="state-line small">
            <Glyph name={status.glyph} small />
            <span>{t(status.text)}</span>
          </span>
        )}
        {talk.waiting && (
          <span class="state-line small">
            <Glyph name="clock" small />
            <span>{t("talk-waits")}</span>
          </span>
        )}
        {talk.next !== null && (
          <span class="state-line small">
            <Glyph name="date" small />
            <span>
              {t("talk-next", {
                day: dayText(language, talk.next, now),
                time: timeText(language, talk.next),
              })}
            </span>
          </span>
        )}
      </span>
      {talk.fresh && (
        <span class="row-end small">
          <span class="tag tag-on">{t("new")}</span>
        </span>
      )}
    </button>
  );
}
