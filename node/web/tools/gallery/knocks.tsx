import { Compose } from "../../src/screens/knocks/compose.tsx";
import { Knocks } from "../../src/screens/knocks/knocks.tsx";
import { ReceivedKnock } from "../../src/screens/knocks/received.tsx";
import { SentKnock } from "../../src/screens/knocks/sent.tsx";
import type {
  ComposeModel,
  KnockRow,
  KnockState,
  KnocksModel,
  ReceivedModel,
  SentModel,
} from "../../src/screens/knocks-model.ts";
import { CARDS } from "./browse.tsx";
import { FAILURE, idle, NOW, persona, picture, type Shots } from "./shots.ts";

const OFFER = {
  id: "1",
  title: { text: "CVs and interviews after a long break", lang: "en" },
  community: "Northside Commons",
  picture: picture("offer-slow-river"),
};

const STATES: readonly KnockState[] = [
  "draft",
  "queued",
  "delivered",
  "failed",
  "accepted",
  "declined",
  "expired",
  "withdrawn",
];

const rows: readonly KnockRow[] = STATES.map((state, at) => ({
  id: state,
  offer: OFFER,
  state,
  at: NOW - at * 86_400,
  fresh: state === "accepted",
}));

const LIST: KnocksModel = {
  tab: "out",
  came: {
    state: "ready",
    value: [
      { id: "a", offer: OFFER, state: "delivered", at: NOW, fresh: true },
      { id: "b", offer: OFFER, state: "delivered", at: NOW - 200_000, fresh: false },
    ],
  },
  went: { state: "ready", value: rows },
  now: NOW,
  open: 2,
  of: 3,
};

const COMPOSE: ComposeModel = {
  offer: OFFER,
  home: "Lantern House",
  draft: {
    words:
      "I am going back to office work after some years of caring for a relative. I would like my CV to sound honest and not like an excuse.",
    hopes: "",
    tried: "Two drafts. I stop at the same gap each time.",
    rhythm: "fortnightly",
    cells: [5, 11, 19],
    persona: "Juniper Lark",
  },
  personas: [persona("Juniper Lark", "they/them")],
  newPicture: picture("new"),
  number: 2,
  of: 3,
  ends: NOW + 10 * 86_400,
  now: NOW,
  sealedBytes: 4096,
  prompts: [],
  online: true,
  saved: "kept",
  sending: false,
  failure: null,
};

const SENT: SentModel = {
  id: "1",
  offer: OFFER,
  state: "delivered",
  at: NOW - 86_400,
  now: NOW,
  ends: NOW + 6 * 86_400,
  written: { ...COMPOSE.draft, persona: persona("Juniper Lark", "they/them") },
  answer: null,
  suggestions: [],
  close: [],
  failure: null,
  talk: null,
};

const RECEIVED: ReceivedModel = {
  id: "1",
  offer: OFFER,
  community: "بيت الياسمين",
  at: NOW - 3600,
  now: NOW,
  ends: NOW + 6 * 86_400,
  state: "open",
  words: {
    lang: "ar",
    text: "أعود إلى العمل بعد سنوات من رعاية قريب. أود أن تبدو سيرتي صادقة، لا عذرًا.",
  },
  hopes: { text: "One page that I am not ashamed of.", lang: "en" },
  tried: null,
  rhythm: "fortnightly",
  times: { cells: [5, 11] },
  card: {
    persona: persona("Moss Heron", "she/they"),
    about: { text: "Kitchen, care, now paper.", lang: "en" },
    languages: ["ar", "en"],
    topics: [{ id: "c", text: "Cooking for many" }],
    thanks: [{ text: "You waited until I could say it.", lang: "en" }],
  },
  prompts: [],
  answer: {
    how: null,
    words: "",
    pauseWeeks: 0,
    suggestions: [],
    cells: [],
    persona: "Juniper Lark",
  },
  personas: [persona("Juniper Lark", "they/them")],
  newPicture: picture("new"),
  topics: [
    { id: "i", text: "Interviews" },
    { id: "w", text: "Writing" },
  ],
  sending: false,
  failure: null,
  talk: null,
};

const list = (model: Partial<KnocksModel>) => () => (
  <Knocks model={{ ...LIST, ...model }} actions={idle()} />
);
const compose = (model: Partial<ComposeModel>) => () => (
  <Compose model={{ ...COMPOSE, ...model }} actions={idle()} />
);
const sent = (model: Partial<SentModel>) => () => (
  <SentKnock model={{ ...SENT, ...model }} actions={idle()} />
);
const received = (model: Partial<ReceivedModel>) => () => (
  <ReceivedKnock model={{ ...RECEIVED, ...model }} actions={idle()} />
);

export const KNOCKS_SHOTS: Shots = {
  "knocks/out": list({}),
  "knocks/in": list({ tab: "in" }),
  "knocks/in-empty": list({ tab: "in", came: { state: "ready", value: [] } }),
  "knocks/out-empty": list({ went: { state: "ready", value: [] } }),
  "knocks/failed": list({ went: { state: "failed", failure: FAILURE } }),
  "knocks/loading": list({ went: { state: "loading" } }),
  "compose/full": compose({}),
  "compose/prompts": compose({ prompts: ["elsewhere", "money"], online: false }),
  "compose/empty": compose({
    draft: {
      words: "",
      hopes: "",
      tried: "",
      rhythm: null,
      cells: [],
      persona: "new",
    },
    saved: "no",
    personas: [],
  }),
  "compose/failed": compose({ failure: FAILURE }),
  "sent/delivered": sent({}),
  "sent/queued": sent({ state: "queued" }),
  "sent/failed": sent({ state: "failed" }),
  "sent/accepted": sent({
    state: "accepted",
    talk: "1",
    answer: { words: { text: "Gladly. Send it whenever you like.", lang: "en" }, times: null },
  }),
  "sent/declined": sent({
    state: "declined",
    answer: {
      words: { text: "Thank you for asking. There is no room for this at the moment." },
      times: null,
    },
    suggestions: [{ id: "i", text: "Interviews" }],
    close: CARDS.slice(1, 3),
  }),
  "sent/expired": sent({ state: "expired" }),
  "received/open": received({}),
  "received/accept": received({ answer: { ...RECEIVED.answer, how: "accept", cells: [5] } }),
  "received/decline": received({
    answer: { ...RECEIVED.answer, how: "decline" },
    card: null,
    prompts: ["meeting"],
  }),
  "received/accepted": received({ state: "accepted", talk: "1" }),
  "received/expired": received({ state: "expired" }),
};
