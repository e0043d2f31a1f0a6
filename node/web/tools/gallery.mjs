// Looks at the member's screens with invented data. Not part of the product.
//   node tools/gallery.mjs            takes pictures of all into screens/, checks each
//   node tools/gallery.mjs WORD …     only those whose name has one of the words
//   node tools/gallery.mjs --serve    serves the page on a free port until stopped
//   --quick                           360 and 1280 px, light LTR and dark RTL only
//   --check                           no pictures, only axe-core and scrolling sideways
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const args = process.argv.slice(2);
const words = args.filter((one) => !one.startsWith("--"));
const has = (flag) => args.includes(flag);

const texts = readdirSync("locale/en")
  .filter((name) => name.endsWith(".ftl"))
  .map((name) => readFileSync(join("locale/en", name), "utf8"));
const styles = readdirSync("src/style").filter((name) => name.startsWith("screens-"));
const index = readFileSync("src/style/index.css", "utf8");
const wanted = styles.filter((name) => !index.includes(name));

async function bundle() {
  const { outputFiles } = await build({
    entryPoints: { app: "tools/gallery/main.tsx" },
    bundle: true,
    write: false,
    outdir: ".out",
    format: "esm",
    target: ["chrome90"],
    jsx: "automatic",
    jsxImportSource: "preact",
    define: { __GALLERY_TEXTS__: JSON.stringify(texts) },
    logLevel: "warning",
  });
  const css = await build({
    stdin: {
      contents: ["index.css", ...wanted].map((name) => `@import "./${name}";`).join("\n"),
      resolveDir: "src/style",
      loader: "css",
    },
    bundle: true,
    write: false,
    logLevel: "warning",
  });
  return { js: outputFiles[0].text, css: css.outputFiles[0].text };
}

const { js, css } = await bundle();
const page =
  '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Gallery</title>' +
  '<meta name="viewport" content="width=device-width, initial-scale=1">' +
  '<link rel="stylesheet" href="/app.css"></head><body><div id="app"></div>' +
  '<script type="module" src="/app.js"></script></body></html>';
// The rules of the real page, so that an inline style shows here already.
const RULES = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'";
const server = createServer((request, response) => {
  const path = new URL(request.url, "http://localhost").pathname;
  const [type, body] =
    path === "/app.js"
      ? ["text/javascript", js]
      : path === "/app.css"
        ? ["text/css", css]
        : ["text/html", page];
  response.setHeader("content-security-policy", RULES);
  response.setHeader("content-type", `${type}; charset=utf-8`);
  response.end(body);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const origin = `http://127.0.0.1:${server.address().port}`;

if (has("--serve")) console.log(`${origin}/`);
else await take();

async function take() {
  mkdirSync("screens", { recursive: true });
  const axe = readFileSync("node_modules/axe-core/axe.min.js", "utf8");
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium" });
  const faults = [];
  let count = 0;
  try {
    const widths = has("--quick") ? [360, 1280] : [360, 768, 1280];
    const looks = [
      { theme: "light", dir: "ltr" },
      { theme: "dark", dir: "rtl" },
      ...(has("--quick")
        ? []
        : [
            { theme: "dark", dir: "ltr" },
            { theme: "light", dir: "rtl" },
          ]),
    ];
    for (const { theme, dir } of looks) {
      const context = await browser.newContext({
        colorScheme: theme,
        reducedMotion: "reduce",
        bypassCSP: true,
      });
      const tab = await context.newPage();
      const note = (what) => faults.push(`${tab.url().slice(origin.length)}: ${what}`);
      tab.on("pageerror", (error) => note(error.message));
      tab.on("console", (line) => line.type() === "error" && note(line.text()));
      await tab.goto(`${origin}/?list`);
      const names = (await tab.evaluate(() => globalThis.galleryNames)).filter(
        (name) => words.length === 0 || words.some((word) => name.includes(word)),
      );
      for (const name of names) {
        for (const width of widths) {
          await tab.setViewportSize({ width, height: 800 });
          await tab.goto(`${origin}/?shot=${name}&dir=${dir}&theme=${theme}`);
          // As tall as the page, and measured again once it lies so: a bar that covers a
          // half-scrolled control is no fault of the control.
          for (let turn = 0; turn < 2; turn += 1) {
            await tab.waitForTimeout(30);
            const height = await tab.evaluate(() => document.documentElement.scrollHeight);
            await tab.setViewportSize({ width, height: Math.min(6000, Math.max(640, height)) });
          }
          await tab.waitForTimeout(60);
          count += 1;
          const wide = await tab.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
          );
          if (wide > 0) note(`scrolls sideways by ${wide} px at ${width}`);
          const small = await tab.evaluate(tooSmall);
          if (small.length > 0) note(`smaller than 44 px at ${width}: ${small.join("; ")}`);
          if (!has("--check")) {
            const file = `${name.replaceAll("/", "-")}-${width}-${theme}-${dir}.png`;
            await tab.screenshot({ path: join("screens", file) });
          }
          if (width === 768) continue;
          await tab.evaluate(axe);
          const found = await tab.evaluate(async () => {
            const { violations } = await globalThis.axe.run(document, {
              runOnly: [
                "wcag2a",
                "wcag2aa",
                "wcag21a",
                "wcag21aa",
                "wcag22aa",
                "best-practice",
              ],
            });
            return violations.map(
              ({ id, nodes }) =>
                `${id}: ${nodes
                  .slice(0, 3)
                  .map((node) => `${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`)
                  .join(" | ")}`,
            );
          });
          for (const one of found) note(`axe at ${width}, ${theme}, ${dir}: ${one}`);
        }
      }
      await context.close();
    }
  } finally {
    await browser.close();
    server.close();
  }
  const seen = [...new Set(faults)];
  for (const fault of seen) console.error(fault);
  console.log(JSON.stringify({ views: count, faults: seen.length }));
  process.exitCode = seen.length === 0 ? 0 : 1;
}

/** Buttons and fields under 44 px; words pressed in the middle of a sentence may be lower. */
function tooSmall() {
  return [
    ...document.querySelectorAll(
      "main button, main input, main select, main textarea, main summary",
    ),
  ]
    .filter((one) => {
      const label = one.closest("label");
      const box = (label ?? one).getBoundingClientRect();
      if (box.width === 0 || one.closest(".vh") || one.matches(".offer-open")) return false;
      return box.height < 43.5 || box.width < 43.5;
    })
    .slice(0, 4)
    .map((one) => one.outerHTML.slice(0, 120));
}
