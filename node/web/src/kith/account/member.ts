/**
 * A member whose vault is open on this device.
 *
 *     const { member, code } = await Member.join(invite, login, means);
 *     const member = await Member.signIn(login, means);
 *     await member.vault.sync();
 *     member.lock();
 *
 * Everything a member does starts here. Sources: SPEC.md, section on signing in.
 */

import { base64url, isEqual, parseBase64url } from "../crypto/bytes.ts";
import { DecryptionError, UsageError } from "../crypto/errors.ts";
import type { Argon2id } from "../crypto/passphrase.ts";
import type { Rng } from "../crypto/random.ts";
import { type RegisterBody, sessionAnswer } from "../node/api.ts";
import { type Clock, type NodeConnection, readAnswer } from "../node/connection.ts";
import { NodeUnreachableError, ProblemError } from "../node/errors.ts";
import { newDevice, type PassRecord, Session } from "../node/session.ts";
import { VaultCopy, type VaultState } from "../vault/copy.ts";
import { CREDENTIALS_TYPE, encodeCredentials } from "../vault/upload.ts";
import { Vault, type VaultKeys } from "../vault/vault.ts";
import {
  type AccountMeans,
  joinCommunity,
  type Login,
  makeCredentials,
  type Opened,
  openAccount,
  recoverAccount,
} from "./account.ts";
import {
  type CommunityRecord,
  type Drawer,
  keep,
  keepLock,
  readKept,
  readLock,
} from "./keep.ts";
import { communityId, deriveSignIn, KEY_BYTES, unwrapVaultKey } from "./sign-in.ts";

/** What a member needs of the device. */
export interface Means {
  readonly connection: NodeConnection;
  readonly drawer: Drawer;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly stretch: Argon2id;
}

/** A member, and the recovery code that was made, 16 bytes. */
export interface Joined {
  readonly member: Member;
  readonly code: Uint8Array;
}

/** What a member is opened with. */
interface Start {
  readonly vaultKey: Uint8Array;
  readonly community: CommunityRecord;
  readonly pass: PassRecord | null;
  readonly state: VaultState | null;
}

/** A member of one community. */
export class Member implements VaultKeys {
  readonly #means: Means;
  readonly #copy: VaultCopy;
  readonly session: Session;
  readonly vault: Vault;
  #vaultKey: Uint8Array;
  #community: CommunityRecord;
  #pass: PassRecord | null;
  #isLocked = false;
  readonly #droppers: (() => void)[] = [];

  private constructor(means: Means, { vaultKey, community, pass, state }: Start) {
    this.#means = means;
    this.#vaultKey = vaultKey;
    this.#community = community;
    this.#pass = pass;
    this.#copy = new VaultCopy(state, means);
    this.session = new Session({
      connection: means.connection,
      auths: [community.auth, community.nextAuth]
        .filter(Boolean)
        .map((one) => parseBase64url(one)),
      readerPass: pass,
      keepPass: (fresh) => {
        this.#pass = fresh;
      },
      clock: means.clock,
      rng: means.rng,
    });
    this.vault = new Vault(this.#copy, this, this.session);
  }

  /**
   * A new member, by what an invite link holds after `#i=`.
   *
   * @throws ProblemError - `unauthorized` where the invite is none, used up or over.
   * @throws UsageError - a name or passphrase that cannot be used.
   */
  static async join(invite: string, login: Login, means: Means): Promise<Joined> {
    const opened = await joinCommunity(invite, login, accountMeans(means));
    const member = await Member.#begin(opened, means);
    try {
      await member.vault.begin();
    } catch {
      // The next sync goes on; the code has to be shown, nothing brings it back.
    }
    return { member, code: opened.code ?? new Uint8Array() };
  }

  /**
   * An existing member. Without a line, what is kept on this device opens.
   *
   * @throws ProblemError - `unauthorized` where name or passphrase is wrong.
   * @throws NodeUnreachableError - there is no line, and nothing is kept here.
   * @throws DecryptionError - the vault does not open, or, without a line, the passphrase is
   *   wrong.
   */
  static async signIn(login: Login, means: Means): Promise<Member> {
    let opened: Opened;
    try {
      opened = await openAccount(login, accountMeans(means));
    } catch (error) {
      if (!(error instanceof NodeUnreachableError)) throw error;
      const member = await Member.#unlock(login, means);
      if (member === null) throw error;
      return member;
    }
    const member = await Member.#begin(opened, means);
    await member.vault.sync();
    return member;
  }

  /**
   * An existing member by the recovery sheet, with a new login and code.
   *
   * @throws UsageError - it is no recovery code.
   * @throws ProblemError - `unauthorized` where the code is of no account here.
   */
  static async recover(sheet: string, login: Login, means: Means): Promise<Joined> {
    const opened = await recoverAccount(sheet, accountMeans(means));
    const member = await Member.#begin(opened, means);
    return { member, code: await member.changePassphrase(login) };
  }

  static async #begin(opened: Opened, means: Means): Promise<Member> {
    const { vaultKey, community, auth, session } = opened;
    const kept = await readKept(means.drawer, vaultKey).catch(() => null);
    // What another member left here, or an older key, is of no use any more.
    const isOurs = kept !== null && kept.community.actor === community.actor;
    if (!isOurs) await means.drawer.clear();
    const member = new Member(means, {
      vaultKey,
      community: {
        actor: community.actor,
        auth: base64url(auth),
        nextAuth: "",
        nextVaultKey: "",
        keyholders: isOurs ? kept.community.keyholders : community.keyholdersFingerprint,
      },
      pass: isOurs ? kept.pass : null,
      state: isOurs ? kept.vault : null,
    });
    member.session.use(auth, session);
    await keepLock(means.drawer, {
      actor: community.actor,
      slot: parseBase64url(session.slots.passphrase),
    });
    await member.commit();
    return member;
  }

