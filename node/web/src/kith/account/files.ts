/**
 * Files that are the same for everybody, kept on the device between visits: encrypted, under
 * names that do not tell which they are, so that nobody sees which languages a member reads.
 */

import { decrypt, encrypt, NONCE_BYTES } from "../crypto/aead.ts";
import {
  base64url,
  concat,
  label,
  parseUtf8,
  readUint32,
  uint32,
  utf8,
} from "../crypto/bytes.ts";
import { KithError } from "../crypto/errors.ts";
import { hkdfSha256, hmacSha256 } from "../crypto/hashes.ts";
import type { Rng } from "../crypto/random.ts";
import type { FileStore, KeptFile } from "../search/kept-files.ts";
import { deriveDeviceKey } from "../vault/chunk.ts";
import type { Drawer } from "./keep.ts";

const NAMES = label("kith/device-names/v1");
const CONTENTS = label("kith/device-files/v1");
const LENGTH_BYTES = 4;
const NAME_BYTES = 12;

/** Keeps files in *drawer* under keys that grow from *vaultKey*. */
export function fileStore(drawer: Drawer, vaultKey: Uint8Array, rng: Rng): FileStore {
  const device = deriveDeviceKey(vaultKey);
  const [names, key] = [hkdfSha256(device, NAMES), hkdfSha256(device, CONTENTS)];
  const nameOf = (path: string) =>
    base64url(hmacSha256(names, utf8(path)).slice(0, NAME_BYTES));
  return {
    async get(path) {
      const name = nameOf(path);
      const sealed = await drawer.get(name);
      if (sealed === null) return null;
      try {
        return fileOf(await decrypt(key, sealed, { bound: utf8(path) }));
      } catch (error) {
        if (!(error instanceof KithError)) throw error;
        await drawer.delete(name); // damaged; it can be fetched anew
        return null;
      }
    },
    async put(path, { body, etag }) {
      const tag = utf8(etag ?? "");
      const plain = concat(uint32(tag.length), tag, body);
      const sealed = await encrypt(key, plain, { nonce: rng(NONCE_BYTES), bound: utf8(path) });
      // Where there is no room, or nothing is kept, it is fetched anew the next time.
      await drawer.put(nameOf(path), sealed).catch(() => undefined);
    },
    delete: (path) => drawer.delete(nameOf(path)),
  };
}

function fileOf(plain: Uint8Array): KeptFile {
  const end = LENGTH_BYTES + readUint32(plain);
  const etag = parseUtf8(plain.subarray(LENGTH_BYTES, end));
  return { body: plain.slice(end), etag: etag === "" ? null : etag };
}
