// Bundles every *.test.ts(x) below src/ and test/ and hands them to Node's own runner.
// Names given as arguments narrow the choice: npm test -- week crypto
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const wanted = process.argv.slice(2);
const tests = ["src", "test"]
  .filter((folder) => existsSync(folder))
  .flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) =>
      join(folder, path),
    ),
  )
  .filter((path) => /\.test\.tsx?$/.test(path))
  .filter((path) => wanted.length === 0 || wanted.some((word) => path.includes(word)));
if (tests.length === 0) {
  console.error("no test of that name");
  process.exit(1);
}
const outdir = `.out/test-${process.pid}`; // two runs side by side do not meet
try {
  await build({
    entryPoints: tests,
    outdir,
    outbase: ".",
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    jsx: "automatic",
    jsxImportSource: "preact",
    define: {
      __LOOKS__: "{}",
      __TEXTS__: '{"en":"/en.ftl","ar":"/ar.ftl","de":"/de.ftl"}',
      __PSEUDO__: "false",
      __VERSION_TEXT__: '"0"',
    },
    sourcemap: "inline",
    packages: "external",
    logLevel: "warning",
  });
  const built = tests.map((path) => join(outdir, path.replace(/\.tsx?$/, ".mjs")));
  const run = spawnSync(
    process.execPath,
    ["--test", "--enable-source-maps", "--test-concurrency=2", ...built],
    { stdio: "inherit" },
  );
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(outdir, { recursive: true, force: true });
}
