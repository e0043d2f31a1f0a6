/**
 * Sealing to a public key that withstands quantum computers: HPKE, base mode, X-Wing.
 *
 * Suite: KEM 0x647a (ML-KEM-768 with X25519), KDF 0x0001 (HKDF-SHA256), AEAD 0x0002
 * (AES-256-GCM). Associated data is empty everywhere: what must be bound goes into `info`,
 * which begins with a domain label. Sealing authenticates no sender. The library draws the
 * randomness of sealing itself.
 *
 * Sources: RFC 9180 §5, §6; draft-ietf-hpke-pq; draft-connolly-cfrg-xwing-kem §5.
 */

import { Aes256Gcm, CipherSuite, HkdfSha256 } from "@hpke/core";
import { XWing } from "@hpke/hybridkem-x-wing";
import { concat } from "./bytes.ts";
import { DecryptionError, KeyRefusedError } from "./errors.ts";

export const SEED_BYTES = 32;
export const PUBLIC_KEY_BYTES = 1216;
export const ENCAPSULATED_BYTES = 1120;
export const OVERHEAD_BYTES = ENCAPSULATED_BYTES + 16;

const kem = new XWing();
const suite = new CipherSuite({
  kem,
  kdf: new HkdfSha256(),
  aead: new Aes256Gcm(),
});

/**
 * The 1216-byte public key, ML-KEM-768 ‖ X25519, that grows from *seed*.
 *
 * @param seed - 32 secret bytes, all there is of the private key.
 */
export async function sealingPublicKey(seed: Uint8Array): Promise<Uint8Array> {
  const pair = await kem.generateKeyPairDerand(checkedSeed(seed));
  return new Uint8Array(await kem.serializePublicKey(pair.publicKey)).slice();
}

/**
 * `enc(1120) ‖ ciphertext ‖ tag(16)`, readable by the key's holder alone.
 *
 * @param publicKey - 1216 bytes; may come from a stranger.
 * @param plaintext - already padded to its bucket.
 * @param info - domain label and everything to be bound.
 * @throws KeyRefusedError - not a public key of this suite.
 */
export async function seal(
  publicKey: Uint8Array,
  plaintext: Uint8Array,
  info: Uint8Array,
): Promise<Uint8Array> {
  if (publicKey.length !== PUBLIC_KEY_BYTES) throw new KeyRefusedError("not a sealing key");
  try {
    const recipientPublicKey = await kem.deserializePublicKey(bufferOf(publicKey));
    const sender = await suite.createSenderContext({
      recipientPublicKey,
      info: bufferOf(info),
    });
    const sealed = await sender.seal(bufferOf(plaintext));
    return concat(new Uint8Array(sender.enc), new Uint8Array(sealed));
  } catch {
    throw new KeyRefusedError("not a sealing key");
  }
}

/**
 * The plaintext of what `seal` made for the public half of *seed*.
 *
 * @throws DecryptionError - in every case but the right key, text and *info*.
 */
export async function openSealed(
  seed: Uint8Array,
  sealed: Uint8Array,
  info: Uint8Array,
): Promise<Uint8Array> {
  const raw = bufferOf(checkedSeed(seed));
  if (sealed.length < OVERHEAD_BYTES) throw new DecryptionError("cannot be opened");
  try {
    const recipientKey = await kem.importKey("raw", raw, false);
    const enc = bufferOf(sealed.subarray(0, ENCAPSULATED_BYTES));
    const recipient = await suite.createRecipientContext({
      recipientKey,
      enc,
      info: bufferOf(info),
    });
    return new Uint8Array(await recipient.open(bufferOf(sealed.subarray(ENCAPSULATED_BYTES))));
  } catch {
    throw new DecryptionError("cannot be opened");
  }
}

function checkedSeed(seed: Uint8Array): Uint8Array {
  if (seed.length !== SEED_BYTES) throw new RangeError("a sealing seed is 32 bytes");
  return seed;
}

/** The library takes whole buffers only. */
function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}
