/**
 * The messages of a circle: one type of body each.
 *
 * An invitation and what answers it stand in the conversation that two people have already;
 * everything else in the links between the members. What is said in a circle names the roster
 * that its writer had: `epoch` and `roster`, its hash. `thing` (16 random bytes) is the same in
 * all links, so a text that went out eleven times is one.
 *
 * Source: SPEC.md, section on circles.
 */

import { MalformedError } from "../crypto/errors.ts";
import type { JsonObject } from "../crypto/json.ts";
import {
  flag,
  list,
  object,
  oneOf,
  type Shape,
  type TypeOf,
  text,
  whole,
} from "../node/shape.ts";
import { blob16, blob32, type Defaults, leaveOut, MAX_DAY, shortWords } from "./parts.ts";
import { MAX_EPOCH, rosterJson, rosterShape, termsJson, termsShape } from "./roster.ts";
import { seatShape } from "./seat.ts";

export const MAX_CIRCLE_CHARACTERS = 4000;
export const MAX_SEATS_TOLD = 8;
export const MAX_REVISION = 1000;

const epoch = whole({ min: 1, max: MAX_EPOCH });
const revision = whole({ min: 1, max: MAX_REVISION });
const named = { circle: blob16, epoch, roster: blob32, thing: blob16 };

interface Kind<T> {
  readonly shape: Shape<T>;
  readonly defaults: Defaults;
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
  return { shape, defaults: defaults as Defaults };
}

const KINDS = {
  /** The convener invites the other side of a conversation; `people` is how many there are. */
  "circle-invite": kind(
    "circle-invite",
    {
      seat: seatShape,
      terms: termsShape,
      people: whole({ min: 1, max: 30 }),
      words: shortWords,
    },
    { words: "" },
  ),
  /** Accepts an invitation; `acknowledged` is the hash of the terms they have read. */
  "circle-join": kind("circle-join", { seat: seatShape, acknowledged: blob32 }),
  /** Says no to an invitation, or takes a join back that has not led to a seat. */
  "circle-decline": kind(
    "circle-decline",
    { circle: blob16, words: shortWords },
    { words: "" },
  ),
  /** Tells a member who is in the circle from now on, with seats they may not have yet. */
  "circle-roster": kind(
    "circle-roster",
    { roster: rosterShape, seats: list(seatShape, { max: MAX_SEATS_TOLD }) },
    { seats: [] },
  ),
  /** Tells somebody that the roster of `epoch` is the last one in which they have a seat. */
  "circle-goodbye": kind(
    "circle-goodbye",
    { circle: blob16, epoch, words: shortWords },
    { words: "" },
  ),
  /** What a member says to all; `follows` is the text that the writer had seen last. */
  "circle-text": kind(
    "circle-text",
    {
      ...named,
      text: text({ min: 1, max: MAX_CIRCLE_CHARACTERS }),
      follows: text({}, /^(?:[A-Za-z0-9_-]{22})?$/),
    },
    { follows: "" },
  ),
  /** The writer leaves: nobody writes to them from now on. */
  "circle-leave": kind("circle-leave", { ...named, words: shortWords }, { words: "" }),
  /** A session as it is from now on. Counts if its writer convenes the circle. */
  "circle-session": kind(
    "circle-session",
    {
      ...named,
      session: blob16,
      revision,
      start: whole({ min: 0, max: MAX_DAY * 24 * 60 }),
      minutes: whole({ min: 5, max: 600 }),
      where: shortWords,
      is_cancelled: flag,
    },
    { where: "", is_cancelled: false },
  ),
  /** Whether the writer comes to a session. */
  "circle-attend": kind("circle-attend", {
    ...named,
    session: blob16,
    revision,
    attends: oneOf("yes", "maybe", "no"),
  }),
  /** The writer has read terms that are new since they entered. */
  "circle-acknowledge": kind("circle-acknowledge", { ...named, acknowledged: blob32 }),
} as const;

/** The bodies by their type. */
export type CircleBodies = {
  readonly [K in keyof typeof KINDS]: TypeOf<(typeof KINDS)[K]["shape"]>;
};
export type CircleType = keyof CircleBodies;
export type CircleBody = CircleBodies[CircleType];
export type CircleGoodbye = CircleBodies["circle-goodbye"];
export type CircleJoin = CircleBodies["circle-join"];
export type CircleText = CircleBodies["circle-text"];
export type Attendance = CircleBodies["circle-attend"]["attends"];

/** What members tell all others, under the roster they have. */
export type Told = CircleBodies[
  | "circle-text"
  | "circle-leave"
  | "circle-session"
  | "circle-attend"
  | "circle-acknowledge"];

const TOLD = new Set<string>([
  "circle-text",
  "circle-leave",
  "circle-session",
  "circle-attend",
  "circle-acknowledge",
]);

/** Whether *body* is told to all under a roster. */
export function isTold(body: CircleBody): body is Told {
  return TOLD.has(body.type);
}

/** Whether *type* is that of a body of a circle. */
export function isCircleType(type: string): type is CircleType {
  return Object.keys(KINDS).includes(type);
}

/**
 * The body of a circle that *value* spells; members it does not know are left out.
 *
 * Texts, seats and rosters are not judged here.
 *
 * @throws MalformedError - it is none, or a member is missing or out of its bounds.
 */
export function parseCircleBody(value: JsonObject): CircleBody {
  const { type } = value;
  if (typeof type !== "string" || !isCircleType(type)) {
    throw new MalformedError("not a body of a circle", "/type");
  }
  return KINDS[type].shape(value, "");
}

/** *body* as it is written: without what says nothing. */
export function circleJson(body: CircleBody): JsonObject {
  const plain = leaveOut(body as unknown as JsonObject, KINDS[body.type].defaults);
  if (body.type === "circle-invite") return { ...plain, terms: termsJson(body.terms) };
  if (body.type !== "circle-roster") return plain;
  const { seats: _, ...rest } = plain;
  const roster = rosterJson(body.roster);
  return body.seats.length > 0 ? { ...plain, roster } : { ...rest, roster };
}
