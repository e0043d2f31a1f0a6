import { EMPTY_TERMS } from "../../src/screens/talk/agreement.tsx";
import { Talks } from "../../src/screens/talk/list.tsx";
import { Report } from "../../src/screens/talk/report.tsx";
import { Talk } from "../../src/screens/talk/talk.tsx";
import type {
  ClosingModel,
  SessionModel,
  TalkItem,
  TalkModel,
  TalkRow,
  TalkStatus,
  TermsModel,
} from "../../src/screens/talk-model.ts";
import { FAILURE, idle, NOW, persona, picture, type Shots, TODAY } from "./shots.ts";

const DAY = 86_400;
const MOSS = persona("Moss Heron", "she/they");
const ABOUT = { text: "CVs and interviews after a long break", lang: "en" };

const TERMS: TermsModel = {
  ...EMPTY_TERMS,
  goals: ["A one-page CV", "مقابلة تجريبية واحدة"],
  cadence: "fortnightly",
  sessions: 4,
  minutes: 45,
  limits: "Chat first. No names of employers.",
  ending: "We say so and stop. No reason needed.",
  reviewDay: TODAY + 30,
};

const SESSION: SessionModel = {
  id: "s1",
  number: 1,
  state: "proposed",
  picked: null,
  proposed: [
    { start: NOW + 7 * DAY + 25_200, minutes: 45, theirOffset: 180 },
    { start: NOW + 12 * DAY + 28_800, minutes: 45, theirOffset: 180 },
  ],
  proposedByMe: false,
  words: null,
  hasCome: false,
};

const ITEMS: readonly TalkItem[] = [
  { kind: "event", id: "0", at: NOW - DAY, mine: false, event: "began" },
  {
    kind: "words",
    id: "1",
    at: NOW - DAY + 60,
    mine: false,
    words: {
      lang: "en",
      text: "Thank you for knocking, and for writing it so plainly. A gap for care is not an excuse, it is work. Shall we start with the draft you like least?",
    },
  },
  {
    kind: "words",
    id: "2",
    at: NOW,
    mine: true,
    words: {
      lang: "ar",
      text: "نعم من فضلك. المسودّة الثانية إذن. أيمكننا أن نبقى في الكتابة في المرة الأولى؟",
    },
    delivery: "sent",
  },
  { kind: "agreement", id: "a", at: NOW + 100 },
  {
    kind: "words",
    id: "3",
    at: NOW + 200,
    mine: false,
    words: { text: "Chat it is. Here are two times that would work for me.", lang: "en" },
  },
  { kind: "session", id: "s1", at: NOW + 300 },
];

const TROUBLE: readonly TalkItem[] = [
  ...ITEMS.slice(0, 3),
  { kind: "gap", id: "g", at: NOW + 10, asked: false },
  { kind: "gap", id: "g2", at: NOW + 11, asked: true },
  { kind: "fork", id: "f", at: NOW + 12 },
  {
    kind: "words",
    id: "4",
    at: NOW + 20,
    mine: false,
    words: { text: "Could we go on at my number? +00 000 00000", lang: "en" },
    prompts: ["elsewhere"],
  },
  {
    kind: "words",
    id: "5",
    at: NOW + 30,
    mine: true,
    words: { text: "I would rather stay here.", lang: "en" },
    delivery: "not-delivered",
  },
  {
    kind: "words",
    id: "6",
    at: NOW + 40,
    mine: true,
    words: { text: "One more thing:", lang: "en" },
    delivery: "waiting",
  },
  {
    kind: "file",
    id: "7",
    at: NOW + 50,
    mine: false,
    name: "draft-2.pdf",
    bytes: 88_000,
    share: 0.4,
  },
  {
    kind: "file",
    id: "8",
    at: NOW + 60,
    mine: false,
    name: "مسودة.pdf",
    bytes: 88_000,
    share: 1,
  },
  {
    kind: "event",
    id: "9",
    at: NOW + 70,
    mine: true,
    event: "goal-set",
    words: { text: "A one-page CV" },
  },
  {
    kind: "thanks",
    id: "10",
    at: NOW + 80,
    mine: false,
    words: { text: "You waited until I could say it.", lang: "en" },
    mayShow: true,
    shown: false,
  },
  { kind: "event", id: "11", at: NOW + 90, mine: false, event: "unknown" },
];

const TALK: TalkModel = {
  id: "1",
  persona: MOSS,
  card: null,
  picture: picture("moss"),
  about: ABOUT,
  status: "open",
  role: "mentee",
  now: NOW,
  items: ITEMS,
  older: false,
  draft: "",
  prompts: [],
  online: true,
  safetyWords: ["cedar", "fjord", "melon", "quartz", "tulip", "wagon"],
  wordsCompared: true,
  agreement: {
    state: "agreed",
    agreed: TERMS,
    proposed: null,
    proposedByMe: false,
    draft: null,
  },
  sessions: [SESSION],
  times: {
    session: "s1",
    cells: [5, 11],
    theirs: [5, 11, 2, 15, 16],
    slots: [{ date: "2026-11-24", time: "19:00" }],
    minutes: 45,
    tellOffset: true,
    error: null,
  },
  goals: [
    { id: "g1", words: { text: "A one-page CV", lang: "en" }, state: "reached" },
    { id: "g2", words: { text: "مقابلة تجريبية واحدة", lang: "ar" }, state: "open" },
  ],
  newGoal: "",
  checkIn: null,
  closing: null,
  failure: null,
};

