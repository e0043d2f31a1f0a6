/** Where the app starts. */

import { AppAccount } from "./app/account.ts";
import { drawMember } from "./app/areas.tsx";
import { realBrowser } from "./shell/browser.ts";
import { fetchCommunity } from "./shell/community-load.ts";
import { localStore } from "./shell/local-store.ts";
import { readPrefs } from "./shell/prefs.ts";
import { Shell } from "./shell/shell.ts";
import { startShell } from "./shell/start.tsx";

const account = new AppAccount({
  load: () => import("./app/opening.ts"),
  means: async () => (await import("./app/means.ts")).browserMeans(),
});

void startShell(
  new Shell(realBrowser(), account, fetchCommunity, readPrefs(localStore)),
  drawMember(account),
);
