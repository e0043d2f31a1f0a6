/**
 * What a conversation keeps in the vault: immutable records that no two devices both write.
 *
 * Constant ones are the same whoever writes them; the others carry the lane of the device they
 * belong to, and only that device writes them. Any device may delete a seed or proofs, because
 * these only ever die. Everything a conversation knows is the union of its records, so devices
 * need not agree on an order of writing.
 *
 * In memory ids, lanes and hashes are base64url text (in the vault base64), keys and cores are
 * bytes. Members have the names they have in the vault; `kind` is the kind of vault record.
 * Storing is left to the caller, and comes first: before anything is handed in or acknowledged.
 *
 * Source: SPEC.md, 33.17.
 */

import { base64url, concat, label, parseBase64url, parseUtf8 } from "../crypto/bytes.ts";
import { sha256 } from "../crypto/hashes.ts";
import { canonicalBytes } from "../crypto/json.ts";
import type { Core } from "../messages/core.ts";
import type { Answer, Card } from "./bodies.ts";
import type { KnockState } from "./knock-machine.ts";

export const MAX_PAGE_MESSAGES = 64;
export const MAX_PAGE_BYTES = 48 * 1024; // of bodies; a longer one has a page to itself

const LANE_LABEL = label("kith/lane/v1");

/** A reply key of the other side. The greatest `(turn, lane)` is the newest. */
export interface ReplyKey {
  /** Grows with each new key. */
  readonly turn: number;
  /** That announced it. */
  readonly lane: string;
  /** 1216 bytes. */
  readonly key: Uint8Array;
}

/** What proves one received message to moderators. */
export interface Proof {
  /** Of the core. */
  readonly hash: string;
  /** Opens the commitment, 32 bytes. */
  readonly frank_key: Uint8Array;
  /** 1377 bytes. */
  readonly postmark: Uint8Array;
  /** Origin of the node that sent it. */
  readonly node: string;
  /** The reply key in its header, or nothing. */
  readonly next_key: Uint8Array;
}

/** One message, as it is kept: the core without a reply key. */
export interface Message {
  /** Of its writer. */
  readonly role: number;
  readonly lane: string;
  /** From 1. */
  readonly seq: number;
  /** Hash of the lane's message before. */
  readonly previous: string;
  /** By the writer's clock. */
  readonly minute: number;
  /** Canonical JSON. */
  readonly body: string;
  /** Of the core. */
  readonly hash: string;
  /** When this device wrote or received it, seconds by its own clock. */
  readonly at: number;
}

/** What is fixed when a knock is accepted; the same on every device of one side. */
export interface Talk {
  readonly kind: "talk";
  readonly conversation: string;
  /** One's own. */
  readonly role: number;
  /** Id of the offer that was knocked at; zeros in a circle. */
  readonly offer: string;
  /** Of one's own conversation key, 32 bytes. */
  readonly seed: Uint8Array;
  /** Of the key that owns one's own box, 32 bytes. */
  readonly box_seed: Uint8Array;
  /** The other side's conversation key. */
  readonly peer_key: Uint8Array;
  /** Address of the other side's box. */
  readonly peer_box: string;
  /** Origin of the other side's node. */
  readonly peer_node: string;
  /** The reply key the other side began with. */
  readonly first: ReplyKey;
  /** Of the knock's core; in a circle the link's own. */
  readonly knock_hash: string;
  /** That it is a link of; empty for a conversation that was knocked for. */
  readonly circle: string;
}

/** What one device has noticed that messages alone do not say. */
export interface Lane {
  readonly kind: "lane";
  readonly conversation: string;
  /** Of the device. */
  readonly lane: string;
  /** The newest reply key of the other side it has seen. */
  readonly peer_key: ReplyKey | null;
  /** Order of the newest own seed it has opened a message with: turn and lane. */
  readonly opened: readonly [turn: number, lane: string];
  /** By lane of the other side, up to which number it no longer waits. */
  readonly given_up: Readonly<Record<string, number>>;
  /** Reply keys in own messages that may have to be sent again, by hash; both base64url. */
  readonly announced: Readonly<Record<string, string>>;
  /** When something came that could not be opened. */
  readonly unreadable_at: number;
  /** When it last asked for what did not arrive. */
  readonly asked_at: number;
  /** When it last sent again what it was asked for. */
  readonly resent_at: number;
}

/** Messages that one device wrote or received, in that order. */
export interface Page {
  readonly kind: "page";
  readonly conversation: string;
  readonly lane: string;
  /** From 0. */
  readonly number: number;
  /** At most 64. */
  readonly messages: readonly Message[];
}

/** One own reply key. */
export interface Seed {
  readonly kind: "seed";
  readonly conversation: string;
  /** Of the device that made it. */
  readonly lane: string;
  /** Its order. */
  readonly turn: number;
  /** 32 bytes. */
  readonly seed: Uint8Array;
  /** Seconds, own clock. */
  readonly made_at: number;
  /** How many messages of the other side were known when it was made. */
  readonly heard: number;
  /** Number of the message in `lane` that announced it. */
  readonly seq: number;
}

/** What proves the messages that one device received on one day. */
export interface Proofs {
  readonly kind: "proofs";
  readonly conversation: string;
  readonly lane: string;
  /** Days since 1970-01-01, own clock. */
  readonly day: number;
  /** One for each message. */
  readonly proofs: readonly Proof[];
}

