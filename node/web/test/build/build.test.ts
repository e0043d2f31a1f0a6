import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { PUBLIC_PATHS } from "../../src/shell/routes.ts";
import { LANGUAGES } from "../../src/texts/languages.ts";

const folders: string[] = [];
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Builds a copy of the sources in a new folder; returns paths and bytes. */
function build(): Map<string, Buffer> {
  const root = mkdtempSync(join(tmpdir(), "w-"));
  folders.push(root);
  for (const name of [
    "src",
    "static",
    "locale",
    "tools",
    "build.mjs",
    "package.json",
    "tsconfig.json",
  ]) {
    cpSync(name, join(root, name), { recursive: true });
  }
  symlinkSync(resolve("node_modules"), join(root, "node_modules"));
  const run = spawnSync(process.execPath, ["build.mjs", "--out", "out"], { cwd: root });
  assert.equal(run.status, 0, run.stderr.toString());
  const out = join(root, "out");
  const files = readdirSync(out, { recursive: true, withFileTypes: true }).filter((one) =>
    one.isFile(),
  );
  return new Map(
    files
      .map(({ parentPath, name }) => join(parentPath, name))
      .sort()
      .map((path) => [path.slice(out.length + 1), readFileSync(path)] as const),
  );
}

const first = build();

test("two builds in different folders give the same bytes", () => {
  const second = build();
  assert.deepEqual([...second.keys()].sort(), [...first.keys()].sort());
  for (const [name, bytes] of first) assert.ok(second.get(name)?.equals(bytes), name);
});

test("each file has a compressed copy of itself", () => {
  const plain = [...first.keys()].filter((name) => !name.endsWith(".br"));
  assert.equal(plain.length * 2, first.size);
  for (const name of plain) {
    const packed = first.get(`${name}.br`);
    assert.ok(
      packed !== undefined && brotliDecompressSync(packed).equals(first.get(name) ?? packed),
    );
  }
});

test("the files are of the kinds and in the places that the node serves", () => {
  const allowed =
    /^(?:index\.html|sw\.js|manifest\.webmanifest|assets\/[\w.-]+\.(?:css|ftl|js|svg|wasm|webmanifest))(?:\.br)?$/;
  for (const name of first.keys()) assert.match(name, allowed);
});

test("names of icons, texts and manifests hold the hash of what is in them", () => {
  for (const [name, bytes] of first) {
    const hash = /-([0-9a-f]{10})\.(?:ftl|svg|webmanifest)$/.exec(name)?.[1];
    if (hash === undefined) continue;
    assert.ok(createHash("sha256").update(bytes).digest("hex").startsWith(hash), name);
  }
});

test("the page has its first text, and neither script nor style in it", () => {
  const page = first.get("index.html")?.toString() ?? "";
  assert.match(page, /<h1>Kith<\/h1>/);
  assert.match(page, /A place to ask/);
  assert.doesNotMatch(page, /<style|style=|\son\w+=|\{\{|<script(?![^>]* src=)/);
  for (const [, address] of page.matchAll(/(?:href|src)="\/([^"]+)"/g)) {
    assert.ok(first.has(address ?? ""), address);
  }
});

test("the worker names every file, and only addresses that there are", () => {
  const worker = first.get("sw.js")?.toString() ?? "";
  const names = JSON.parse(worker.slice(2, worker.indexOf("\n"))) as string[];
  assert.deepEqual(names, [...first.keys()].filter((name) => !name.endsWith(".br")).sort());
});

test("nothing built says where it was built, or maps back to sources", () => {
  for (const [name, bytes] of first) {
    if (name.endsWith(".br")) continue;
    assert.doesNotMatch(bytes.toString(), /sourceMappingURL|node_modules|\/tmp\//, name);
  }
});

test("the pages are those of the shell and of the node", () => {
  const own = Object.values(PUBLIC_PATHS).sort();
  const served = readFileSync("../kith_node/web/routes.py", "utf8");
  const views = /^VIEWS = \((.*)\)$/m.exec(served)?.[1] ?? "";
  assert.deepEqual(
    views
      .split(", ")
      .map((view) => view.slice(1, -1))
      .sort(),
    own,
  );
  assert.deepEqual(listIn("tools/build/tree.mjs", "PAGES"), own);
});

test("the build knows the languages of the interface", () => {
  const source = readFileSync("tools/build/texts.mjs", "utf8");
  const words = /LANGUAGES = "(.*)"\.split/.exec(source)?.[1] ?? "";
  assert.deepEqual(words.split(" "), [...LANGUAGES]);
});

function listIn(path: string, name: string): string[] {
  const found = new RegExp(`${name} = (\\[.*\\]);`).exec(readFileSync(path, "utf8"))?.[1];
  const list: unknown = JSON.parse(found ?? "[]");
  return Array.isArray(list) ? list.map(String).sort() : [];
}
