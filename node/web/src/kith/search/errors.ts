/** Errors of documents that only their readers throw. */

import { MalformedError, RemoteError } from "../crypto/errors.ts";

/** A topic is named that the vocabulary does not have. */
export class UnknownTopicError extends MalformedError {
  override readonly code = "unknown-topic";
  override readonly safe = "The offer names a topic that the vocabulary does not have.";
}

/** Whoever signed does not own the object. */
export class WrongOwnerError extends RemoteError {
  override readonly code = "wrong-owner";
  override readonly safe = "The signer does not own this object.";
}
