import { parseBase64url, readUint32 } from "../../src/kith/crypto/bytes.ts";
import type { Call, Reply } from "../../src/kith/node/connection.ts";
import { NodeUnreachableError, ProblemError } from "../../src/kith/node/errors.ts";
import { chunkEtag } from "../../src/kith/vault/upload.ts";

/** A node that keeps one vault in memory, and may misbehave. */
export class VaultNode {
  chunks = new Map<number, Uint8Array>();
  calls: string[] = [];
  /** Runs before the next write is judged, as another device would write. */
  beforeWrite: () => Promise<void> = () => Promise.resolve();
  /** Whether the answer to the next write is lost, once. */
  losesAnswer = false;

  /** Answers the calls of a vault. */
  async send(call: Call): Promise<Reply> {
    this.calls.push(`${call.method} ${call.path}`);
    return call.method === "PUT" ? this.#put(call) : this.#get(call);
  }

  #get({ path, etag }: Call): Reply {
    const chunk = this.chunks.get(Number(path.slice(path.lastIndexOf("/") + 1)));
    if (chunk === undefined) throw new ProblemError("not-found", "No.", 404);
    const isKnown = etag === chunkEtag(chunk);
    return replyOf(isKnown ? 304 : 200, isKnown ? new Uint8Array() : chunk);
  }

  async #put({ raw = new Uint8Array(), etag, ifMatch }: Call): Promise<Reply> {
    const before = this.beforeWrite;
    this.beforeWrite = () => Promise.resolve();
    await before();
    const index = this.chunks.get(0);
    const isRight = index === undefined ? etag === "*" : ifMatch === chunkEtag(index);
    if (!isRight) throw new ProblemError("precondition-failed", "No.", 412);
    for (const [number, chunk] of parseChunks(raw)) this.chunks.set(number, chunk);
    if (this.losesAnswer) {
      this.losesAnswer = false;
      throw new NodeUnreachableError("lost");
    }
    return replyOf(204, new Uint8Array());
  }
}

function replyOf(status: number, body: Uint8Array): Reply {
  return { status, body, etag: null, freshToken: null };
}

function parseChunks(raw: Uint8Array): Map<number, Uint8Array> {
  const chunks = new Map<number, Uint8Array>();
  for (let at = 3; at < raw.length; ) {
    const number = ((raw[at] ?? 0) << 8) | (raw[at + 1] ?? 0);
    const size = readUint32(raw, at + 2);
    chunks.set(number, raw.slice(at + 6, at + 6 + size));
    at += 6 + size;
  }
  return chunks;
}

/** Bytes of a device's name, as the vectors have it. */
export function deviceOf(text: string): Uint8Array {
  return parseBase64url(text, 8);
}
