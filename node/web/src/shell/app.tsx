import { useEffect, useLayoutEffect } from "preact/hooks";
import { directionOf } from "../texts/languages.ts";
import { SpeechProvider } from "../ui/text.tsx";
import type { DrawView } from "./areas.tsx";
import { dress } from "./browser.ts";
import { maskName } from "./choices.tsx";
import { titleFor } from "./discreet.ts";
import { Frame } from "./frame.tsx";
import { CommunityPage } from "./pages/community-page.tsx";
import { AboutPage, LostPage, SafetyPage } from "./pages/info-pages.tsx";
import { JoinPage } from "./pages/join-page.tsx";
import { SignInPage } from "./pages/sign-in-page.tsx";
import type { PublicPage } from "./routes.ts";
import type { Shell } from "./shell.ts";
import { topOf } from "./view-stack.ts";

interface Props {
  readonly shell: Shell;
  readonly drawView: DrawView;
}

/** The whole app: the frame with a public page or a member's view in it. */
export function App({ shell, drawView }: Props) {
  const texts = shell.texts.value;
  const page = shell.page.value;
  const entry = topOf(shell.stack.value);
  const mask = shell.mask;
  const title =
    texts && titleFor(mask, texts.t(maskName(mask)), page && titleOf(page, texts.t));
  useLayoutEffect(() => {
    if (texts) dress(title ?? "", mask, texts.language, directionOf(texts.language));
  }, [texts, title, mask]);
  const key = page ?? `view-${entry.id}`;
  useEffect(() => {
    // Coming back to a view: where it was. A new one begins at the top (Frame).
    if (page === null && entry.scroll > 0) scrollTo(0, entry.scroll);
  }, [key]);
  if (texts === null) return null;
  return (
    <SpeechProvider value={texts}>
      <Frame shell={shell} viewKey={key}>
        {page === null ? (
          <div key={entry.id}>{drawView(entry.view, shell)}</div>
        ) : (
          <Public shell={shell} page={page} />
        )}
      </Frame>
    </SpeechProvider>
  );
}

function Public({ shell, page }: { readonly shell: Shell; readonly page: PublicPage }) {
  if (shell.lost.value) return <LostPage shell={shell} />;
  switch (page) {
    case "community":
      return <CommunityPage shell={shell} />;
    case "sign-in":
      return <SignInPage shell={shell} />;
    case "join":
      return <JoinPage shell={shell} />;
    case "safety":
      return <SafetyPage />;
    case "about":
      return <AboutPage shell={shell} />;
  }
}

type Texts = NonNullable<Shell["texts"]["value"]>["t"];

/** Public pages have a title each; the first is the product's name alone. */
function titleOf(page: PublicPage, t: Texts): string | null {
  switch (page) {
    case "community":
      return null;
    case "sign-in":
      return t("nav-sign-in");
    case "join":
      return t("nav-join");
    case "safety":
      return t("nav-safety");
    case "about":
      return t("nav-about");
  }
}
