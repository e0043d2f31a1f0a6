import { Button } from "../../ui/button.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { CircleStanding, CirclesActions, CirclesModel } from "../circles-model.ts";
import { dayText, timeText } from "../parts/format.ts";
import { Glyph, type GlyphName } from "../parts/glyph.tsx";
import { Arriving } from "../parts/pieces.tsx";

const STANDING = {
  invited: { glyph: "wish", text: "circle-invited" },
  joining: { glyph: "clock", text: "circle-joining" },
  in: null,
  left: { glyph: "ring", text: "circle-left" },
  removed: { glyph: "ring", text: "circle-removed" },
  ended: { glyph: "ring", text: "circle-ended" },
} as const satisfies Record<
  CircleStanding,
  { readonly glyph: GlyphName; readonly text: string } | null
>;

/** The tab of circles. */
export function Circles(props: {
  readonly model: CirclesModel;
  readonly actions: CirclesActions;
}) {
  const { t, language } = useSpeech();
  const { model, actions } = props;
  const begin = <Button onPress={actions.onNew}>{t("circle-new")}</Button>;
  return (
    <Arriving what={model.circles} onRetry={actions.onRetry}>
      {(circles) =>
        circles.length === 0 ? (
          <EmptyState icon="circles" title={t("empty-circles")} text={t("empty-circles-more")}>
            {begin}
          </EmptyState>
        ) : (
          <div class="stack">
            <ul class="rows">
              {circles.map((circle) => {
                const standing = STANDING[circle.standing];
                return (
                  <li key={circle.id}>
                    <button
                      class="card row-card"
                      type="button"
                      onClick={() => actions.onOpen(circle.id)}
                    >
                      <PersonaPicture bytes={circle.picture} />
                      <span class="grow">
                        <b class="row-title">
                          <Written {...circle.name} />
                        </b>
                        {standing && (
                          <span class="state-line small">
                            <Glyph name={standing.glyph} small />
                            <span>{t(standing.text)}</span>
                          </span>
                        )}
                        {circle.waiting && (
                          <span class="state-line small">
                            <Glyph name="clock" small />
                            <span>{t("talk-waits")}</span>
                          </span>
                        )}
                        {circle.next !== null && (
                          <span class="state-line small">
                            <Glyph name="date" small />
                            <span>
                              {t("talk-next", {
                                day: dayText(language, circle.next, model.now),
                                time: timeText(language, circle.next),
                              })}
                            </span>
                          </span>
                        )}
                      </span>
                      {circle.fresh && (
                        <span class="row-end small">
                          <span class="tag tag-on">{t("new")}</span>
                        </span>
                      )}
                    </button>
                  </li>
                );
              })}
            </ul>
            <div class="actions">{begin}</div>
          </div>
        )
      }
    </Arriving>
  );
}
