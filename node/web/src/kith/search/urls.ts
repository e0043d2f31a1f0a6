/**
 * Addresses of nodes and links, in one spelling only.
 *
 * Two programs that read an address differently can be turned against each other, so only
 * addresses that are already in normal form are taken: https, a lower-case host name of at least
 * two labels, no default port, no user, no dot segments, no needless escapes, ASCII from a
 * whitelist. What parses here may be compared as text. With `development`, `http` is taken too,
 * for loopback hosts only.
 *
 * Source: RFC 3986 §6.2; FEP-fe34 (origins).
 */

import { parseBase64url } from "../crypto/bytes.ts";
import { MalformedError } from "../crypto/errors.ts";

export const ID_BYTES = 16;
export const MAX_URL_CHARACTERS = 2048;

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
const MAX_PORT = 65_535;
const MAX_HOST_CHARACTERS = 253;
// Names that never lead to a public host (RFC 6761, RFC 8375, RFC 7686).
const PRIVATE_SUFFIXES = [".localhost", ".local", ".internal", ".home.arpa", ".onion", ".i2p"];

const URL_FORM =
  /^(https?):\/\/([a-z0-9.-]+|\[::1\])(?::([0-9]{1,5}))?(\/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?(#[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const NORMAL_ESCAPE = /^[2-9A-F][0-9A-F]$/;
const UNRESERVED = /^[A-Za-z0-9._~-]$/;
const EMPTY_OR_DOT_SEGMENT = /\/\/|\/\.\.?(?:\/|$)/;

/** An address in normal form. */
export interface Url {
  /** The whole address as written. */
  readonly text: string;
  /** Scheme, host and, unless it is the default, port. */
  readonly origin: string;
  /** Path with leading slash, and query if there is one. */
  readonly pathQuery: string;
}

/** What `parseUrl` takes besides public https addresses. */
export interface UrlOptions {
  /** `http` for loopback hosts too. */
  readonly development?: boolean;
  /** `#…`, as in links and ids of keys. */
  readonly allowsFragment?: boolean;
}

/** The address in *text*. @throws MalformedError - not one in the one normal form. */
export function parseUrl(
  text: string,
  { development = false, allowsFragment = false }: UrlOptions = {},
): Url {
  if (text.length > MAX_URL_CHARACTERS) throw new MalformedError("an address is too long");
  const found = URL_FORM.exec(text);
  if (found === null) throw new MalformedError("not an address in normal form");
  const [, scheme = "", host = "", port, path = "", query = "", fragment] = found;
  const authority = checkAuthority(scheme, host, port, development);
  if (fragment !== undefined && (!allowsFragment || fragment.length === 1)) {
    throw new MalformedError("an address with a fragment");
  }
  if (EMPTY_OR_DOT_SEGMENT.test(path)) {
    throw new MalformedError("an address with empty or dot segments");
  }
  checkEscapes(text);
  return { text, origin: `${scheme}://${authority}`, pathQuery: path + query };
}

/** The id of the actor of the node at *origin*. */
export function actorUrl(origin: string): string {
  return `${origin}/actor`;
}

/** The id of its followers collection, the audience of its announcements. */
export function followersUrl(origin: string): string {
  return `${origin}/followers`;
}

/** The origin in a resource's id. @throws MalformedError - not `{origin}/resources/{16 bytes}`. */
export function originOfResource(text: string, options: UrlOptions = {}): string {
  const { origin, pathQuery } = parseUrl(text, options);
  const end = pathQuery.lastIndexOf("/");
  if (pathQuery.slice(0, end) !== "/resources") {
    throw new MalformedError("not an id below /resources");
  }
  parseBase64url(pathQuery.slice(end + 1), ID_BYTES);
  return origin;
}

function checkAuthority(
  scheme: string,
  host: string,
  port: string | undefined,
  development: boolean,
): string {
  if (LOOPBACK_HOSTS.has(host)) {
    if (!development) throw new MalformedError("a loopback address");
  } else if (scheme !== "https") {
    throw new MalformedError("not https");
  } else {
    checkHost(host);
  }
  if (port === undefined) return host;
  const number = Number(port);
  const isDefault = number === (scheme === "https" ? 443 : 80);
  // A leading zero would be a second spelling.
  if (port.startsWith("0") || number > MAX_PORT || isDefault) {
    throw new MalformedError("a port that is not in normal form");
  }
  return `${host}:${port}`;
}

function checkHost(host: string): void {
  const labels = host.length <= MAX_HOST_CHARACTERS ? host.split(".") : [];
  const last = labels[labels.length - 1] ?? "";
  // A last label of digits is an IPv4 address in one of its many spellings.
  const isName = labels.length >= 2 && !/^[0-9]+$/.test(last);
  if (!isName || !labels.every((label) => LABEL.test(label))) {
    throw new MalformedError("not a host name of at least two labels");
  }
  const isPrivate = PRIVATE_SUFFIXES.some((suffix) => `.${host}`.endsWith(suffix));
  if (last.startsWith("0x") || isPrivate) throw new MalformedError("not a public host name");
}

function checkEscapes(text: string): void {
  for (let at = text.indexOf("%"); at >= 0; at = text.indexOf("%", at + 3)) {
    const digits = text.slice(at + 1, at + 3);
    // The first digit keeps control characters out; 7F is the one above them.
    if (!NORMAL_ESCAPE.test(digits) || digits === "7F" || digits === "5C") {
      throw new MalformedError("an escape that is not in normal form");
    }
    if (UNRESERVED.test(String.fromCharCode(Number.parseInt(digits, 16)))) {
      throw new MalformedError("a needless escape");
    }
  }
}
