// Bundles one TypeScript file for Node and runs it: node tools/run.mjs FILE [arguments].
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { build } from "esbuild";

const [entry, ...rest] = process.argv.slice(2);
mkdirSync(".out", { recursive: true });
const outfile = `.out/${entry.replace(/[^a-z0-9]+/gi, "-")}.mjs`;
await build({
  entryPoints: [entry],
  outfile,
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "warning",
});
process.exitCode =
  spawnSync(process.execPath, [outfile, ...rest], { stdio: "inherit" }).status ?? 1;
