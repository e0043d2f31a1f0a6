import { OfferEditor } from "../../src/screens/offers/editor.tsx";
import { Offers } from "../../src/screens/offers/offers.tsx";
import type { EditorModel, OfferState, OwnOffer } from "../../src/screens/offers-model.ts";
import { FAILURE, idle, persona, picture, type Shots, TODAY } from "./shots.ts";

const CV = { id: "career.cv", text: "CVs" };
const INTERVIEWS = { id: "career.interviews", text: "Interviews" };

const STATES: readonly OfferState[] = [
  { state: "up", untilDay: TODAY + 80, soon: false },
  { state: "up", untilDay: TODAY + 9, soon: true },
  { state: "full", untilDay: TODAY + 80 },
  { state: "paused-by-itself" },
  { state: "waiting" },
  { state: "queued" },
  { state: "draft" },
  { state: "ended" },
  { state: "removed", reason: { text: "It asked for money.", lang: "en" } },
];

const own = (state: OfferState, at: number): OwnOffer => ({
  id: String(at),
  title: {
    text: at % 2 ? "السيرة الذاتية خطوة خطوة" : "CVs and interviews after a long break",
    lang: at % 2 ? "ar" : "en",
  },
  picture: picture(`own${at}`),
  topics: [CV, INTERVIEWS],
  state,
  places: 2,
});

const EDITOR: EditorModel = {
  id: null,
  draft: {
    topics: [CV, INTERVIEWS],
    ways: ["advise", "practise", "review"],
    languages: ["ar", "en"],
    formats: ["chat", "voice"],
    when: [],
    level: ["starting", "some"],
    places: 2,
    answers: "days",
    days: 90,
    group: false,
    relay: true,
    region: null,
    summary: "CVs and interviews after a long break",
    text: "I spent eleven years in hiring at Nordhafen Logistics and can read your CV with you. Write to juniper@post.example",
    textLanguage: "en",
  },
  saved: "kept",
  topicQuery: "",
  topicHits: [
    { id: "career.pay", text: "Asking for better pay" },
    { id: "work.boundaries", text: "Boundaries at work" },
  ],
  languages: [
    { value: "ar", text: "العربية", lang: "ar" },
    { value: "en", text: "English", lang: "en" },
    { value: "tr", text: "Türkçe", lang: "tr" },
  ],
  otherLanguages: [{ value: "sw", text: "Kiswahili", lang: "sw" }],
  inPerson: false,
  regions: [],
  findings: [
    {
      id: "1",
      kind: "employer",
      words: "Nordhafen Logistics",
      blocks: false,
      fix: "a shipping company",
    },
    { id: "2", kind: "email", words: "juniper@post.example", blocks: true, fix: "" },
  ],
  missing: [],
  leaves: {
    communities: 9,
    from: "Lantern House",
    size: 1684,
    bytes:
      '{"@context":["https://www.w3.org/ns/activitystreams"],"type":"Offer","topics":["career.cv"]}',
  },
  release: { changes: 5, days: 3 },
  untilDay: TODAY + 90,
  publishing: false,
  failure: null,
  profile: null,
};

const editor = (model: Partial<EditorModel>) => () => (
  <OfferEditor model={{ ...EDITOR, ...model }} actions={idle()} />
);

export const OFFERS_SHOTS: Shots = {
  "offers/states": () => (
    <Offers
      model={{ offers: { state: "ready", value: STATES.map(own) }, passOn: { topics: [CV] } }}
      actions={idle()}
    />
  ),
  "offers/empty": () => (
    <Offers model={{ offers: { state: "ready", value: [] }, passOn: null }} actions={idle()} />
  ),
  "offers/loading": () => (
    <Offers model={{ offers: { state: "loading" }, passOn: null }} actions={idle()} />
  ),
  "offers/failed": () => (
    <Offers
      model={{ offers: { state: "failed", failure: FAILURE }, passOn: null }}
      actions={idle()}
    />
  ),
  "editor/lint": editor({}),
  "editor/fresh": editor({
    saved: "no",
    findings: [],
    missing: ["topics", "ways", "languages", "formats"],
    draft: {
      ...EDITOR.draft,
      topics: [],
      ways: [],
      languages: [],
      formats: [],
      level: [],
      answers: null,
      summary: "",
      text: "",
    },
    leaves: { ...EDITOR.leaves, communities: 0 },
  }),
  "editor/change": editor({
    id: "1",
    findings: [],
    failure: FAILURE,
    inPerson: true,
    regions: [{ value: "155", text: "Western Europe" }],
    draft: { ...EDITOR.draft, formats: ["chat", "in-person"], region: "155", text: "Drafts." },
    profile: { persona: persona("Juniper Lark", "they/them"), shown: true },
  }),
};
