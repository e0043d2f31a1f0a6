/**
 * Rosters: who is in a circle, under which terms, and who convenes it.
 *
 * Every change makes a new roster, which names the one before by its hash and is signed by
 * whoever convened the circle until then. A roster holds hashes of seats and no seat. Which of
 * all rosters count is `chain.ts`'s part.
 *
 * Sources: SPEC.md, section on circles; RFC 8785 (canonical form).
 */

import { base64url, concat, label, parseBase64url } from "../crypto/bytes.ts";
import { parseVerifyKey, type SigningKey, verifyEd25519 } from "../crypto/ed25519.ts";
import { MalformedError, SignatureError, UsageError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import type { JsonObject } from "../crypto/json.ts";
import { list, object, oneOf, type TypeOf, text, whole } from "../node/shape.ts";
import {
  blob16,
  blob32,
  checkMembers,
  day,
  leaveOut,
  shortWords,
  signedBytes,
} from "./parts.ts";
import { ID_BYTES, type Seat, seatHash } from "./seat.ts";

export const MIN_PLACES = 3;
export const MAX_PLACES = 30;
export const MIN_PURGE_DAYS = 7;
export const MAX_PURGE_DAYS = 90;
export const MAX_RULES_CHARACTERS = 2000;
export const MAX_LENGTH_DAYS = 366;
export const MAX_EPOCH = 10_000;
export const NO_ROSTER = base64url(new Uint8Array(32));

const SIGN = label("kith/circle-roster/v1");
const HASH = label("kith/circle-roster-hash/v1");
const TERMS = label("kith/circle-terms/v1");
const TERMS_DEFAULTS = { purge_days: 30, places: 12, rules: "", rhythm: "" };
const ROSTER_DEFAULTS = { state: "open", sign: "" } as const;

/**
 * What a circle agrees on: `purpose`, first day (`begins`) and first day on which it is over
 * (`ends`, at most 366 days later), `purge_days` until everything is deleted, `places` for
 * people, ground `rules`, `rhythm`.
 */
export const termsShape = object(
  {
    purpose: text({ min: 1, max: 200 }),
    begins: day,
    ends: day,
    purge_days: whole({ min: MIN_PURGE_DAYS, max: MAX_PURGE_DAYS }),
    places: whole({ min: MIN_PLACES, max: MAX_PLACES }),
    rules: text({ max: MAX_RULES_CHARACTERS }),
    rhythm: shortWords,
  },
  TERMS_DEFAULTS,
);

/**
 * Who is in a circle from now on: `epoch` counts from 1, `previous` is the hash of the roster
 * before (zeros in the first), `convener` the key of the seat whose owner makes the next one,
 * `day` by their clock, `seats` hashes ascending, `state` `archived` is the end, `sign` by the
 * convener of the roster before.
 */
export const rosterShape = object(
  {
    circle: blob16,
    epoch: whole({ min: 1, max: MAX_EPOCH }),
    previous: blob32,
    convener: blob32,
    day,
    terms: termsShape,
    seats: list(blob32, { min: 1, max: MAX_PLACES }),
    state: oneOf("open", "archived"),
    sign: text({}, /^(?:[A-Za-z0-9_-]{86})?$/),
  },
  ROSTER_DEFAULTS,
);

export type CircleTerms = TypeOf<typeof termsShape>;
export type Roster = TypeOf<typeof rosterShape>;

/** *terms* as they are written. */
export function termsJson(terms: CircleTerms): JsonObject {
  return leaveOut(terms as JsonObject, TERMS_DEFAULTS);
}

/** *roster* as it is written. */
export function rosterJson(roster: Roster): JsonObject {
  return { ...leaveOut(roster as JsonObject, ROSTER_DEFAULTS), terms: termsJson(roster.terms) };
}

/**
 * *terms* if they are in order.
 *
 * @throws MalformedError - they end before they begin or last too long, or a text misleads.
 */
export function checkTerms(terms: CircleTerms): CircleTerms {
  checkMembers([terms.purpose, terms.rules, terms.rhythm], []);
  const length = terms.ends - terms.begins;
  if (length <= 0 || length > MAX_LENGTH_DAYS) {
    throw new MalformedError(`a circle lasts 1 to ${MAX_LENGTH_DAYS} days`);
  }
  return terms;
}

/** What somebody acknowledges: 32 bytes as base64url. */
export function termsHash(terms: CircleTerms): string {
  return base64url(sha256(concat(TERMS, signedBytes(termsJson(terms)))));
}

/** What names *roster*: 32 bytes as base64url, without its signature. */
export function rosterHash(roster: Roster): string {
  return base64url(sha256(concat(HASH, signedBytes(rosterJson(roster)))));
}

/** Who signs a roster, and on which day. */
export interface Signing {
  /** Of the convener. */
  readonly key: SigningKey;
  readonly day: number;
}

/** The roster a circle begins with: its convener alone. */
export function firstRoster(terms: CircleTerms, seat: Seat, { key, day }: Signing): Roster {
  const roster: Roster = {
    circle: seat.circle,
    epoch: 1,
    previous: NO_ROSTER,
    convener: seat.key,
    day,
    terms: checkTerms(terms),
    seats: [seatHash(seat)],
    ...ROSTER_DEFAULTS,
  };
  return signed(roster, key);
}

/** What a new roster changes. */
export interface Change {
  /** Everybody's from now on. */
  readonly seats: readonly Seat[];
  /** Key of who convenes from now on, as base64url; the same without. */
  readonly convener?: string;
  readonly terms?: CircleTerms;
  /** Whether this is the end. */
  readonly isArchived?: boolean;
}

/**
 * The roster that follows *previous*, the newest one.
 *
 * @throws UsageError - the circle is over, or has no place for so many, or the key is not its
 *   convener's, or its convener would have no seat.
 * @throws MalformedError - the terms are not in order.
 */
export function nextRoster(previous: Roster, change: Change, { key, day }: Signing): Roster {
  const { seats } = change;
  const roster: Roster = {
    circle: previous.circle,
    epoch: previous.epoch + 1,
    previous: rosterHash(previous),
    convener: change.convener ?? previous.convener,
    day: Math.max(day, previous.day),
    terms: checkTerms(change.terms ?? previous.terms),
    seats: seats.map(seatHash).sort(),
    state: change.isArchived ? "archived" : "open",
    sign: "",
  };
  const keys = new Set(seats.map((seat) => seat.key));
  if (previous.state === "archived") {
    throw new UsageError("the circle is archived: nothing in it changes any more");
  }
  if (base64url(key.verifyKey) !== previous.convener) {
    throw new UsageError("only the convener changes a circle");
  }
  if (seats.length > roster.terms.places) {
    throw new UsageError(
      `the circle has ${roster.terms.places} places; change its terms first`,
    );
  }
  if (!keys.has(roster.convener)) {
    throw new UsageError("whoever convenes a circle has a seat in it: hand it over first");
  }
  if (keys.size !== seats.length) throw new UsageError("nobody has two seats with one key");
  return signed(roster, key);
}

/**
 * *roster*, which may come from a stranger, if it is in order by itself.
 *
 * @param signer - key of who had to sign it, as base64url.
 * @throws MalformedError - a member breaks a rule.
 * @throws KeyRefusedError - a key is none.
 * @throws SignatureError - somebody else signed it, or nobody.
 */
export function checkRoster(roster: Roster, signer: string): Roster {
  checkMembers(
    [],
    [
      [roster.circle, ID_BYTES],
      ...[roster.previous, roster.convener, ...roster.seats].map((one) => [one, 32] as const),
    ],
  );
  checkTerms(roster.terms);
  parseVerifyKey(parseBase64url(roster.convener, 32));
  const isAscending = roster.seats.every(
    (one, at) => at === 0 || one > (roster.seats[at - 1] ?? ""),
  );
  if (!isAscending) throw new MalformedError("the seats of a roster ascend");
  if (roster.seats.length > roster.terms.places) {
    throw new MalformedError("more seats than places");
  }
  if ((roster.epoch === 1) !== (roster.previous === NO_ROSTER)) {
    throw new MalformedError("the first roster, and no other, follows none");
  }
  if (roster.epoch === 1 && roster.convener !== signer) {
    throw new MalformedError("a circle begins with who convenes it");
  }
  if (roster.sign === "") throw new SignatureError("Ed25519 verification failed");
  const key = parseVerifyKey(parseBase64url(signer, 32));
  const bytes = concat(SIGN, signedBytes(rosterJson(roster)));
  verifyEd25519(key, parseBase64url(roster.sign, 64), bytes);
  return roster;
}

/**
 * *roster* if it follows *previous*.
 *
 * @throws MalformedError - it does not, or breaks a rule; others as `checkRoster`.
 */
export function checkNext(previous: Roster, roster: Roster): Roster {
  if (roster.circle !== previous.circle || roster.epoch !== previous.epoch + 1) {
    throw new MalformedError("not the next roster of this circle");
  }
  if (roster.previous !== rosterHash(previous)) {
    throw new MalformedError("the roster follows another one");
  }
  if (previous.state === "archived" || roster.day < previous.day) {
    throw new MalformedError("nothing follows the end, and no roster is older than the last");
  }
  return checkRoster(roster, previous.convener);
}

/** Those of *seats* that *roster* names, each once, in its order. */
export function seatsOf(roster: Roster, seats: Iterable<Seat>): readonly Seat[] {
  const known = new Map([...seats].map((seat) => [seatHash(seat), seat]));
  return roster.seats.map((name) => known.get(name)).filter((seat) => seat !== undefined);
}

function signed(roster: Roster, key: SigningKey): Roster {
  return {
    ...roster,
    sign: base64url(key.sign(concat(SIGN, signedBytes(rosterJson(roster))))),
  };
}
