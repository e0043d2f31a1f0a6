// The whole tree: a map of paths to bytes.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { addressOf, putHashed, sha256 } from "./files.mjs";
import { putLooks } from "./look.mjs";
import { loneScript, putScripts, putStretchWorker } from "./scripts.mjs";
import { putTexts, sentencesOf } from "./texts.mjs";

/** What most people never need: other languages, masks, the meter of passphrases. */
const KEPT_ONCE_USED = /^assets\/(?:.*\.(?:ftl|webmanifest)|strength-.*\.js)$/;
const VERSION_CHARACTERS = 16;

/** Where the page is served: as `VIEWS` of the node's `web/routes.py`. */
export const PAGES = ["/", "/about", "/join", "/safety", "/sign-in"];

/**
 * Builds the client.
 *
 * @param root the folder of the sources
 * @param entry where the app starts
 * @param pseudo a build for looking at: long texts, and from right to left in place of Arabic
 */
export async function buildTree({
  root = process.cwd(),
  entry = "src/main.tsx",
  pseudo = false,
} = {}) {
  const tree = new Map();
  const looks = putLooks(tree, root);
  const texts = putTexts(tree, root, pseudo);
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const early = await loneScript(root, "src/early.ts", {
    __TEXTS__: JSON.stringify(texts.addresses),
  });
  const first = putHashed(tree, "early", ".js", early);
  const scripts = await putScripts(tree, root, {
    entry,
    define: {
      __LOOKS__: JSON.stringify(looks),
      __TEXTS__: JSON.stringify(texts.addresses),
      __PSEUDO__: String(pseudo),
      __VERSION_TEXT__: JSON.stringify(version),
      __STRETCH__: JSON.stringify(await putStretchWorker(tree, root)),
    },
  });
  const english = sentencesOf(texts.sources.get("en") ?? "");
  tree.set("index.html", page(root, { english, scripts, looks, first }));
  tree.set("sw.js", await worker(root, tree, texts.addresses));
  return { tree, scripts, first, texts: texts.sources };
}

/** The page: its first text stands in it, and neither script nor style does. */
function page(root, { english, scripts, looks, first }) {
  const preload = scripts.initial
    .filter((path) => path !== scripts.entry)
    .map((path) => `<link rel="modulepreload" href="/${path}">`);
  const values = {
    css: `/${scripts.style}`,
    js: `/${scripts.entry}`,
    first: `/${first}`,
    icon: looks.none.icon,
    preload: preload.sort().join("\n"),
    lead: escaped(english("community-lead")),
    failed: escaped(english("start-failed")),
    again: escaped(english("try-again")),
    noscript: escaped(english("script-needed")),
    wordmark: readFileSync(join(root, "static/kith-wordmark.svg"), "utf8").trim(),
  };
  const source = readFileSync(join(root, "src/index.html"), "utf8");
  const filled = source.replace(/\{\{(\w+)\}\}/g, (_, name) => {
    if (values[name] === undefined) throw new Error(`index.html wants an unknown ${name}`);
    return values[name];
  });
  return Buffer.from(filled.replace(/\n{2,}/g, "\n"));
}

function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
}

/**
 * The service worker. Its first line names all files, itself too, so that a page can work out
 * the digest of what it was given.
 */
async function worker(root, tree, texts) {
  const names = [...tree.keys(), "sw.js"].sort();
  const hashes = [...tree].map(([name, bytes]) => `${name} ${sha256(bytes)}`).sort();
  const late = new Set(
    names.filter((name) => KEPT_ONCE_USED.test(name) && `/${name}` !== texts.en),
  );
  const core = names.filter((name) => name !== "sw.js" && !late.has(name));
  const script = await loneScript(root, "src/sw.ts", {
    __VERSION__: JSON.stringify(sha256(hashes.join("\n")).slice(0, VERSION_CHARACTERS)),
    __CORE__: JSON.stringify(core.map(addressOf)),
    __EXTRA__: JSON.stringify([...late].map(addressOf)),
    __PAGES__: JSON.stringify(PAGES),
  });
  return Buffer.concat([Buffer.from(`//${JSON.stringify(names)}\n`), script]);
}

/** Returns the bytes as they travel. */
export function compressed(bytes) {
  return brotliCompressSync(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** Writes a tree with a compressed copy beside each file; what stood in the folder is gone. */
export function writeTree(tree, folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const [path, bytes] of tree) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, bytes);
    writeFileSync(`${target}.br`, compressed(bytes));
  }
}
