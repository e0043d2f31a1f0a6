import { Circle } from "../../src/screens/circles/circle.tsx";
import { Convene } from "../../src/screens/circles/convene.tsx";
import { Circles } from "../../src/screens/circles/list.tsx";
import type {
  CircleModel,
  CircleRow,
  CircleStanding,
  ConveneModel,
} from "../../src/screens/circles-model.ts";
import { Library } from "../../src/screens/library/library.tsx";
import { Leave, ResourcePage } from "../../src/screens/library/resource.tsx";
import type { LibraryModel, ResourceModel } from "../../src/screens/library-model.ts";
import { Talks } from "../../src/screens/talk/list.tsx";
import { FAILURE, idle, NOW, persona, picture, type Shots, TODAY } from "./shots.ts";

const ME = persona("Juniper Lark", "they/them");
const MOSS = persona("Moss Heron", "she/they");
const QAMAR = persona("قمر");

const CIRCLE: CircleModel = {
  id: "1",
  picture: picture("circle"),
  terms: {
    name: { text: "First jobs, slowly", lang: "en" },
    purpose: { text: "Six people on the way to a first or a new job.", lang: "en" },
    rules: { text: "Nobody has to speak.\nNames stay here.", lang: "en" },
    languages: ["en", "ar"],
    places: 8,
  },
  standing: "in",
  convener: true,
  newTerms: false,
  people: 5,
  invitation: { text: "You asked how others do it. Here they are.", lang: "en" },
  seats: [
    { id: "1", persona: ME, me: true, convener: true },
    { id: "2", persona: MOSS, me: false, convener: false },
    { id: "3", persona: QAMAR, me: false, convener: false },
  ],
  meetings: [
    {
      id: "m1",
      start: NOW + 5 * 86_400,
      minutes: 60,
      where: { text: "A voice room; the link comes the day before.", lang: "en" },
      cancelled: false,
      mine: "yes",
      coming: ["Moss Heron", "قمر"],
      over: false,
    },
    {
      id: "m2",
      start: NOW + 9 * 86_400,
      minutes: 60,
      where: { text: "Same place", lang: "en" },
      cancelled: true,
      mine: "unsaid",
      coming: [],
      over: false,
    },
  ],
  items: [
    { kind: "event", id: "1", at: NOW - 86_400, event: "entered", name: "قمر" },
    {
      kind: "words",
      id: "2",
      at: NOW,
      from: QAMAR,
      words: { text: "مرحبا بالجميع. لم أكتب سيرة من قبل.", lang: "ar" },
    },
    {
      kind: "words",
      id: "3",
      at: NOW + 60,
      from: MOSS,
      words: { text: "Welcome. Neither had I, two years ago.", lang: "en" },
    },
    { kind: "gap", id: "4", at: NOW + 90 },
    {
      kind: "words",
      id: "5",
      at: NOW + 120,
      from: null,
      words: { text: "Good that you are here.", lang: "en" },
      delivery: "waiting",
    },
    { kind: "event", id: "6", at: NOW + 150, event: "meeting", name: "Juniper Lark" },
  ],
  now: NOW,
  draft: "",
  prompts: [],
  online: true,
  invitable: [{ talk: "1", persona: persona("Ash Wren") }],
  asking: [{ id: "9", persona: persona("Slow River") }],
  personas: [ME, persona("Ash Wren")],
  joinAs: "Juniper Lark",
  meeting: null,
  failure: null,
};

const CONVENE: ConveneModel = {
  name: "First jobs, slowly",
  purpose: "",
  rules: "",
  languages: ["en"],
  languageOptions: [
    { value: "en", text: "English" },
    { value: "ar", text: "العربية" },
  ],
  places: 8,
  persona: "Juniper Lark",
  personas: [ME],
  saved: "kept",
  failure: null,
};

const standings: readonly CircleStanding[] = [
  "invited",
  "in",
  "joining",
  "left",
  "removed",
  "ended",
];
const rows: readonly CircleRow[] = standings.map((standing, at) => ({
  id: standing,
  name: CIRCLE.terms.name,
  picture: picture(standing),
  standing,
  fresh: at < 2,
  waiting: at === 1,
  next: at === 1 ? NOW + 5 * 86_400 : null,
}));

