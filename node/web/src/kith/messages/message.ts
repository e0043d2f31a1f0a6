/**
 * Knock, answer and later messages: which context, key and size each of them has.
 *
 * What is sealed and signed is `content.ts`; its context binds where it goes: the box, or for
 * knocks (and their withdrawal, which goes the same way) the offer. The first message of either
 * side carries its writer's conversation key in the body, as base64url under `key`, and an
 * answer also the offer key's binding under `bind`: an accepting and a declining answer alike.
 *
 * Opening fails in one way only, whatever the reason. Source: crypto spec, one-to-one
 * conversations.
 */

import { base64url, concat, label, parseBase64url } from "../crypto/bytes.ts";
import {
  parseVerifyKey,
  SIGNATURE_BYTES,
  type SigningKey,
  type VerifyKey,
} from "../crypto/ed25519.ts";
import { DecryptionError, KithError } from "../crypto/errors.ts";
import { type Bound, verifyBinding } from "./binding.ts";
import {
  AROUND_CORE_BYTES,
  type Expected,
  type Opened,
  openContent,
  type Sealing,
  sealContent,
  verifyWriter,
} from "./content.ts";
import { type Core, ROLE_MENTEE, ROLE_MENTOR } from "./core.ts";
import { LARGEST_SEALED_BYTES, SMALLEST_SEALED_BYTES, type Unstamped } from "./envelope.ts";
import { ID_BYTES } from "./objects.ts";
import { isBucket } from "./padding.ts";
import type { Stamped } from "./stamp.ts";

/** Knock, withdrawal, answer either way: all the same. */
export const FIRST_SEALED_BYTES = 8192;
export const MAX_FIRST_CORE_BYTES = FIRST_SEALED_BYTES - AROUND_CORE_BYTES; // 6956

const FIRST = { smallest: FIRST_SEALED_BYTES, largest: FIRST_SEALED_BYTES };
const LATER = { smallest: SMALLEST_SEALED_BYTES, largest: LARGEST_SEALED_BYTES };
const MESSAGE_LABEL = label("kith/msg/v1");
const KNOCK_LABEL = label("kith/knock/v1");

/** What the mentee knows of the answer they wait for. */
export interface Awaited extends Omit<Bound, "mentorKey"> {
  /** Owner of the offer, from the bundle that was used. */
  readonly offerKey: VerifyKey;
}

/**
 * The knock, or its withdrawal, ready to be handed in.
 *
 * @param core - by the mentee, with the writer's public half under `key` of its body.
 * @throws TooLargeError - the core is longer than `MAX_FIRST_CORE_BYTES`.
 * @throws KeyRefusedError - the sealing key is none.
 * @throws RangeError - another role or key in the core, or a part of another size.
 */
export async function sealKnock(
  core: Core,
  { offerId, ...how }: Sealing & { readonly offerId: Uint8Array },
): Promise<Unstamped> {
  checkFirst(core, how.writer, ROLE_MENTEE);
  return sealContent(core, how, knockContext(offerId), FIRST);
}

/**
 * The knock, or withdrawal, that came to a knock box.
 *
 * @param seeds - the offer's live week seeds, newest first.
 * @throws DecryptionError - in every case but a whole knock to this offer, signed by the key it
 *   carries.
 */
export async function openKnock(
  stamped: Stamped,
  seeds: readonly Uint8Array[],
  { offerId }: { readonly offerId: Uint8Array },
): Promise<Opened> {
  const context = knockContext(offerId);
  const content = await openContent(stamped, seeds, context, FIRST_SEALED_BYTES);
  const writer = carriedKey(content.core);
  return verifyWriter(stamped, content, { writer, role: ROLE_MENTEE, conversation: null });
}

