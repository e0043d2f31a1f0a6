import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { sha256 } from "../../src/kith/crypto/hashes.ts";
import { rulesOf } from "../../src/shell/community.ts";
import { parseCommunity } from "../../src/shell/community-load.ts";
import { clientDigest, inGroups } from "../../src/shell/digest.ts";
import { titleFor } from "../../src/shell/discreet.ts";
import {
  DEFAULT_PREFS,
  encodePrefs,
  parsePrefs,
  readPrefs,
  writePrefs,
} from "../../src/shell/prefs.ts";
import { PUBLIC_PATHS, pageOf } from "../../src/shell/routes.ts";
import { trustedScript } from "../../src/shell/trusted.ts";

test("choices are read as they were written, and anything else becomes the default", () => {
  const prefs = { language: "ar", mask: "sums", lockMinutes: 15 } as const;
  assert.deepEqual(parsePrefs(encodePrefs(prefs)), prefs);
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      assert.equal(typeof parsePrefs(text).lockMinutes, "number");
    }),
  );
  assert.deepEqual(parsePrefs('{"l":"xx","m":"x","k":7}'), DEFAULT_PREFS);
});

test("a store that refuses does no harm", () => {
  const refuse = (): never => {
    throw new Error("storage is off");
  };
  const store = { getItem: refuse, setItem: refuse };
  assert.deepEqual(readPrefs(store), DEFAULT_PREFS);
  writePrefs(store, DEFAULT_PREFS);
});

test("a mask replaces every title; member views share one", () => {
  assert.equal(titleFor("none", "", "Safety"), "Safety · Kith");
  assert.equal(titleFor("none", "", null), "Kith");
  assert.equal(titleFor("notes", "Notes", "Safety"), "Notes");
});

test("public paths lead to their pages, with or without a slash", () => {
  for (const [page, path] of Object.entries(PUBLIC_PATHS)) {
    assert.equal(pageOf(path), page);
    if (path !== "/") assert.equal(pageOf(`${path}/`), page);
  }
  assert.equal(pageOf("/members"), null);
});

test("only scripts of ours become trusted", () => {
  assert.equal(trustedScript("/sw.js"), "/sw.js");
  assert.equal(trustedScript("/assets/argon-AB12.js"), "/assets/argon-AB12.js");
  for (const bad of [
    "https://a.example/sw.js",
    "//a/sw.js",
    "/assets/../x.js",
    "data:x",
    "/x.js",
  ]) {
    assert.throws(() => trustedScript(bad), TypeError);
  }
});

const COMMUNITY = {
  name: "Lantern House",
  summary: "",
  rules: "- One.\n\n2) Two.\n• Three.\nFour - five.",
  languages: ["en"],
  programme: "adults",
  version: "1.0.0",
  fingerprint: ["amber"],
  more: 1,
};

test("rules are lines, without the bullets they were written with", () => {
  assert.deepEqual(rulesOf(parseCommunity(COMMUNITY)), [
    "One.",
    "Two.",
    "Three.",
    "Four - five.",
  ]);
});

test("an answer of another form is no community", () => {
  for (const name of Object.keys(COMMUNITY).filter((one) => one !== "more")) {
    assert.throws(() => parseCommunity({ ...COMMUNITY, [name]: 7 }), TypeError, name);
  }
  assert.throws(() => parseCommunity(null), TypeError);
});

const digestOf = (files: Readonly<Record<string, string>>): Promise<string> =>
  clientDigest(
    async (address) => {
      const found = files[address];
      if (found === undefined) throw new TypeError(address);
      return new TextEncoder().encode(found);
    },
    async (bytes) => sha256(bytes),
  );

test("the digest is that of the lines that sha256sum prints", async () => {
  const worker = '//["sw.js","index.html","assets/a.js"]\nrest';
  const hash = (text: string): string =>
    Buffer.from(sha256(new TextEncoder().encode(text))).toString("hex");
  const lines = [
    `${hash("b")}  assets/a.js`,
    `${hash("a")}  index.html`,
    `${hash(worker)}  sw.js`,
  ];
  const digest = await digestOf({ "/sw.js": worker, "/": "a", "/assets/a.js": "b" });
  assert.equal(digest, hash(`${lines.join("\n")}\n`));
  assert.equal(inGroups(digest).split(" ").length, 8);
});

test("a worker that names strange files gives no digest", async () => {
  for (const list of ["{}", '["/etc"]', '["../a"]', "[1]", ""]) {
    await assert.rejects(digestOf({ "/sw.js": `//${list}\n` }), TypeError);
  }
});
