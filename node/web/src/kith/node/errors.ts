/**
 * What can go wrong between a device and a node. Nothing here goes over a wire.
 */

import { KithError, UnavailableError } from "../crypto/errors.ts";

/** The node refused a call with a problem document (RFC 9457). */
export class ProblemError extends KithError {
  override readonly safe = "The node refused the call.";
  override readonly code: string;

  /**
   * @param code - the last part of the problem's type, stable.
   * @param title - a sentence.
   * @param status - of HTTP.
   * @param pointer - where in the input the problem is, or null.
   * @param retryAfterS - seconds after which trying again makes sense, or null.
   */
  constructor(
    code: string,
    title: string,
    readonly status: number,
    readonly pointer: string | null = null,
    readonly retryAfterS: number | null = null,
  ) {
    super(pointer === null ? title : `${title} (${pointer})`);
    this.code = code;
  }

  /** Whether the node refused for good and nothing was changed by the call. */
  get isFinal(): boolean {
    return this.status < 500;
  }

  /** Whether the same call may succeed a little later. */
  get isPassing(): boolean {
    return this.status >= 500 || this.status === 429;
  }
}

/**
 * No answer came: no line, a broken one, or none in time.
 *
 * Whether the call had an effect is not known; all calls of this library can be repeated.
 */
export class NodeUnreachableError extends UnavailableError {
  override readonly code = "node-unreachable";
  override readonly safe = "The node cannot be reached.";
}
