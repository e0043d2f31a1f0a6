/**
 * What the bodies of all messages are made of: shapes of their members, and the check that no
 * text in them misleads and all bytes are canonical base64url.
 *
 * Source: SPEC.md, section on conversations.
 */

import { parseBase64url } from "../crypto/bytes.ts";
import type { JsonObject, JsonValue } from "../crypto/json.ts";
import { list, object, type Shape, type TypeOf, text } from "../node/shape.ts";
import { checkWords } from "../text.ts";
import { MAX_HINT_CHARACTERS, MAX_KNOCK_CHARACTERS, MAX_TEXT_CHARACTERS } from "./words.ts";

export const shortWords = text({ max: MAX_HINT_CHARACTERS });
export const knockText = text({ max: MAX_KNOCK_CHARACTERS });
export const blob16 = text({}, /^[A-Za-z0-9_-]{22}$/);
export const blob32 = text({}, /^[A-Za-z0-9_-]{43}$/);
export const blob64 = text({}, /^[A-Za-z0-9_-]{86}$/);
export const blob16OrNone = text({}, /^(?:[A-Za-z0-9_-]{22})?$/);
export const blob32OrNone = text({}, /^(?:[A-Za-z0-9_-]{43})?$/);
export const blob64OrNone = text({}, /^(?:[A-Za-z0-9_-]{86})?$/);
export const picture = text({}, /^[0-9a-f]{16}$/);
export const languageTag = text({}, /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/);
export const topicId = text({ min: 1, max: 80 });

/** A list of at most *max* items. */
export function atMost<T>(max: number, item: Shape<T>): Shape<readonly T[]> {
  return list(item, { max });
}

/** How one type of body, or a part of one, is read and written. */
export interface Kind<T> {
  /** Reads it; members that are not known are left out. */
  readonly read: Shape<T>;
  /** As it is written: without what says nothing. */
  write(value: T): JsonObject;
}

/** How a member is written that is an object itself. */
type Writer = Pick<Kind<never>, "write">;

/** What `kind` makes of its members. */
export type KindOf<M extends Readonly<Record<string, Shape<unknown>>>> = {
  readonly [K in keyof M]: TypeOf<M[K]>;
};

/**
 * The kind with these *members*, written in this order.
 *
 * @param defaults - what a member is when it is absent; it is then not written either.
 * @param inner - how members that are objects, or lists of objects, are written.
 */
export function kind<M extends Readonly<Record<string, Shape<unknown>>>>(
  members: M,
  defaults: Partial<KindOf<M>> = {},
  inner: { readonly [K in keyof M]?: Writer } = {},
): Kind<KindOf<M>> {
  return {
    read: object(members, defaults),
    write(value) {
      const written: Record<string, JsonValue> = {};
      for (const name of Object.keys(members)) {
        const member = value[name] as JsonValue;
        if (name in defaults && isSame(member, defaults[name] as JsonValue)) continue;
        written[name] = writeMember(member, inner[name]);
      }
      return written;
    },
  };
}

function writeMember(member: JsonValue, inner: Writer | undefined): JsonValue {
  if (inner === undefined || member === null) return member;
  if (Array.isArray(member)) return member.map((one) => inner.write(one as never));
  return inner.write(member as never);
}

function isSame(value: JsonValue, other: JsonValue): boolean {
  if (Array.isArray(value) && Array.isArray(other)) {
    return value.length === 0 && other.length === 0;
  }
  return value === other;
}

/**
 * Returns if no text in *body* misleads and all its bytes are canonical base64url.
 *
 * @throws MalformedError - one does, or some are not.
 */
export function checkBody(body: object): void {
  for (const [name, value] of Object.entries(body)) checkValue(name, value);
}

function checkValue(name: string, value: unknown): void {
  if (typeof value === "string") checkString(name, value);
  else if (Array.isArray(value)) for (const item of value) checkValue(name, item);
  else if (typeof value === "object" && value !== null) checkBody(value);
}

function checkString(name: string, value: string): void {
  const size = BLOBS.get(name);
  if (size === undefined) checkWords(value, MAX_TEXT_CHARACTERS);
  else if (value !== "") parseBase64url(value, size ?? undefined);
}

/** Members that are bytes, and how many. */
const BLOBS: ReadonlyMap<string, number | null> = new Map([
  ["key", 32],
  ["box", 16],
  ["who", 16],
  ["sign", 64],
  ["bind", 64],
  ["file", 16],
  ["hash", 32],
  ["data", null],
  ["thing", 16],
  ["after", 32],
  ["commitment", 32],
  ["opening", 32],
  ["session", 16],
  ["circle", 16],
  ["follows", 16],
  ["reply", 1216],
  ["roster", 32],
  ["previous", 32],
  ["convener", 32],
  ["seats", 32],
  ["acknowledged", 32],
]);
