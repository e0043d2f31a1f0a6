import { Delete, Export, Freeze } from "../../src/screens/me/leave.tsx";
import { Me } from "../../src/screens/me/me.tsx";
import { PersonaEditor } from "../../src/screens/me/persona.tsx";
import { Devices, Passphrase, Recovery } from "../../src/screens/me/ways-in.tsx";
import type {
  DeleteModel,
  ExportModel,
  MeModel,
  PassphraseModel,
  PersonaModel,
} from "../../src/screens/me-model.ts";
import { Select } from "../../src/ui/field.tsx";
import { FAILURE, idle, NOW, persona, picture, type Shots, TODAY } from "./shots.ts";

const ME: MeModel = {
  community: "Lantern House",
  personas: [
    { persona: persona("Juniper Lark", "they/them"), profile: "listed" },
    { persona: persona("قمر الصحراء"), profile: "none" },
  ],
  sheetTried: false,
  devices: 2,
  frozen: false,
  vaultSavedAt: NOW,
  vaultWaits: false,
  now: NOW,
  reports: [
    { id: "1", day: TODAY - 3, about: "message", outcome: "waiting" },
    { id: "2", day: TODAY - 30, about: "offer", outcome: "acted" },
  ],
  blocks: [{ id: "1", day: TODAY - 12 }],
};

const PERSONA: PersonaModel = {
  id: "1",
  draft: {
    name: "Juniper Lark",
    pronouns: "they/them",
    about: "Glad to read drafts, slow to answer.",
    languages: ["en"],
    topics: [{ id: "cv", text: "CVs" }],
    profile: "listed",
    shown: ["1"],
  },
  picture: picture("Juniper Lark"),
  languages: [
    { value: "en", text: "English" },
    { value: "ar", text: "العربية" },
  ],
  topicQuery: "",
  topicHits: [{ id: "w", text: "Writing" }],
  offers: [
    { id: "1", title: "CVs and interviews after a long break" },
    { id: "2", title: "السيرة الذاتية خطوة خطوة" },
  ],
  link: "https://lantern.example/p/Zm9v",
  saved: "kept",
  failure: null,
};

const PASS: PassphraseModel = {
  current: "",
  next: "",
  suggestion: "cedar fjord melon quartz tulip wagon",
  strength: null,
  error: null,
  wrong: false,
  working: false,
  done: false,
};

const EXPORT: ExportModel = {
  state: "ready",
  share: 0,
  parts: ["offers", "talks", "circles", "wishes", "personas", "files"],
  failure: null,
};

const DELETE: DeleteModel = {
  step: "ask",
  word: "Lantern House",
  typed: "",
  exported: false,
  share: 0,
  receipts: [
    {
      title: "CVs and interviews after a long break",
      peers: [
        { peer: "Northside Commons", state: "confirmed" },
        { peer: "بيت الياسمين", state: "pending" },
        { peer: "灯台の会", state: "unreachable" },
      ],
    },
  ],
  failure: null,
};

const me = (model: Partial<MeModel>) => () => (
  <Me
    model={{ ...ME, ...model }}
    actions={idle()}
    settings={
      <Select
        label="Language"
        value="en"
        options={[{ value: "en", text: "English" }]}
        onChange={() => undefined}
      />
    }
  />
);
const edit = (model: Partial<PersonaModel>) => () => (
  <PersonaEditor model={{ ...PERSONA, ...model }} actions={idle()} />
);
const pass = (model: Partial<PassphraseModel>) => () => (
  <Passphrase model={{ ...PASS, ...model }} actions={idle()} />
);
const take = (model: Partial<ExportModel>) => () => (
  <Export model={{ ...EXPORT, ...model }} actions={idle()} />
);
const drop = (model: Partial<DeleteModel>) => () => (
  <Delete model={{ ...DELETE, ...model }} actions={idle()} />
);
const recovery = (tried: boolean) => () => (
  <Recovery
    tried={tried}
    sheet={null}
    passphrase=""
    wrong={tried}
    working={false}
    onBack={() => undefined}
    onPassphrase={() => undefined}
    onShow={() => undefined}
    onNew={() => undefined}
  />
);
const freeze = (frozen: boolean) => () => (
  <Freeze
    frozen={frozen}
    word="Lantern House"
    typed=""
    onType={() => undefined}
    onBack={() => undefined}
    onFreeze={() => undefined}
    onUnfreeze={() => undefined}
  />
);

export const ME_SHOTS: Shots = {
  "me/home": me({}),
  "me/frozen": me({
    frozen: true,
    vaultWaits: true,
    sheetTried: true,
    reports: [],
    blocks: [],
  }),
  "persona/change": edit({}),
  "persona/new": edit({
    id: null,
    draft: { ...PERSONA.draft, name: "", about: "", profile: "none", shown: [] },
    saved: "no",
    failure: FAILURE,
  }),
  "devices/list": () => (
    <Devices
      model={{
        devices: {
          state: "ready",
          value: [
            { id: "1", name: "Phone", current: true, savedDay: TODAY },
            { id: "2", name: "Desk", current: false, savedDay: TODAY - 9 },
          ],
        },
        failure: null,
      }}
      actions={idle()}
    />
  ),
  "recovery/untried": recovery(false),
  "recovery/wrong": recovery(true),
  "passphrase/fresh": pass({}),
  "passphrase/weak": pass({
    current: "x",
    next: "password1",
    strength: 1,
    error: "This one is in every list of guesses.",
  }),
  "passphrase/done": pass({ done: true }),
  "export/ready": take({}),
  "export/working": take({ state: "working", share: 0.4 }),
  "export/done": take({ state: "done" }),
  "export/failed": take({ state: "failed", failure: FAILURE }),
  "freeze/ask": freeze(false),
  "freeze/frozen": freeze(true),
  "delete/ask": drop({}),
  "delete/typed": drop({ typed: "Lantern House", exported: true }),
  "delete/working": drop({ step: "working", share: 0.6 }),
  "delete/receipts": drop({ step: "receipts" }),
  "delete/done": drop({ step: "done" }),
  "delete/failed": drop({ step: "failed", failure: FAILURE }),
};
