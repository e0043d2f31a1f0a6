/**
 * Origins of nodes, in one spelling only, so that they may be compared as text.
 *
 * https, a lower-case host name of at least two labels, no default port, no user. Plain http is
 * taken for this machine alone: a node hands out its own address, and browsers treat loopback as
 * safe. Sources: RFC 3986 §6.2; FEP-fe34 (origins).
 */

import { MalformedError } from "./crypto/errors.ts";

const MAX_URL_CHARACTERS = 2048;
const MAX_HOST_CHARACTERS = 253;
const ORIGIN = /^(https?):\/\/([a-z0-9.-]+|\[::1\])(?::([0-9]{1,5}))?$/;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);
const DEFAULT_PORTS: Readonly<Record<string, number>> = { https: 443, http: 80 };
const PRIVATE_SUFFIXES = [".localhost", ".local", ".internal", ".home.arpa", ".onion", ".i2p"];

/**
 * *text* if it is an origin in normal form, without a final slash.
 *
 * @throws MalformedError - anything else.
 */
export function parseOrigin(text: string): string {
  const found = text.length <= MAX_URL_CHARACTERS ? ORIGIN.exec(text) : null;
  const [, scheme, host, port] = found ?? [];
  if (scheme === undefined || host === undefined) {
    throw new MalformedError("not an origin in normal form");
  }
  if (port !== undefined) checkPort(port, scheme);
  if (LOOPBACK.has(host)) return text;
  if (scheme !== "https") throw new MalformedError("an address without https");
  checkHost(host);
  return text;
}

function checkPort(port: string, scheme: string): void {
  const number = Number(port);
  const isNormal = String(number) === port && number > 0 && number <= 65_535;
  if (!isNormal || DEFAULT_PORTS[scheme] === number) {
    throw new MalformedError("a port that is not in normal form");
  }
}

function checkHost(host: string): void {
  const labels = host.split(".");
  const isName = labels.length > 1 && labels.every((one) => LABEL.test(one));
  // A last label of digits is an IPv4 address in one of its many spellings.
  const isAddress = /^(?:[0-9]+$|0x)/.test(labels[labels.length - 1] ?? "");
  if (!isName || isAddress || host.length > MAX_HOST_CHARACTERS) {
    throw new MalformedError("not the name of a public host");
  }
  if (PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix))) {
    throw new MalformedError("a name that leads to no public host");
  }
}
