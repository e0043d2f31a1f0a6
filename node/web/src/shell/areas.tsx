import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { EmptyState } from "../ui/states.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { useSpeech } from "../ui/text.tsx";
import { LanguageChoice, LockChoice, MaskChoice } from "./choices.tsx";
import type { Area, MemberView } from "./routes.ts";
import type { Shell } from "./shell.ts";

/** Draws a member view. */
export type DrawView = (view: MemberView, shell: Shell) => ComponentChildren;

/** Draws the areas' first screens while nothing stands in them. Screens with content replace it. */
export const drawEmptyArea: DrawView = (view, shell) => (
  <EmptyArea area={view.area} shell={shell} />
);

function EmptyArea({ area, shell }: { readonly area: Area; readonly shell: Shell }) {
  const { t } = useSpeech();
  switch (area) {
    case "browse":
      return (
        <Twofold
          title={t("nav-browse")}
          first={{
            text: t("nav-browse"),
            body: (
              <EmptyState
                icon="search"
                title={t("empty-browse")}
                text={t("empty-browse-more")}
              />
            ),
          }}
          second={{
            text: t("nav-library"),
            body: (
              <EmptyState
                icon="library"
                title={t("empty-library")}
                text={t("empty-library-more")}
              />
            ),
          }}
        />
      );
    case "offers":
      return (
        <Single title={t("nav-offers")}>
          <EmptyState icon="offers" title={t("empty-offers")} text={t("empty-offers-more")} />
        </Single>
      );
    case "knocks":
      return (
        <Single title={t("nav-knocks")}>
          <EmptyState icon="knocks" title={t("empty-knocks")} text={t("empty-knocks-more")} />
        </Single>
      );
    case "talks":
      return (
        <Twofold
          title={t("nav-talks")}
          first={{
            text: t("nav-talks"),
            body: (
              <EmptyState icon="talks" title={t("empty-talks")} text={t("empty-talks-more")} />
            ),
          }}
          second={{
            text: t("nav-circles"),
            body: (
              <EmptyState
                icon="circles"
                title={t("empty-circles")}
                text={t("empty-circles-more")}
              />
            ),
          }}
        />
      );
    case "me":
      return (
        <Single title={t("nav-me")}>
          <div class="stack stack-6 column">
            <LanguageChoice shell={shell} />
            <MaskChoice shell={shell} />
            <LockChoice shell={shell} />
          </div>
        </Single>
      );
  }
}

function Single(props: { readonly title: string; readonly children: ComponentChildren }) {
  return (
    <div class="stack stack-5">
      <h1>{props.title}</h1>
      {props.children}
    </div>
  );
}

interface Half {
  readonly text: string;
  readonly body: ComponentChildren;
}

function Twofold(props: {
  readonly title: string;
  readonly first: Half;
  readonly second: Half;
}) {
  const [chosen, setChosen] = useState<string>("first");
  const { title, first, second } = props;
  return (
    <div class="stack stack-5">
      <h1>{title}</h1>
      <Tabs
        label={title}
        tabs={[
          { key: "first", text: first.text },
          { key: "second", text: second.text },
        ]}
        chosen={chosen}
        onChoose={setChosen}
      >
        {chosen === "first" ? first.body : second.body}
      </Tabs>
    </div>
  );
}
