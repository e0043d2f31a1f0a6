/**
 * Records of conversations as JSON, bytes as base64: the form in which they lie in the vault.
 *
 * Members stand in the order of the specification, those that say nothing are left out, and
 * unknown ones are refused: the command line reads and writes the same account.
 */

import { base64, base64url, parseBase64url } from "../crypto/bytes.ts";
import { MalformedError } from "../crypto/errors.ts";
import { isArray, type JsonObject, type JsonValue } from "../crypto/json.ts";
import { ANSWER, CARD } from "./bodies.ts";
import type { Kind } from "./body.ts";
import { KNOCK_STATES, type KnockState } from "./knock-machine.ts";
import type {
  IncomingKnock,
  KnockWords,
  Lane,
  Message,
  OutgoingKnock,
  Page,
  Proof,
  Proofs,
  RecordKind,
  ReplyKey,
  Seed,
  Talk,
  VaultRecord,
} from "./records.ts";

/** How one kind of value is read and written. */
interface Codec<T> {
  /** @throws MalformedError - another form. */
  read(value: JsonValue, pointer: string): T;
  write(value: T): JsonValue;
}

/** A member; with a fallback it is left out where it says nothing else. */
interface Member<T> {
  readonly codec: Codec<T>;
  readonly fallback?: { readonly value: T; isIt(value: T): boolean };
}

type Members<T> = { readonly [K in keyof T]-?: Member<T[K]> };

function needed<T>(codec: Codec<T>): Member<T> {
  return { codec };
}

function orElse<T>(codec: Codec<T>, value: T, isIt = (one: T) => one === value): Member<T> {
  return { codec, fallback: { value, isIt } };
}

function refuse(pointer: string, wanted: string): never {
  throw new MalformedError(`expected ${wanted}`, pointer);
}

const bytes: Codec<Uint8Array> = {
  read: (value, pointer) => parseBase64(text.read(value, pointer), pointer),
  write: base64,
};

/** Bytes that are text in memory. */
const name: Codec<string> = {
  read: (value, pointer) => base64url(bytes.read(value, pointer)),
  write: (value) => base64(parseBase64url(value)),
};

const text: Codec<string> = {
  read: (value, pointer) => (typeof value === "string" ? value : refuse(pointer, "a text")),
  write: (value) => value,
};

const whole: Codec<number> = {
  read: (value, pointer) =>
    typeof value === "number" && Number.isSafeInteger(value)
      ? value
      : refuse(pointer, "a whole number"),
  write: (value) => value,
};

const state: Codec<KnockState> = {
  read: (value, pointer) =>
    KNOCK_STATES.find((known) => known === value) ?? refuse(pointer, "a state of a knock"),
  write: (value) => value,
};

function listOf<T>(item: Codec<T>): Codec<readonly T[]> {
  return {
    read: (value, pointer) =>
      isArray(value)
        ? value.map((one, at) => item.read(one, `${pointer}/${at}`))
        : refuse(pointer, "a list"),
    write: (value) => value.map((one) => item.write(one)),
  };
}

function mapOf<T>(item: Codec<T>): Codec<Readonly<Record<string, T>>> {
  return {
    read: (value, pointer) => {
      const entries = Object.entries(objectOf(value, pointer));
      return Object.fromEntries(
        entries.map(([key, one]) => [key, item.read(one, `${pointer}/${key}`)]),
      );
    },
    write: (value) =>
      Object.fromEntries(Object.entries(value).map(([key, one]) => [key, item.write(one)])),
  };
}

function orNull<T>(codec: Codec<T>): Codec<T | null> {
  return {
    read: (value, pointer) => (value === null ? null : codec.read(value, pointer)),
    write: (value) => (value === null ? null : codec.write(value)),
  };
}

/** A body inside a record; its type may be left out there. */
function body<T>(kind: Kind<T>, type: string): Codec<T> {
  return {
    read: (value, pointer) => kind.read({ type, ...objectOf(value, pointer) }, pointer),
    write: (value) => kind.write(value),
  };
}

function struct<T extends object>(members: Members<T>): Codec<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  return {
    read(value, pointer) {
      const raw = objectOf(value, pointer);
      for (const key of Object.keys(raw)) {
        if (!(names as string[]).includes(key)) refuse(`${pointer}/${key}`, "nothing here");
      }
      const found: Partial<T> = {};
      for (const key of names) {
        found[key] = readMember(members[key], raw[key], `${pointer}/${key}`);
      }
      return found as T;
    },
    write(value) {
      const written: Record<string, JsonValue> = {};
      for (const key of names) {
        const { codec, fallback } = members[key];
        if (!fallback?.isIt(value[key])) written[key] = codec.write(value[key]);
      }
      return written;
    },
  };
}

function readMember<T>(
  { codec, fallback }: Member<T>,
  raw: JsonValue | undefined,
  at: string,
): T {
  if (raw !== undefined) return codec.read(raw, at);
  return fallback === undefined ? refuse(at, "a member here") : fallback.value;
}

function objectOf(value: JsonValue, pointer: string): JsonObject {
  if (typeof value !== "object" || value === null || isArray(value)) {
    return refuse(pointer, "an object");
  }
  return value;
}

