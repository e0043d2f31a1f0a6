/** Reading the members of parsed JSON, each with one kind of error that says where. */

import { MalformedError } from "../crypto/errors.ts";
import type { JsonObject, JsonValue } from "../crypto/json.ts";

/** What `readMembers` returns: required ones are there, optional ones may be. */
export type Members<R extends string, O extends string> = Readonly<Record<R, JsonValue>> &
  Readonly<Partial<Record<O, JsonValue>>>;

/**
 * *document*, if it has all of *required* and nothing but those and *optional*.
 *
 * @param pointer - JSON Pointer of *document* itself.
 * @throws MalformedError - a member is missing or unknown.
 */
export function readMembers<R extends string, O extends string = never>(
  document: JsonObject,
  required: readonly R[],
  optional: readonly O[] = [],
  pointer = "",
): Members<R, O> {
  const known = new Set<string>([...required, ...optional]);
  const present = new Set(Object.keys(document));
  for (const name of required) {
    if (!present.has(name)) {
      throw new MalformedError(`a member ${name} is missing`, pointer || null);
    }
  }
  for (const name of present) {
    if (!known.has(name)) throw new MalformedError("an unknown member", `${pointer}/${name}`);
  }
  return document as Members<R, O>;
}

/** @throws MalformedError - *value* is no object. */
export function readObject(value: JsonValue | undefined, pointer: string): JsonObject {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new MalformedError("not an object", pointer || null);
  }
  return value as JsonObject;
}

/** @throws MalformedError - *value* is no string, or has another number of characters. */
export function readText(
  value: JsonValue | undefined,
  pointer: string,
  { least = 0, most = Number.POSITIVE_INFINITY }: { least?: number; most?: number } = {},
): string {
  if (typeof value !== "string") throw new MalformedError("not a string", pointer);
  // Never fewer UTF-16 units than characters: counted only where it matters.
  const length = value.length > most || value.length < 2 * least ? [...value].length : least;
  if (length < least || length > most) {
    throw new MalformedError("a string of another length", pointer);
  }
  return value;
}

/** @throws MalformedError - *value* is neither true nor false. */
export function readBoolean(value: JsonValue | undefined, pointer: string): boolean {
  if (typeof value !== "boolean") throw new MalformedError("not true or false", pointer);
  return value;
}

/** @throws MalformedError - *value* is no array of strings. */
export function readStrings(value: JsonValue | undefined, pointer: string): readonly string[] {
  if (!Array.isArray(value)) throw new MalformedError("not an array", pointer);
  return value.map((one: JsonValue, at) => readText(one, `${pointer}/${at}`));
}

/** @throws MalformedError - *value* is none of *choices*. */
export function readChoice<T extends string>(
  value: JsonValue | undefined,
  choices: readonly T[],
  pointer: string,
): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new MalformedError("not one of the choices", pointer);
  return found;
}

/** @throws MalformedError - *value* is no array of *choices*. */
export function readChoices<T extends string>(
  value: JsonValue | undefined,
  choices: readonly T[],
  pointer: string,
): readonly T[] {
  return readStrings(value, pointer).map((one, at) =>
    readChoice(one, choices, `${pointer}/${at}`),
  );
}
