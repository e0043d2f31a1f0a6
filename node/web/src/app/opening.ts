/** What opens accounts: the part of the library that is loaded when somebody signs in or joins. */

import { Member } from "../kith/account/member.ts";
import {
  recoveryQr,
  recoveryWords,
  suggestName,
  suggestPassphrase,
} from "../kith/account/recovery-code.ts";
import { DecryptionError, UsageError } from "../kith/crypto/errors.ts";
import { systemRng } from "../kith/crypto/random.ts";
import { NodeUnreachableError, ProblemError } from "../kith/node/errors.ts";
import type { Login, RecoverySheet, RefusalReason } from "../shell/account.ts";

export { Member };

const TOO_MANY = 429;

/** A name of three words and a passphrase of six. */
export function suggestLogin(): Login {
  return { name: suggestName(systemRng), passphrase: suggestPassphrase(systemRng) };
}

/** The recovery sheet of a code, 16 bytes. */
export function sheetOf(code: Uint8Array): RecoverySheet {
  return { words: recoveryWords(code), qrText: recoveryQr(code) };
}

/**
 * What *error* means for whoever waits, or null where the shell has no sentence for it.
 *
 * @param closed - what it means that nothing opened.
 */
export function reasonOf(error: unknown, closed: RefusalReason): RefusalReason | null {
  if (error instanceof NodeUnreachableError) return "unreachable";
  if (error instanceof DecryptionError) return "wrong";
  if (error instanceof UsageError) return "words-wrong";
  if (!(error instanceof ProblemError)) return null;
  if (error.status === TOO_MANY) return "slow-down";
  if (error.code === "unauthorized") return closed;
  return error.isPassing ? "unreachable" : null;
}
