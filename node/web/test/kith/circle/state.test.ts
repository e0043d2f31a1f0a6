import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseCircleBody } from "../../../src/kith/circle/bodies.ts";
import { type Roster, rosterShape } from "../../../src/kith/circle/roster.ts";
import { checkConvener, checkMayTell, checkOpen } from "../../../src/kith/circle/rules.ts";
import { type Seat, seatShape } from "../../../src/kith/circle/seat.ts";
import { readCircle } from "../../../src/kith/circle/state.ts";
import { type Circle, type Heard, recipientsOf } from "../../../src/kith/circle/view.ts";
import { UsageError } from "../../../src/kith/crypto/errors.ts";
import type { JsonObject } from "../../../src/kith/crypto/json.ts";
import { protocolVectors } from "../../support/vectors.ts";

interface Said {
  readonly writer: string;
  readonly minute: number;
  readonly seq: number;
  readonly hash: string;
  readonly link: string;
  readonly is_seen: boolean;
  readonly body: JsonObject;
}
interface Case {
  readonly about: string;
  readonly member: string;
  readonly invited_by: string;
  readonly today: number;
  readonly rosters: readonly string[];
  readonly seats: readonly string[];
  readonly heard: readonly Said[];
  readonly view: JsonObject;
}
interface File {
  readonly seats: Readonly<Record<string, { readonly seat: JsonObject }>>;
  readonly rosters: Readonly<Record<string, { readonly roster: JsonObject }>>;
  readonly circles: readonly Case[];
}

const file = protocolVectors<File>("circle.json");
const seats = new Map<string, Seat>();
const names = new Map<string, string>();
for (const [name, { seat }] of Object.entries(file.seats)) {
  const read = seatShape(seat, "");
  seats.set(name, read);
  names.set(read.key, name);
}
const rosters = new Map<string, Roster>(
  Object.entries(file.rosters).map(([name, { roster }]) => [name, rosterShape(roster, "")]),
);

function get<T>(from: ReadonlyMap<string, T>, name: string): T {
  const found = from.get(name);
  assert.ok(found !== undefined, name);
  return found;
}

function heardOf({ writer, is_seen, body, ...rest }: Said): Heard {
  const key = get(seats, writer).key;
  return { ...rest, writer: key, isSeen: is_seen, isFork: false, body: parseCircleBody(body) };
}

function readCase(one: Case, said: readonly Said[] = one.heard): Circle {
  return readCircle({
    own: get(seats, one.member),
    convener: get(seats, one.invited_by).key,
    rosters: one.rosters.map((name) => get(rosters, name)),
    seats: one.seats.map((name) => get(seats, name)),
    heard: said.map(heardOf),
    today: one.today,
  });
}

/** A circle as the vectors write it down. */
function written(view: Circle): object {
  return {
    state: view.state,
    places: view.places.map((one) => ({
      name: names.get(one.seat.key),
      is_me: one.isMe,
      is_convener: one.isConvener,
      has_left: one.hasLeft,
      has_acknowledged: one.hasAcknowledged,
    })),
    unknown: view.unknown,
    words: view.words.map((one) => ({
      writer: names.get(one.writer),
      text: one.text,
      seen: one.seen,
    })),
    meetings: view.meetings.map((one) => ({
      start: one.start,
      is_cancelled: one.isCancelled,
      revision: one.revision,
      attends: Object.fromEntries(
        [...one.attends].map(([key, word]) => [names.get(key), word]),
      ),
    })),
    waiting: view.waiting,
    is_split: view.isSplit,
    over_day: view.overDay,
    purge_day: view.purgeDay,
    farewell: view.farewell,
  };
}

function caseOf(about: string): Case {
  const found = file.circles.find((one) => one.about === about);
  assert.ok(found, about);
  return found;
}

describe("a circle", () => {
  for (const one of file.circles) {
    it(`comes to the same in every client: ${one.about}`, () => {
      assert.deepEqual(written(readCase(one)), one.view);
    });
  }

  it("does not depend on the order of what came, nor on what came twice", () => {
    for (const one of file.circles.filter(({ heard }) => heard.length > 1)) {
      const all = [...one.heard];
      fc.assert(
        fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (said) => {
          assert.deepEqual(readCase(one, said), readCase(one));
        }),
        { numRuns: 10 },
      );
    }
  });

  it("is spoken in by those who are in it and know its terms", () => {
    const [told] = caseOf("three people talk").heard.map(heardOf);
    assert.ok(told && told.body.type === "circle-text");
    const { body } = told;
    checkMayTell(readCase(caseOf("three people talk")), body);
    for (const about of [
      "terms are new for who has not read them",
      "one leaves oneself",
      "one is removed without",
      "the day has come",
      "nobody has let one in yet",
    ]) {
      assert.throws(() => checkMayTell(readCase(caseOf(about)), body), UsageError, about);
    }
    assert.throws(() => checkOpen(readCase(caseOf("archived"))), UsageError);
    assert.throws(() => checkConvener(readCase(caseOf("three people talk"))), UsageError);
  });

  it("is told to nobody who has left, and by nobody who has no seat", () => {
    const to = (about: string) =>
      recipientsOf(readCase(caseOf(about))).map((seat) => names.get(seat.key));
    assert.deepEqual(to("three people talk"), ["ann", "cleo"]);
    assert.deepEqual(to("somebody leaves"), ["ann"]);
    assert.deepEqual(to("one is removed without"), []);
  });
});
