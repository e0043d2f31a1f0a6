/**
 * What a member may do in a circle now, and what their convener does with a join.
 *
 * Everything is checked on the device of whoever acts, before anything is written; what others
 * may have done all the same is passed over by `state.ts`.
 *
 * Source: SPEC.md, section on circles.
 */

import { KithError, UsageError } from "../crypto/errors.ts";
import type { CircleJoin, Told } from "./bodies.ts";
import { type CircleTerms, checkTerms, type Roster, termsHash } from "./roster.ts";
import { checkSeat, type Seat } from "./seat.ts";
import { type Circle, myPlace, rosterOf } from "./view.ts";

const STATES = {
  joining: "the convener has not let you in yet",
  over: "the circle is over",
  left: "you have left the circle",
  removed: "you have no seat in this circle any more",
} as const;

/** Returns if something may be said in *circle*; else throws UsageError. */
export function checkOpen(circle: Circle): void {
  if (circle.state !== "open") throw new UsageError(STATES[circle.state]);
}

/**
 * Returns if *body* may be said to all now.
 *
 * @throws UsageError - the circle is over, one is not in it, has not read its terms as they are
 *   now, or it is the convener's part.
 */
export function checkMayTell(circle: Circle, body: Told): void {
  checkOpen(circle);
  const me = myPlace(circle);
  if (body.type === "circle-session") checkConvener(circle);
  if (body.type === "circle-leave" && me.isConvener && circle.places.length > 1) {
    throw new UsageError("hand the circle over to somebody or archive it before you leave");
  }
  const isFree = body.type === "circle-leave" || body.type === "circle-acknowledge";
  if (!isFree && !me.hasAcknowledged) {
    throw new UsageError("the circle has new terms: read and acknowledge them first");
  }
}

/**
 * The newest roster of a circle that goes on, if one convenes it.
 *
 * @throws UsageError - somebody else does, or it is over.
 */
export function checkConvener(circle: Circle): Roster {
  checkOpen(circle);
  if (!myPlace(circle).isConvener) {
    throw new UsageError("only the convener of a circle does that");
  }
  return rosterOf(circle);
}

/** What a convener knows beside the circle when somebody wants to come in. */
export interface Coming {
  /** Origin of that person's node, by which they came. */
  readonly node: string;
  /** Keys of seats that were in the circle before: nobody comes back under one. */
  readonly former: ReadonlySet<string>;
  /** Seats of others who are let in with the same roster. */
  readonly coming?: readonly Seat[];
}

/** Why a convener does not let somebody in, or empty. */
export function refusalOf(
  { seat, acknowledged }: CircleJoin,
  circle: Circle,
  { node, former, coming = [] }: Coming,
): string {
  let roster: Roster;
  try {
    roster = checkConvener(circle);
    checkSeat(seat);
  } catch (error) {
    if (error instanceof KithError) return "not a seat for this circle";
    throw error;
  }
  const taken = [...circle.places.map((place) => place.seat), ...coming];
  const clashes = taken.some(
    (one) => seat.key === one.key || seat.box === one.box || seat.reply === one.reply,
  );
  if (seat.circle !== roster.circle || clashes || former.has(seat.key)) {
    return "not a new seat for this circle";
  }
  // Else a circle's letters could be turned on any node and box.
  if (seat.node !== node) return "the seat is at another node than its owner";
  if (acknowledged !== termsHash(roster.terms)) return "other terms than those of today";
  return taken.length >= roster.terms.places ? "no place is left" : "";
}

/**
 * Returns if an invitation by the owner of *seat*, that came by *node*, can be accepted.
 *
 * @throws MalformedError - seat or terms are not in order; KeyRefusedError and SignatureError
 *   likewise.
 * @throws UsageError - it is at another node.
 */
export function checkInvite(seat: Seat, terms: CircleTerms, node: string): void {
  checkSeat(seat);
  checkTerms(terms);
  if (seat.node !== node) {
    throw new UsageError("the invitation names another node than the one it came from");
  }
}
