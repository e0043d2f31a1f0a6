// The texts: one Fluent file for each language, made of those of its areas.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { FluentBundle, FluentResource } from "@fluent/bundle";
import { putHashed } from "./files.mjs";

/** The languages that the interface is to have. */
export const LANGUAGES = "ar de en es fr it ja pl pt ru tr zh".split(" ");

/** Returns the Fluent source of a language without its comments; empty if it has none. */
function sourceOf(root, language) {
  const folder = join(root, "locale", language);
  if (!existsSync(folder)) return "";
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ftl"))
    .sort()
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n")
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("#"))
    .join("\n");
}

/** Returns the names of the messages in a Fluent source. */
export function keysOf(source) {
  return new Set(new FluentResource(source).body.map(({ id }) => id));
}

/** Returns the sentences of a Fluent source that need nothing put in. */
export function sentencesOf(source) {
  const bundle = new FluentBundle("en");
  bundle.addResource(new FluentResource(source));
  return (key) => {
    const found = bundle.getMessage(key)?.value;
    if (!found) throw new Error(`no text of the name ${key}`);
    return bundle.formatPattern(found);
  };
}

/**
 * Puts a file for each language into the tree. `pseudo`: English stands in for the language that
 * is written from right to left.
 */
export function putTexts(tree, root, pseudo) {
  const sources = new Map();
  const addresses = {};
  for (const language of LANGUAGES) {
    const source = sourceOf(root, pseudo && language === "ar" ? "en" : language);
    if (source === "") continue;
    sources.set(language, source);
    addresses[language] = `/${putHashed(tree, language, ".ftl", Buffer.from(`${source}\n`))}`;
  }
  return { sources, addresses };
}
