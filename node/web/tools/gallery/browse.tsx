import { Browse } from "../../src/screens/browse/browse.tsx";
import { OfferPage } from "../../src/screens/browse/offer.tsx";
import { People } from "../../src/screens/browse/people.tsx";
import { ProfilePage } from "../../src/screens/browse/profile.tsx";
import type {
  BrowseModel,
  FacetModel,
  OfferCardModel,
  OfferModel,
  ProfileModel,
} from "../../src/screens/browse-model.ts";
import { FAILURE, idle, NOW, persona, picture, type Shots, TODAY } from "./shots.ts";

const CV = { id: "career.cv", text: "CVs" };
const INTERVIEWS = { id: "career.interviews", text: "Interviews" };
const RETURN = { id: "career.return", text: "Returning to work" };

export const CARDS: readonly OfferCardModel[] = [
  {
    id: "1",
    title: { text: "CVs and interviews after a long break", lang: "en" },
    community: "Northside Commons",
    picture: picture("offer-slow-river"),
    why: {
      first: { code: "topic-exact", values: ["CVs"] },
      also: { code: "language", values: ["ar"] },
      differences: [],
    },
    topics: [
      { ...CV, asked: true },
      { ...INTERVIEWS, asked: false },
      { ...RETURN, asked: false },
    ],
    languages: ["ar", "en"],
    formats: ["chat", "voice"],
    when: ["evenings", "weekends"],
    answers: "days",
    room: "open",
    kept: true,
  },
  {
    id: "2",
    title: {
      text: "Bewerbungsunterlagen überarbeiten und Vorstellungsgespräche üben",
      lang: "de",
    },
    community: "Werkstattgemeinschaft Unter den Linden",
    picture: picture("2"),
    why: { first: { code: "topic-exact", values: ["CVs", "Interviews"] }, differences: [] },
    topics: [
      { ...CV, asked: true },
      { ...INTERVIEWS, asked: false },
    ],
    languages: ["de"],
    formats: ["video"],
    when: ["weekdays"],
    answers: "week",
    room: "open",
  },
  {
    id: "3",
    title: { text: "الكتابة المهنية والسيرة الذاتية، خطوة خطوة", lang: "ar" },
    community: "بيت الياسمين",
    picture: picture("3"),
    why: { first: { code: "topic-under", values: ["CVs"] }, differences: [] },
    topics: [
      { ...CV, asked: true },
      { id: "craft.writing", text: "Writing", asked: false },
    ],
    languages: ["ar"],
    formats: ["chat"],
    when: [],
    answers: null,
    room: "open",
  },
  {
    id: "4",
    title: { text: "面接の練習と、職場で自分のことをどこまで話すかの相談", lang: "ja" },
    community: "灯台の会",
    picture: picture("4"),
    why: {
      first: { code: "topic-near", values: ["Interviews"] },
      differences: [{ code: "way-differs", values: ["listen"] }],
    },
    topics: [{ ...INTERVIEWS, asked: false }],
    languages: ["ja", "en"],
    formats: ["chat", "in-person"],
    when: ["evenings"],
    answers: "longer",
    room: "open",
  },
  {
    id: "5",
    title: { text: "From hospitality to care work: what I wish I had known", lang: "en" },
    community: "Lantern House",
    picture: picture("5"),
    why: null,
    topics: [RETURN].map((one) => ({ ...one, asked: false })),
    languages: ["en"],
    formats: ["chat"],
    when: [],
    answers: null,
    room: "full",
  },
];

const FACETS: readonly FacetModel[] = [
  {
    key: "topics",
    options: [
      { value: "career", text: "Career", count: 42, on: true },
      { value: "career.cv", text: "CVs", count: 14, on: true, sub: true },
      { value: "career.int", text: "Interviews", count: 17, on: false, sub: true },
      { value: "career.change", text: "Changing work", count: 11, on: false, sub: true },
      { value: "selfcare", text: "Self-care", count: 38, on: false },
      { value: "writing", text: "Writing", count: 21, on: false },
    ],
  },
  {
    key: "languages",
    options: [
      { value: "ar", text: "العربية", lang: "ar", count: 6, on: true },
      { value: "en", text: "English", lang: "en", count: 1100, on: true },
      { value: "de", text: "Deutsch", lang: "de", count: 4, on: false },
      { value: "ja", text: "日本語", lang: "ja", count: 2, on: false },
    ],
  },
  {
    key: "formats",
    options: [
      { value: "chat", text: "Chat", count: 13, on: false },
      { value: "voice", text: "Voice", count: 9, on: false },
    ],
  },
  { key: "when", options: [{ value: "evenings", text: "Evenings", count: 7, on: false }] },
];

const BASE: BrowseModel = {
  query: "cv",
  chosen: [
    { key: "topics", option: { value: "career.cv", text: "CVs", count: 14, on: true } },
    {
      key: "languages",
      option: { value: "ar", text: "العربية", lang: "ar", count: 6, on: true },
    },
  ],
  correction: null,
  facets: FACETS,
  results: {
    state: "ready",
    value: { count: 5, communities: 4, key: "a", offerAt: (place) => card(place) },
  },
  nodeSearches: false,
  offlineSince: null,
  wishes: [],
  wishKept: false,
  crisis: null,
  hidden: false,
};

