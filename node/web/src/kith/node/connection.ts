/**
 * One connection to one node: requests out, bytes and typed problems back.
 *
 * No cookies, no redirects, no referrer, nothing kept by the browser; every answer has a size
 * cap and every call a time limit. Which credential a call needs, and refreshing sessions, is
 * `session.ts`'s part.
 */

import { base64 } from "../crypto/bytes.ts";
import type { SigningKey } from "../crypto/ed25519.ts";
import { KithError, MalformedError, TooLargeError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import { canonicalBytes, type JsonValue, parseJsonObject } from "../crypto/json.ts";
import type { Rng } from "../crypto/random.ts";
import { signCapability } from "./capability.ts";
import { NodeUnreachableError, ProblemError } from "./errors.ts";
import { object, type Shape, text } from "./shape.ts";

/** Seconds since 1970-01-01 UTC. */
export type Clock = () => number;

/** How requests leave; the browser's own, except in tests. */
export type Fetch = (address: string, options: RequestInit) => Promise<Response>;

export const TOTAL_TIMEOUT_MS = 30_000;
export const MAX_ANSWER_BYTES = 4 * 1024 * 1024;
export const NONCE_BYTES = 16;
export const SESSION_HEADER = "Kith-Session";
export const READER_HEADER = "Kith-Reader";

const PROBLEM_TYPE = "application/problem+json";
const PROBLEM_PREFIX = "/problems/";
const JSON_TYPE = "application/json";
const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);
// A kept connection may turn out to be closed, and the browser sends the call again, byte for
// byte; if the node had read it, the nonce is used up by then.
const PERHAPS_REPLAYED = new Set(["replayed", "unauthorized"]);

/** One call. */
export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** On the node, such as `/api/v1/session`; already percent-encoded. */
  readonly path: string;
  /** Parameters, sent in this order. */
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: JsonValue;
  /** Sent as they are, in place of `body`. */
  readonly raw?: Uint8Array;
  /** Of `raw`. */
  readonly mediaType?: string;
  /** A session, where the call needs one. */
  readonly token?: string;
  /** The day's pass, where the call needs it. */
  readonly readerPass?: string;
  /** The object's capability, where the call needs it. */
  readonly key?: SigningKey;
  /** What the caller has already, for a conditional GET. */
  readonly etag?: string;
  /** What the caller has seen, to change only that. */
  readonly ifMatch?: string;
  /** The longest answer that is read; 4 MiB without. */
  readonly maxBytes?: number;
}

/** An answer that is no refusal. */
export interface Reply {
  readonly status: number;
  readonly body: Uint8Array;
  readonly etag: string | null;
  /** A session under today's key, where the one shown was older. */
  readonly freshToken: string | null;
}

/** Sends calls to one node. */
export class NodeConnection {
  readonly #clock: Clock;
  readonly #rng: Rng;
  readonly #fetch: Fetch;

  /**
   * @param origin - of the node, such as `https://kith.example`, without a slash at its end.
   * @param means - clock, randomness, and the way out.
   */
  constructor(
    readonly origin: string,
    means: { readonly clock: Clock; readonly rng: Rng; readonly fetch: Fetch },
  ) {
    this.#clock = means.clock;
    this.#rng = means.rng;
    this.#fetch = means.fetch;
  }

  /**
   * The node's answer to *call*.
   *
   * @throws ProblemError - the node refused.
   * @throws NodeUnreachableError - no whole answer came.
   * @throws TooLargeError - the answer is longer than the call allows.
   * @throws MalformedError - the answer is neither a success nor a problem.
   */
  async send(call: Call): Promise<Reply> {
    try {
      return await this.#sendOnce(call);
    } catch (error) {
      const isTwice = error instanceof ProblemError && PERHAPS_REPLAYED.has(error.code);
      if (call.key === undefined || !isTwice) throw error;
    }
    return this.#sendOnce(call);
  }

