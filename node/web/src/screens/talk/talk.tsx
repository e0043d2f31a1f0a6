import { useState } from "preact/hooks";
import { Button, IconButton } from "../../ui/button.tsx";
import { Sheet } from "../../ui/dialog.tsx";
import { PersonaPicture } from "../../ui/persona-picture.tsx";
import { ErrorState, Notice } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { Prompts } from "../knocks/prompts.tsx";
import { Card } from "../knocks/received.tsx";
import { Glyph } from "../parts/glyph.tsx";
import { Arriving, BackLink } from "../parts/pieces.tsx";
import type { TalkActions, TalkModel, TalkPageModel } from "../talk-model.ts";
import { Agreement } from "./agreement.tsx";
import { About } from "./aside.tsx";
import { Closing } from "./closing.tsx";
import { Report } from "./report.tsx";
import { TimesForm } from "./session.tsx";
import { Timeline } from "./timeline.tsx";

interface Props {
  readonly model: TalkPageModel;
  readonly actions: TalkActions;
}

/** One conversation. */
export function Talk({ model, actions }: Props) {
  const { t } = useSpeech();
  if (model.state !== "ready") {
    return (
      <div class="stack">
        <BackLink text={t("nav-talks")} onBack={actions.onBack} />
        <Arriving what={model} heading={t("talk-page")} onRetry={actions.onRetry}>
          {() => null}
        </Arriving>
      </div>
    );
  }
  const talk = model.value;
  return talk.closing ? (
    <Closing closing={talk.closing} actions={actions} />
  ) : (
    <Open talk={talk} actions={actions} />
  );
}

interface Inner {
  readonly talk: TalkModel;
  readonly actions: TalkActions;
}

function Open({ talk, actions }: Inner) {
  const { t } = useSpeech();
  const [more, setMore] = useState(false);
  const [reporting, setReporting] = useState(false);
  const about = (
    <About
      talk={talk}
      actions={actions}
      onReport={() => {
        setMore(false);
        setReporting(true);
      }}
    />
  );
  return (
    <div class="split split-aside">
      <div class="talk">
        <Head talk={talk} actions={actions} onMore={() => setMore(true)} />
        <Timeline model={talk} actions={actions} />
        {talk.agreement.draft && !talk.items.some((item) => item.kind === "agreement") && (
          <Agreement model={talk.agreement} actions={actions} status={talk.status} />
        )}
        {talk.times?.session === null && (
          <div class="card pact">
            <h3 class="label">{t("times-title")}</h3>
            <TimesForm draft={talk.times} now={talk.now} actions={actions} />
          </div>
        )}
        {talk.failure && <ErrorState title={talk.failure.title} text={talk.failure.next} />}
        <Status talk={talk} actions={actions} />
        {talk.status === "open" && <Composer talk={talk} actions={actions} />}
      </div>
      <aside class="stack stack-6 stick talk-aside" aria-label={t("talk-about")}>
        {about}
      </aside>
      {more && (
        <Sheet title={t("talk-about")} onClose={() => setMore(false)}>
          <div class="stack stack-6">
            {talk.card && <Card card={talk.card} />}
            {about}
          </div>
        </Sheet>
      )}
      {reporting && (
        <Report
          items={talk.items}
          onSend={(report) => {
            setReporting(false);
            actions.onReport(report);
          }}
          onClose={() => setReporting(false)}
        />
      )}
    </div>
  );
}

function Head({ talk, actions, onMore }: Inner & { readonly onMore: () => void }) {
  const { t } = useSpeech();
  return (
    <div class="talk-head">
      <BackIcon onBack={actions.onBack} />
      <PersonaPicture bytes={talk.persona?.picture ?? talk.picture} />
      <div class="grow">
        <h1 class="label">
          {talk.persona ? <Written text={talk.persona.name} /> : t("talk-nameless")}
        </h1>
        <p class="small quiet">
          <Written {...talk.about} />
          {talk.wordsCompared && (
            <span class="talk-same">
              <Glyph name="yes" small />
              {t("words-same")}
            </span>
          )}
        </p>
      </div>
      <span class="talk-more">
        <IconButton icon="info" label={t("talk-about")} onPress={onMore} />
      </span>
    </div>
  );
}

function BackIcon({ onBack }: { readonly onBack: () => void }) {
  const { t } = useSpeech();
  return (
    <span class="icon-flip-host">
      <IconButton icon="back" label={t("talk-all")} onPress={onBack} />
    </span>
  );
}

/** Why one cannot write now, and what to do. */
function Status({ talk, actions }: Inner) {
  const { t } = useSpeech();
  switch (talk.status) {
    case "open":
      return null;
    case "paused-by-them":
      return (
        <Notice title={t("talk-paused")}>
          <p>{t("talk-paused-more")}</p>
        </Notice>
      );
    case "frozen-by-me":
      return (
        <Notice kind="caution" title={t("talk-frozen")}>
          <p>{t("talk-frozen-more")}</p>
          <div class="actions">
            <Button onPress={actions.onUnfreeze}>{t("talk-unfreeze")}</Button>
          </div>
        </Notice>
      );
    case "resting":
      return (
        <Notice title={t("talk-resting")}>
          <p>{t("talk-resting-more")}</p>
          <div class="actions">
            <Button onPress={() => actions.onRest(false)}>{t("talk-go-on")}</Button>
          </div>
        </Notice>
      );
    case "closed":
      return (
        <Notice title={t("talk-closed")}>
          <p>{t("talk-closed-more")}</p>
          <div class="actions">
            <Button onPress={actions.onBeginClosing}>{t("talk-look-back")}</Button>
            <Button kind="bare" onPress={actions.onExport}>
              {t("talk-export")}
            </Button>
          </div>
        </Notice>
      );
    case "gone":
      return (
        <Notice title={t("talk-gone")}>
          <p>{t("talk-gone-more")}</p>
        </Notice>
      );
    case "blocked":
      return (
        <Notice title={t("talk-blocked")}>
          <p>{t("talk-blocked-more")}</p>
        </Notice>
      );
  }
}

function Composer({ talk, actions }: Inner) {
  const { t } = useSpeech();
  const empty = talk.draft.trim() === "";
  const send = (event: Event): void => {
    event.preventDefault();
    if (!empty) actions.onSend();
  };
  return (
    <div class="composer-box">
      <Prompts prompts={talk.prompts} />
      {!talk.online && <p class="small quiet">{t("talk-offline")}</p>}
      <form class="composer" onSubmit={send}>
        <textarea
          class="input grow"
          rows={1}
          dir="auto"
          aria-label={t("talk-message")}
          placeholder={t("talk-write")}
          value={talk.draft}
          onInput={(event) => actions.onDraft(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) send(event);
          }}
        />
        <button
          class="btn btn-main btn-send"
          type="submit"
          aria-label={talk.online ? t("talk-send") : t("talk-send-later")}
          aria-disabled={empty}
        >
          <Glyph name="send" flip />
        </button>
      </form>
    </div>
  );
}
