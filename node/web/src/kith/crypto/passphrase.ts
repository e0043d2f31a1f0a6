/**
 * Stretching passphrases: Argon2id with 64 MiB, three passes, one lane, for everybody.
 *
 * In WebAssembly where the browser has it; else in plain JavaScript, which takes many seconds
 * and belongs into a worker. Source: RFC 9106.
 */

import { argon2id as plain } from "@noble/hashes/argon2.js";

export const MEMORY_KIB = 64 * 1024;
export const PASSES = 3;
export const LANES = 1;

/** Stretches *passphrase* with *salt* to *size* bytes; tells how far it is, from 0 to 1. */
export type Argon2id = (
  passphrase: Uint8Array,
  salt: Uint8Array,
  size: number,
  progress?: (done: number) => void,
) => Promise<Uint8Array>;

/** In WebAssembly; less than a second on most devices. Fails where there is none. */
export const wasmArgon2id: Argon2id = async (passphrase, salt, size) => {
  const { argon2id } = await import("hash-wasm");
  return argon2id({
    password: passphrase,
    salt,
    parallelism: LANES,
    iterations: PASSES,
    memorySize: MEMORY_KIB,
    hashLength: size,
    outputType: "binary",
  });
};

/** In plain JavaScript, holding up the thread. */
export const plainArgon2id: Argon2id = async (passphrase, salt, size, progress) =>
  plain(passphrase, salt, {
    p: LANES,
    t: PASSES,
    m: MEMORY_KIB,
    dkLen: size,
    ...(progress ? { onProgress: progress } : {}),
  });
