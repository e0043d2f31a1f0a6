import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseUtf8, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { NotFoundError, UnavailableError } from "../../../src/kith/crypto/errors.ts";
import { fold } from "../../../src/kith/search/fold.ts";
import { encodeProposal, parseProposal } from "../../../src/kith/search/proposal.ts";
import type { ResourceContent } from "../../../src/kith/search/resource-content.ts";
import { encodeCsv, encodeJson } from "../../../src/kith/search/resource-files.ts";
import { type Reads, sessionFiles } from "../../../src/kith/search/session-files.ts";
import { LABEL_LANGUAGES } from "../../../src/kith/search/vocabulary-files.ts";
import { shipped, smallFinder, smallVocabulary } from "./support/small.ts";

const LINK: ResourceContent = {
  topics: ["career.cv", "craft"],
  languages: ["en", "pt-BR"],
  licence: "CC-BY-4.0",
  reviewed: 20_000,
  name: { en: "Writing a CV", "pt-BR": "Como escrever um currículo" },
  summary: { en: "=1+1, they say" },
  content: {},
  url: "https://example.org/cv?a=b#start",
  region: "004",
  urgent: true,
};
const TEXT: ResourceContent = {
  ...LINK,
  languages: ["ar"],
  name: { ar: "أرقام مفيدة" },
  summary: {},
  content: { ar: "-3114\n\n\"مجاني\", '=x'" },
  url: "",
  region: null,
  urgent: false,
};

test("a library is written for spreadsheets without anything that looks like a formula", () => {
  const lines = parseUtf8(encodeCsv([{ content: TEXT }, { id: "x", content: LINK }])).split(
    "\r\n",
  );
  assert.equal(
    lines[0],
    "id,url,topics,languages,licence,reviewed,region,urgent,name.ar,name.en,name.pt-BR," +
      "summary.en,content.ar",
  );
  assert.ok(lines[1]?.endsWith(`"'-3114\n\n""مجاني"", '=x'"`));
  assert.ok(lines[2]?.startsWith("x,https://example.org/cv?a=b#start,career.cv craft,"));
  assert.ok(lines[2]?.includes(",2024-10-04,004,yes,"));
  assert.ok(lines[2]?.includes(`"'=1+1, they say"`));
});

test("a library is written for programs with defaults left out", () => {
  const [text, link] = JSON.parse(
    parseUtf8(encodeJson([{ content: TEXT }, { id: "x", content: LINK }])),
  );
  assert.deepEqual(Object.keys(text), [
    "topics",
    "languages",
    "licence",
    "reviewed",
    "name",
    "content",
  ]);
  assert.equal(text.reviewed, "2024-10-04");
  assert.deepEqual([link.id, link.region, link.urgent], ["x", "004", true]);
});

test("a proposal is read as it was written, in one form only", () => {
  for (const content of [LINK, TEXT]) {
    const raw = encodeProposal(content);
    assert.deepEqual(parseProposal(raw), content);
    const loose = utf8(parseUtf8(raw).replace('{"', '{ "'));
    assert.throws(() => parseProposal(loose), { code: "malformed" });
  }
  assert.throws(() => encodeProposal({ ...LINK, url: "http://example.org/" }), {
    code: "malformed",
  });
  assert.throws(() => encodeProposal({ ...LINK, topics: ["x.craft.own"] }), {
    code: "unknown-topic",
  });
});

test("a session reads files, and says what is the same and what is not there", async () => {
  const calls: unknown[] = [];
  const answers = [
    { status: 200, body: utf8("a"), etag: '"t"' },
    { status: 304, body: utf8(""), etag: '"t"' },
    new NotFoundError("none"),
    new UnavailableError("down"),
  ];
  const session: Reads = {
    read: async (call) => {
      calls.push(call);
      const answer = answers.shift();
      if (answer === undefined || answer instanceof Error) throw answer;
      return answer;
    },
  };
  const files = sessionFiles(session);
  const ask = (etag: string | null): Promise<unknown> =>
    files.read("/p", { etag, maxBytes: 9 });
  assert.deepEqual(await ask(null), { kind: "file", body: utf8("a"), etag: '"t"' });
  assert.deepEqual(await ask('"t"'), { kind: "same" });
  assert.deepEqual(await ask(null), { kind: "none" });
  await assert.rejects(ask(null), UnavailableError);
  assert.deepEqual(calls[1], { method: "GET", path: "/p", etag: '"t"', maxBytes: 9 });
});

// What people type, and what nobody does, in every mixture.
const known = shipped.languages.flatMap((one) =>
  Object.values(one["topics"] as Record<string, { label: string }>).map(({ label }) => label),
);
const typed = "guitra intervew practise with 練習 を 的 и من prüfen C++ - ' ß İ 🌈".split(" ");
const mixed = fc
  .array(
    fc.oneof(fc.constantFrom(...known, ...typed), fc.string({ unit: "binary", maxLength: 6 })),
    {
      maxLength: 5,
    },
  )
  .map((parts) => parts.join(" "));
const readers = fc.subarray([...LABEL_LANGUAGES], { maxLength: 3 });

test("whatever is typed means something that can be searched, and the same each time", () => {
  fc.assert(
    fc.property(mixed, readers, (text, languages) => {
      const meant = smallFinder.understand(text, { languages });
      assert.deepEqual(smallFinder.understand(text, { languages }), meant);
      const topics = meant.pieces.flatMap((piece) => [...piece.topics, ...piece.others]);
      for (const topic of [...topics, ...meant.didYouMean]) {
        assert.equal(smallVocabulary.nearest(topic), topic);
      }
      assert.ok(meant.words.length <= 8 && meant.didYouMean.length <= 5);
      for (const word of meant.words) assert.equal(fold(word), word);
    }),
  );
});

test("typing ahead finds each topic once, within the limit", () => {
  const limits = fc.integer({ min: 1, max: 100 });
  fc.assert(
    fc.property(mixed, readers, limits, (text, languages, limit) => {
      const found = smallFinder.find(text, { languages, limit });
      assert.ok(found.length <= limit);
      assert.equal(new Set(found.map((one) => one.id)).size, found.length);
      const matches = found.map((one) => one.match);
      assert.deepEqual(matches, [...matches].sort());
    }),
  );
  assert.throws(() => smallFinder.find("a", { languages: [], limit: 0 }), { code: "usage" });
});

test("every label and synonym finds its topic", () => {
  for (const { language, topics } of smallVocabulary.languages()) {
    for (const [topic, { label }] of topics) {
      const found = smallFinder.find(label, { languages: [language], limit: 5 });
      assert.ok(
        found.some((one) => one.id === smallVocabulary.resolve(topic)),
        label,
      );
    }
  }
});
