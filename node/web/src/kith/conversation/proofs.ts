/** What proves a received message to moderators, kept for 30 days and then forgotten. */

import { base64url } from "../crypto/bytes.ts";
import { KithError } from "../crypto/errors.ts";
import type { Opened } from "../messages/content.ts";
import { type Core, encodeCore } from "../messages/core.ts";
import { encodePostmark, parsePostmark, postmarkOf, type Stamped } from "../messages/stamp.ts";
import { readBody } from "./bodies.ts";
import type { Evidence } from "./events.ts";
import type { Message, Proof, ReplyKey } from "./records.ts";
import { coreOf, hashOf } from "./writing.ts";

export const PROOF_DAYS = 30;

/**
 * What proves *opened*, which came in *stamped*.
 *
 * @param node - origin of the node that sent it.
 */
export function proofOf(stamped: Stamped, opened: Opened, node: string): Proof {
  return {
    hash: hashOf(opened.raw),
    frank_key: opened.frankKey,
    postmark: encodePostmark(postmarkOf(stamped.envelope)),
    node,
    next_key: opened.core.nextKey ?? new Uint8Array(0),
  };
}

/** What a report of *message* needs, or null if the records do not fit. */
export function evidenceOf(
  conversation: string,
  message: Message,
  proof: Proof,
): Evidence | null {
  const nextKey = proof.next_key.length > 0 ? proof.next_key : null;
  const core = coreOf(conversation, message, nextKey);
  return core === null ? null : evidenceOfCore(encodeCore(core), proof);
}

/** What a report of the core in *raw* needs, or null if they do not fit. */
export function evidenceOfCore(raw: Uint8Array, proof: Proof): Evidence | null {
  try {
    const postmark = parsePostmark(proof.postmark);
    if (hashOf(raw) !== proof.hash) return null;
    return { node: proof.node, postmark, frankKey: proof.frank_key, core: raw };
  } catch (error) {
    if (error instanceof KithError) return null;
    throw error;
  }
}

/** The reply key that *core* announces, if it does. */
export function replyKeyOf(core: Core): ReplyKey | null {
  if (core.nextKey === null) return null;
  const { turn } = readBody(core.body);
  return { turn: turn ?? core.minute, lane: base64url(core.lane), key: core.nextKey };
}
