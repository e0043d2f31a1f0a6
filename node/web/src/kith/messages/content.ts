/**
 * The content of an envelope: a core, sealed to one key and signed by one writer.
 *
 * The sealed text is HPKE of `signature(64) ‖ frank key(32) ‖ length(4) ‖ core ‖ zeros`. Its
 * `info` is a context, the recipient's key id and the commitment; the signature by the writer's
 * conversation key covers box, key id, commitment and core, so a message can't be passed off as
 * written to somebody else. Which context and writer are right is for `message.ts` to say.
 *
 * Source: RFC 9180 for HPKE; crypto spec, one-to-one conversations.
 */

import { concat, isEqual, label } from "../crypto/bytes.ts";
import {
  SIGNATURE_BYTES,
  type SigningKey,
  type VerifyKey,
  verifyEd25519,
} from "../crypto/ed25519.ts";
import { DecryptionError, KithError } from "../crypto/errors.ts";
import { OVERHEAD_BYTES, openSealed, seal, sealingPublicKey } from "../crypto/hpke.ts";
import type { Rng } from "../crypto/random.ts";
import { commit, FRANK_KEY_BYTES, verifyCommitment } from "./commitment.ts";
import { type Core, encodeCore, parseCore } from "./core.ts";
import { LARGEST_SEALED_BYTES, type Unstamped } from "./envelope.ts";
import { ID_BYTES, keyId } from "./objects.ts";
import { type Buckets, bucketBytes, frame, LENGTH_BYTES, unframe } from "./padding.ts";
import type { Stamped } from "./stamp.ts";

const PROOF_BYTES = SIGNATURE_BYTES + FRANK_KEY_BYTES;
export const AROUND_CORE_BYTES = OVERHEAD_BYTES + PROOF_BYTES + LENGTH_BYTES; // 1236
export const MAX_CORE_BYTES = LARGEST_SEALED_BYTES - AROUND_CORE_BYTES; // 64300

const SIGNATURE_LABEL = label("kith/msg-sig/v1");

/** What came out of the AEAD: its commitment verified, its signature not. */
export interface Content {
  /** What was written. */
  readonly core: Core;
  /** The encoded core, as it was signed and committed to. */
  readonly raw: Uint8Array;
  /** Opens the commitment, 32 bytes; proves the message to moderators. */
  readonly frankKey: Uint8Array;
  /** 64 bytes, of whoever it may be. */
  readonly signature: Uint8Array;
  /** Id of the key it was sealed to, 16 bytes. */
  readonly kid: Uint8Array;
  /** Which of the seeds opened it, from 0. */
  readonly place: number;
}

/** A message that was opened and verified. */
export interface Opened extends Omit<Content, "kid"> {
  /** The conversation key that made the signature. */
  readonly writer: VerifyKey;
}

/** How a core is sealed. */
export interface Sealing {
  /** The conversation key that signs. */
  readonly writer: SigningKey;
  /** The recipient's, 1216 bytes. */
  readonly sealingKey: Uint8Array;
  /** Where it goes, 16 bytes. */
  readonly box: Uint8Array;
  /** For the key of the commitment. */
  readonly rng: Rng;
}

/** Who must have written something. */
export interface Expected {
  readonly writer: VerifyKey;
  readonly role: number;
  /** That it must belong to, 16 bytes; null while there is none yet. */
  readonly conversation: Uint8Array | null;
}

/**
 * *core*, sealed and signed, ready to be handed in.
 *
 * @param context - label and whatever else says where it goes; of fixed length for its label.
 * @param sizes - the smallest and the largest sealed size to use.
 * @throws TooLargeError - the core does not fit the largest.
 * @throws KeyRefusedError - the sealing key is none.
 * @throws RangeError - a part of another size.
 */
export async function sealContent(
  core: Core,
  { writer, sealingKey, box, rng }: Sealing,
  context: Uint8Array,
  sizes: Buckets,
): Promise<Unstamped> {
  if (box.length !== ID_BYTES) throw new RangeError("a box is named by 16 bytes");
  const raw = encodeCore(core);
  const size = bucketBytes(raw.length + AROUND_CORE_BYTES, sizes);
  const frankKey = rng(FRANK_KEY_BYTES);
  const commitment = commit(frankKey, raw);
  const kid = keyId(sealingKey);
  const signature = writer.sign(signed(box, kid, commitment, raw));
  const framed = frame(raw, size - OVERHEAD_BYTES - PROOF_BYTES);
  const content = concat(signature, frankKey, framed);
  const sealed = await seal(sealingKey, content, concat(context, kid, commitment));
  return { box, commitment, sealed };
}

/**
 * What *stamped* holds, its commitment verified, its signature not yet.
 *
 * @param seeds - live private seeds, newest first, 32 bytes each; their ids are not sent.
 * @param context - as in `sealContent`.
 * @param size - the sealed size it must have; any without.
 * @throws DecryptionError - in every case but a whole sealed text for one of *seeds*.
 */
export async function openContent(
  { envelope }: Stamped,
  seeds: readonly Uint8Array[],
  context: Uint8Array,
  size?: number,
): Promise<Content> {
  const { commitment, sealed } = envelope;
  if (size !== undefined && sealed.length !== size) refuse();
  for (const [place, seed] of seeds.entries()) {
    const kid = keyId(await sealingPublicKey(seed));
    const plaintext = await tryToOpen(seed, sealed, concat(context, kid, commitment));
    if (plaintext !== null) return read(plaintext, commitment, kid, place);
  }
  return refuse();
}

/**
 * *content*, which came in *stamped*, as a verified message.
 *
 * @throws DecryptionError - another writer, role or conversation.
 */
export function verifyWriter(
  { envelope }: Stamped,
  { kid, ...content }: Content,
  { writer, role, conversation }: Expected,
): Opened {
  const { core, raw, signature } = content;
  try {
    verifyEd25519(writer, signature, signed(envelope.box, kid, envelope.commitment, raw));
  } catch (error) {
    if (error instanceof KithError) refuse();
    throw error;
  }
  const isHere = conversation === null || isEqual(core.conversation, conversation);
  if (core.role !== role || !isHere) refuse();
  return { ...content, writer };
}

async function tryToOpen(
  seed: Uint8Array,
  sealed: Uint8Array,
  info: Uint8Array,
): Promise<Uint8Array | null> {
  try {
    return await openSealed(seed, sealed, info);
  } catch (error) {
    if (error instanceof DecryptionError) return null;
    throw error;
  }
}

function read(
  plaintext: Uint8Array,
  commitment: Uint8Array,
  kid: Uint8Array,
  place: number,
): Content {
  const raw = unframe(plaintext.subarray(PROOF_BYTES));
  const signature = plaintext.slice(0, SIGNATURE_BYTES);
  const frankKey = plaintext.slice(SIGNATURE_BYTES, PROOF_BYTES);
  try {
    verifyCommitment(commitment, frankKey, raw);
    return { core: parseCore(raw), raw, frankKey, signature, kid, place };
  } catch (error) {
    if (error instanceof KithError || error instanceof RangeError) refuse();
    throw error;
  }
}

function signed(
  box: Uint8Array,
  kid: Uint8Array,
  commitment: Uint8Array,
  raw: Uint8Array,
): Uint8Array {
  return concat(SIGNATURE_LABEL, box, kid, commitment, raw);
}

function refuse(): never {
  throw new DecryptionError("cannot be opened");
}
