/**
 * What a node's answers must look like, checked before anything reads them.
 *
 * A shape is a function that returns a value as its type or throws. Members that a shape does
 * not know are left out, so that a newer node can say more.
 */

import { MalformedError } from "../crypto/errors.ts";

/** Returns *value* as T. *pointer* says where it stands, for the error. */
export type Shape<T> = (value: unknown, pointer: string) => T;

/** What shapes of texts and lists are bounded by. */
export interface Bounds {
  readonly min?: number;
  readonly max?: number;
}

/** The type that a shape returns. */
export type TypeOf<S> = S extends Shape<infer T> ? T : never;

/** A text; its length is counted in code points, as the node counts. */
export function text({ min = 0, max }: Bounds = {}, pattern?: RegExp): Shape<string> {
  return (value, pointer) => {
    if (typeof value !== "string") throw wrong(pointer, "a text");
    if (!isWithin(countOf(value, max), min, max)) throw wrong(pointer, "a text of that length");
    if (pattern && !pattern.test(value)) throw wrong(pointer, "a text of that form");
    return value;
  };
}

/** A whole number. */
export function whole({ min, max }: Bounds = {}): Shape<number> {
  return (value, pointer) => {
    if (typeof value !== "number" || !Number.isSafeInteger(value)) {
      throw wrong(pointer, "a whole number");
    }
    if (!isWithin(value, min, max)) throw wrong(pointer, "a number within its bounds");
    return value;
  };
}

/** Any number, such as a rank. */
export const number: Shape<number> = (value, pointer) => {
  if (typeof value !== "number" || !Number.isFinite(value)) throw wrong(pointer, "a number");
  return value;
};

/** Whatever JSON can say. */
export const anything: Shape<unknown> = (value) => value;

/** True or false. */
export const flag: Shape<boolean> = (value, pointer) => {
  if (typeof value !== "boolean") throw wrong(pointer, "true or false");
  return value;
};

/** Nothing. */
export const nothing: Shape<null> = (value, pointer) => {
  if (value !== null) throw wrong(pointer, "null");
  return null;
};

/** One of a few words or numbers. */
export function oneOf<const T extends readonly (string | number)[]>(
  ...known: T
): Shape<T[number]> {
  return (value, pointer) => {
    const found = known.find((one) => one === value);
    if (found === undefined) throw wrong(pointer, `one of ${known.join(", ")}`);
    return found;
  };
}

/** A list. */
export function list<T>(item: Shape<T>, { min = 0, max }: Bounds = {}): Shape<readonly T[]> {
  return (value, pointer) => {
    if (!Array.isArray(value)) throw wrong(pointer, "a list");
    if (!isWithin(value.length, min, max)) throw wrong(pointer, "a list of that length");
    return value.map((one: unknown, at) => item(one, `${pointer}/${at}`));
  };
}

/** An object whose names are free. */
export function record<T>(
  item: Shape<T>,
  { min = 0, max }: Bounds = {},
  name?: Shape<string>,
): Shape<Readonly<Record<string, T>>> {
  return (value, pointer) => {
    const entries = Object.entries(objectOf(value, pointer));
    if (!isWithin(entries.length, min, max)) throw wrong(pointer, "that many members");
    return Object.fromEntries(
      entries.map(([key, one]) => {
        const place = `${pointer}/${escapeName(key)}`;
        return [name ? name(key, place) : key, item(one, place)];
      }),
    );
  };
}

/** What `object` makes of its members. */
type Members<M extends Readonly<Record<string, Shape<unknown>>>> = {
  readonly [K in keyof M]: TypeOf<M[K]>;
};

/** An object with certain members; absent ones take the value of *defaults*. */
export function object<M extends Readonly<Record<string, Shape<unknown>>>>(
  members: M,
  defaults: Partial<Members<M>> = {},
): Shape<Members<M>> {
  const names = Object.keys(members);
  return (value, pointer) => {
    const raw = objectOf(value, pointer);
    const found: Record<string, unknown> = {};
    for (const name of names) {
      const shape = members[name];
      if (shape === undefined) continue;
      if (raw[name] !== undefined) found[name] = shape(raw[name], `${pointer}/${name}`);
      else if (name in defaults) found[name] = defaults[name];
      else throw wrong(`${pointer}/${name}`, "here");
    }
    return found as Members<M>;
  };
}

/** What the first shape that fits returns. */
export function anyOf<const T extends readonly Shape<unknown>[]>(
  ...shapes: T
): Shape<TypeOf<T[number]>> {
  return (value, pointer) => {
    for (const shape of shapes) {
      try {
        return shape(value, pointer) as TypeOf<T[number]>;
      } catch (error) {
        if (!(error instanceof MalformedError)) throw error;
      }
    }
    throw wrong(pointer, "of a known form");
  };
}

function objectOf(value: unknown, pointer: string): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong(pointer, "an object");
  }
  return value as Readonly<Record<string, unknown>>;
}

function countOf(value: string, max: number | undefined): number {
  // Counting code points of a text that is far too long is not worth it.
  if (max !== undefined && value.length > max * 2) return value.length;
  let count = 0;
  for (const _ of value) count += 1;
  return count;
}

function isWithin(count: number, min: number | undefined, max: number | undefined): boolean {
  return (min === undefined || count >= min) && (max === undefined || count <= max);
}

function wrong(pointer: string, wanted: string): MalformedError {
  return new MalformedError(`expected ${wanted}`, pointer);
}

/** *name* as a part of a JSON Pointer (RFC 6901 §3). */
function escapeName(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