const CLOSING: ClosingModel = {
  closed: null,
  words: "",
  theirWords: null,
  questions: [
    { id: "1", text: "What changed for you?", answer: "" },
    { id: "2", text: "What would you do another way?", answer: "" },
  ],
  feeling: "",
  thanks: "",
  thanksMayShow: false,
  canThank: true,
  learned: [{ id: "cv", text: "CVs" }],
  keepWeeks: 12,
  theirReflection: null,
};

const STATUSES: readonly TalkStatus[] = [
  "open",
  "paused-by-them",
  "frozen-by-me",
  "resting",
  "closed",
  "gone",
  "blocked",
];

const rows: readonly TalkRow[] = STATUSES.map((status, at) => ({
  id: status,
  persona: at === 1 ? null : persona(["Moss Heron", "قمر", "Juniper Lark"][at % 3] ?? "Ash"),
  picture: picture(status),
  about: ABOUT,
  status,
  role: "mentee",
  fresh: at === 0,
  waiting: at === 0,
  next: at === 0 ? NOW + 7 * DAY : null,
}));

const talk = (model: Partial<TalkModel>) => () => (
  <Talk model={{ state: "ready", value: { ...TALK, ...model } }} actions={idle()} />
);
const plain = { times: null } as const;
const list = (talks: readonly TalkRow[]) => () => (
  <Talks
    model={{ tab: "talks", talks: { state: "ready", value: talks }, now: NOW }}
    actions={idle()}
    circles={null}
  />
);

export const TALK_SHOTS: Shots = {
  "talks/list": list(rows),
  "talks/empty": list([]),
  "talk/open": talk({}),
  "talk/fresh": talk({
    ...plain,
    persona: null,
    items: ITEMS.slice(0, 2),
    wordsCompared: false,
    agreement: {
      state: "none",
      agreed: null,
      proposed: null,
      proposedByMe: false,
      draft: null,
    },
    goals: [],
    older: true,
    draft: "Thank you.",
    checkIn: { number: 1, state: "open", mine: null, theirs: null },
  }),
  "talk/trouble": talk({
    ...plain,
    items: TROUBLE,
    online: false,
    prompts: ["photo"],
    failure: FAILURE,
  }),
  "talk/proposed": talk({
    ...plain,
    agreement: {
      state: "proposed",
      agreed: null,
      proposed: TERMS,
      proposedByMe: false,
      draft: null,
    },
    checkIn: {
      number: 1,
      state: "waits-for-them",
      mine: { feeling: "fine", words: "" },
      theirs: null,
    },
    sessions: [
      { ...SESSION, state: "agreed", picked: SESSION.proposed[0] ?? null, proposed: [] },
    ],
  }),
  "talk/terms": talk({
    ...plain,
    items: ITEMS.slice(1, 3),
    agreement: {
      state: "none",
      agreed: null,
      proposed: null,
      proposedByMe: false,
      draft: TERMS,
    },
    checkIn: {
      number: 1,
      state: "shown",
      mine: { feeling: "fine", words: "" },
      theirs: { feeling: "unsure", words: { text: "Is the pace all right?" } },
    },
  }),
  "talk/times": talk({
    items: ITEMS.slice(0, 3),
    times: { ...someTimes(), session: null },
  }),
  "talk/paused": talk({ ...plain, status: "paused-by-them", items: ITEMS.slice(0, 3) }),
  "talk/frozen": talk({ ...plain, status: "frozen-by-me", items: ITEMS.slice(0, 3) }),
  "talk/resting": talk({ ...plain, status: "resting", items: ITEMS.slice(0, 3) }),
  "talk/closed": talk({ ...plain, status: "closed" }),
  "talk/gone": talk({ ...plain, status: "gone", items: ITEMS.slice(0, 3) }),
  "talk/blocked": talk({ ...plain, status: "blocked", items: ITEMS.slice(0, 3) }),
  "talk/loading": () => <Talk model={{ state: "loading" }} actions={idle()} />,
  "talk/failed": () => <Talk model={{ state: "failed", failure: FAILURE }} actions={idle()} />,
  "talk/report": () => (
    <>
      <h1>Report</h1>
      <Report items={ITEMS} onSend={() => undefined} onClose={() => undefined} />
    </>
  ),
  "talk/report-page": () => (
    <>
      <h1>Report</h1>
      <Report items={[]} onSend={() => undefined} onClose={() => undefined} />
    </>
  ),
  "closing/form": talk({ closing: CLOSING }),
  "closing/after": talk({
    closing: {
      ...CLOSING,
      closed: "by-them",
      theirWords: { text: "It was good to work with you. Be well.", lang: "en" },
      theirReflection: [{ text: "I learned to wait.", lang: "en" }],
    },
  }),
};

function someTimes() {
  return {
    cells: [5, 11],
    theirs: [5],
    slots: [],
    minutes: 60,
    tellOffset: false,
    error: null,
  };
}
