import { Fragment } from "preact";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { Prompts } from "../knocks/prompts.tsx";
import { dayKey, dayText, numberText, timeText } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { Prose } from "../parts/pieces.tsx";
import type { TalkActions, TalkItem, TalkModel } from "../talk-model.ts";
import { Agreement } from "./agreement.tsx";
import { EventLine } from "./events.tsx";
import { SessionCard } from "./session.tsx";

interface Props {
  readonly model: TalkModel;
  readonly actions: TalkActions;
}

/** What was said and done, oldest first, with a line where a new day begins. */
export function Timeline({ model, actions }: Props) {
  const { t, language } = useSpeech();
  return (
    <section class="talk-flow" aria-label={t("talk-flow")}>
      {model.older && (
        <Button kind="bare" onPress={actions.onOlder}>
          {t("talk-older")}
        </Button>
      )}
      {model.items.map((item, at) => {
        const before = model.items[at - 1];
        const newDay = before === undefined || dayKey(before.at) !== dayKey(item.at);
        return (
          <Fragment key={item.id}>
            {newDay && <h2 class="day">{dayText(language, item.at, model.now)}</h2>}
            <Item item={item} model={model} actions={actions} />
          </Fragment>
        );
      })}
    </section>
  );
}

function Item(props: Props & { readonly item: TalkItem }) {
  const { t } = useSpeech();
  const { item, model, actions } = props;
  switch (item.kind) {
    case "words":
      return <Words item={item} model={model} actions={actions} />;
    case "file":
      return <File item={item} actions={actions} />;
    case "event":
      return <EventLine item={item} />;
    case "thanks":
      return <ThanksCard item={item} actions={actions} />;
    case "agreement":
      return <Agreement model={model.agreement} actions={actions} status={model.status} />;
    case "session": {
      const session = model.sessions.find((one) => one.id === item.id);
      return session ? <SessionCard session={session} model={model} actions={actions} /> : null;
    }
    case "gap":
      return (
        <div class="flow-note">
          <Notice title={t("gap-title")}>
            <p>{item.asked ? t("gap-asked") : t("gap-more")}</p>
            {!item.asked && (
              <div class="actions">
                <Button onPress={actions.onAskAgain}>{t("gap-ask")}</Button>
              </div>
            )}
          </Notice>
        </div>
      );
    case "fork":
      return (
        <div class="flow-note">
          <Notice kind="caution" title={t("fork-title")}>
            <p>{t("fork-more")}</p>
          </Notice>
        </div>
      );
  }
}

const DELIVERY = {
  waiting: "delivery-waiting",
  sent: "delivery-sent",
  "not-delivered": "delivery-failed",
} as const;

function Words(props: Props & { readonly item: TalkItem & { readonly kind: "words" } }) {
  const { t, language } = useSpeech();
  const { item, actions } = props;
  const { delivery } = item;
  return (
    <article
      class={item.mine ? "msg msg-mine" : "msg"}
      aria-label={item.mine ? t("talk-from-me") : t("talk-from-them")}
    >
      <div class="msg-text">
        <Prose {...item.words} />
      </div>
      <p class="msg-meta">
        <span class="num">{timeText(language, item.at)}</span>
        {delivery && (
          <>
            {" "}
            <span class={delivery === "not-delivered" ? "msg-failed" : ""}>
              {t(DELIVERY[delivery])}
            </span>
          </>
        )}
      </p>
      {delivery === "not-delivered" && (
        <div class="actions msg-again">
          <Button onPress={() => actions.onSendAgain(item.id)}>{t("delivery-again")}</Button>
        </div>
      )}
      {item.prompts && item.prompts.length > 0 && <Prompts prompts={item.prompts} />}
    </article>
  );
}

function File(props: {
  readonly item: TalkItem & { readonly kind: "file" };
  readonly actions: TalkActions;
}) {
  const { t, language } = useSpeech();
  const { item, actions } = props;
  const size = numberText(language, Math.max(1, Math.round(item.bytes / 1024)));
  return (
    <article class={item.mine ? "msg msg-mine" : "msg"}>
      <div class="msg-text stack stack-2">
        <p>
          <Written text={item.name} />
        </p>
        <p class="small quiet">{t("file-size", { size })}</p>
        {item.share < 1 ? (
          <progress class="progress" max={1} value={item.share} aria-label={t("file-coming")} />
        ) : (
          !item.mine && (
            <>
              <div class="actions">
                <Button onPress={() => actions.onSaveFile(item.id)}>{t("file-save")}</Button>
              </div>
              <p class="small">{t("file-limit")}</p>
            </>
          )
        )}
      </div>
    </article>
  );
}

function ThanksCard(props: {
  readonly item: TalkItem & { readonly kind: "thanks" };
  readonly actions: TalkActions;
}) {
  const { t } = useSpeech();
  const { item, actions } = props;
  return (
    <article class="card pact">
      <div class="pact-head">
        <Glyph name="wish" />
        <h3 class="label">{item.mine ? t("thanks-mine") : t("thanks-theirs")}</h3>
      </div>
      <Prose {...item.words} />
      {!item.mine && item.mayShow && (
        <div class="actions">
          <Button
            pressed={item.shown}
            onPress={() => actions.onShowThanks(item.id, !item.shown)}
          >
            {item.shown ? t("thanks-shown") : t("thanks-show")}
          </Button>
        </div>
      )}
      <p class="small quiet">{item.mayShow ? t("thanks-may") : t("thanks-may-not")}</p>
    </article>
  );
}
