import { isLanguage, OWN_NAMES } from "../../texts/languages.ts";
import { Button } from "../../ui/button.tsx";
import { Notice, Tag } from "../../ui/states.tsx";
import { useSpeech, Written } from "../../ui/text.tsx";
import { LanguageChoice } from "../choices.tsx";
import { type Community, rulesOf } from "../community.ts";
import { BRAND } from "../discreet.ts";
import { Rules } from "../join/rules.tsx";
import { PublicLink } from "../link.tsx";
import type { Shell } from "../shell.ts";
import { InviteForm } from "./invite-form.tsx";
import { SignInForm } from "./sign-in-form.tsx";

interface Props {
  readonly shell: Shell;
}

/** What this community is, as far as its steward has said; and the two ways in. */
export function CommunityPage({ shell }: Props) {
  const { t } = useSpeech();
  const community = shell.community.value;
  const member = shell.account.state.value === "in";
  return (
    <div class="split split-aside">
      <div class="stack stack-7">
        <div class="stack">
          <Opening community={community} />
          {!member && (
            <div class="actions narrow">
              <Button kind="main" onPress={() => shell.goPublic("sign-in")}>
                {t("nav-sign-in")}
              </Button>
              <Button onPress={() => shell.goPublic("join")}>{t("invite-title")}</Button>
            </div>
          )}
        </div>
        <How />
        {community && <Asks community={community} />}
        <Held />
        {community && <KeyWords words={community.fingerprint} />}
      </div>
      <aside class="stack stack-5" aria-label={t("nav-ways-in")}>
        {!member && (
          <div class="wide-only stack stack-5">
            <SignInForm shell={shell} titled />
            <InviteForm shell={shell} />
          </div>
        )}
        <Notice title={t("before-joining")}>
          <p class="small">{t("before-joining-more")}</p>
          <p class="small">
            <PublicLink shell={shell} page="safety">
              {t("before-joining-read")}
            </PublicLink>
          </p>
        </Notice>
        <LanguageChoice shell={shell} />
      </aside>
    </div>
  );
}

function Opening({ community }: { readonly community: Community | null }) {
  const { t } = useSpeech();
  const summary = community?.summary ?? "";
  const languages = community?.languages ?? [];
  return (
    <div class="head">
      <h1>{community ? <Written text={community.name} /> : BRAND}</h1>
      <p class="lead">{summary === "" ? t("community-lead") : <Written text={summary} />}</p>
      {languages.length > 0 && (
        <ul class="chips" aria-label={t("community-languages")}>
          {languages.map((tag) => (
            <li key={tag} lang={tag} dir="auto">
              <Tag>{isLanguage(tag) ? OWN_NAMES[tag] : tag}</Tag>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function How() {
  const { t } = useSpeech();
  const steps = [
    { title: t("how-find"), more: t("how-find-more") },
    { title: t("how-knock"), more: t("how-knock-more") },
    { title: t("how-meet"), more: t("how-meet-more") },
  ];
  return (
    <section class="stack stack-3" aria-labelledby="how">
      <h2 id="how">{t("how-title")}</h2>
      <ol class="list">
        {steps.map(({ title, more }) => (
          <li key={title}>
            <h3>{title}</h3>
            <p class="quiet">{more}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}

function Asks({ community }: { readonly community: Community }) {
  const { t } = useSpeech();
  const rules = rulesOf(community);
  if (rules.length === 0) return null;
  return (
    <section class="stack stack-3" aria-labelledby="rules">
      <h2 id="rules">{t("rules-title")}</h2>
      <Rules rules={rules} />
    </section>
  );
}

function Held() {
  const { t } = useSpeech();
  const facts = [
    { name: t("held"), text: t("held-more") },
    { name: t("never-held"), text: t("never-held-more") },
    { name: t("held-limit"), text: t("held-limit-more") },
  ];
  return (
    <section class="card stack" aria-labelledby="held">
      <h2 id="held">{t("held-title")}</h2>
      <dl class="facts">
        {facts.map(({ name, text }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A node's key as words, so that people can compare it by voice. */
export function KeyWords({ words }: { readonly words: readonly string[] }) {
  const { t } = useSpeech();
  if (words.length === 0) return null;
  return (
    <p class="small quiet">
      {t("key-words")}{" "}
      <bdi class="mono" lang="en" dir="ltr" translate={false}>
        {words.join(" ")}
      </bdi>
    </p>
  );
}
