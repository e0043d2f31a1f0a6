import { Fragment } from "preact";
import { useState } from "preact/hooks";
import { Button, IconButton } from "../../ui/button.tsx";
import { Sheet } from "../../ui/dialog.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { ErrorState, Notice } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import type { CircleActions, CircleItem, CircleModel } from "../circles-model.ts";
import { Prompts } from "../knocks/prompts.tsx";
import { dayKey, dayText, timeText } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import type { Coming } from "../parts/model.ts";
import { Arriving, BackLink, Prose } from "../parts/pieces.tsx";
import { CircleAside } from "./aside.tsx";
import { Invitation } from "./invitation.tsx";

interface Props {
  readonly model: Coming<CircleModel>;
  readonly actions: CircleActions;
}

/** One circle: its invitation, or its conversation with members and meetings beside it. */
export function Circle({ model, actions }: Props) {
  const { t } = useSpeech();
  if (model.state !== "ready") {
    return (
      <div class="stack">
        <BackLink text={t("nav-circles")} onBack={actions.onBack} />
        <Arriving what={model} heading={t("circle-page")} onRetry={actions.onRetry}>
          {() => null}
        </Arriving>
      </div>
    );
  }
  const circle = model.value;
  return circle.standing === "invited" ? (
    <Invitation circle={circle} actions={actions} />
  ) : (
    <Inside circle={circle} actions={actions} />
  );
}

interface Inner {
  readonly circle: CircleModel;
  readonly actions: CircleActions;
}

function Inside({ circle, actions }: Inner) {
  const { t } = useSpeech();
  const [more, setMore] = useState(false);
  const aside = <CircleAside circle={circle} actions={actions} />;
  return (
    <div class="split split-aside">
      <div class="talk">
        <div class="talk-head">
          <span class="icon-flip-host">
            <IconButton icon="back" label={t("circle-all")} onPress={actions.onBack} />
          </span>
          <PersonaPicture bytes={circle.picture} />
          <div class="grow">
            <h1 class="label">
              <Written {...circle.terms.name} />
            </h1>
            <p class="small quiet">{t("circle-people", { count: circle.seats.length })}</p>
          </div>
          <span class="talk-more">
            <IconButton icon="info" label={t("circle-about")} onPress={() => setMore(true)} />
          </span>
        </div>
        {circle.newTerms && (
          <Notice title={t("circle-new-terms")}>
            <Prose {...circle.terms.rules} />
            <div class="actions">
              <Button onPress={actions.onAcceptTerms}>{t("circle-accept-terms")}</Button>
              <Button kind="bare" onPress={actions.onLeave}>
                {t("circle-leave")}
              </Button>
            </div>
          </Notice>
        )}
        <section class="talk-flow" aria-label={t("talk-flow")}>
          {circle.items.map((item, at) => (
            <Line key={item.id} item={item} before={circle.items[at - 1]} now={circle.now} />
          ))}
        </section>
        {circle.failure && (
          <ErrorState title={circle.failure.title} text={circle.failure.next} />
        )}
        <Ending circle={circle} actions={actions} />
      </div>
      <aside class="stack stack-6 stick talk-aside" aria-label={t("circle-about")}>
        {aside}
      </aside>
      {more && (
        <Sheet title={t("circle-about")} onClose={() => setMore(false)}>
          <div class="stack stack-6">{aside}</div>
        </Sheet>
      )}
    </div>
  );
}

const EVENTS = {
  entered: "circle-event-entered",
  left: "circle-event-left",
  removed: "circle-event-removed",
  terms: "circle-event-terms",
  meeting: "circle-event-meeting",
  "meeting-off": "circle-event-meeting-off",
} as const;

const DELIVERY = {
  waiting: "delivery-waiting",
  sent: "delivery-sent",
  "not-delivered": "delivery-failed",
} as const;

function Line(props: {
  readonly item: CircleItem;
  readonly before: CircleItem | undefined;
  readonly now: number;
}) {
  const { t, language } = useSpeech();
  const { item, before, now } = props;
  const newDay = before === undefined || dayKey(before.at) !== dayKey(item.at);
  return (
    <Fragment>
      {newDay && <h2 class="day">{dayText(language, item.at, now)}</h2>}
      {item.kind === "event" && (
        <p class="flow-line small">{t(EVENTS[item.event], { name: item.name })}</p>
      )}
      {item.kind === "gap" && (
        <div class="flow-note">
          <Notice title={t("gap-title")}>
            <p>{t("circle-gap")}</p>
          </Notice>
        </div>
      )}
      {item.kind === "words" && (
        <article class={item.from === null ? "msg msg-mine" : "msg msg-seat"}>
          {item.from && (
            <p class="msg-from small">
              <PersonaPicture bytes={item.from.picture} size="small" />
              <b>
                <Written text={item.from.name} />
              </b>
            </p>
          )}
          <div class="msg-text">
            <Prose {...item.words} />
          </div>
          <p class="msg-meta">
            <span class="num">{timeText(language, item.at)}</span>
            {item.delivery && <span> {t(DELIVERY[item.delivery])}</span>}
          </p>
          {item.prompts && <Prompts prompts={item.prompts} />}
        </article>
      )}
    </Fragment>
  );
}

const OVER = {
  joining: ["circle-joining", "circle-joining-more"],
  left: ["circle-left", "circle-over-more"],
  removed: ["circle-removed", "circle-over-more"],
  ended: ["circle-ended", "circle-over-more"],
} as const;

/** The box to write in, or why there is none. */
function Ending({ circle, actions }: Inner) {
  const { t } = useSpeech();
  const { standing } = circle;
  if (standing === "invited") return null;
  if (standing !== "in") {
    const [title, text] = OVER[standing];
    return (
      <Notice title={t(title)}>
        <p>{t(text)}</p>
      </Notice>
    );
  }
  const empty = circle.draft.trim() === "";
  return (
    <div class="composer-box">
      <Prompts prompts={circle.prompts} />
      {!circle.online && <p class="small quiet">{t("talk-offline")}</p>}
      <form
        class="composer"
        onSubmit={(event) => {
          event.preventDefault();
          if (!empty) actions.onSend();
        }}
      >
        <textarea
          class="input grow"
          rows={1}
          dir="auto"
          aria-label={t("talk-message")}
          placeholder={t("talk-write")}
          value={circle.draft}
          onInput={(event) => actions.onDraft(event.currentTarget.value)}
        />
        <button
          class="btn btn-main btn-send"
          type="submit"
          aria-label={circle.online ? t("talk-send") : t("talk-send-later")}
          aria-disabled={empty}
        >
          <Glyph name="send" flip />
        </button>
      </form>
    </div>
  );
}
