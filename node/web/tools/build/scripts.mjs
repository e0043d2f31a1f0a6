// Scripts and styles: bundled, split where something is loaded when needed.
import { join } from "node:path";
import { build } from "esbuild";

/** The oldest browsers that the client runs in. */
const TARGET = ["chrome90", "firefox90", "safari15"];

const COMMON = {
  bundle: true,
  write: false,
  minify: true,
  target: TARGET,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  jsx: "automatic",
  jsxImportSource: "preact",
};

const nameOf = (path) => path.slice(path.indexOf("assets/"));

/** Follows the imports that are not awaited: what has to be there for the page to start. */
function neededBy(outputs, entry) {
  const found = new Set();
  const visit = (path) => {
    if (found.has(path)) return;
    found.add(path);
    for (const { path: next, kind } of outputs[path].imports) {
      if (kind === "import-statement") visit(next);
    }
  };
  visit(entry);
  return [...found].map(nameOf);
}

/**
 * Puts scripts and styles into the tree.
 *
 * @returns paths in the tree: `entry`, `initial` (the entry and all it needs), `style`
 */
export async function putScripts(tree, root, { entry, define }) {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    absWorkingDir: root,
    preserveSymlinks: true,
    entryPoints: { app: entry, style: "src/style/index.css" },
    outdir: "assets",
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    publicPath: "/assets",
    format: "esm",
    splitting: true,
    metafile: true,
    define,
  });
  for (const { path, contents } of outputFiles) {
    tree.set(nameOf(path.slice(root.length)), Buffer.from(contents));
  }
  const paths = Object.keys(metafile.outputs);
  const main = paths.find((path) => metafile.outputs[path].entryPoint === entry);
  const style = paths.find((path) => path.endsWith(".css"));
  return {
    entry: nameOf(main),
    initial: neededBy(metafile.outputs, main),
    style: nameOf(style),
  };
}

/** Puts the worker that stretches passphrases into the tree, and returns its address. */
export async function putStretchWorker(tree, root) {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: { stretch: "src/app/stretch-worker.ts" },
    absWorkingDir: root,
    preserveSymlinks: true,
    outdir: "assets",
    entryNames: "[name]-[hash]",
    format: "iife",
  });
  const [{ path, contents }] = outputFiles;
  const name = nameOf(path.slice(root.length));
  tree.set(name, Buffer.from(contents));
  return `/${name}`;
}

/** Returns a script that stands alone: the service worker, and what runs before the app. */
export async function loneScript(root, entry, define) {
  const { outputFiles } = await build({
    ...COMMON,
    entryPoints: [join(root, entry)],
    absWorkingDir: root,
    format: "iife",
    define,
  });
  return Buffer.from(outputFiles[0].contents);
}
