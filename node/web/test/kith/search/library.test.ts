import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { base64url, utf8 } from "../../../src/kith/crypto/bytes.ts";
import { KithError, UsageError } from "../../../src/kith/crypto/errors.ts";
import { sha256 } from "../../../src/kith/crypto/hashes.ts";
import type { JsonObject } from "../../../src/kith/crypto/json.ts";
import { formatDay } from "../../../src/kith/search/day.ts";
import { KeptFiles } from "../../../src/kith/search/kept-files.ts";
import { Library } from "../../../src/kith/search/library.ts";
import {
  type FoundResource,
  findResources,
  type ResourceQuery,
} from "../../../src/kith/search/library-search.ts";
import { parseResource, type Resource } from "../../../src/kith/search/resource.ts";
import type { ResourceContent } from "../../../src/kith/search/resource-content.ts";
import { runNow } from "../../../src/kith/search/steps.ts";
import { Topics } from "../../../src/kith/search/topics.ts";
import {
  eagerTurns,
  FakeNode,
  partitionOf,
  smallFinder,
  smallVocabulary,
} from "./support/small.ts";

const TODAY = 20_000;
const ORIGIN = "https://ash.example";
const CV: ResourceContent = {
  topics: ["career.cv"],
  languages: ["en"],
  licence: "CC-BY-4.0",
  reviewed: TODAY - 10,
  name: { en: "Writing a CV" },
  summary: {},
  content: {},
  url: "https://example.org/cv",
  region: null,
  urgent: false,
};
const WRITING = { ...CV, topics: ["craft.writing"], name: { en: "Essays at dawn" } };
const HELPLINE = {
  ...CV,
  topics: ["peer.listening"],
  name: { en: "Somebody listens" },
  urgent: true,
  region: "826",
};

function resourceOf(content: ResourceContent, number: number, days = 90): Resource {
  const id = base64url(sha256(utf8(`${ORIGIN} ${number}`)).slice(0, 16));
  return {
    id: `${ORIGIN}/resources/${id}`,
    author: `${ORIGIN}/actor`,
    published: TODAY,
    updated: TODAY,
    endDay: TODAY + days,
    revision: 1,
    content,
  };
}

function shelf(...contents: ResourceContent[]): Resource[] {
  return contents.map((content, number) => resourceOf(content, number));
}

function find(
  resources: readonly Resource[],
  query: Partial<ResourceQuery> = {},
): readonly FoundResource[] {
  return runNow(
    findResources(
      resources,
      { languages: ["en"], ...query },
      {
        vocabulary: smallVocabulary,
        finder: smallFinder,
        today: TODAY,
        community: "https://elm.example/actor",
      },
    ),
  );
}

function names(found: readonly FoundResource[]): readonly (string | undefined)[] {
  return found.map((one) => one.resource.content.name["en"]);
}

/** The document of *resource*, with the shape of a proof. */
function documentOf(resource: Resource): JsonObject {
  const { content } = resource;
  const context = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/data-integrity/v2",
    { kith: "https://kith.invalid/ns#" },
  ];
  const isLink = content.url !== "";
  return {
    "@context": context,
    attributedTo: resource.author,
    ...(isLink ? {} : { contentMap: content.content }),
    endTime: formatDay(resource.endDay),
    id: resource.id,
    "kith:languages": content.languages,
    "kith:licence": content.licence,
    ...(content.region === null ? {} : { "kith:region": content.region }),
    "kith:reviewed": formatDay(content.reviewed),
    "kith:revision": resource.revision,
    "kith:topics": content.topics,
    ...(content.urgent ? { "kith:urgent": true } : {}),
    nameMap: content.name,
    proof: {
      "@context": context,
      created: formatDay(resource.updated),
      cryptosuite: "eddsa-jcs-2022",
      proofPurpose: "assertionMethod",
      proofValue: `z${"2".repeat(87)}`,
      type: "DataIntegrityProof",
      verificationMethod: `${resource.author}#ed25519-key`,
    },
    published: formatDay(resource.published),
    to: [`${ORIGIN}/followers`],
    type: isLink ? "Page" : "Article",
    updated: formatDay(resource.updated),
    ...(isLink ? { url: content.url } : {}),
  };
}

test("a topic finds what is about it or below, and then what is near", () => {
  const above = find(shelf(WRITING, CV, HELPLINE), { topics: ["career"] });
  assert.deepEqual(names(above), ["Writing a CV"]);
  assert.deepEqual(above[0]?.reasons, ["topic"]);
  const near = find(shelf(WRITING, CV, HELPLINE), { topics: ["career.cv"] });
  assert.deepEqual(names(near), ["Writing a CV", "Essays at dawn"]);
  assert.deepEqual(near[1]?.reasons, ["near-topic"]);
});

