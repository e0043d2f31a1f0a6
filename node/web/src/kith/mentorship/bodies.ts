/**
 * The messages of a mentorship: one type of body each.
 *
 * Most are a *step* in the history of a *thing*: the agreement, one session, one goal, one note.
 * `thing` names it (16 random bytes; there is one agreement, so it needs none), `after` is the
 * hash of the step that this one follows, empty for the first one of a thing. Which steps may
 * follow which is said in `steps.ts` and in the module of each thing.
 *
 * Times of sessions are minutes since 1970-01-01 UTC. No time zone is ever sent: `offset` says
 * what the writer's clock shows at that moment, if they choose to say so.
 *
 * Source: SPEC.md, section on mentorships.
 */

import { MalformedError } from "../crypto/errors.ts";
import type { JsonObject, JsonValue } from "../crypto/json.ts";
import {
  anyOf,
  flag,
  list,
  nothing,
  object,
  oneOf,
  type Shape,
  type TypeOf,
  text,
  whole,
} from "../node/shape.ts";

export const MAX_GOALS = 8;
export const MAX_SLOTS = 5;
export const MAX_REFLECTIONS = 6;
export const MAX_NOTE_CHARACTERS = 4000;
export const MAX_HINT_CHARACTERS = 200;
export const MAX_KNOCK_CHARACTERS = 800;

const MAX_DAY = 100_000;
const MAX_OFFSET_MINUTES = 14 * 60;

const short = text({ max: MAX_HINT_CHARACTERS });
const long = text({ max: MAX_KNOCK_CHARACTERS });
const blob16 = text({}, /^[A-Za-z0-9_-]{22}$/);
const blob32 = text({}, /^[A-Za-z0-9_-]{43}$/);
const blob16OrNone = text({}, /^(?:[A-Za-z0-9_-]{22})?$/);
const blob32OrNone = text({}, /^(?:[A-Za-z0-9_-]{43})?$/);
const day = whole({ min: 0, max: MAX_DAY });
const minute = whole({ min: 0, max: MAX_DAY * 24 * 60 });
const offset = anyOf(whole({ min: -MAX_OFFSET_MINUTES, max: MAX_OFFSET_MINUTES }), nothing);
const topicId = text({ min: 1, max: 80 });
const feeling = oneOf("", "fine", "unsure", "help");

/** What two people agree on. Everything may be left open; `reviewDay` is `review_day`. */
const TERMS_DEFAULTS = {
  goals: [],
  cadence: "as-needed",
  sessions: 0,
  minutes: 0,
  channel: "",
  boundaries: "",
  confidentiality: "",
  limits: "",
  ending: "",
  review_day: 0,
} as const;

const terms = object(
  {
    goals: list(short, { max: MAX_GOALS }),
    cadence: oneOf("once", "weekly", "fortnightly", "monthly", "as-needed"),
    sessions: whole({ min: 0, max: 200 }),
    minutes: whole({ min: 0, max: 600 }),
    channel: short,
    boundaries: long,
    confidentiality: long,
    limits: long,
    ending: long,
    review_day: day,
  },
  TERMS_DEFAULTS,
);

const slot = object(
  { start: minute, minutes: whole({ min: 5, max: 600 }), offset },
  { offset: null },
);

/** A kind of body: how it is read, and what is left out where it says nothing else. */
interface Kind<T> {
  readonly shape: Shape<T>;
  readonly defaults: Partial<T>;
}

function kind<const Tag extends string, M extends Readonly<Record<string, Shape<unknown>>>>(
  tag: Tag,
  members: M,
  defaults: Partial<{ readonly [K in keyof M]: TypeOf<M[K]> }> = {},
): Kind<{ readonly [K in keyof M]: TypeOf<M[K]> } & { readonly type: Tag }> {
  const inner = object(members, defaults);
  const type = object({ type: oneOf(tag) });
  const shape = (value: unknown, pointer: string) => ({
    ...inner(value, pointer),
    ...type(value, pointer),
  });
  return { shape, defaults: defaults as never };
}