function parseBase64(raw: string, pointer: string): Uint8Array {
  const found = /^([A-Za-z0-9+/]*)={0,2}$/.exec(raw);
  const digits = found?.[1];
  if (digits === undefined || raw.length % 4 !== 0 || raw.length - digits.length > 2) {
    return refuse(pointer, "base64");
  }
  return parseBase64url(digits.replaceAll("+", "-").replaceAll("/", "_"));
}

const NO_BYTES = new Uint8Array(0);
const noBytes = orElse(bytes, NO_BYTES, (one) => one.length === 0);
const noName = orElse(name, "");
const noText = orElse(text, "");
const zero = orElse(whole, 0);

function isEmptyObject(value: object): boolean {
  return Object.keys(value).length === 0;
}

const opened: Codec<readonly [number, string]> = {
  read(value, pointer) {
    if (!isArray(value) || value.length !== 2) return refuse(pointer, "two values");
    const [turn = null, lane = null] = value;
    return [whole.read(turn, `${pointer}/0`), name.read(lane, `${pointer}/1`)];
  },
  write: ([turn, lane]) => [turn, name.write(lane)],
};

const replyKey = struct<ReplyKey>({
  turn: needed(whole),
  lane: needed(name),
  key: needed(bytes),
});

const proof = struct<Proof>({
  hash: needed(name),
  frank_key: needed(bytes),
  postmark: needed(bytes),
  node: needed(text),
  next_key: noBytes,
});

const message = struct<Message>({
  role: needed(whole),
  lane: needed(name),
  seq: needed(whole),
  previous: needed(name),
  minute: needed(whole),
  body: needed(text),
  hash: needed(name),
  at: needed(whole),
});

const knockWords = struct<KnockWords>({
  words: needed(text),
  hopes: noText,
  tried: noText,
  rhythm: noText,
  times: noText,
  card: orElse(orNull(body(CARD, "card")), null),
});

const answer = orElse(orNull(body(ANSWER, "answer")), null);

const CODECS: {
  readonly [K in RecordKind]: Codec<Omit<Extract<VaultRecord, { kind: K }>, "kind">>;
} = {
  talk: struct<Omit<Talk, "kind">>({
    conversation: needed(name),
    role: needed(whole),
    offer: needed(name),
    seed: needed(bytes),
    box_seed: needed(bytes),
    peer_key: needed(bytes),
    peer_box: needed(name),
    peer_node: needed(text),
    first: needed(replyKey),
    knock_hash: needed(name),
    circle: noName,
  }),
  lane: struct<Omit<Lane, "kind">>({
    conversation: needed(name),
    lane: needed(name),
    peer_key: orElse(orNull(replyKey), null),
    opened: orElse(opened, [0, ""], ([turn, lane]) => turn === 0 && lane === ""),
    given_up: orElse(mapOf(whole), {}, isEmptyObject),
    announced: orElse(mapOf(text), {}, isEmptyObject),
    unreadable_at: zero,
    asked_at: zero,
    resent_at: zero,
  }),
  page: struct<Omit<Page, "kind">>({
    conversation: needed(name),
    lane: needed(name),
    number: needed(whole),
    messages: needed(listOf(message)),
  }),
  seed: struct<Omit<Seed, "kind">>({
    conversation: needed(name),
    lane: needed(name),
    turn: needed(whole),
    seed: needed(bytes),
    made_at: needed(whole),
    heard: needed(whole),
    seq: needed(whole),
  }),
  proofs: struct<Omit<Proofs, "kind">>({
    conversation: needed(name),
    lane: needed(name),
    day: needed(whole),
    proofs: needed(listOf(proof)),
  }),
  knock: struct<Omit<OutgoingKnock, "kind">>({
    conversation: needed(name),
    lane: needed(name),
    offer: needed(name),
    node: needed(text),
    seed: needed(bytes),
    box_seed: needed(bytes),
    words: needed(knockWords),
    state: needed(state),
    changed_at: needed(whole),
    attempt: zero,
    sent_at: zero,
    offer_key: noBytes,
    core: noBytes,
    answer,
    wish: noName,
  }),
  knocked: struct<Omit<IncomingKnock, "kind">>({
    conversation: needed(name),
    lane: needed(name),
    offer: needed(name),
    node: needed(text),
    mentee_key: needed(bytes),
    box: needed(name),
    who: needed(name),
    core: needed(bytes),
    state: needed(state),
    read_at: needed(whole),
    expires_at: needed(whole),
    changed_at: needed(whole),
    proof: orElse(orNull(proof), null),
    answer,
    answer_core: noBytes,
  }),
};

/** The kinds of vault records that belong to conversations. */
export const RECORD_KINDS: ReadonlySet<string> = new Set(Object.keys(CODECS));

/** *record* as JSON, as it lies in the vault. */
export function encodeRecord(record: VaultRecord): JsonObject {
  const { kind, ...members } = record;
  return codecOf(kind).write(members) as JsonObject;
}

/**
 * The record of this *kind* in *value*.
 *
 * @throws MalformedError - no such kind, or another form.
 */
export function parseRecord(kind: string, value: JsonObject): VaultRecord {
  if (!RECORD_KINDS.has(kind)) throw new MalformedError("not a record of a conversation");
  const known = kind as RecordKind;
  return { kind: known, ...codecOf(known).read(value, "") } as VaultRecord;
}

function codecOf(kind: RecordKind): Codec<object> {
  return CODECS[kind] as unknown as Codec<object>;
}
