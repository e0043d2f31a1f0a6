import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { TextKey } from "../texts/texts.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon, Wordmark } from "../ui/icon.tsx";
import type { IconName } from "../ui/icons.ts";
import { openDialogs } from "../ui/modal.ts";
import { useSpeech } from "../ui/text.tsx";
import { Toasts } from "../ui/toast.tsx";
import { leaveNow } from "./browser.ts";
import { LanguagePick } from "./choices.tsx";
import { BRAND } from "./discreet.ts";
import { PublicLink } from "./link.tsx";
import { AREAS, type Area, type PublicPage } from "./routes.ts";
import type { Shell } from "./shell.ts";
import { loadUpdate } from "./worker-client.ts";

/** Words and drawing of each area. */
export const AREA_LOOKS: Readonly<
  Record<
    Area,
    {
      readonly text: TextKey & `nav-${Area}`;
      readonly tab: TextKey & `tab-${Area}`;
      readonly icon: IconName;
    }
  >
> = {
  browse: { text: "nav-browse", tab: "tab-browse", icon: "search" },
  offers: { text: "nav-offers", tab: "tab-offers", icon: "offers" },
  knocks: { text: "nav-knocks", tab: "tab-knocks", icon: "knocks" },
  talks: { text: "nav-talks", tab: "tab-talks", icon: "talks" },
  me: { text: "nav-me", tab: "tab-me", icon: "me" },
};

const SITE = [
  { page: "community", text: "nav-community", tab: "tab-community", icon: "home" },
  { page: "safety", text: "nav-safety", tab: "nav-safety", icon: "info" },
  { page: "join", text: "nav-join", tab: "nav-join", icon: "door" },
  { page: "sign-in", text: "nav-sign-in", tab: "nav-sign-in", icon: "lock" },
] as const;

interface Props {
  readonly shell: Shell;
  /** Changes with every view: the page is scrolled, and focus goes to its heading. */
  readonly viewKey: string;
  readonly children: ComponentChildren;
}

/** Bar, navigation, notes, the view and the foot: what is the same on every screen. */
export function Frame({ shell, viewKey, children }: Props) {
  const { t } = useSpeech();
  const main = useRef<HTMLElement>(null);
  const modal = openDialogs.value > 0;
  useOpening(main, viewKey);
  useResting(main, modal);
  const member = shell.phase.value === "in";
  const home = (): void => (member ? shell.goArea(AREAS[0]) : shell.goPublic("community"));
  return (
    <div class="app" {...(modal ? { "data-modal": "" } : {})}>
      {/* biome-ignore lint/a11y/useValidAnchor: a link in all but its address, which stays as it is */}
      <a class="skip vh" href="#main" onClick={(event) => skipTo(event, main.current)}>
        {t("skip-to-content")}
      </a>
      <header class="bar">
        <div class="bar-in">
          <button class="brand" type="button" aria-label={BRAND} onClick={home}>
            <Wordmark />
          </button>
          <div class="bar-nav">
            {member ? <AreaLinks shell={shell} wide /> : <SiteLinks shell={shell} wide />}
          </div>
          <div class="bar-end">
            {!member && <LanguagePick shell={shell} />}
            {member && (
              <IconButton icon="lock" label={t("lock-now")} onPress={() => shell.lock()} />
            )}
            <button
              class="exit"
              type="button"
              aria-describedby="exit-note"
              onClick={() => leaveNow(shell)}
            >
              {t("exit-button")}{" "}
              {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing to focus */}
              <kbd aria-hidden="true">Esc Esc</kbd>
            </button>
          </div>
        </div>
      </header>
      <Notes shell={shell} />
      <main class="main" id="main" tabIndex={-1} ref={main}>
        {children}
        <Foot shell={shell} />
      </main>
      <div class="tabs" aria-hidden={modal}>
        {member ? <AreaLinks shell={shell} /> : <SiteLinks shell={shell} />}
      </div>
      <Toasts box={shell.toasts} />
    </div>
  );
}

