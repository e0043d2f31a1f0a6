// What a build weighs, and how much of it is translated.
import { keysOf, LANGUAGES } from "./texts.mjs";
import { compressed } from "./tree.mjs";

/** Kilobytes of 1000 bytes, compressed. */
const MOST = { script_br_kb: 100, css_br_kb: 15 };

function kilobytes(tree, paths) {
  const bytes = paths.reduce((sum, path) => sum + compressed(tree.get(path)).length, 0);
  return Math.round(bytes / 100) / 10;
}

/** Returns what a build weighs, what to know about it, and what is wrong with it. */
export function measure({ tree, scripts, first, texts }, { all }) {
  const wanted = keysOf(texts.get("en") ?? "");
  const absent = LANGUAGES.filter((language) => !texts.has(language));
  let missing = 0;
  for (const source of texts.values()) {
    const there = keysOf(source);
    for (const key of wanted) if (!there.has(key)) missing += 1;
  }
  const report = {
    script_br_kb: kilobytes(tree, [first, ...scripts.initial]),
    css_br_kb: kilobytes(tree, [scripts.style]),
    languages: texts.size,
    missing_keys: missing,
  };
  const faults = Object.entries(MOST)
    .filter(([name, most]) => report[name] > most)
    .map(([name, most]) => `${name} is ${report[name]}, more than ${most}`);
  if (missing > 0) faults.push(`${missing} texts are missing`);
  const notes = [];
  if (absent.length > 0) {
    const words = `no texts yet in ${absent.join(" ")}`;
    (all ? faults : notes).push(words);
  }
  return { report, notes, faults };
}