const LIBRARY: LibraryModel = {
  query: "",
  topics: [
    { id: "s", text: "Self-care", on: true },
    { id: "l", text: "Law and papers", on: false },
  ],
  crisis: {
    entries: [
      {
        id: "c",
        title: { text: "Night line", lang: "en" },
        contact: "0800 000 000",
        about: { text: "Every night, 20 to 6.", lang: "en" },
      },
    ],
  },
  results: {
    state: "ready",
    value: [
      {
        id: "1",
        title: { text: "Sleeping badly: what helps", lang: "en" },
        kind: "text",
        topics: [{ id: "s", text: "Sleep" }],
        languages: ["en", "ar"],
        community: "Lantern House",
      },
      {
        id: "2",
        title: { text: "قراءة عقد الإيجار", lang: "ar" },
        kind: "link",
        topics: [{ id: "l", text: "Law and papers" }],
        languages: ["ar"],
        community: "بيت الياسمين",
      },
    ],
  },
  offline: false,
};

const RESOURCE: ResourceModel = {
  id: "1",
  title: { text: "Reading a tenancy contract", lang: "en" },
  community: "Lantern House",
  text: {
    text: "What every clause means, in plain words.\nBegin with the notice period.",
    lang: "en",
  },
  link: "https://library.example/tenancy/reading-a-contract?lang=en",
  topics: [{ id: "l", text: "Law and papers" }],
  languages: ["en"],
  updatedDay: TODAY - 20,
  untilDay: TODAY + 300,
  crisis: false,
};

const circle = (model: Partial<CircleModel>) => () => (
  <Circle model={{ state: "ready", value: { ...CIRCLE, ...model } }} actions={idle()} />
);
const list = (circles: readonly CircleRow[]) => () => (
  <Talks
    model={{ tab: "circles", talks: { state: "loading" }, now: NOW }}
    actions={idle()}
    circles={
      <Circles
        model={{ circles: { state: "ready", value: circles }, now: NOW }}
        actions={idle()}
      />
    }
  />
);
const library = (model: Partial<LibraryModel>) => () => (
  <Library model={{ ...LIBRARY, ...model }} actions={idle()} />
);

export const CIRCLES_SHOTS: Shots = {
  "circles/list": list(rows),
  "circles/empty": list([]),
  "circle/convener": circle({}),
  "circle/member": circle({
    convener: false,
    newTerms: true,
    online: false,
    failure: FAILURE,
    seats: CIRCLE.seats.map((seat) => ({ ...seat, convener: seat.persona === MOSS })),
  }),
  "circle/plan": circle({
    meeting: { date: "", time: "19:00", minutes: 60, where: "", error: null },
    meetings: [],
  }),
  "circle/invited": circle({ standing: "invited" }),
  "circle/joining": circle({ standing: "joining", items: [] }),
  "circle/left": circle({ standing: "left" }),
  "circle/loading": () => <Circle model={{ state: "loading" }} actions={idle()} />,
  "circle/convene": () => <Convene model={CONVENE} actions={idle()} />,
  "circle/convene-empty": () => (
    <Convene model={{ ...CONVENE, name: "", saved: "no", failure: FAILURE }} actions={idle()} />
  ),
  "library/list": library({}),
  "library/empty": library({
    crisis: null,
    topics: [],
    results: { state: "ready", value: [] },
  }),
  "library/nothing": library({
    query: "x",
    results: { state: "ready", value: [] },
    offline: true,
  }),
  "library/failed": library({ results: { state: "failed", failure: FAILURE } }),
  "resource/link": () => (
    <ResourcePage model={{ state: "ready", value: RESOURCE }} actions={idle()} />
  ),
  "resource/crisis": () => (
    <ResourcePage
      model={{ state: "ready", value: { ...RESOURCE, link: null, crisis: true } }}
      actions={idle()}
    />
  ),
  "resource/gone": () => <ResourcePage model={{ state: "gone" }} actions={idle()} />,
  "resource/leave": () => (
    <>
      <h1>Entry</h1>
      <Leave link={RESOURCE.link ?? ""} onClose={() => undefined} onCopy={() => undefined} />
    </>
  ),
};