/** What a mentee writes in a knock; bounds are those of the body. */
export interface KnockWords {
  readonly words: string;
  readonly hopes: string;
  readonly tried: string;
  readonly rhythm: string;
  readonly times: string;
  readonly card: Card | null;
}

/** A knock on the mentee's side, as one device sees it. */
export interface OutgoingKnock {
  readonly kind: "knock";
  readonly conversation: string;
  /** Of the device whose copy this is. */
  readonly lane: string;
  readonly offer: string;
  /** Origin of the offer's node. */
  readonly node: string;
  /** Of the conversation key, 32 bytes. */
  readonly seed: Uint8Array;
  /** Of the key that owns the new box, 32 bytes. */
  readonly box_seed: Uint8Array;
  readonly words: KnockWords;
  readonly state: KnockState;
  /** When the state was entered, seconds. */
  readonly changed_at: number;
  /** How often it was sent. */
  readonly attempt: number;
  /** When it was first sent, seconds; 0 for a draft. */
  readonly sent_at: number;
  /** Owner of the offer, from the bundle; empty for a draft. */
  readonly offer_key: Uint8Array;
  /** As it was sent; empty for a draft. */
  readonly core: Uint8Array;
  /** The mentor's, once there is one. */
  readonly answer: Answer | null;
  /** What the mentee looks for with it, or empty; never sent. */
  readonly wish: string;
}

/** A knock on the mentor's side, as one device sees it. */
export interface IncomingKnock {
  readonly kind: "knocked";
  readonly conversation: string;
  /** Of the device whose copy this is. */
  readonly lane: string;
  /** Of one's own. */
  readonly offer: string;
  /** Origin of the mentee's node. */
  readonly node: string;
  /** Their conversation key. */
  readonly mentee_key: Uint8Array;
  /** Address of their new box. */
  readonly box: string;
  /** The same for the same member at this offer while their node's key lives. */
  readonly who: string;
  /** As it was received. */
  readonly core: Uint8Array;
  readonly state: KnockState;
  /** When it was opened, seconds. */
  readonly read_at: number;
  /** First second at which it can no longer be accepted. */
  readonly expires_at: number;
  /** When the state was entered, seconds. */
  readonly changed_at: number;
  /** For 30 days, then nothing. */
  readonly proof: Proof | null;
  /** As it was sent, once there is one. */
  readonly answer: Answer | null;
  /** Likewise, the whole core. */
  readonly answer_core: Uint8Array;
}

export type VaultRecord = Talk | Lane | Page | Seed | Proofs | OutgoingKnock | IncomingKnock;
export type RecordKind = VaultRecord["kind"];

/** What is to be stored. */
export interface Change {
  /** Of the vault record. */
  readonly kind: RecordKind;
  /** Within that kind. */
  readonly id: string;
  /** Its value, or null to delete it. */
  readonly record: VaultRecord | null;
}

/** The id of *record* within its kind. */
export function recordId(record: VaultRecord): string {
  const parts = [record.conversation];
  if (record.kind === "knocked") parts.push(base64url(sha256(record.core).slice(0, 16)));
  // Not the seed's own hash: an id is stored longer than the seed is.
  if (record.kind === "seed") parts.push(String(record.turn));
  if (record.kind !== "talk") parts.push(record.lane);
  if (record.kind === "page") parts.push(String(record.number));
  if (record.kind === "proofs") parts.push(String(record.day));
  return parts.join(".");
}

/** The change that stores *record*. */
export function changeOf(record: VaultRecord): Change {
  return { kind: record.kind, id: recordId(record), record };
}

/** The change that deletes *record*. */
export function deletionOf(record: VaultRecord): Change {
  return { kind: record.kind, id: recordId(record), record: null };
}

/** What *lane* has noticed at first: nothing. */
export function newLane(conversation: string, lane: string): Lane {
  return {
    kind: "lane",
    conversation,
    lane,
    peer_key: null,
    opened: [0, ""],
    given_up: {},
    announced: {},
    unreadable_at: 0,
    asked_at: 0,
    resent_at: 0,
  };
}

/**
 * The lane, 8 bytes as base64url, that stands for a device in one conversation.
 *
 * Lanes differ in every conversation, so two partners cannot tell that they talk to one device.
 *
 * @param device - at least 8 random bytes, new for each device and after every restore or
 *   conflict of the vault.
 */
export function laneOf(device: Uint8Array, conversation: string): string {
  const named = concat(LANE_LABEL, parseBase64url(conversation), device);
  return base64url(sha256(named).slice(0, 8));
}

/** This device's copy of *knock*, to be changed in place of another device's. */
export function knockForLane<K extends OutgoingKnock | IncomingKnock>(
  knock: K,
  lane: string,
): K {
  return { ...knock, lane };
}

/**
 * *core* as it is kept.
 *
 * @param hash - its hash, as base64url.
 * @param at - when this device wrote or received it, seconds.
 */
export function messageOf(core: Core, hash: string, at: number): Message {
  return {
    role: core.role,
    lane: base64url(core.lane),
    seq: core.seq,
    previous: base64url(core.previous),
    minute: core.minute,
    body: parseUtf8(canonicalBytes(core.body)),
    hash,
    at,
  };
}
