/** Puts the shell onto the page. */

import { render } from "preact";
import { App } from "./app.tsx";
import type { DrawView } from "./areas.tsx";
import { listen } from "./browser.ts";
import type { Shell } from "./shell.ts";
import { registerWorker } from "./worker-client.ts";

/** Starts the app in the page. `drawView` draws the member's views. */
export async function startShell(shell: Shell, drawView: DrawView): Promise<void> {
  listen(shell); // first of all: quick exit has to work while the rest is loading
  const root = document.getElementById("app");
  if (root === null) return;
  try {
    await shell.start();
  } catch {
    // Not even English could be had. The page says so in its own words.
    document.getElementById("failed")?.removeAttribute("hidden");
    return;
  }
  root.replaceChildren();
  render(<App shell={shell} drawView={drawView} />, root);
  await registerWorker(shell);
}