  static async #unlock({ name, passphrase }: Login, means: Means): Promise<Member | null> {
    const lock = await readLock(means.drawer);
    if (lock === null) return null;
    const id = communityId(lock.actor);
    const { auth, wrap } = await deriveSignIn(name, passphrase, id, means.stretch);
    const vaultKey = await unwrapVaultKey(lock.slot, wrap);
    const kept = await readKept(means.drawer, vaultKey);
    if (kept === null) return null;
    // The slot opens by the passphrase and the name alone; this says that they are today's.
    const known = parseBase64url(kept.community.auth);
    if (!isEqual(known, auth)) throw new DecryptionError("cannot be opened");
    return new Member(means, { vaultKey, ...kept, state: kept.vault });
  }

  /** The community as it was pinned at joining. */
  get community(): CommunityRecord {
    return this.#community;
  }

  /** Its actor id. */
  get actor(): string {
    return this.#community.actor;
  }

  /** What the member is on: clock, randomness, connection. */
  get means(): Means {
    return this.#means;
  }

  /** Whether the keys are gone from memory. */
  get isLocked(): boolean {
    return this.#isLocked;
  }

  /**
   * Puts a new login, vault key and recovery code; ends every other session.
   *
   * The whole vault is encrypted anew and sent in the same call. This is also what to do after a
   * device was taken: what it knows opens nothing that is written from then on.
   *
   * @returns The new recovery code, 16 bytes; the old one is void.
   */
  async changePassphrase(login: Login): Promise<Uint8Array> {
    // Finds out which key the vault is under, where a change was cut off before.
    await this.vault.sync();
    const vaultKey = this.#means.rng(KEY_BYTES);
    const made = await makeCredentials(login, this.actor, vaultKey, this.#means);
    // If the answer is lost, this device can still sign in and read, whichever the node has.
    this.#community = {
      ...this.#community,
      nextAuth: base64url(made.auth),
      nextVaultKey: base64url(vaultKey),
    };
    await this.commit();
    this.session.alsoTry(made.auth);
    const body: Omit<RegisterBody, "invite"> = {
      auth: base64url(made.auth),
      recoveryAuth: base64url(made.recoveryAuth),
      slots: made.slots,
      device: this.session.device,
    };
    const reply = await this.vault.rewrite(vaultKey, (chunks) => ({
      method: "PUT",
      path: "/api/v1/account/credentials",
      raw: encodeCredentials(body, chunks),
      mediaType: CREDENTIALS_TYPE,
    }));
    this.session.use(made.auth, readAnswer(reply, sessionAnswer));
    this.takeNextVaultKey();
    const slot = parseBase64url(made.slots.passphrase);
    await keepLock(this.#means.drawer, { actor: this.actor, slot });
    await this.commit();
    return made.code;
  }

  /** Ends every session, this one too; signing in again needs the passphrase. */
  async signOutEverywhere(): Promise<void> {
    await this.session.send({ method: "POST", path: "/api/v1/account/sign-out" });
    this.session.dropToken();
  }

  /**
   * Deletes the account at the node and all that this device keeps.
   *
   * What the member owns there stays until it expires: withdraw it first.
   */
  async deleteAccount(): Promise<void> {
    try {
      await this.session.send({ method: "DELETE", path: "/api/v1/account" });
    } catch (error) {
      const isGone =
        error instanceof ProblemError && ["gone", "not-found"].includes(error.code);
      if (!isGone) throw error;
    }
    this.lock();
    await this.#means.drawer.clear();
  }

  /** Calls *drop* when this is locked: whoever holds anything of the member's drops it then. */
  whenLocked(drop: () => void): void {
    this.#droppers.push(drop);
  }

  /** Drops the keys from memory, at once. What is kept on the device stays encrypted. */
  lock(): void {
    if (this.#isLocked) return;
    this.#isLocked = true;
    for (const drop of this.#droppers) drop();
    this.session.forget();
    this.#vaultKey = new Uint8Array(KEY_BYTES);
    this.#community = { ...this.#community, auth: "", nextAuth: "", nextVaultKey: "" };
  }

  // --- what the vault needs ----------------------------------------------------------

  /**
   * The key that the vault is under, 32 bytes.
   *
   * @throws UsageError - it is locked: nothing may be written under another key by accident.
   */
  get vaultKey(): Uint8Array {
    if (this.#isLocked) throw new UsageError("locked: sign in again");
    return this.#vaultKey;
  }

  /** The key that the vault may be under after a change that was cut off, or null. */
  get nextVaultKey(): Uint8Array | null {
    const { nextVaultKey } = this.#community;
    return nextVaultKey === "" ? null : parseBase64url(nextVaultKey);
  }

  /** Notes that the node took the next key and sign-in. */
  takeNextVaultKey(): void {
    const { nextAuth, nextVaultKey } = this.#community;
    if (nextVaultKey === "") return;
    this.#vaultKey = parseBase64url(nextVaultKey);
    this.#community = { ...this.#community, auth: nextAuth, nextAuth: "", nextVaultKey: "" };
  }

  /**
   * Keeps what was changed on this device.
   *
   * @throws UsageError - it is locked.
   */
  async commit(): Promise<void> {
    if (this.#isLocked) throw new UsageError("locked: sign in again");
    const { drawer, rng } = this.#means;
    const kept = { community: this.#community, pass: this.#pass, vault: this.#copy.state() };
    await keep(drawer, kept, this.#vaultKey, rng);
  }
}

function accountMeans(means: Means): AccountMeans {
  const { connection, rng, stretch } = means;
  return { connection, rng, stretch, device: newDevice(rng) };
}
