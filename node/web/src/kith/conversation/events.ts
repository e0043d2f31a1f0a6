/** What a conversation has to tell its owner when something arrives or time passes. */

import type { Unstamped } from "../messages/envelope.ts";
import type { Postmark } from "../messages/stamp.ts";
import type { Body } from "./bodies.ts";

/** A message in its place. */
export interface Shown {
  readonly kind: "shown";
  /** Written by this side. */
  readonly isOwn: boolean;
  /** Of the device that wrote it, base64url. */
  readonly lane: string;
  /** Its number there. */
  readonly seq: number;
  /** By the writer's clock, since 1970-01-01 UTC. */
  readonly minute: number;
  readonly body: Body;
  /** Names it, base64url. */
  readonly hash: string;
  /**
   * Another message claims the same place, or it follows one that is not the one shown: the
   * writer's vault was restored or copied, or somebody else writes.
   */
  readonly isFork: boolean;
  /** It came after waiting for it had been given up. */
  readonly isLate: boolean;
  /** An own one that the other side has seen. */
  readonly isAcknowledged: boolean;
}

/** Messages of the other side that did not arrive. */
export interface Missing {
  readonly kind: "missing";
  readonly lane: string;
  readonly first: number;
  readonly count: number;
}

export type Entry = Shown | Missing;

export type Event =
  /** A message can be shown. */
  | { readonly kind: "received"; readonly message: Shown }
  /** A message is kept, but waits for earlier ones. */
  | { readonly kind: "waiting"; readonly lane: string; readonly seq: number }
  /** It was here already. */
  | { readonly kind: "duplicate" }
  /** Two messages claim the same place, or one does not follow the one before it. */
  | { readonly kind: "fork"; readonly lane: string; readonly seq: number }
  /** Waiting is given up: this many messages did not arrive. */
  | {
      readonly kind: "gap";
      readonly lane: string;
      readonly first: number;
      readonly count: number;
    }
  /** Paused by its owner. */
  | { readonly kind: "frozen" }
  /** The other side has ended it. */
  | { readonly kind: "closed"; readonly words: string }
  /** It came after the pause, so it is neither kept nor shown. */
  | { readonly kind: "after-freeze" }
  /** The other side asks for what did not arrive; `tick` says what to send again. */
  | { readonly kind: "asked-again" }
  /**
   * The other side has seen more of this lane than this vault holds. The vault is older than
   * what was sent: go on in a new lane.
   */
  | { readonly kind: "behind"; readonly lane: string; readonly seq: number };

/** What is to be done now. */
export interface Due {
  /** To be shown. */
  readonly events: readonly Event[];
  /** Write a `rekey`. */
  readonly rekey: boolean;
  /** With `again` in it. */
  readonly askAgain: boolean;
  /** Hashes of own messages to send again. */
  readonly resend: readonly string[];
  /** Both sides are done with the box. */
  readonly isOver: boolean;
}

/** What is to be handed in, after the changes have been stored. */
export interface Sent {
  /** Goes to the other side's node. */
  readonly unstamped: Unstamped;
  /** May wait half an hour. */
  readonly isSlow: boolean;
  /** In which it was written. */
  readonly lane: string;
  /** Its number there. */
  readonly seq: number;
  /** Names it, base64url. */
  readonly hash: string;
}

/** What a report needs. */
export interface Evidence {
  /** Origin of the node that sent it. */
  readonly node: string;
  /** Of its envelope. */
  readonly postmark: Postmark;
  /** 32 bytes. */
  readonly frankKey: Uint8Array;
  /** The encoded core. */
  readonly core: Uint8Array;
}
