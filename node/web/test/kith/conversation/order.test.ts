import assert from "node:assert/strict";
import { test } from "node:test";
import type { Entry } from "../../../src/kith/conversation/events.ts";
import {
  inOrder,
  type LaneUnits,
  laneKey,
  type Unit,
} from "../../../src/kith/conversation/order.ts";
import type { Seed } from "../../../src/kith/conversation/records.ts";
import { deadSeeds, newestFirst, nextTurn } from "../../../src/kith/conversation/seeds.ts";
import { base64url } from "../../../src/kith/crypto/bytes.ts";
import { DAY_S, NOW } from "./talking.ts";

const [A, B, C] = [1, 0xff, 2].map((byte) => base64url(new Uint8Array(8).fill(byte))) as [
  string,
  string,
  string,
];

function unit(lane: string, seq: number, minute: number, after: [string, number][] = []): Unit {
  const entry: Entry = { kind: "missing", lane, first: seq, count: 1 };
  return { seq, minute, after: new Map(after), entries: [entry] };
}

function shown(lanes: readonly LaneUnits[]): readonly string[] {
  return inOrder(lanes).map((one) => {
    assert(one.kind === "missing");
    return `${one.lane === A ? "a" : one.lane === B ? "b" : "c"}${one.first}`;
  });
}

test("a wrong clock does not put an answer before its question", () => {
  const asks: LaneUnits = { role: 1, lane: A, units: [unit(A, 1, 100), unit(A, 2, 200)] };
  const answers: LaneUnits = {
    role: 2,
    lane: B,
    units: [unit(B, 1, 5, [[laneKey(1, A), 1]]), unit(B, 2, 6, [[laneKey(1, A), 2]])],
  };
  assert.deepEqual(shown([asks, answers]), ["a1", "b1", "a2", "b2"]);
  assert.deepEqual(shown([answers, asks]), ["a1", "b1", "a2", "b2"]);
});

test("what is acknowledged and not here holds nothing up", () => {
  const asks: LaneUnits = { role: 1, lane: A, units: [unit(A, 1, 100)] };
  const after: [string, number][] = [
    [laneKey(1, A), 99],
    [laneKey(1, C), 7],
  ];
  const answers: LaneUnits = { role: 2, lane: B, units: [unit(B, 1, 5, after)] };
  assert.deepEqual(shown([asks, answers]), ["a1", "b1"]);
});

test("acknowledgements in a circle are cut by the clock", () => {
  const one: LaneUnits = { role: 1, lane: A, units: [unit(A, 1, 9, [[laneKey(2, B), 1]])] };
  const other: LaneUnits = { role: 2, lane: B, units: [unit(B, 1, 8, [[laneKey(1, A), 1]])] };
  assert.deepEqual(shown([one, other]), ["b1", "a1"]);
});

test("in one minute role and then the bytes of the lane decide", () => {
  const lanes: LaneUnits[] = [
    { role: 2, lane: A, units: [unit(A, 1, 1)] },
    { role: 1, lane: B, units: [unit(B, 1, 1)] },
    { role: 1, lane: C, units: [unit(C, 1, 1)] },
    { role: 1, lane: A, units: [] },
  ];
  assert.deepEqual(shown(lanes), ["c1", "b1", "a1"]);
});

function seed(turn: number, changes: Partial<Seed> = {}): Seed {
  const empty = { kind: "seed", conversation: A, lane: A, seed: new Uint8Array(32) } as const;
  return { ...empty, made_at: NOW, heard: 0, seq: turn, turn, ...changes };
}

test("the newest seed the other side knows, and all newer ones, live", () => {
  const seeds = [seed(1), seed(3), seed(2), seed(4)];
  assert.deepEqual(
    newestFirst(seeds).map(({ turn }) => turn),
    [4, 3, 2, 1],
  );
  const signs = { opened: [3, A] as const, acked: new Map<string, number>(), now: NOW };
  const dead = (isSettled: boolean, now = NOW) =>
    deadSeeds(seeds, { ...signs, isSettled, now }).map(({ turn }) => turn);
  assert.deepEqual(dead(true), [2, 1]);
  assert.deepEqual(dead(false), []);
  assert.deepEqual(dead(false, NOW + 45 * DAY_S), [2, 1]);
  const none = { opened: [0, ""] as const, acked: new Map<string, number>() };
  assert.deepEqual(deadSeeds(seeds, { ...none, isSettled: true, now: NOW + 99 * DAY_S }), []);
  const acked = { opened: [0, ""] as const, acked: new Map([[A, 4]]) };
  const later = deadSeeds(seeds, { ...acked, isSettled: true, now: NOW + 45 * DAY_S });
  assert.deepEqual(
    later.map(({ turn }) => turn),
    [3, 2, 1],
  );
});

test("a new seed counts as newer than all that are known, and than what was forgotten", () => {
  assert.equal(nextTurn([], NOW), NOW / 60);
  assert.equal(nextTurn([seed(5)], 60), 6);
  const [first] = newestFirst([seed(1, { lane: C }), seed(1, { lane: B }), seed(1)]);
  assert.equal(first?.lane, B);
});