  /**
   * The pieces of the answer to a GET, as they come; without a time limit once it began.
   *
   * @param call - its `maxBytes` bounds only a refusal.
   * @param signal - ends it.
   * @throws ProblemError - the node refused.
   * @throws NodeUnreachableError - no answer came, or it broke off.
   */
  async *stream(call: Call, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    const response = await this.#request(call, signal);
    if (response.status !== 200) throw await this.#refusal(response, call);
    const reader = response.body?.getReader();
    if (reader === undefined) return;
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        yield value;
      }
    } catch (error) {
      throw this.#unreachable(error);
    } finally {
      await reader.cancel().catch(() => undefined);
    }
  }

  async #sendOnce(call: Call): Promise<Reply> {
    const limit = new AbortController();
    const timer = setTimeout(() => limit.abort(), TOTAL_TIMEOUT_MS);
    try {
      const response = await this.#request(call, limit.signal);
      const isFine =
        (response.status >= 200 && response.status < 300) || response.status === 304;
      if (!isFine) throw await this.#refusal(response, call);
      return {
        status: response.status,
        body: await this.#read(response, call.maxBytes),
        etag: response.headers.get("ETag"),
        freshToken: response.headers.get(SESSION_HEADER),
      };
    } finally {
      clearTimeout(timer);
    }
  }

  async #request(call: Call, signal: AbortSignal): Promise<Response> {
    const body = call.raw ?? (call.body === undefined ? null : canonicalBytes(call.body));
    const query = new URLSearchParams(call.query).toString();
    const target = `${this.origin}${call.path}${query ? `?${query}` : ""}`;
    const headers = this.#headersOf(call, target, body);
    try {
      return await this.#fetch(target, {
        method: call.method,
        headers,
        body: body === null ? null : new Uint8Array(body),
        signal,
        cache: "no-store",
        credentials: "omit",
        redirect: "error",
        referrerPolicy: "no-referrer",
      });
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  #headersOf(call: Call, target: string, body: Uint8Array | null): Record<string, string> {
    const headers: Record<string, string> = {};
    if (WITH_BODY.has(call.method)) headers["Content-Type"] = call.mediaType ?? JSON_TYPE;
    if (body !== null && body.length > 0) {
      headers["Content-Digest"] = `sha-256=:${base64(sha256(body))}:`;
    }
    if (call.token !== undefined) headers["Authorization"] = `Kith ${call.token}`;
    if (call.readerPass !== undefined) headers[READER_HEADER] = call.readerPass;
    if (call.etag !== undefined) headers["If-None-Match"] = call.etag;
    if (call.ifMatch !== undefined) headers["If-Match"] = call.ifMatch;
    if (call.key === undefined) return headers;
    const request = { method: call.method, target, headers };
    const stamp = { created: this.#clock(), nonce: this.#rng(NONCE_BYTES) };
    return { ...headers, ...signCapability(request, call.key, stamp) };
  }

  async #read(response: Response, maxBytes = MAX_ANSWER_BYTES): Promise<Uint8Array> {
    const reader = response.body?.getReader();
    if (reader === undefined) return new Uint8Array();
    const pieces: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw this.#unreachable(error);
      });
      if (done) break;
      size += value.length;
      if (size > maxBytes) {
        await reader.cancel().catch(() => undefined);
        throw new TooLargeError(`the node's answer is longer than ${maxBytes} bytes`);
      }
      pieces.push(value);
    }
    const whole = new Uint8Array(size);
    let at = 0;
    for (const piece of pieces) {
      whole.set(piece, at);
      at += piece.length;
    }
    return whole;
  }

  async #refusal(response: Response, call: Call): Promise<KithError> {
    const body = await this.#read(response, call.maxBytes);
    const [type = ""] = (response.headers.get("Content-Type") ?? "").split(";");
    if (type.trim() !== PROBLEM_TYPE) {
      return new MalformedError(`the node answered ${response.status} without saying why`);
    }
    const { type: name, title, pointer } = problemOf(body);
    const code = name.startsWith(PROBLEM_PREFIX) ? name.slice(PROBLEM_PREFIX.length) : name;
    return new ProblemError(
      code || "problem",
      title || "The node refused the call.",
      response.status,
      pointer || null,
      secondsOf(response.headers.get("Retry-After")),
    );
  }

  #unreachable(error: unknown): Error {
    if (error instanceof KithError) return error;
    return new NodeUnreachableError(`${this.origin} does not answer`);
  }
}

/**
 * The body of *reply* as *shape* says.
 *
 * @throws MalformedError - it is of another form.
 */
export function readAnswer<T>(reply: Reply, shape: Shape<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(reply.body));
  } catch {
    throw new MalformedError("the node's answer is no JSON");
  }
  return shape(value, "");
}

const problem = object(
  { type: text(), title: text(), pointer: text() },
  { type: "", title: "", pointer: "" },
);

function problemOf(body: Uint8Array): { type: string; title: string; pointer: string } {
  try {
    return problem(parseJsonObject(body, { maxBytes: MAX_ANSWER_BYTES }), "");
  } catch {
    return { type: "", title: "", pointer: "" };
  }
}

function secondsOf(header: string | null): number | null {
  return header !== null && /^[0-9]{1,9}$/.test(header) ? Number(header) : null;
}
