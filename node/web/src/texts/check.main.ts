/** `npm run texts`: checks all texts; `-- --write` renews the table of keys. */

import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "esbuild";
import {
  compareWithEnglish,
  type Finding,
  keysModule,
  readFluent,
  unusedKeys,
} from "./check.ts";
import { LANGUAGES } from "./languages.ts";
import { findLiterals } from "./literals.ts";

const KEYS = "src/texts/keys.gen.ts";
/** Puts texts into the page itself. */
const BUILD = "tools/build/tree.mjs";
const read = (path: string): string => readFileSync(path, "utf8");

/** Every source that is shipped: no tests, no gallery, no library. */
function shipped(): string[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|\.gen\.ts$/.test(path))
    .filter((path) => !/^(kith|gallery)[\\/]/.test(path))
    .map((path) => join("src", path))
    .sort();
}

function main(): number {
  const files = readdirSync("locale/en")
    .filter((name) => name.endsWith(".ftl"))
    .sort();
  const spoken = LANGUAGES.filter((language) => existsSync(join("locale", language)));
  const findings: Finding[] = [];
  const sources = shipped();
  const keys: string[] = [];
  const whole: string[] = [];
  for (const file of files) {
    const source = read(join("locale/en", file));
    whole.push(source);
    const english = readFluent(source, `en/${file}`);
    keys.push(...english.messages.keys());
    for (const language of spoken) {
      const path = join("locale", language, file);
      const other = readFluent(existsSync(path) ? read(path) : "", `${language}/${file}`);
      findings.push(...compareWithEnglish(english, other, language));
    }
  }
  const table = keysModule(readFluent(whole.join("\n"), "en"));
  if (process.argv.includes("--write")) writeFileSync(KEYS, table);
  else if (!existsSync(KEYS) || read(KEYS) !== table) {
    findings.push({ where: KEYS, what: "is stale: npm run texts -- --write" });
  }
  for (const key of unusedKeys(keys, [...sources, BUILD].map(read))) {
    findings.push({ where: "en", what: `${key}: no screen uses it` });
  }
  for (const path of sources.filter((one) => one.endsWith(".tsx"))) {
    const { code } = transformSync(read(path), { loader: "tsx", jsx: "preserve" });
    for (const text of findLiterals(code)) {
      findings.push({ where: path, what: `text outside the Fluent files: ${text}` });
    }
  }
  for (const { where, what } of findings) console.error(`${where}: ${what}`);
  console.log(
    JSON.stringify({ languages: spoken.length, keys: keys.length, findings: findings.length }),
  );
  return findings.length === 0 ? 0 : 1;
}

process.exitCode = main();