test("words find topics and what titles say", () => {
  assert.equal(names(find(shelf(WRITING, CV), { text: "resume" }))[0], "Writing a CV");
  const [found, ...more] = find(shelf(WRITING, CV), { text: "dawn" });
  assert.deepEqual([found?.reasons, more.length], [["words"], 0]);
  assert.deepEqual(find(shelf(WRITING, CV), { text: "zxqwv" }), []);
});

test("without a question everything in the language is shown, urgent first", () => {
  const french = { ...CV, languages: ["fr"] };
  const found = find(shelf(WRITING, CV, french, HELPLINE));
  assert.equal(found.length, 3);
  assert.equal(names(found)[0], "Somebody listens");
});

test("words of a crisis bring help, whatever else they mean", () => {
  const french = { ...HELPLINE, languages: ["fr"] };
  for (const text of ["suicide", "i want to die", "my CV and self-harm"]) {
    const found = find(shelf(WRITING, CV, french, HELPLINE), { text });
    assert.equal(names(found)[0], "Somebody listens");
    assert.deepEqual(found[0]?.reasons, ["urgent"]);
    assert.equal(found.filter((one) => one.resource.content.urgent).length, 1);
  }
});

test("help for one's region and for everybody comes before that for another one", () => {
  const here = { ...HELPLINE, name: { en: "here" }, region: "250" };
  const anywhere = { ...HELPLINE, name: { en: "anywhere" }, region: null };
  const query = { topics: ["peer"], region: "250" };
  const found = find(shelf(HELPLINE, anywhere, here), query);
  assert.equal(names(found)[2], "Somebody listens");
  assert.ok(found[names(found).indexOf("here")]?.reasons.includes("region"));
});

test("what nobody has looked at for a year says so and comes later", () => {
  const old = { ...CV, name: { en: "old" }, reviewed: TODAY - 366 };
  const found = find(shelf(old, CV), { topics: ["career.cv"] });
  assert.deepEqual(names(found), ["Writing a CV", "old"]);
  assert.deepEqual(found[1]?.reasons, ["topic", "old-review"]);
});

test("what has ended is not found, and the newest revision counts", () => {
  assert.deepEqual(find([resourceOf(CV, 0, 0)]), []);
  const newer = { ...resourceOf(WRITING, 0), revision: 2 };
  assert.deepEqual(names(find([newer, ...shelf(CV)])), ["Essays at dawn"]);
});

test("the order of the files decides nothing, and limits hold", () => {
  const resources = shelf(WRITING, CV, HELPLINE, CV, WRITING, HELPLINE);
  const order = fc.shuffledSubarray(resources, { minLength: resources.length });
  fc.assert(
    fc.property(order, fc.constantFrom([], ["career"], ["peer"]), (shuffled, topics) => {
      assert.deepEqual(find(shuffled, { topics }), find(resources, { topics }));
    }),
  );
  assert.equal(find(resources, { limit: 4 }).length, 4);
});

test("a document is read as it was written, and nothing else", () => {
  const text = { ...HELPLINE, url: "", content: { en: "Call us.\n\nIt is free: 116 123." } };
  for (const resource of [resourceOf(CV, 1), resourceOf(text, 2)]) {
    const document = documentOf(resource);
    assert.deepEqual(
      parseResource(document, () => true),
      resource,
    );
    assert.throws(() => parseResource(document, () => false), { code: "unknown-topic" });
    for (const name of Object.keys(document)) {
      const { [name]: _, ...less } = document;
      if (name === "kith:urgent" || name === "kith:region") continue;
      assert.throws(() => parseResource(less, () => true), KithError, name);
      const other = { ...document, [name]: -7 };
      assert.throws(() => parseResource(other, () => true), KithError, name);
    }
  }
});

test("the library is fetched whole and found in here; bad lines are left out", async () => {
  const node = new FakeNode();
  const documents = shelf(WRITING, CV, HELPLINE).map(documentOf);
  node.files.set("/api/v1/library/en", partitionOf("en", [...documents, { none: 1 }]));
  const files = new KeptFiles(node);
  const library = new Library({
    files,
    topics: new Topics(files, eagerTurns),
    actor: "https://elm.example/actor",
    clock: () => TODAY * 86_400,
    turns: eagerTurns,
  });
  assert.equal((await library.list(["en", "fr"])).resources.length, 3);
  const { resources, isStale } = await library.find({ languages: ["en"], text: "CV" });
  assert.deepEqual(names(resources)[0], "Writing a CV");
  node.isDown = true;
  assert.equal(isStale, false);
  assert.equal((await library.list(["en"])).isStale, true);
  await assert.rejects(library.list([]), UsageError);
});
