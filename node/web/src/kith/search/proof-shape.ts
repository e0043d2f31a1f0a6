/**
 * The shape of an object integrity proof (`eddsa-jcs-2022`), without its signature.
 *
 * What is searched on the device was verified by the node; here is only checked that a document
 * claims what it should. Source: FEP-8b32; Data Integrity EdDSA Cryptosuites v1.0 §3.3.
 */

import { MalformedError } from "../crypto/errors.ts";
import { canonicalBytes, type JsonObject, type JsonValue } from "../crypto/json.ts";
import { WrongOwnerError } from "./errors.ts";
import { readMembers, readObject, readText } from "./members.ts";

const MEMBERS = [
  "@context",
  "type",
  "cryptosuite",
  "created",
  "verificationMethod",
  "proofPurpose",
  "proofValue",
] as const;
const MAX_METHOD_CHARACTERS = 2048;
// 64 bytes in base58btc, as multibase.
const PROOF_VALUE = /^z[1-9A-HJ-NP-Za-km-z]{64,88}$/;

/** A proof whose signature nobody has checked here. */
export interface ProofShape {
  /** Id of the key it claims. */
  readonly verificationMethod: string;
  /** The time it claims, as written. */
  readonly created: string;
}

/**
 * The proof in *document*, which *author* has to have made.
 *
 * @throws MalformedError - no proof, other members than the seven, other fixed values, or
 *   another `@context` than the document's.
 * @throws WrongOwnerError - it names a key of somebody else.
 */
export function readProof(document: JsonObject, author: string): ProofShape {
  const given = readObject(document["proof"], "/proof");
  const proof = readMembers(given, MEMBERS, [], "/proof");
  if (
    proof.type !== "DataIntegrityProof" ||
    proof.cryptosuite !== "eddsa-jcs-2022" ||
    proof.proofPurpose !== "assertionMethod"
  ) {
    throw new MalformedError("not an eddsa-jcs-2022 assertion", "/proof");
  }
  if (!isSame(proof["@context"], document["@context"] ?? null)) {
    throw new MalformedError("the proof has another context", "/proof/@context");
  }
  const pointer = "/proof/verificationMethod";
  const method = readText(proof.verificationMethod, pointer, {
    least: 1,
    most: MAX_METHOD_CHARACTERS,
  });
  const value = readText(proof.proofValue, "/proof/proofValue");
  if (!PROOF_VALUE.test(value)) {
    throw new MalformedError("not base58btc of 64 bytes", "/proof/proofValue");
  }
  if (!method.startsWith(`${author}#`)) {
    throw new WrongOwnerError("the proof names another actor's key");
  }
  return { verificationMethod: method, created: readText(proof.created, "/proof/created") };
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  const left = canonicalBytes(one);
  const right = canonicalBytes(other);
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
