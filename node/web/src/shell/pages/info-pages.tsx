import { useState } from "preact/hooks";
import { Button } from "../../ui/button.tsx";
import { Limit } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import type { IconName } from "../../ui/icons.ts";
import { EmptyState, ErrorState } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { LanguageChoice } from "../choices.tsx";
import { clientDigest, inGroups } from "../digest.ts";
import { failureOf } from "../failures.ts";
import { PublicLink } from "../link.tsx";
import type { Shell } from "../shell.ts";
import { KeyWords } from "./community-page.tsx";

interface Props {
  readonly shell: Shell;
}

declare const __VERSION_TEXT__: string;

/** Who might look, what this protects against, and what it cannot. */
export function SafetyPage() {
  const { t } = useSpeech();
  const cases: readonly { icon: IconName; title: string; more: string }[] = [
    { icon: "device", title: t("safety-device"), more: t("safety-device-more") },
    { icon: "home", title: t("safety-server"), more: t("safety-server-more") },
    { icon: "globe", title: t("safety-line"), more: t("safety-line-more") },
    { icon: "me", title: t("safety-members"), more: t("safety-members-more") },
    { icon: "look", title: t("safety-power"), more: t("safety-power-more") },
  ];
  const tools = [
    { title: t("tool-exit"), more: t("tool-exit-more") },
    { title: t("tool-discreet"), more: t("tool-discreet-more") },
    { title: t("tool-lock"), more: t("tool-lock-more") },
    { title: t("tool-tor"), more: t("tool-tor-more") },
  ];
  return (
    <div class="split split-aside">
      <div class="head head-wide">
        <h1>{t("nav-safety")}</h1>
        <p class="lead">{t("safety-lead")}</p>
      </div>
      <section class="stack stack-3" aria-labelledby="who">
        <h2 id="who">{t("safety-who")}</h2>
        <ul class="list cases">
          {cases.map(({ icon, title, more }) => (
            <li key={title}>
              <Icon name={icon} />
              <div>
                <h3>{title}</h3>
                <p class="quiet">{more}</p>
              </div>
            </li>
          ))}
        </ul>
      </section>
      <section class="card stack" aria-labelledby="tools">
        <h2 id="tools">{t("safety-tools")}</h2>
        <dl class="facts facts-tall">
          {tools.map(({ title, more }) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{more}</dd>
            </div>
          ))}
        </dl>
        <Limit>{t("safety-push")}</Limit>
      </section>
    </div>
  );
}

/** What runs here, so that people can compare. */
export function AboutPage({ shell }: Props) {
  const { t } = useSpeech();
  const community = shell.community.value;
  return (
    <div class="stack stack-6 column">
      <div class="head">
        <h1>{t("nav-about")}</h1>
        <p class="lead">{t("about-promise")}</p>
      </div>
      <dl class="facts">
        {community && (
          <div>
            <dt>{t("about-community")}</dt>
            <dd>
              <Written text={community.name} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t("about-client")}</dt>
          <dd class="num">{__VERSION_TEXT__}</dd>
        </div>
        {community && (
          <div>
            <dt>{t("about-server")}</dt>
            <dd class="num">{community.version}</dd>
          </div>
        )}
      </dl>
      <section class="card stack" aria-labelledby="digest">
        <h2 id="digest">{t("about-digest")}</h2>
        <p>{t("about-digest-more")}</p>
        <Digest />
      </section>
      {community && <KeyWords words={community.fingerprint} />}
      <LanguageChoice shell={shell} />
    </div>
  );
}

async function fetchBytes(address: string): Promise<Uint8Array> {
  const answer = await fetch(address, { credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new TypeError(`no file: ${address}`);
  return new Uint8Array(await answer.arrayBuffer());
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
}

/** Worked out here, from the files that this browser was given. */
function Digest() {
  const { t } = useSpeech();
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");
  const [digest, setDigest] = useState<string | null>(null);
  const work = (): void => {
    setState("busy");
    clientDigest(fetchBytes, sha256).then(
      (found) => {
        setDigest(found);
        setState("ready");
      },
      () => setState("failed"),
    );
  };
  if (digest !== null) {
    return (
      <output class="mono digest" translate={false}>
        {inGroups(digest)}
      </output>
    );
  }
  const { title, next } = failureOf(null);
  return (
    <>
      {state === "failed" && <ErrorState title={t(title)} text={t(next)} />}
      <div class="actions">
        <Button onPress={work}>{state === "busy" ? t("loading") : t("about-work-out")}</Button>
      </div>
    </>
  );
}

/** An address that leads nowhere. */
export function LostPage({ shell }: Props) {
  const { t } = useSpeech();
  return (
    <EmptyState icon="door" title={t("missing-page")} text={t("missing-page-next")} top>
      <PublicLink shell={shell} page="community" class="btn">
        {t("nav-community")}
      </PublicLink>
    </EmptyState>
  );
}
