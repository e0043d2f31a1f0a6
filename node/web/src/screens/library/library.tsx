import { Icon } from "../../ui/icon.tsx";
import { Chip, EmptyState, Tag } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { CrisisHelp } from "../browse/crisis.tsx";
import type { LibraryActions, LibraryModel, ResourceRow } from "../library-model.ts";
import { ownNames } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { Arriving, SearchField } from "../parts/pieces.tsx";

interface Props {
  readonly model: LibraryModel;
  readonly actions: LibraryActions;
  /** Inside a tab the page's heading stands above already. */
  readonly inTab?: boolean;
}

/** Links and short texts, help in a crisis first. */
export function Library({ model, actions, inTab = false }: Props) {
  const { t } = useSpeech();
  return (
    <div class="stack stack-5 column">
      {inTab ? <h2 class="vh">{t("nav-library")}</h2> : <h1>{t("nav-library")}</h1>}
      {model.crisis && <CrisisHelp crisis={model.crisis} onOpen={actions.onOpen} />}
      <div class="stack stack-3">
        <SearchField
          label={t("library-search")}
          value={model.query}
          onInput={actions.onQuery}
        />
        {model.topics.length > 0 && (
          <div class="chips">
            {model.topics.map((topic) => (
              <Chip
                key={topic.id}
                pressed={topic.on}
                onPress={(on) => actions.onTopic(topic.id, on)}
              >
                <bdi>{topic.text}</bdi>
              </Chip>
            ))}
          </div>
        )}
        {model.offline && <p class="small quiet">{t("library-offline")}</p>}
      </div>
      <Arriving what={model.results} onRetry={actions.onRetry}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState
              icon="library"
              title={model.query === "" ? t("empty-library") : t("browse-nothing")}
              text={model.query === "" ? t("empty-library-more") : t("library-nothing")}
            />
          ) : (
            <ul class="rows">
              {rows.map((row) => (
                <li key={row.id}>
                  <Row row={row} onOpen={actions.onOpen} />
                </li>
              ))}
            </ul>
          )
        }
      </Arriving>
    </div>
  );
}

function Row(props: { readonly row: ResourceRow; readonly onOpen: (id: string) => void }) {
  const { t, language } = useSpeech();
  const { row } = props;
  return (
    <article class="card offer resource">
      {row.kind === "link" ? <Glyph name="link" /> : <Icon name="paper" />}
      <div class="stack stack-2">
        <div>
          <h2 class="offer-title">
            <button class="offer-open" type="button" onClick={() => props.onOpen(row.id)}>
              <Written {...row.title} />
            </button>
          </h2>
          <p class="offer-from">
            <Written text={row.community} />
          </p>
        </div>
        <ul class="chips">
          {row.topics.map((topic) => (
            <li key={topic.id}>
              <Tag>
                <bdi>{topic.text}</bdi>
              </Tag>
            </li>
          ))}
        </ul>
        <ul class="offer-meta">
          <li>
            <Icon name="globe" small />
            <span>{ownNames(language, row.languages)}</span>
          </li>
          <li>{row.kind === "link" ? t("resource-link") : t("resource-text")}</li>
        </ul>
      </div>
    </article>
  );
}
