/**
 * Joining, signing in on another device, recovery, and new credentials.
 *
 * All secrets are made on this device: the node gets verifiers and wrapped keys, and never the
 * login name, the passphrase or the recovery code. What is kept where is `member.ts`'s part.
 *
 * Sources: SPEC.md, section on signing in; docs/credentials.md.
 */

import { base64url, parseBase64url } from "../crypto/bytes.ts";
import { MalformedError } from "../crypto/errors.ts";
import type { Argon2id } from "../crypto/passphrase.ts";
import type { Rng } from "../crypto/random.ts";
import {
  type CommunityAnswer,
  communityAnswer,
  type RegisterBody,
  type SessionAnswer,
  type Slots,
  sessionAnswer,
} from "../node/api.ts";
import { type NodeConnection, readAnswer } from "../node/connection.ts";
import { signIn } from "../node/session.ts";
import { parseRecovery } from "./recovery-code.ts";
import {
  CODE_BYTES,
  communityId,
  deriveRecovery,
  deriveSignIn,
  KEY_BYTES,
  unwrapVaultKey,
  wrapVaultKey,
} from "./sign-in.ts";

const ACTOR_PATH = "/actor";

/** A login name and a passphrase. Neither leaves the device. */
export interface Login {
  readonly name: string;
  readonly passphrase: string;
}

/** What is needed to make or open an account. */
export interface AccountMeans {
  readonly connection: NodeConnection;
  /** Names this session: 8 bytes in base64url. */
  readonly device: string;
  readonly rng: Rng;
  readonly stretch: Argon2id;
}

/** What a login and a vault key become. */
export interface Credentials {
  /** 32 bytes that sign in. */
  readonly auth: Uint8Array;
  /** 32 bytes by which the recovery code signs in. */
  readonly recoveryAuth: Uint8Array;
  /** The vault key wrapped for both. */
  readonly slots: Slots;
  /** The recovery code, 16 bytes. */
  readonly code: Uint8Array;
}

/** An account that was joined or signed in to. */
export interface Opened {
  readonly vaultKey: Uint8Array;
  readonly community: CommunityAnswer;
  /** 32 bytes that sign in. */
  readonly auth: Uint8Array;
  readonly session: SessionAnswer;
  /** The recovery code, where one was made. */
  readonly code: Uint8Array | null;
}

/**
 * What the node says of its community.
 *
 * @throws MalformedError - it speaks for another address than the one it is asked at, so nothing
 *   may be pinned to it.
 */
export async function getCommunity(connection: NodeConnection): Promise<CommunityAnswer> {
  const reply = await connection.send({ method: "GET", path: "/api/v1/community" });
  const community = readAnswer(reply, communityAnswer);
  if (community.actor !== connection.origin + ACTOR_PATH) {
    throw new MalformedError("the node speaks for another address than its own");
  }
  return community;
}

/**
 * The account that is made with *invite*, what the link holds after `#i=`.
 *
 * If the answer is lost, the account may exist: `openAccount` with the same login finds out.
 *
 * @throws ProblemError - `unauthorized` where the invite is none, used up or over.
 * @throws UsageError - a name or passphrase that cannot be used.
 */
export async function joinCommunity(
  invite: string,
  login: Login,
  means: AccountMeans,
): Promise<Opened> {
  const community = await getCommunity(means.connection);
  const vaultKey = means.rng(KEY_BYTES);
  const made = await makeCredentials(login, community.actor, vaultKey, means);
  const body: RegisterBody = {
    invite,
    auth: base64url(made.auth),
    recoveryAuth: base64url(made.recoveryAuth),
    slots: made.slots,
    device: means.device,
  };
  const reply = await means.connection.send({ method: "POST", path: "/api/v1/members", body });
  const session = readAnswer(reply, sessionAnswer);
  return { vaultKey, community, auth: made.auth, session, code: made.code };
}

/**
 * An existing account.
 *
 * @throws ProblemError - `unauthorized` where name or passphrase is wrong.
 * @throws DecryptionError - the node's slot does not open.
 */
export async function openAccount(login: Login, means: AccountMeans): Promise<Opened> {
  const community = await getCommunity(means.connection);
  const { name, passphrase } = login;
  const id = communityId(community.actor);
  const { auth, wrap } = await deriveSignIn(name, passphrase, id, means.stretch);
  const session = await signIn(means.connection, auth, means.device);
  const vaultKey = await unwrapVaultKey(parseBase64url(session.slots.passphrase), wrap);
  return { vaultKey, community, auth, session, code: null };
}

/**
 * An existing account by its recovery code; a new passphrase should follow.
 *
 * @param sheet - twelve words, or what was scanned from the QR code.
 * @throws UsageError - it is no recovery code.
 * @throws ProblemError - `unauthorized` where the code is of no account here.
 * @throws DecryptionError - the node's slot does not open.
 */
export async function recoverAccount(sheet: string, means: AccountMeans): Promise<Opened> {
  const code = parseRecovery(sheet);
  const community = await getCommunity(means.connection);
  const { auth, wrap } = deriveRecovery(code, communityId(community.actor));
  const session = await signIn(means.connection, auth, means.device);
  const vaultKey = await unwrapVaultKey(parseBase64url(session.slots.recovery), wrap);
  return { vaultKey, community, auth, session, code: null };
}

/**
 * Verifiers, slots and a new recovery code.
 *
 * @throws UsageError - a name or passphrase that cannot be used.
 */
export async function makeCredentials(
  { name, passphrase }: Login,
  actor: string,
  vaultKey: Uint8Array,
  { rng, stretch }: Pick<AccountMeans, "rng" | "stretch">,
): Promise<Credentials> {
  const community = communityId(actor);
  const secrets = await deriveSignIn(name, passphrase, community, stretch);
  const code = rng(CODE_BYTES);
  const recovery = deriveRecovery(code, community);
  const wrap = async (key: Uint8Array) => base64url(await wrapVaultKey(vaultKey, key, rng));
  const slots: Slots = {
    passphrase: await wrap(secrets.wrap),
    recovery: await wrap(recovery.wrap),
    kdf: "a2-1",
  };
  return { auth: secrets.auth, recoveryAuth: recovery.auth, slots, code };
}
