/**
 * What a device keeps of its member between visits, and how.
 *
 * Everything lies in one drawer under names that say nothing. All but one thing is encrypted
 * under a key that grows from the vault key; that one is the vault key's own slot, wrapped under
 * the passphrase, so that the device can be unlocked without a line. Locking drops the keys;
 * wiping empties the drawer.
 */

import { decrypt, encrypt, NONCE_BYTES } from "../crypto/aead.ts";
import {
  base64url,
  concat,
  parseBase64url,
  parseUtf8,
  readUint32,
  uint32,
  utf8,
} from "../crypto/bytes.ts";
import { DecryptionError } from "../crypto/errors.ts";
import type { Rng } from "../crypto/random.ts";
import type { PassRecord } from "../node/session.ts";
import { anyOf, list, nothing, object, text, whole } from "../node/shape.ts";
import { deriveDeviceKey } from "../vault/chunk.ts";
import type { VaultState } from "../vault/copy.ts";

/** Where bytes are kept by name. */
export interface Drawer {
  get(name: string): Promise<Uint8Array | null>;
  put(name: string, bytes: Uint8Array): Promise<void>;
  delete(name: string): Promise<void>;
  clear(): Promise<void>;
}

/** The community that was joined, pinned, and how to sign in. */
export interface CommunityRecord {
  /** Its actor id as it was at joining; derivations depend on it. */
  readonly actor: string;
  /** 32 bytes that are shown to the node to sign in, as base64url. */
  readonly auth: string;
  /** The same while a change of the passphrase is under way, else empty. */
  readonly nextAuth: string;
  /** The vault key that such a change brings, as base64url, else empty. */
  readonly nextVaultKey: string;
  /** The keyholders' fingerprint as it was at joining; empty without any. */
  readonly keyholders: readonly string[];
}

/** All that a device keeps. */
export interface Kept {
  readonly community: CommunityRecord;
  readonly pass: PassRecord | null;
  readonly vault: VaultState;
}

/** What opens a device without a line. */
export interface Lock {
  readonly actor: string;
  /** The vault key under the passphrase, 60 bytes. */
  readonly slot: Uint8Array;
}

const KEPT = "1";
const LOCK = "0";
const LENGTH_BYTES = 4;

const headShape = object({
  actor: text(),
  auth: text(),
  nextAuth: text(),
  nextVaultKey: text(),
  keyholders: list(text()),
  pass: anyOf(object({ value: text(), day: whole() }), nothing),
  device: text(),
  unsent: list(text()),
  seen: whole(),
  seenMark: text(),
  stored: anyOf(
    object({
      version: whole(),
      device: text(),
      hashes: list(anyOf(text(), nothing)),
      mark: text(),
      sizes: list(whole()),
    }),
    nothing,
  ),
});
const lockShape = object({ actor: text(), slot: text() });

/** Keeps *kept* in *drawer* under a key that grows from *vaultKey*. */
export async function keep(
  drawer: Drawer,
  kept: Kept,
  vaultKey: Uint8Array,
  rng: Rng,
): Promise<void> {
  const { community, pass, vault } = kept;
  const head = utf8(JSON.stringify({ ...community, pass, ...headOf(vault) }));
  const plain = concat(uint32(head.length), head, vault.lines);
  const key = deriveDeviceKey(vaultKey);
  await drawer.put(KEPT, await encrypt(key, plain, { nonce: rng(NONCE_BYTES) }));
}

/**
 * What *drawer* keeps, or null where it keeps nothing.
 *
 * @throws DecryptionError - it is under another key, or damaged.
 */
export async function readKept(drawer: Drawer, vaultKey: Uint8Array): Promise<Kept | null> {
  const sealed = await drawer.get(KEPT);
  if (sealed === null) return null;
  const plain = await decrypt(deriveDeviceKey(vaultKey), sealed);
  const end = LENGTH_BYTES + readUint32(plain);
  try {
    const head = headShape(JSON.parse(parseUtf8(plain.subarray(LENGTH_BYTES, end))), "");
    const { actor, auth, nextAuth, nextVaultKey, keyholders, pass, stored } = head;
    return {
      community: { actor, auth, nextAuth, nextVaultKey, keyholders },
      pass,
      vault: {
        device: parseBase64url(head.device),
        lines: plain.slice(end),
        unsent: head.unsent,
        seen: head.seen,
        seenMark: parseBase64url(head.seenMark),
        stored:
          stored === null
            ? null
            : {
                index: {
                  version: stored.version,
                  device: stored.device,
                  hashes: stored.hashes.map((one) =>
                    one === null ? null : parseBase64url(one),
                  ),
                },
                mark: parseBase64url(stored.mark),
                sizes: stored.sizes,
              },
      },
    };
  } catch {
    throw new DecryptionError("cannot be opened"); // of another version of this program
  }
}

/** Keeps what opens this device without a line. */
export async function keepLock(drawer: Drawer, { actor, slot }: Lock): Promise<void> {
  await drawer.put(LOCK, utf8(JSON.stringify({ actor, slot: base64url(slot) })));
}

/** What opens this device without a line, or null. */
export async function readLock(drawer: Drawer): Promise<Lock | null> {
  const raw = await drawer.get(LOCK);
  if (raw === null) return null;
  try {
    const { actor, slot } = lockShape(JSON.parse(parseUtf8(raw)), "");
    return { actor, slot: parseBase64url(slot) };
  } catch {
    return null;
  }
}

function headOf({ device, unsent, seen, seenMark, stored }: VaultState): object {
  return {
    device: base64url(device),
    unsent,
    seen,
    seenMark: base64url(seenMark),
    stored:
      stored === null
        ? null
        : {
            version: stored.index.version,
            device: stored.index.device,
            hashes: stored.index.hashes.map((one) => (one === null ? null : base64url(one))),
            mark: base64url(stored.mark),
            sizes: stored.sizes,
          },
  };
}
