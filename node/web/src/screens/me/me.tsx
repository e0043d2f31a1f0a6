import type { ComponentChildren } from "preact";
import { Button } from "../../ui/button.tsx";
import { Limit } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { IconName } from "../../ui/icons.ts";
import { useSpeech } from "../../ui/text.tsx";
import type { MeActions, MeModel } from "../me-model.ts";
import { dateText, dayText } from "../parts/format.ts";
import { Glyph } from "../parts/glyph.tsx";
import { PersonaLine, Section } from "../parts/pieces.tsx";

interface Props {
  readonly model: MeModel;
  readonly actions: MeActions;
  /** Language, discreet mode, lock: the shell's own choices. */
  readonly settings: ComponentChildren;
}

/** Everything that is this member's own. */
export function Me({ model, actions, settings }: Props) {
  const { t } = useSpeech();
  return (
    <div class="stack stack-7 column">
      <div class="row row-between">
        <h1>{t("nav-me")}</h1>
        <Button icon="lock" onPress={actions.onLock}>
          {t("lock-now")}
        </Button>
      </div>
      <Personas model={model} actions={actions} />
      <WaysIn model={model} actions={actions} />
      <Section title={t("me-looks")}>
        <div class="stack stack-5">{settings}</div>
      </Section>
      <Section title={t("me-wrong")}>
        <ul class="list">
          <Way
            icon="info"
            title={t("nav-safety")}
            text={t("me-safety-more")}
            onPress={actions.onSafety}
          />
          <Way
            icon="cloud"
            title={model.frozen ? t("me-unfreeze") : t("me-freeze")}
            text={model.frozen ? t("me-frozen") : t("me-freeze-more")}
            onPress={actions.onFreeze}
          />
        </ul>
      </Section>
      <Reports model={model} />
      <Blocks model={model} actions={actions} />
      <Section title={t("me-leave")}>
        <ul class="list">
          <Way
            icon="paper"
            title={t("export-title")}
            text={t("export-lead")}
            onPress={actions.onExport}
          />
          <Way
            icon="door"
            title={t("delete-title")}
            text={t("delete-short")}
            onPress={actions.onDelete}
          />
          <Way
            icon="home"
            title={t("nav-about")}
            text={t("me-about-more", { community: model.community })}
            onPress={actions.onAbout}
          />
        </ul>
      </Section>
    </div>
  );
}

type Inner = Omit<Props, "settings">;

const PROFILES = {
  none: "persona-kept",
  listed: "persona-listed",
  "by-link": "persona-by-link",
} as const;

function Personas({ model, actions }: Inner) {
  const { t } = useSpeech();
  return (
    <Section title={t("me-personas")}>
      <ul class="rows">
        {model.personas.map(({ persona, profile }) => (
          <li key={persona.id}>
            <button
              class="card row-card"
              type="button"
              onClick={() => actions.onPersona(persona.id)}
            >
              <span class="grow">
                <PersonaLine persona={persona} />
              </span>
              <span class="row-end small quiet">{t(PROFILES[profile])}</span>
            </button>
          </li>
        ))}
      </ul>
      <Limit>{t("me-personas-limit")}</Limit>
      <div>
        <Button onPress={() => actions.onPersona(null)}>{t("me-persona-new")}</Button>
      </div>
    </Section>
  );
}

function WaysIn({ model, actions }: Inner) {
  const { t, language } = useSpeech();
  return (
    <Section title={t("me-ways-in")}>
      <ul class="list">
        <Way
          icon="print"
          title={t("me-sheet")}
          text={model.sheetTried ? t("me-sheet-tried") : t("me-sheet-untried")}
          look={!model.sheetTried}
          onPress={actions.onRecovery}
        />
        <Way
          icon="lock"
          title={t("sign-in-passphrase")}
          text={t("me-passphrase-more")}
          onPress={actions.onPassphrase}
        />
        <Way
          icon="device"
          title={t("me-devices")}
          text={t("me-devices-more", { count: model.devices })}
          onPress={actions.onDevices}
        />
      </ul>
      <p class="small quiet" role="status">
        {model.vaultWaits
          ? t("me-vault-waits")
          : model.vaultSavedAt !== null &&
            t("me-vault-saved", { day: dayText(language, model.vaultSavedAt, model.now) })}
      </p>
    </Section>
  );
}

/** One thing that opens. */
function Way(props: {
  readonly icon: IconName;
  readonly title: string;
  readonly text: string;
  /** It needs a look. */
  readonly look?: boolean;
  readonly onPress: () => void;
}) {
  return (
    <li class="way">
      <button class="way-btn" type="button" onClick={props.onPress}>
        <Icon name={props.icon} />
        <span class="grow">
          <b>{props.title}</b>
          <span class="small under">{props.text}</span>
        </span>
        {props.look ? <Glyph name="part" /> : <span class="way-go" aria-hidden="true" />}
      </button>
    </li>
  );
}

const ABOUT = {
  offer: "report-about-offer",
  profile: "report-about-profile",
  knock: "report-about-knock",
  message: "report-about-message",
  resource: "report-about-resource",
} as const;

const OUTCOMES = {
  waiting: "report-waiting",
  acted: "report-acted",
  "no-action": "report-no-action",
  "passed-on": "report-passed-on",
} as const;

function Reports({ model }: { readonly model: MeModel }) {
  const { t, language } = useSpeech();
  if (model.reports.length === 0) return null;
  return (
    <Section title={t("me-reports")}>
      <ul class="list">
        {model.reports.map((report) => (
          <li class="row row-between" key={report.id}>
            <span>
              {t(ABOUT[report.about])}
              <span class="small quiet under">{dateText(language, report.day)}</span>
            </span>
            <span class="tag">{t(OUTCOMES[report.outcome])}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Blocks({ model, actions }: Inner) {
  const { t, language } = useSpeech();
  if (model.blocks.length === 0) return null;
  return (
    <Section title={t("me-blocks")}>
      <ul class="list">
        {model.blocks.map((block) => {
          const day = dateText(language, block.day);
          return (
            <li class="row row-between" key={block.id}>
              <span>{t("me-block", { day })}</span>
              <Button onPress={() => actions.onUnblock(block.id)}>{t("me-unblock")}</Button>
            </li>
          );
        })}
      </ul>
      <Limit>{t("me-blocks-limit")}</Limit>
    </Section>
  );
}
