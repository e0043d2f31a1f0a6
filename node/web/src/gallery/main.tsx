/** The app with made-up content, for looking at it: `tools/look.mjs`. Never shipped. */

import { drawEmptyArea } from "../shell/areas.tsx";
import { realBrowser } from "../shell/browser.ts";
import type { Community } from "../shell/community.ts";
import { localStore } from "../shell/local-store.ts";
import { readPrefs } from "../shell/prefs.ts";
import { Shell } from "../shell/shell.ts";
import { startShell } from "../shell/start.tsx";
import { fakeAccount } from "./fake-account.ts";
import { Parts } from "./parts.tsx";

const COMMUNITY: Community = {
  name: "Lantern House",
  summary:
    "A place to ask, to learn and to pass it on. Five volunteers look after it, and nobody needs to give a real name.",
  rules:
    "Adults only: eighteen or older.\nWhat you learn about others here stays here.\nHelp is free. No selling, no preaching, no dating.\n“No” is a whole answer, at any time.",
  languages: ["ar", "en", "tr"],
  programme: "adults",
  version: "1.0.0",
  fingerprint: ["amber", "canoe", "lilac", "forty", "river", "stone", "acorn", "velvet"],
};

void startShell(
  new Shell(
    realBrowser(),
    fakeAccount(),
    () => Promise.resolve(COMMUNITY),
    readPrefs(localStore),
  ),
  (view, shell) =>
    view.area === "offers" ? <Parts shell={shell} /> : drawEmptyArea(view, shell),
);