function skipTo(event: Event, main: HTMLElement | null): void {
  event.preventDefault(); // no fragment in the address
  main?.focus();
}

/** A new view begins at its top with its heading, as a new page would. Not at the first one. */
function useOpening(main: { readonly current: HTMLElement | null }, viewKey: string): void {
  const shown = useRef<string | null>(null);
  useEffect(() => {
    if (shown.current !== null && shown.current !== viewKey) {
      scrollTo(0, 0);
      const heading = main.current?.querySelector<HTMLElement>("h1");
      heading?.setAttribute("tabindex", "-1");
      heading?.classList.add("quiet-focus");
      (heading ?? main.current)?.focus({ preventScroll: true });
    }
    shown.current = viewKey;
  }, [viewKey]);
}

/** Under a dialog the view can be neither reached nor read; engines without `inert` get the half of it. */
function useResting(main: { readonly current: HTMLElement | null }, modal: boolean): void {
  useEffect(() => {
    main.current?.toggleAttribute("inert", modal);
    if (modal) main.current?.setAttribute("aria-hidden", "true");
    else main.current?.removeAttribute("aria-hidden");
  }, [modal]);
}

function AreaLinks({
  shell,
  wide = false,
}: {
  readonly shell: Shell;
  readonly wide?: boolean;
}) {
  const { t } = useSpeech();
  const current = shell.page.value === null ? shell.top.value.area : null;
  return (
    <nav aria-label={t("nav-areas")}>
      <ul>
        {AREAS.map((area) => {
          const { text, tab, icon } = AREA_LOOKS[area];
          const name = t(wide ? text : tab);
          const fresh = shell.news.value.has(area);
          return (
            <li key={area}>
              <button
                class={wide ? "navlink" : "tab"}
                type="button"
                onClick={() => shell.goArea(area)}
                {...(fresh ? { "aria-label": t("nav-with-news", { name }) } : {})}
                {...(area === current ? { "aria-current": "page" as const } : {})}
              >
                {!wide && <Icon name={icon} />}
                <span>{name}</span>
                {fresh && <i class="dot" aria-hidden="true" />}
              </button>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}

function SiteLinks({
  shell,
  wide = false,
}: {
  readonly shell: Shell;
  readonly wide?: boolean;
}) {
  const { t } = useSpeech();
  const current: PublicPage | null = shell.lost.value ? null : shell.page.value;
  return (
    <nav aria-label={t("nav-site")}>
      <ul>
        {SITE.map(({ page, text, tab, icon }) => (
          <li key={page}>
            <PublicLink
              shell={shell}
              page={page}
              class={wide ? "navlink" : "tab"}
              current={page === current}
            >
              {!wide && <Icon name={icon} />}
              <span>{t(wide ? text : tab)}</span>
            </PublicLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Notes({ shell }: { readonly shell: Shell }) {
  const { t } = useSpeech();
  return (
    <div role="status">
      {!shell.online.value && (
        <div class="offline">
          <div>
            <Icon name="cloud" small />
            <span>{t("offline-note")}</span>
          </div>
        </div>
      )}
      {shell.updateReady.value && (
        <div class="offline">
          <div>
            <span>{t("update-note")}</span>
            <Button kind="bare" onPress={loadUpdate}>
              {t("update-now")}
            </Button>
          </div>
        </div>
      )}
    </div>
  );
}

function Foot({ shell }: { readonly shell: Shell }) {
  const { t } = useSpeech();
  return (
    <footer class="foot foot-page stack stack-2">
      <div class="public-links">
        <PublicLink shell={shell} page="safety">
          {t("nav-safety")}
        </PublicLink>
        <PublicLink shell={shell} page="about">
          {t("nav-about")}
        </PublicLink>
      </div>
      <p id="exit-note" class="foot-note">
        {t("exit-note")}
      </p>
    </footer>
  );
}
