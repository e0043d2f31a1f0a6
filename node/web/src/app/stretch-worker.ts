/** Stretches passphrases off the page's thread: in WebAssembly, or in plain JavaScript. */

import { plainArgon2id, wasmArgon2id } from "../kith/crypto/passphrase.ts";

/** What the page asks for. */
export interface StretchRequest {
  readonly passphrase: Uint8Array;
  readonly salt: Uint8Array;
  readonly size: number;
}

/** What the worker answers: how far it is, the bytes, or that it cannot. */
export type StretchAnswer =
  | { readonly state: "going"; readonly done: number }
  | { readonly state: "done"; readonly bytes: Uint8Array }
  | { readonly state: "failed" };

const tell = (answer: StretchAnswer) => postMessage(answer);

addEventListener("message", (event: MessageEvent<StretchRequest>) => {
  const { passphrase, salt, size } = event.data;
  const going = (done: number) => tell({ state: "going", done });
  wasmArgon2id(passphrase, salt, size)
    // WebAssembly is off in some browsers' safer modes.
    .catch(() => plainArgon2id(passphrase, salt, size, going))
    .then((bytes) => tell({ state: "done", bytes }))
    .catch(() => tell({ state: "failed" }));
});
