/** The gallery's page: draws one screen in one state, chosen by the address. */

import { render } from "preact";
import { useEffect } from "preact/hooks";
import { makeTexts } from "../../src/texts/texts.ts";
import { Wordmark } from "../../src/ui/icon.tsx";
import { SpeechProvider } from "../../src/ui/text.tsx";
import { BROWSE_SHOTS } from "./browse.tsx";
import { CIRCLES_SHOTS } from "./circles.tsx";
import { KNOCKS_SHOTS } from "./knocks.tsx";
import { ME_SHOTS } from "./me.tsx";
import { OFFERS_SHOTS } from "./offers.tsx";
import type { Shots } from "./shots.ts";
import { TALK_SHOTS } from "./talk.tsx";

declare const __GALLERY_TEXTS__: readonly string[];

const SHOTS: Shots = {
  ...BROWSE_SHOTS,
  ...OFFERS_SHOTS,
  ...KNOCKS_SHOTS,
  ...TALK_SHOTS,
  ...CIRCLES_SHOTS,
  ...ME_SHOTS,
};

const NAV = ["Browse", "My offers", "Knocks", "Conversations", "Me"];

function Stage() {
  const params = new URLSearchParams(location.search);
  const rtl = params.get("dir") === "rtl";
  const shot = SHOTS[params.get("shot") ?? ""];
  const language = rtl ? "ar" : "en";
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dir = rtl ? "rtl" : "ltr";
    document.documentElement.dataset["theme"] = params.get("theme") ?? "light";
  });
  if (!shot) {
    return (
      <ul class="main list">
        {Object.keys(SHOTS).map((name) => (
          <li key={name}>
            <a href={`/?shot=${name}`}>{name}</a> · <a href={`/?shot=${name}&dir=rtl`}>RTL</a>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <SpeechProvider value={{ language, t: makeTexts(language, __GALLERY_TEXTS__, rtl) }}>
      <div class="app">
        <header class="bar">
          <div class="bar-in">
            <span class="brand">
              <Wordmark />
            </span>
            <div class="bar-end">
              <button class="exit" type="button">
                Quick exit <kbd>Esc Esc</kbd>
              </button>
            </div>
          </div>
        </header>
        <main class="main" id="main">
          {shot()}
        </main>
        <div class="tabs">
          <nav aria-label="Areas">
            <ul>
              {NAV.map((name) => (
                <li key={name}>
                  <button class="tab" type="button">
                    <span>{name}</span>
                  </button>
                </li>
              ))}
            </ul>
          </nav>
        </div>
      </div>
    </SpeechProvider>
  );
}

Object.assign(globalThis, { galleryNames: Object.keys(SHOTS) });
const root = document.getElementById("app");
if (root) render(<Stage />, root);