/**
 * The answer to a knock, either way, ready to be handed in.
 *
 * @param core - by the mentor, with the writer's public half under `key` of its body and the
 *   binding under `bind`.
 * @throws TooLargeError - the core is longer than `MAX_FIRST_CORE_BYTES`.
 * @throws KeyRefusedError - the sealing key is none.
 * @throws RangeError - another role or key in the core, or a part of another size.
 */
export async function sealAnswer(core: Core, how: Sealing): Promise<Unstamped> {
  checkFirst(core, how.writer, ROLE_MENTOR);
  return sealContent(core, how, messageContext(how.box), FIRST);
}

/**
 * The answer to one's own knock.
 *
 * @param seeds - live reply seeds of this conversation, newest first.
 * @throws DecryptionError - in every case but a whole answer to this very knock, signed by the
 *   key it carries and bound by the offer key.
 */
export async function openAnswer(
  stamped: Stamped,
  seeds: readonly Uint8Array[],
  { offerKey, ...awaited }: Awaited,
): Promise<Opened> {
  const context = messageContext(stamped.envelope.box);
  const content = await openContent(stamped, seeds, context, FIRST_SEALED_BYTES);
  const mentorKey = carriedKey(content.core);
  const { conversation } = awaited;
  const expected = { writer: mentorKey, role: ROLE_MENTOR, conversation };
  const opened = verifyWriter(stamped, content, expected);
  try {
    const binding = parseBase64url(textOf(opened.core, "bind"), SIGNATURE_BYTES);
    verifyBinding(offerKey, binding, { ...awaited, mentorKey });
  } catch (error) {
    if (error instanceof KithError) throw new DecryptionError("cannot be opened");
    throw error;
  }
  return opened;
}

/**
 * Any later message, ready to be handed in.
 *
 * @param how - `atLeast` is the smallest sealed size to use.
 * @throws TooLargeError - the core is longer than `MAX_CORE_BYTES`.
 * @throws KeyRefusedError - the sealing key is none.
 * @throws RangeError - a part of another size, or no such `atLeast`.
 */
export async function sealMessage(
  core: Core,
  { atLeast = SMALLEST_SEALED_BYTES, ...how }: Sealing & { readonly atLeast?: number },
): Promise<Unstamped> {
  if (!isBucket(atLeast, LATER)) throw new RangeError("no such size of a sealed text");
  return sealContent(core, how, messageContext(how.box), { ...LATER, smallest: atLeast });
}

/**
 * The message that came to one's box of an established conversation.
 *
 * @param seeds - live reply seeds of this conversation, newest first.
 * @throws DecryptionError - in every case but a whole message of this conversation by its writer.
 */
export async function openMessage(
  stamped: Stamped,
  seeds: readonly Uint8Array[],
  expected: Expected,
): Promise<Opened> {
  const content = await openContent(stamped, seeds, messageContext(stamped.envelope.box));
  return verifyWriter(stamped, content, expected);
}

function knockContext(offerId: Uint8Array): Uint8Array {
  if (offerId.length !== ID_BYTES) throw new RangeError("an offer is named by 16 bytes");
  return concat(KNOCK_LABEL, offerId);
}

function messageContext(box: Uint8Array): Uint8Array {
  if (box.length !== ID_BYTES) throw new RangeError("a box is named by 16 bytes");
  return concat(MESSAGE_LABEL, box);
}

function checkFirst(core: Core, writer: SigningKey, role: number): void {
  if (core.role !== role)
    throw new RangeError("a knock is the mentee's, an answer the mentor's");
  if (core.body["key"] !== base64url(writer.verifyKey)) {
    throw new RangeError("the first message of a side carries its key");
  }
}

function carriedKey(core: Core): VerifyKey {
  try {
    return parseVerifyKey(parseBase64url(textOf(core, "key"), 32));
  } catch (error) {
    if (error instanceof KithError) throw new DecryptionError("cannot be opened");
    throw error;
  }
}

function textOf(core: Core, member: string): string {
  const value = core.body[member];
  if (typeof value !== "string") throw new DecryptionError("cannot be opened");
  return value;
}
