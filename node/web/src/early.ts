/**
 * Runs before the app is there: asks for the texts of the language that it will want, so that
 * they travel beside the scripts and not after them.
 */

import { localStore } from "./shell/local-store.ts";
import { readPrefs } from "./shell/prefs.ts";
import { chooseLanguage } from "./texts/languages.ts";
import { addressOfTexts, SPOKEN } from "./texts/spoken.ts";

const { language } = readPrefs(localStore);
const wanted = language === null ? navigator.languages : [language];
const address = addressOfTexts(chooseLanguage(wanted, SPOKEN));
if (address !== null) {
  const link = document.createElement("link");
  link.rel = "preload";
  link.as = "fetch";
  link.crossOrigin = "anonymous"; // as the app's own request, or it would travel twice
  link.href = address;
  document.head.append(link);
}
