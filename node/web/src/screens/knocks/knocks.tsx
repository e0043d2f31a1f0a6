import { Button } from "../../ui/button.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { KnockRow, KnocksActions, KnocksModel } from "../knocks-model.ts";
import { dayText } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { Arriving } from "../parts/pieces.tsx";
import { STATE_LOOKS } from "./states.ts";

interface Props {
  readonly model: KnocksModel;
  readonly actions: KnocksActions;
}

/** Knocks that came and knocks that went. */
export function Knocks({ model, actions }: Props) {
  const { t } = useSpeech();
  const came = model.tab === "in";
  return (
    <div class="stack stack-5 column">
      <h1>{t("nav-knocks")}</h1>
      <Tabs
        label={t("nav-knocks")}
        tabs={[
          { key: "in", text: t("knocks-came") },
          { key: "out", text: t("knocks-went") },
        ]}
        chosen={model.tab}
        onChoose={(tab) => actions.onTab(tab === "out" ? "out" : "in")}
      >
        <Arriving what={came ? model.came : model.went} onRetry={actions.onRetry}>
          {(rows) =>
            rows.length > 0 ? (
              <div class="stack">
                <p class="small quiet">
                  {came
                    ? t("knocks-came-more")
                    : t("knocks-went-more", { open: model.open, of: model.of })}
                </p>
                <ul class="rows">
                  {rows.map((row) => (
                    <li key={row.id}>
                      <Row row={row} came={came} now={model.now} onOpen={actions.onOpen} />
                    </li>
                  ))}
                </ul>
              </div>
            ) : came ? (
              <EmptyState
                icon="knocks"
                title={t("empty-knocks")}
                text={t("empty-knocks-more")}
              />
            ) : (
              <EmptyState icon="knocks" title={t("knocks-none")} text={t("knocks-none-more")}>
                <Button onPress={actions.onBrowse}>{t("nav-browse")}</Button>
              </EmptyState>
            )
          }
        </Arriving>
      </Tabs>
    </div>
  );
}

function Row(props: {
  readonly row: KnockRow;
  readonly came: boolean;
  readonly now: number;
  readonly onOpen: (id: string) => void;
}) {
  const { t, language } = useSpeech();
  const { row, came, now } = props;
  const look = STATE_LOOKS[row.state];
  const waiting = came && row.state === "delivered";
  return (
    <button class="card row-card" type="button" onClick={() => props.onOpen(row.id)}>
      <PersonaPicture bytes={row.offer.picture} />
      <span class="grow">
        <b class="row-title">{came ? t("knock-for-you") : <Written {...row.offer.title} />}</b>
        {came && (
          <span class="small under">
            <Written {...row.offer.title} />
          </span>
        )}
        <span class="state-line small" data-state={row.state}>
          <Glyph name={waiting ? "clock" : look.glyph} small />
          <span>{waiting ? t("knock-waits") : t(look.text)}</span>
        </span>
      </span>
      <span class="row-end small quiet">
        {row.fresh && <span class="tag tag-on">{t("new")}</span>}
        <span>{dayText(language, row.at, now)}</span>
      </span>
    </button>
  );
}