function card(place: number): OfferCardModel {
  const found = CARDS[place % CARDS.length];
  if (!found) throw new RangeError("no card");
  return { ...found, id: String(place) };
}

const OFFER: OfferModel = {
  id: "1",
  title: { text: "CVs and interviews after a long break", lang: "en" },
  community: "Northside Commons",
  home: false,
  picture: picture("offer-slow-river"),
  why: CARDS[0]?.why ?? null,
  texts: [
    {
      lang: "en",
      text: "I came back to work after seven years away and remember how the blank page felt. We can read your CV line by line, find honest words for the gap, and practise the questions that scare you.\nSlow is fine. Bring a draft or bring nothing.",
    },
    { lang: "ar", text: "عدت إلى العمل بعد سبع سنوات." },
  ],
  topics: [CV, INTERVIEWS, RETURN],
  ways: ["advise", "practise", "review"],
  formats: ["chat", "voice"],
  region: null,
  languages: ["ar", "en"],
  when: ["evenings", "weekends"],
  level: [],
  audience: "adults",
  room: "open",
  answers: "days",
  group: false,
  untilDay: TODAY + 87,
  kept: false,
  knock: { state: "free", left: 2, of: 3 },
};

const PROFILE: ProfileModel = {
  persona: persona("Juniper Lark", "they/them"),
  about: {
    lang: "en",
    text: "Worked in three offices and one kitchen. Glad to read drafts, slow to answer, happy to be asked twice.",
  },
  languages: ["en", "ar"],
  topics: [CV, { id: "w", text: "Writing" }],
  offers: CARDS.slice(0, 1).map((one) => ({ ...one, why: null, kept: false })),
  listed: true,
  mine: false,
};

const browse = (model: Partial<BrowseModel>) => () => (
  <Browse model={{ ...BASE, ...model }} actions={idle()} />
);
const offer = (model: Partial<OfferModel>) => () => (
  <OfferPage model={{ state: "ready", value: { ...OFFER, ...model } }} actions={idle()} />
);

export const BROWSE_SHOTS: Shots = {
  "browse/ready": browse({}),
  "browse/many": browse({
    query: "",
    chosen: [],
    wishKept: null,
    wishes: [
      { id: "1", text: "Somebody who knows asylum interviews", fresh: true },
      { id: "2", text: "السيرة الذاتية", fresh: false },
    ],
    hidden: true,
    results: {
      state: "ready",
      value: { count: 10_000, communities: 31, key: "m", offerAt: card },
    },
  }),
  "browse/loading": browse({ results: { state: "loading" } }),
  "browse/failed": browse({ results: { state: "failed", failure: FAILURE } }),
  "browse/offline": browse({ offlineSince: NOW, nodeSearches: true }),
  "browse/nothing": browse({
    correction: "violin",
    query: "vilion",
    results: { state: "ready", value: { count: 0, communities: 0, key: "0", offerAt: card } },
  }),
  "browse/crisis": browse({
    query: "i cannot go on",
    chosen: [],
    crisis: {
      entries: [
        {
          id: "1",
          title: { text: "Night line", lang: "en" },
          contact: "0800 000 000",
          about: {
            text: "Every night, 20 to 6. They listen, and ask for no name.",
            lang: "en",
          },
        },
      ],
    },
  }),
  "offer/free": offer({}),
  "offer/full": offer({ room: "full", knock: { state: "full" }, group: true, level: ["some"] }),
  "offer/knocked": offer({ knock: { state: "knocked", knock: "1" } }),
  "offer/talking": offer({ knock: { state: "talking", talk: "1" } }),
  "offer/none-left": offer({ knock: { state: "none-left", of: 3 } }),
  "offer/offline": offer({ knock: { state: "offline" } }),
  "offer/own": offer({ knock: { state: "own" } }),
  "offer/gone": () => <OfferPage model={{ state: "gone" }} actions={idle()} />,
  "offer/loading": () => <OfferPage model={{ state: "loading" }} actions={idle()} />,
  "offer/failed": () => (
    <OfferPage model={{ state: "failed", failure: FAILURE }} actions={idle()} />
  ),
  "profile/other": () => (
    <ProfilePage model={{ state: "ready", value: PROFILE }} actions={idle()} />
  ),
  "profile/mine": () => (
    <ProfilePage
      model={{ state: "ready", value: { ...PROFILE, mine: true, listed: false } }}
      actions={idle()}
    />
  ),
  "profile/people": () => (
    <People
      model={{
        people: {
          state: "ready",
          value: [PROFILE, { ...PROFILE, persona: persona("قمر"), about: null }],
        },
      }}
      actions={idle()}
    />
  ),
  "profile/nobody": () => (
    <People model={{ people: { state: "ready", value: [] } }} actions={idle()} />
  ),
  "profile/gone": () => <ProfilePage model={{ state: "gone" }} actions={idle()} />,
};
