/**
 * What the messages of a conversation say: one type of body each.
 *
 * A body is canonical JSON `{type, ack, …}`. `ack` and `turn` belong to the order of messages,
 * not to what people say, so they are read and written here beside the bodies. A type that is
 * not known, and a known one whose members break a rule, become `Unknown`: such a message is
 * kept and counted, but not shown, so that a newer client or a hostile one never stops a lane.
 * Members that are not known are passed over.
 *
 * In memory a body has all its members; what says nothing is left out when it is written.
 * Source: SPEC.md, section on conversations.
 */

import {
  type CircleBodies,
  type CircleBody,
  circleJson,
  isCircleType,
  parseCircleBody,
} from "../circle/bodies.ts";
import { parseBase64url } from "../crypto/bytes.ts";
import { KithError, MalformedError } from "../crypto/errors.ts";
import { isArray, type JsonObject, type JsonValue } from "../crypto/json.ts";
import {
  isMentorshipType,
  type MentorshipBodies,
  type MentorshipBody,
  mentorshipJson,
  parseMentorshipBody,
} from "../mentorship/bodies.ts";
import { anyOf, flag, nothing, oneOf, type TypeOf, text, whole } from "../node/shape.ts";
import {
  atMost,
  blob16,
  blob16OrNone,
  blob32,
  blob32OrNone,
  blob64,
  blob64OrNone,
  checkBody,
  type Kind,
  kind,
  knockText,
  languageTag,
  picture,
  shortWords,
  topicId,
} from "./body.ts";
import { MAX_KNOCK_CHARACTERS, MAX_TEXT_CHARACTERS } from "./words.ts";

export const MAX_ACKNOWLEDGED_LANES = 64;
export const MAX_SHOWN_THANKS = 3;
export const MAX_PARTS = 47;
export const MAX_PART_CHARACTERS = 60_000; // of base64url: 45,000 bytes
const LANE_BYTES = 8;
const MAX_DAY = 100_000;

/** A persona that its owner shows to the other side; bounds are those of a profile. */
export const CARD = kind(
  {
    type: oneOf("card"),
    pseudonym: text({ min: 1, max: 40 }),
    picture,
    pronouns: text({ max: 40 }),
    about: text({ max: 300 }),
    languages: atMost(6, languageTag),
    topics: atMost(8, topicId),
    /** What others thanked them for and let them show. Nothing proves it. */
    thanks: atMost(MAX_SHOWN_THANKS, knockText),
  },
  { pronouns: "", about: "", languages: [], topics: [], thanks: [] },
);
export type Card = TypeOf<typeof CARD.read>;

/** A card inside something else needs no type. */
const innerCard = anyOf(
  (value, pointer) =>
    CARD.read(
      typeof value === "object" && value !== null ? { type: "card", ...value } : value,
      pointer,
    ),
  nothing,
);

/** The mentor's answer to a knock, either way. */
export const ANSWER = kind(
  {
    type: oneOf("answer"),
    accepted: flag,
    words: knockText,
    /** Topics under which the mentee may find somebody else. */
    suggestions: atMost(5, topicId),
    times: shortWords,
    card: innerCard,
    /** The mentor's conversation key; this and the next two are filled in when it is written. */
    key: blob32OrNone,
    bind: blob64OrNone,
    /** Address of the mentor's new box; empty when declined. */
    box: blob16OrNone,
  },
  { words: "", suggestions: [], times: "", card: null, key: "", bind: "", box: "" },
  { card: CARD },
);
export type Answer = TypeOf<typeof ANSWER.read>;

const KINDS = {
  card: CARD,
  answer: ANSWER,
  /** The first message to an offer. */
  knock: kind(
    {
      type: oneOf("knock"),
      key: blob32,
      box: blob16,
      who: blob16,
      sign: blob64,
      day: whole({ min: 0, max: MAX_DAY }),
      words: text({ min: 1, max: MAX_KNOCK_CHARACTERS }),
      hopes: shortWords,
      tried: shortWords,
      rhythm: shortWords,
      times: shortWords,
      card: innerCard,
    },
    { hopes: "", tried: "", rhythm: "", times: "", card: null },
    { card: CARD },
  ),
  /** The mentee takes a knock back; `key` is that of the knock. */
  withdrawal: kind(
    { type: oneOf("withdrawal"), key: blob32, words: shortWords },
    { words: "" },
  ),
  /** What people write to each other. */
  text: kind({ type: oneOf("text"), text: text({ min: 1, max: MAX_TEXT_CHARACTERS }) }),
  /** A piece of something longer; see `parts.ts`. */
  part: kind(
    {
      type: oneOf("part"),
      file: blob16,
      number: whole({ min: 1, max: MAX_PARTS }),
      total: whole({ min: 1, max: MAX_PARTS }),
      data: text({ max: MAX_PART_CHARACTERS }, /^[A-Za-z0-9_-]+$/),
      name: text({ max: 100 }),
      media: text({ max: 80 }, /^[a-z0-9.+/-]*$/),
      hash: blob32OrNone,
    },
    { name: "", media: "", hash: "" },
  ),
  /** A new reply key and nothing else; `again` asks for what did not arrive. */
  rekey: kind({ type: oneOf("rekey"), again: flag }, { again: false }),
  /** The owner has paused everything: nothing after it on this key counts. */
  freeze: kind({ type: oneOf("freeze") }),
  /** The writer ends the conversation. */
  close: kind({ type: oneOf("close"), words: knockText }, { words: "" }),
} as const;

