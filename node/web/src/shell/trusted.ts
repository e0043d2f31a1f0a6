/**
 * The one policy of Trusted Types: the only place where an address becomes a script. The node's
 * headers allow this name and no other, so a second policy cannot be made.
 */

interface Policy {
  createScriptURL(address: string): unknown;
}

interface PolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): Policy;
}

/** As in `Content-Security-Policy: trusted-types`. */
const NAME = "kith";

/** The worker, and scripts of the build. */
const OURS = /^\/(?:sw\.js|assets\/[\w.-]+\.js)$/;

let policy: Policy | null = null;

/**
 * Returns the address of a script of ours for `Worker` or `register`. Engines without Trusted
 * Types get the text itself.
 *
 * @throws TypeError for any other address
 */
export function trustedScript(address: string): string {
  if (!OURS.test(address)) throw new TypeError("not a script of ours");
  const factory = (globalThis as { trustedTypes?: PolicyFactory }).trustedTypes;
  if (factory === undefined) return address;
  policy ??= factory.createPolicy(NAME, {
    createScriptURL: (one) => {
      if (!OURS.test(one)) throw new TypeError("not a script of ours");
      return one;
    },
  });
  // TypeScript's own types know plain strings here; the engine wants its trusted object.
  return policy.createScriptURL(address) as string;
}
