/**
 * The errors that every part of the library throws.
 *
 * Each carries two texts: `message` for whoever looks for a fault, `safe` for a stranger,
 * together with the stable `code`. A class of its own exists only where a caller acts on it.
 */

/** Anything Kith refuses or cannot do; the root of the tree. */
export class KithError extends Error {
  /** Stable kebab-case name. */
  readonly code: string = "error";
  /** One sentence that tells a stranger nothing about the cause. */
  readonly safe: string = "Something went wrong.";

  constructor(message: string) {
    super(message);
    this.name = new.target.name;
  }
}

/** A key, signature, sealed text or other cryptographic value was refused. */
export class CryptoError extends KithError {
  override readonly code: string = "crypto-refused";
  override readonly safe: string = "A cryptographic check failed.";
}

/** A peer, a node or a file broke a rule. */
export class RemoteError extends KithError {
  override readonly code: string = "refused";
  override readonly safe: string = "The request was refused.";
}

/** The person who asked can mend it; `message` may be shown to them. */
export class UsageError extends KithError {
  override readonly code: string = "usage";
  override readonly safe: string = "The request cannot be carried out as it stands.";
}

/** It may work later. */
export class UnavailableError extends KithError {
  override readonly code: string = "unavailable";
  override readonly safe: string = "Not available at the moment.";

  /**
   * @param message - what happened.
   * @param retryAfterS - seconds after which trying again makes sense; null if unknown.
   */
  constructor(
    message: string,
    readonly retryAfterS: number | null = null,
  ) {
    super(message);
  }
}

/** A signature does not verify. Never says why. */
export class SignatureError extends CryptoError {
  override readonly code = "bad-signature";
  override readonly safe = "The signature is not valid.";
}

/** A sealed or encrypted value cannot be opened. Never says why. */
export class DecryptionError extends CryptoError {
  override readonly code = "cannot-open";
  override readonly safe = "The value cannot be opened.";
}

/** A public key is malformed or of a kind that must not be trusted. */
export class KeyRefusedError extends CryptoError {
  override readonly code = "bad-key";
  override readonly safe = "The key is not acceptable.";
}

/** Input does not have the form its format demands. */
export class MalformedError extends RemoteError {
  override readonly code: string = "malformed";
  override readonly safe: string = "The input is malformed.";

  /**
   * @param message - what is wrong.
   * @param pointer - JSON Pointer (RFC 6901) to the offending place, or null.
   */
  constructor(
    message: string,
    readonly pointer: string | null = null,
  ) {
    super(message);
  }
}

/** Input is larger than its format allows. */
export class TooLargeError extends RemoteError {
  override readonly code = "too-large";
  override readonly safe = "The input is too large.";
}

/** What was asked for is not there, or not for whoever asks. */
export class NotFoundError extends RemoteError {
  override readonly code = "not-found";
  override readonly safe = "There is nothing here.";
}

/** Somebody else changed it at the same moment. */
export class ConflictError extends RemoteError {
  override readonly code = "conflict";
  override readonly safe = "It was changed meanwhile.";
}