type OwnBodies = { readonly [K in keyof typeof KINDS]: TypeOf<(typeof KINDS)[K]["read"]> };

type OwnBody = OwnBodies[keyof OwnBodies];

/** All bodies that are written, by their type. */
export type Bodies = OwnBodies & MentorshipBodies & CircleBodies;
export type BodyType = keyof Bodies;
export type Written = Bodies[BodyType];
export type Knock = Bodies["knock"];
export type Withdrawal = Bodies["withdrawal"];
export type Part = Bodies["part"];
export type Text = Bodies["text"];

/** A message that this client does not show. */
export interface Unknown {
  readonly type: "unknown";
  /** Its type as it was written, or empty. */
  readonly name: string;
  /** The whole body. */
  readonly raw: JsonObject;
}

export type Body = Written | Unknown;

/** A body as it was read. */
export interface Said {
  readonly body: Body;
  /** Highest number seen, by lane of the other side as base64url. */
  readonly ack: ReadonlyMap<string, number>;
  /** Order of the reply key in the header, or null. */
  readonly turn: number | null;
}

/** What a body carries beside its words. */
export interface Order {
  /** Highest number seen, by lane of the other side as base64url; at most 64. */
  readonly ack: ReadonlyMap<string, number>;
  /** Goes with a reply key in the header; null without one. */
  readonly turn: number | null;
}

/**
 * A body of this type, with what *members* leave out.
 *
 * @throws MalformedError - a member is missing or breaks a rule.
 */
export function newBody<K extends BodyType>(
  type: K,
  members: Partial<Omit<Bodies[K], "type">> = {},
): Bodies[K] {
  return readStrictly({ ...(members as JsonObject), type }) as Bodies[K];
}

/**
 * The card that shows the same persona as a published *profile*.
 *
 * @throws MalformedError - it breaks a rule of profiles.
 */
export function cardOf(profile: Partial<Omit<Card, "type">>): Card {
  return newBody("card", profile);
}

/** *body* as JSON, without `ack` and `turn`. */
export function bodyJson(body: Written): JsonObject {
  const { type } = body;
  if (isMentorshipType(type)) return mentorshipJson(body as MentorshipBody);
  if (isCircleType(type)) return circleJson(body as CircleBody);
  return ownKind(type).write(body as OwnBody);
}

/**
 * *body* as it stands in a core.
 *
 * @throws MalformedError - a member breaks a rule, so the other side would not show it; or it
 *   is not a body that is written.
 */
export function encodeBody(body: Body, { ack, turn }: Order): JsonObject {
  if (body.type === "unknown") throw new MalformedError("only known types are written");
  const document = bodyJson(body);
  readStrictly(document);
  const written: JsonObject = { ...document, ack: Object.fromEntries(ack) };
  return turn === null ? written : { ...written, turn };
}

/** What the body of a core says; whatever breaks a rule is `Unknown`. */
export function readBody(document: JsonObject): Said {
  return {
    body: readLeniently(document),
    ack: readAck(document["ack"]),
    turn: readTurn(document["turn"]),
  };
}

/**
 * What the body says, of a known type and within its rules.
 *
 * @throws MalformedError - another type, or a member breaks a rule.
 */
export function readStrictly(document: JsonObject): Written {
  const { type } = document;
  if (typeof type !== "string") throw new MalformedError("not a known type");
  const body = readKnown(type, document);
  checkBody(body);
  if (body.type === "part") checkPart(body);
  return body;
}

function readKnown(type: string, document: JsonObject): Written {
  if (isMentorshipType(type)) return parseMentorshipBody(document);
  if (isCircleType(type)) return parseCircleBody(document);
  return ownKind(type).read(document, "");
}

function ownKind(type: string): Kind<OwnBody> {
  if (!Object.keys(KINDS).includes(type)) throw new MalformedError("not a known type");
  return KINDS[type as keyof typeof KINDS] as unknown as Kind<OwnBody>;
}

function readLeniently(document: JsonObject): Body {
  try {
    return readStrictly(document);
  } catch (error) {
    if (!(error instanceof MalformedError)) throw error;
    const { type } = document;
    return { type: "unknown", name: typeof type === "string" ? type : "", raw: document };
  }
}

function checkPart(part: Part): void {
  if (part.number > part.total) throw new MalformedError("a part beyond the last one");
  if ((part.hash !== "") !== (part.number === part.total)) {
    throw new MalformedError("the last part, and no other, has the hash of the whole");
  }
}

/** The acknowledged numbers; a map that breaks a rule acknowledges nothing. */
function readAck(value: JsonValue | undefined): ReadonlyMap<string, number> {
  const none = new Map<string, number>();
  if (typeof value !== "object" || value === null || isArray(value)) return none;
  const entries = Object.entries(value);
  if (entries.length > MAX_ACKNOWLEDGED_LANES) return none;
  const lanes = new Map<string, number>();
  for (const [name, seq] of entries) {
    if (typeof seq !== "number" || seq < 1) return none;
    try {
      parseBase64url(name, LANE_BYTES);
    } catch (error) {
      if (error instanceof KithError) return none;
      throw error;
    }
    lanes.set(name, seq);
  }
  return lanes;
}

function readTurn(value: JsonValue | undefined): number | null {
  if (typeof value !== "number" || !Number.isSafeInteger(value)) return null;
  return value >= 0 ? value : null;
}
