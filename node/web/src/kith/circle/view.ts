/** What there is to show of a circle; see `state.ts` for what it follows from. */

import { UsageError } from "../crypto/errors.ts";
import type { Attendance, CircleBody } from "./bodies.ts";
import type { Chain } from "./chain.ts";
import type { CircleTerms, Roster } from "./roster.ts";
import type { Seat } from "./seat.ts";

export type CircleState = "joining" | "open" | "over" | "left" | "removed";

/** A message of a link as it was shown there. */
export interface Heard {
  /** Key of the seat it came from, as base64url; one's own for what one said. */
  readonly writer: string;
  /** By the writer's clock, since 1970-01-01 UTC. */
  readonly minute: number;
  /** Its number in the lane of the device that wrote it. */
  readonly seq: number;
  /** Names it, 32 bytes as base64url; another one in each link. */
  readonly hash: string;
  readonly body: CircleBody;
  /** Conversation it stands in, 16 bytes as base64url. */
  readonly link: string;
  /** An own one that the other side has seen. */
  readonly isSeen: boolean;
  /** Another message claims its place in the link. */
  readonly isFork: boolean;
}

/** A member of the circle as the newest roster says. */
export interface Place {
  readonly seat: Seat;
  readonly isMe: boolean;
  readonly isConvener: boolean;
  /** They said so; the next roster will not have them. */
  readonly hasLeft: boolean;
  /** Whether they have read the terms as they are now. */
  readonly hasAcknowledged: boolean;
}

/** A text that was said to all. */
export interface Words {
  /** Names it, 16 bytes as base64url. */
  readonly thing: string;
  /** Key of a seat, as base64url. */
  readonly writer: string;
  /** The writer's, if it is known still. */
  readonly seat: Seat | null;
  readonly minute: number;
  readonly text: string;
  /** Of the messages that brought it, by link: one, or for an own text all. */
  readonly hashes: ReadonlyMap<string, string>;
  /** By how many links an own one was seen. */
  readonly seen: number;
  readonly isFork: boolean;
}

/** A session of the circle as its convener last said. */
export interface Meeting {
  /** Names it, 16 bytes as base64url. */
  readonly session: string;
  /** Minute since 1970-01-01 UTC. */
  readonly start: number;
  readonly minutes: number;
  /** How one gets there. */
  readonly where: string;
  readonly isCancelled: boolean;
  /** Of the convener's last word. */
  readonly revision: number;
  /** By key of a seat, who comes. */
  readonly attends: ReadonlyMap<string, Attendance>;
  /** By key of a seat, the number of their last word. */
  readonly revisions: ReadonlyMap<string, number>;
}

/** All of a circle. */
export interface Circle {
  /** How it stands with oneself. */
  readonly state: CircleState;
  readonly chain: Chain;
  /** Who has a seat now, in the order of the roster; only those whose seats came. */
  readonly places: readonly Place[];
  /** How many more have one. */
  readonly unknown: number;
  /** What was said, in the order in which it is shown. */
  readonly words: readonly Words[];
  /** Sessions, earliest first. */
  readonly meetings: readonly Meeting[];
  /** How many messages name a roster that has not come. */
  readonly waiting: number;
  /**
   * Somebody named another roster for a place in the chain that is known: the convener may be
   * telling different things to different people.
   */
  readonly isSplit: boolean;
  /** Day from which nothing more is said, or null while it is not known. */
  readonly overDay: number | null;
  /** Day on which everything is deleted, likewise. */
  readonly purgeDay: number | null;
  /** Words that came with one's removal. */
  readonly farewell: string;
}

/**
 * The roster that counts now.
 *
 * @throws UsageError - none has come yet.
 */
export function rosterOf(circle: Circle): Roster {
  const { newest } = circle.chain;
  if (newest === null) {
    throw new UsageError("the convener has not let you in yet; look again later");
  }
  return newest;
}

/** What the circle agrees on now, or null while no roster has come. */
export function termsOf(circle: Circle): CircleTerms | null {
  return circle.chain.newest?.terms ?? null;
}

/**
 * One's own place.
 *
 * @throws UsageError - one has none.
 */
export function myPlace(circle: Circle): Place {
  const found = circle.places.find((place) => place.isMe);
  if (found === undefined) throw new UsageError("you have no seat in this circle");
  return found;
}

/** The seats to which everything is said from now on: nobody else's. */
export function recipientsOf(circle: Circle): readonly Seat[] {
  if (circle.state !== "open") return [];
  return circle.places
    .filter((place) => !place.isMe && !place.hasLeft)
    .map((place) => place.seat);
}
