// Serves a build with the node's own headers and looks at every screen: screenshots into
// screens/, axe-core, console errors, violations of the policy, requests to other hosts.
//   node tools/look.mjs              everything
//   node tools/look.mjs --quick      the narrowest and the widest, each in one theme
//   node tools/look.mjs join 360     only views whose names hold these words
//   node tools/look.mjs --speed slow  how soon it stands on a slow line; only on an idle machine
//   node tools/look.mjs --narrow     at 320 pixels, the least that has to work
// The views are in tools/look/views.mjs; KITH_CHROMIUM names another browser.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";
import { buildTree } from "./build/tree.mjs";
import { serve } from "./look/server.mjs";
import { CHECKS, VIEWS } from "./look/views.mjs";

const FOLDER = "screens";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WIDTHS = process.argv.includes("--narrow") ? [320] : [360, 768, 1280];
const SIZES = { 320: 568, 360: 740, 768: 1024, 1280: 800 };

const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const quick = process.argv.includes("--quick");

/** Every way to look at a view: width, language, theme. */
function* ways() {
  for (const width of WIDTHS) {
    for (const language of ["en", "ar"]) {
      for (const theme of ["light", "dark"]) {
        const plain = (language === "en") === (theme === "light");
        if (!quick || (plain && width !== 768)) yield { width, language, theme };
      }
    }
  }
}

// Features are switched off that only other engines or systems know; and a run without workers.
const EXPECTED = /Unrecognized feature|registration blocked by Playwright/;
const PATIENCE_MS = 6_000;

function watch(page, origin, faults, name, expected = EXPECTED) {
  page.setDefaultTimeout(PATIENCE_MS);
  page.on("console", (message) => {
    const bad = message.type() === "error" || message.type() === "warning";
    if (bad && !EXPECTED.test(message.text()) && !expected.test(message.text())) {
      faults.push(`${name}: console: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => faults.push(`${name}: ${error.message}`));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("about:") && !url.startsWith("blob:")) {
      faults.push(`${name}: a request to ${url}`);
    }
  });
}

async function audit(page, faults, name) {
  const { width } = page.viewportSize();
  const wide = await page.evaluate("document.documentElement.scrollWidth");
  if (wide > width) faults.push(`${name}: scrolls sideways, ${wide} of ${width}`);
  // As tall as the page; twice, since what is measured by the window grows with it.
  for (let round = 0; round < 2; round += 1) {
    const height = await page.evaluate("document.documentElement.scrollHeight");
    await page.setViewportSize({ width, height: Math.min(height, 6000) });
  }
  await page.evaluate("scrollTo(0, 0)"); // what a bar covers half is no fault of what is covered
  const { violations } = await page.evaluate(
    (tags) => globalThis.axe.run(document, { runOnly: { type: "tag", values: tags } }),
    TAGS,
  );
  for (const { id, nodes } of violations) {
    faults.push(
      `${name}: axe ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`,
    );
  }
}

async function look(browser, origin, view, way, faults) {
  const name = `${view.name}-${way.width}-${way.theme}-${way.language}`;
  if (!words.every((word) => name.includes(word))) return 0;
  const context = await browser.newContext({
    viewport: { width: way.width, height: SIZES[way.width] },
    locale: way.language,
    colorScheme: way.theme,
    reducedMotion: "reduce",
    serviceWorkers: "block",
  });
  await context.addInitScript(AXE); // before the page's own policy applies
  const page = await context.newPage();
  watch(page, origin, faults, name, view.expected);
  try {
    await page.goto(`${origin}${view.path}`);
    await page.waitForSelector(".exit");
    await view.act?.(page);
    await page.waitForTimeout(60);
    if (!view.paper) await audit(page, faults, name);
    await page.screenshot({ path: `${FOLDER}/${name}.png` });
  } catch (error) {
    faults.push(`${name}: ${error.message.split("\n")[0]}`);
  }
  await context.close();
  return 1;
}

async function check(browser, origin, { name, run, speed }, faults) {
  if (words.length > 0 && !words.some((word) => name.includes(word))) return 0;
  if (speed && !process.argv.includes("--speed")) return 0;
  const context = await browser.newContext({ locale: "en" });
  const page = await context.newPage();
  watch(page, origin, faults, name);
  try {
    await run({ page, context, origin });
  } catch (error) {
    faults.push(`${name}: ${error.message.split("\n").slice(0, 3).join(" ")}`);
  }
  await context.close();
  return 1;
}

mkdirSync(FOLDER, { recursive: true });
const { tree } = await buildTree({ entry: "src/gallery/main.tsx", pseudo: true });
const server = await serve(tree);
const browser = await chromium.launch({
  executablePath: process.env.KITH_CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const faults = [];
let looked = 0;
try {
  for (const view of VIEWS) {
    for (const way of ways()) looked += await look(browser, server.origin, view, way, faults);
  }
  for (const one of CHECKS) looked += await check(browser, server.origin, one, faults);
} finally {
  await browser.close();
  server.close();
}
for (const fault of faults) console.error(fault);
console.log(`${looked} looked at, ${faults.length} faults`);
process.exitCode = faults.length === 0 && looked > 0 ? 0 : 1;
