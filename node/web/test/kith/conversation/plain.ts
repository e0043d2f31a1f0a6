import { type Body, bodyJson } from "../../../src/kith/conversation/bodies.ts";
import type { Due, Entry, Event, Sent } from "../../../src/kith/conversation/events.ts";
import { base64url } from "../../../src/kith/crypto/bytes.ts";
import { KithError } from "../../../src/kith/crypto/errors.ts";
import type { JsonObject, JsonValue } from "../../../src/kith/crypto/json.ts";

/** What is said, as the vectors have it. */
export function plainBody(body: Body): JsonValue {
  return body.type === "unknown" ? { unknown: body.name, raw: body.raw } : bodyJson(body);
}

/** What is shown in one place, as the vectors have it. */
export function plainEntry(entry: Entry): JsonValue {
  if (entry.kind === "missing") {
    return { missing: entry.count, first: entry.first, lane: entry.lane };
  }
  return {
    is_own: entry.isOwn,
    lane: entry.lane,
    seq: entry.seq,
    minute: entry.minute,
    hash: entry.hash,
    is_fork: entry.isFork,
    is_late: entry.isLate,
    is_acknowledged: entry.isAcknowledged,
    body: plainBody(entry.body),
  };
}

/** What is told, as the vectors have it. */
export function plainEvent(event: Event): JsonValue {
  if (event.kind === "received") return { event: event.kind, hash: event.message.hash };
  const { kind, ...more } = event;
  return { event: kind, ...more };
}

/** What is due, as the vectors have it. */
export function plainDue(due: Due): JsonValue {
  return {
    events: due.events.map(plainEvent),
    rekey: due.rekey,
    ask_again: due.askAgain,
    resend: due.resend,
    is_over: due.isOver,
  };
}

/** What is handed in, as the vectors have it. */
export function plainSent(envelope: string, { unstamped, isSlow, ...sent }: Sent): JsonValue {
  return {
    envelope,
    box: base64url(unstamped.box),
    commitment: base64url(unstamped.commitment),
    bytes: unstamped.sealed.length,
    is_slow: isSlow,
    ...sent,
  };
}

/** What *act* gives, or the code of why it gives nothing. */
export async function tried(act: () => Promise<JsonValue>): Promise<JsonValue> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof KithError) return { error: error.code } satisfies JsonObject;
    throw error;
  }
}