const KINDS = {
  /** Proposes terms, first ones or others than those agreed or proposed. */
  agreement: kind("agreement", { terms, after: blob32OrNone }, { after: "" }),
  /** Accepts the terms that the other side proposed, or says no to a proposal of any side. */
  "agreement-answer": kind("agreement-answer", { accepted: flag, after: blob32 }),
  /** Proposes times for a session, first ones or others than those picked or proposed. */
  session: kind(
    "session",
    {
      thing: blob16,
      slots: list(slot, { min: 1, max: MAX_SLOTS }),
      words: short,
      after: blob32OrNone,
    },
    { words: "", after: "" },
  ),
  /** Picks one of the times the other side has proposed, by its `start`. */
  "session-pick": kind(
    "session-pick",
    { thing: blob16, after: blob32, start: minute, offset },
    { offset: null },
  ),
  /** Says no to proposed times, cancels a session, or notes that it took place. */
  "session-end": kind(
    "session-end",
    {
      thing: blob16,
      after: blob32,
      how: oneOf("declined", "cancelled", "took-place"),
      words: short,
    },
    { words: "" },
  ),
  /** A shared goal, as it is from now on. */
  goal: kind(
    "goal",
    {
      thing: blob16,
      text: text({ min: 1, max: MAX_HINT_CHARACTERS }),
      state: oneOf("open", "reached", "dropped"),
      topics: list(topicId, { max: 4 }),
      after: blob32OrNone,
    },
    { state: "open", topics: [], after: "" },
  ),
  /** A note that both see and either may change; without text it is put away. */
  note: kind(
    "note",
    {
      thing: blob16,
      text: text({ max: MAX_NOTE_CHARACTERS }),
      session: blob16OrNone,
      after: blob32OrNone,
    },
    { session: "", after: "" },
  ),
  /** Says that the writer has answered a check-in, and commits to the answer. */
  "check-in": kind("check-in", { number: whole({ min: 1, max: 999 }), commitment: blob32 }),
  /** Ends the mentorship, for both, with no need of a reason or an answer. */
  closing: kind(
    "closing",
    { words: long, kept_until: day, commitment: blob32OrNone },
    { words: "", kept_until: 0, commitment: "" },
  ),
  /** Opens a commitment, once both sides have made theirs; number 0 is the closing. */
  reveal: kind(
    "reveal",
    {
      number: whole({ min: 0, max: 999 }),
      opening: blob32,
      feeling,
      words: list(long, { max: MAX_REFLECTIONS }),
    },
    { feeling: "", words: [] },
  ),
  /** From a mentee to a mentor, to whom it belongs. */
  thanks: kind(
    "thanks",
    { text: text({ min: 1, max: MAX_KNOCK_CHARACTERS }), may_show: flag },
    { may_show: false },
  ),
  /** Tells that the writer now offers to others what they learned here; names no offer. */
  "passed-on": kind("passed-on", { words: short }, { words: "" }),
} as const;

export type Terms = TypeOf<typeof terms>;
export type Slot = TypeOf<typeof slot>;
export type Feeling = TypeOf<typeof feeling>;

/** The bodies by their type. */
export type MentorshipBodies = {
  readonly [K in keyof typeof KINDS]: TypeOf<(typeof KINDS)[K]["shape"]>;
};
export type MentorshipType = keyof MentorshipBodies;
export type MentorshipBody = MentorshipBodies[MentorshipType];
export type Closing = MentorshipBodies["closing"];
export type Goal = MentorshipBodies["goal"];
export type Note = MentorshipBodies["note"];
export type PassedOn = MentorshipBodies["passed-on"];
export type Reveal = MentorshipBodies["reveal"];

/** Whether *type* is that of a body of a mentorship. */
export function isMentorshipType(type: string): type is MentorshipType {
  return Object.keys(KINDS).includes(type);
}

/**
 * The body of a mentorship that *value* spells; members it does not know are left out.
 *
 * Texts are not judged here: see the body of a conversation.
 *
 * @throws MalformedError - it is none, or a member is missing or out of its bounds.
 */
export function parseMentorshipBody(value: JsonObject): MentorshipBody {
  const { type } = value;
  if (typeof type !== "string" || !isMentorshipType(type)) {
    throw new MalformedError("not a body of a mentorship", "/type");
  }
  return KINDS[type].shape(value, "");
}

/** *body* as it is written: without what says nothing. */
export function mentorshipJson(body: MentorshipBody): JsonObject {
  const plain = leaveOut(
    body as unknown as JsonObject,
    KINDS[body.type].defaults as JsonObject,
  );
  if (body.type === "agreement") {
    return { ...plain, terms: leaveOut(body.terms as unknown as JsonObject, TERMS_DEFAULTS) };
  }
  if (body.type === "session") {
    const slots = body.slots.map((one) =>
      leaveOut(one as unknown as JsonObject, { offset: null }),
    );
    return { ...plain, slots };
  }
  return plain;
}

function leaveOut(value: JsonObject, defaults: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).filter(([name, one]) => !isDefault(one, defaults[name])),
  );
}

function isDefault(value: JsonValue, known: JsonValue | undefined): boolean {
  if (Array.isArray(value) && Array.isArray(known))
    return value.length === 0 && known.length === 0;
  return value === known;
}
