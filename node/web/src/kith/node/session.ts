/**
 * Signing in when needed, and calls with a session or with the reader pass.
 *
 * A session lives in memory only. It is opened by the first call that needs one, replaced when
 * the node hands out a fresh one, and opened anew, once, when the node no longer takes it. The
 * reader pass is the same for every member and kept with the keys, so that a search shows the
 * node no session at all. Calls by a capability alone do not come through here.
 */

import { base64url } from "../crypto/bytes.ts";
import { UsageError } from "../crypto/errors.ts";
import type { Rng } from "../crypto/random.ts";
import { readerPassAnswer, type SessionAnswer, type SignInBody, sessionAnswer } from "./api.ts";
import {
  type Call,
  type Clock,
  type NodeConnection,
  type Reply,
  readAnswer,
} from "./connection.ts";
import { ProblemError } from "./errors.ts";

export const DEVICE_BYTES = 8;
export const PASS_DAYS = 2; // the day it was handed out, and the next

const UNAUTHORIZED = "unauthorized";
const DAY_S = 86_400;

/** The reader pass, and when it was handed out. */
export interface PassRecord {
  readonly value: string;
  /** Days since 1970-01-01 UTC. */
  readonly day: number;
}

/** What a session needs to know. */
export interface SessionMeans {
  readonly connection: NodeConnection;
  /** 32 bytes each that sign in; several while a change of the passphrase is under way. */
  readonly auths: readonly Uint8Array[];
  /** The last one handed out, if any. */
  readonly readerPass: PassRecord | null;
  /** Remembers a new one. */
  readonly keepPass: (pass: PassRecord) => void;
  readonly clock: Clock;
  readonly rng: Rng;
}

/** One member's way into one node. */
export class Session {
  readonly connection: NodeConnection;
  /** How this device is named in sessions: 8 random bytes, base64url, anew for each. */
  readonly device: string;
  readonly #keepPass: (pass: PassRecord) => void;
  readonly #clock: Clock;
  #auths: readonly Uint8Array[];
  #pass: PassRecord | null;
  #token: string | null = null;

  constructor(means: SessionMeans) {
    this.connection = means.connection;
    this.device = newDevice(means.rng);
    this.#auths = means.auths;
    this.#pass = means.readerPass;
    this.#keepPass = means.keepPass;
    this.#clock = means.clock;
  }

  /** Go on with *answer*, the session that *auth* opened. */
  use(auth: Uint8Array, answer: SessionAnswer): void {
    this.#auths = [auth];
    this.#token = answer.token;
    this.#storePass(answer.readerPass);
  }

  /** Sign in by *auth* too, while the node may know either it or the old one. */
  alsoTry(auth: Uint8Array): void {
    this.#auths = [...this.#auths, auth];
  }

  /** Forget how to sign in: after leaving, and when the device is locked. */
  forget(): void {
    this.#auths = [];
    this.#token = null;
  }

  /** Forget the session; the next call that needs one signs in. */
  dropToken(): void {
    this.#token = null;
  }

  /**
   * A new session.
   *
   * @throws ProblemError - `unauthorized` where name or passphrase is wrong.
   * @throws UsageError - the account has been left.
   */
  async signIn(): Promise<SessionAnswer> {
    let refusal: Error = new UsageError("you have left this community");
    for (const auth of this.#auths) {
      try {
        return await this.signInBy(auth);
      } catch (error) {
        if (!isUnauthorized(error)) throw error;
        refusal = error;
      }
    }
    throw refusal;
  }

  /** A new session by *auth*, which is the way to sign in from now on. */
  async signInBy(auth: Uint8Array): Promise<SessionAnswer> {
    const answer = await signIn(this.connection, auth, this.device);
    this.use(auth, answer);
    return answer;
  }

  /** The answer to *call*, which lacks nothing but the session. */
  async send(call: Call): Promise<Reply> {
    const wasFresh = this.#token === null;
    const token = this.#token ?? (await this.signIn()).token;
    const reply = await this.#sendWith({ ...call, token }, wasFresh);
    if (reply.freshToken !== null) this.#token = reply.freshToken;
    return reply;
  }

  async #sendWith(call: Call, wasFresh: boolean): Promise<Reply> {
    try {
      return await this.connection.send(call);
    } catch (error) {
      if (wasFresh || !isUnauthorized(error)) throw error;
    }
    return this.connection.send({ ...call, token: (await this.signIn()).token });
  }

  /** The answer to *call*, a GET that shows the reader pass and nothing else. */
  async read(call: Call): Promise<Reply> {
    const known = this.#validPass();
    const readerPass = known ?? (await this.#renewPass());
    try {
      return await this.connection.send({ ...call, readerPass });
    } catch (error) {
      if (known === null || !isUnauthorized(error)) throw error;
    }
    return this.connection.send({ ...call, readerPass: await this.#renewPass() });
  }

  /**
   * The pieces of a GET with the reader pass, as they come.
   *
   * @throws ProblemError - `unauthorized` where the pass has just ended; the next try has a
   *   new one.
   */
  async *stream(
    path: string,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const readerPass = this.#validPass() ?? (await this.#renewPass());
    try {
      yield* this.connection.stream({ method: "GET", path, readerPass }, signal);
    } catch (error) {
      if (isUnauthorized(error)) await this.#renewPass();
      throw error;
    }
  }

  #validPass(): string | null {
    const today = Math.floor(this.#clock() / DAY_S);
    const pass = this.#pass;
    return pass !== null && today - PASS_DAYS < pass.day && pass.day <= today
      ? pass.value
      : null;
  }

  async #renewPass(): Promise<string> {
    if (this.#token === null) return (await this.signIn()).readerPass;
    const reply = await this.send({ method: "GET", path: "/api/v1/reader-pass" });
    const { readerPass } = readAnswer(reply, readerPassAnswer);
    this.#storePass(readerPass);
    return readerPass;
  }

  #storePass(value: string): void {
    this.#pass = { value, day: Math.floor(this.#clock() / DAY_S) };
    this.#keepPass(this.#pass);
  }
}

/** A random name of this device for one session: 8 bytes in base64url. */
export function newDevice(rng: Rng): string {
  return base64url(rng(DEVICE_BYTES));
}

/**
 * The session that *auth*, of a passphrase or of a recovery code, opens.
 *
 * @throws ProblemError - `unauthorized`: nobody has this *auth*, whatever the reason.
 */
export async function signIn(
  connection: NodeConnection,
  auth: Uint8Array,
  device: string,
): Promise<SessionAnswer> {
  const body: SignInBody = { auth: base64url(auth), device };
  const reply = await connection.send({ method: "POST", path: "/api/v1/session", body });
  return readAnswer(reply, sessionAnswer);
}

function isUnauthorized(error: unknown): error is ProblemError {
  return error instanceof ProblemError && error.code === UNAUTHORIZED;
}
