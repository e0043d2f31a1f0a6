/**
 * Calls signed by the key that owns an object: no name, no session, nothing to look up.
 *
 * The key id is the key itself. Where the call also needs to know the member, the session is
 * bound into the signature. Sources: RFC 9421; SPEC.md, section on capabilities.
 */

import { base64, base64url, utf8 } from "../crypto/bytes.ts";
import type { SigningKey } from "../crypto/ed25519.ts";
import { MalformedError } from "../crypto/errors.ts";

export const CAPABILITY_TAG = "kith-capability";
export const SIGNATURE_LIFE_S = 300;

const PRINTABLE = /^[\t\x20-\x7e]*$/;
const CONTENT = ["content-digest", "content-type"];
const SESSION = "authorization";

/** What of a call is signed. */
export interface Request {
  /** Upper case. */
  readonly method: string;
  /** The whole address, with query, without fragment. */
  readonly target: string;
  /** With `Content-Digest` and `Content-Type` where there is a body. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What makes a signature good only once, and only for a while. */
export interface Stamp {
  /** Seconds since 1970-01-01 UTC. */
  readonly created: number;
  /** 16 fresh random bytes. */
  readonly nonce: Uint8Array;
}

/**
 * The fields `Signature-Input` and `Signature` of *request*.
 *
 * @throws MalformedError - a value holds characters that cannot be signed.
 */
export function signCapability(
  request: Request,
  key: SigningKey,
  { created, nonce }: Stamp,
): Record<string, string> {
  const values = new Map<string, string>([
    ["@method", request.method],
    ["@target-uri", request.target],
    ["@authority", new URL(request.target).host],
  ]);
  const headers = new Map(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
  );
  const wanted = headers.has("content-digest") ? [...CONTENT, SESSION] : [SESSION];
  for (const name of wanted) {
    const value = headers.get(name);
    if (value !== undefined) values.set(name, value);
  }
  const covered = [...values.keys()].map((name) => `"${name}"`).join(" ");
  const parameters =
    `(${covered});created=${created};expires=${created + SIGNATURE_LIFE_S}` +
    `;nonce="${base64url(nonce)}";keyid="${base64url(key.verifyKey)}";tag="${CAPABILITY_TAG}"`;
  const lines = [...values].map(([name, value]) => {
    // A line break in a value could pass for another component (RFC 9421 §7.5.7).
    if (!PRINTABLE.test(value)) throw new MalformedError("a value that cannot be signed");
    return `"${name}": ${value}`;
  });
  const signature = key.sign(utf8([...lines, `"@signature-params": ${parameters}`].join("\n")));
  return {
    "Signature-Input": `sig1=${parameters}`,
    Signature: `sig1=:${base64(signature)}:`,
  };
}
