/** Registers the service worker, and tells when a new version waits. */

import { addressOfTexts } from "../texts/spoken.ts";
import type { Shell } from "./shell.ts";
import { trustedScript } from "./trusted.ts";

const WORKER = "/sw.js";

let waiting: ServiceWorker | null = null;

/** Registers the worker. Failing leaves the app usable, only without offline start. */
export async function registerWorker(shell: Shell): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register(trustedScript(WORKER));
    const look = (worker: ServiceWorker | null): void => {
      if (worker?.state !== "installed" || navigator.serviceWorker.controller === null) return;
      waiting = worker;
      shell.updateReady.value = true;
    };
    look(registration.waiting);
    keepTexts(shell);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => look(worker));
    });
  } catch {
    // Private windows and some settings refuse workers.
  }
}

/** The first visit's texts came before there was a worker: once more, so that it keeps them. */
function keepTexts(shell: Shell): void {
  const address = addressOfTexts(shell.language);
  if (address === null || navigator.serviceWorker.controller !== null) return;
  navigator.serviceWorker.addEventListener(
    "controllerchange",
    () => void fetch(address).catch(() => undefined),
    { once: true },
  );
}

/** Loads the waiting version: the page starts anew and asks for the passphrase. */
export function loadUpdate(): void {
  navigator.serviceWorker.addEventListener("controllerchange", () => location.reload());
  waiting?.postMessage("go");
}
