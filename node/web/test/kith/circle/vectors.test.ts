import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { chainOf } from "../../../src/kith/circle/chain.ts";
import { compareRanks, rankTexts, type Said } from "../../../src/kith/circle/order.ts";
import {
  checkRoster,
  nextRoster,
  rosterHash,
  rosterJson,
  rosterShape,
  termsHash,
  termsJson,
  termsShape,
} from "../../../src/kith/circle/roster.ts";
import { checkSeat, makeSeat, seatHash, seatShape } from "../../../src/kith/circle/seat.ts";
import { base64url, parseBase64url, parseHex } from "../../../src/kith/crypto/bytes.ts";
import { SigningKey } from "../../../src/kith/crypto/ed25519.ts";
import { KithError, MalformedError, SignatureError } from "../../../src/kith/crypto/errors.ts";
import type { JsonObject } from "../../../src/kith/crypto/json.ts";
import { protocolVectors } from "../../support/vectors.ts";

interface SeatCase {
  readonly seed: string;
  readonly box_seed: string;
  readonly reply_seed: string;
  readonly seat: JsonObject;
  readonly hash: string;
}
interface File {
  readonly seats: Readonly<Record<string, SeatCase>>;
  readonly terms: readonly { readonly terms: JsonObject; readonly hash: string }[];
  readonly rosters: Readonly<
    Record<string, { readonly roster: JsonObject; readonly hash: string }>
  >;
  readonly chains: readonly {
    readonly about: string;
    readonly member: string;
    readonly invited_by: string;
    readonly known: readonly string[];
    readonly chain: readonly string[];
    readonly is_forked: boolean;
  }[];
  readonly texts: {
    readonly said: Readonly<Record<string, Said>>;
    readonly shown: readonly string[];
  };
}

const file = protocolVectors<File>("circle.json");

function get<T>(from: Readonly<Record<string, T>>, name: string): T {
  const found = from[name];
  assert.ok(found !== undefined, name);
  return found;
}

const seatOf = (name: string) => seatShape(get(file.seats, name).seat, "");
const rosterOf = (name: string) => rosterShape(get(file.rosters, name).roster, "");

describe("seats", () => {
  it("are made, signed and named as by every client", async () => {
    for (const one of Object.values(file.seats)) {
      const seat = checkSeat(seatShape(one.seat, ""));
      assert.equal(seatHash(seat), one.hash);
      const keys = {
        seed: parseHex(one.seed),
        boxSeed: parseHex(one.box_seed),
        replySeed: parseHex(one.reply_seed),
      };
      const { node, name, picture } = seat;
      const circle = parseBase64url(seat.circle);
      assert.deepEqual(await makeSeat(keys, { circle, node, name, picture }), seat);
    }
  });

  it("cannot be changed by those who pass them on", () => {
    const [ann, ben] = [seatOf("ann"), seatOf("ben")];
    for (const changed of [
      { ...ann, name: "Anna" },
      { ...ann, box: ben.box },
      { ...ann, reply: ben.reply },
      { ...ann, node: "https://other.example" },
      { ...ann, circle: base64url(new Uint8Array(16)) },
      { ...ann, sign: ben.sign },
    ]) {
      assert.throws(() => checkSeat(changed), SignatureError);
    }
    for (const changed of [
      { ...ann, name: " " },
      { ...ann, name: "two\nlines" },
      { ...ann, name: "a\u202eb" },
      { ...ann, node: "http://node.example" },
    ]) {
      assert.throws(() => checkSeat(changed), MalformedError);
    }
  });
});

describe("rosters", () => {
  it("and terms are named as by every client, and written as they were read", () => {
    for (const { terms, hash } of file.terms) {
      assert.equal(termsHash(termsShape(terms, "")), hash);
      assert.deepEqual(termsJson(termsShape(terms, "")), terms);
    }
    for (const { roster, hash } of Object.values(file.rosters)) {
      assert.equal(rosterHash(rosterShape(roster, "")), hash);
      assert.deepEqual(rosterJson(rosterShape(roster, "")), roster);
    }
  });

  it("are signed by whoever convenes", () => {
    const { seed } = get(file.seats, "ann");
    const key = SigningKey.fromSeed(parseHex(seed));
    const first = rosterOf("first");
    const made = nextRoster(
      first,
      { seats: [seatOf("ann"), seatOf("ben")] },
      { key, day: 20_781 },
    );
    assert.deepEqual(made, rosterOf("ben comes"));
    assert.throws(() => checkRoster({ ...made, day: 20_782 }, first.convener), SignatureError);
    assert.throws(() => checkRoster({ ...made, sign: "" }, first.convener), SignatureError);
    const other = SigningKey.fromSeed(parseHex(get(file.seats, "ben").seed));
    const change = { seats: [seatOf("ann")] };
    assert.throws(() => nextRoster(first, change, { key: other, day: 1 }), KithError);
  });

  for (const one of file.chains) {
    it(`in any order give the same chain: ${one.about}`, () => {
      const standpoint = {
        circle: seatOf("ann").circle,
        convener: seatOf(one.invited_by).key,
        seat: get(file.seats, one.member).hash,
      };
      fc.assert(
        fc.property(
          fc.shuffledSubarray([...one.known], { minLength: one.known.length }),
          (known) => {
            const chain = chainOf(known.map(rosterOf), standpoint);
            assert.deepEqual(chain.rosters, one.chain.map(rosterOf));
            assert.equal(chain.isForked, one.is_forked);
          },
        ),
        { numRuns: 5 },
      );
    });
  }
});

describe("texts", () => {
  it("stand in the order told", () => {
    const texts = new Map(Object.entries(file.texts.said));
    const ranks = rankTexts(texts);
    const shown = [...texts.keys()].sort((a, b) =>
      compareRanks(ranks.get(a) ?? [0, 0], ranks.get(b) ?? [0, 0]),
    );
    assert.deepEqual(shown, file.texts.shown);
  });

  it("in a ring end somewhere", () => {
    const ring = new Map(
      ["a", "b", "c"].map((name, at) => [
        name,
        { minute: at, follows: "abc".charAt((at + 1) % 3) },
      ]),
    );
    assert.equal(rankTexts(ring).size, 3);
  });
});
