/** Asks a worker to stretch a passphrase; each call has a worker of its own, ended afterwards. */

import { UnavailableError } from "../kith/crypto/errors.ts";
import type { Argon2id } from "../kith/crypto/passphrase.ts";
import { trustedScript } from "../shell/trusted.ts";
import type { StretchAnswer, StretchRequest } from "./stretch-worker.ts";

declare const __STRETCH__: string;

/** Argon2id in a worker, so that the page stays alive. */
export const workerArgon2id: Argon2id = (passphrase, salt, size, progress) => {
  const worker = new Worker(trustedScript(__STRETCH__));
  const request: StretchRequest = { passphrase, salt, size };
  return new Promise<Uint8Array>((resolve, reject) => {
    const fail = () => reject(new UnavailableError("the passphrase could not be stretched"));
    worker.onerror = fail;
    worker.onmessage = ({ data }: MessageEvent<StretchAnswer>) => {
      if (data.state === "going") progress?.(data.done);
      else if (data.state === "done") resolve(data.bytes);
      else fail();
    };
    worker.postMessage(request);
  }).finally(() => worker.terminate());
};
