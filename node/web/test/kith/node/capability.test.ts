import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseHex } from "../../../src/kith/crypto/bytes.ts";
import { SigningKey } from "../../../src/kith/crypto/ed25519.ts";
import { MalformedError } from "../../../src/kith/crypto/errors.ts";
import { signCapability } from "../../../src/kith/node/capability.ts";
import { protocolVectors } from "../../support/vectors.ts";

interface Signed {
  readonly method: string;
  readonly target_uri: string;
  readonly headers: Readonly<Record<string, string>>;
}
interface File {
  readonly keys: { readonly offer: { readonly seed: string } };
  readonly requests: Readonly<Record<"capability" | "capability_with_session", Signed>>;
}

const { keys, requests } = protocolVectors<File>("kith_wire.json");
const key = SigningKey.fromSeed(parseHex(keys.offer.seed));
const stamp = { created: 1_795_298_400, nonce: Uint8Array.from({ length: 16 }, (_, at) => at) };

describe("capabilities", () => {
  for (const [name, one] of Object.entries(requests).filter(([name]) => /^cap/.test(name))) {
    it(`sign what every client signs: ${name}`, () => {
      const { "signature-input": input, signature, ...headers } = one.headers;
      const request = { method: one.method, target: one.target_uri, headers };
      assert.deepEqual(signCapability(request, key, stamp), {
        "Signature-Input": input,
        Signature: signature,
      });
    });
  }

  it("refuse values that could pass for two", () => {
    const headers = { Authorization: 'Kith a\n"@method": DELETE' };
    const request = { method: "GET", target: "https://ash.example/", headers };
    assert.throws(() => signCapability(request, key, stamp), MalformedError);
  });
});
