import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { MalformedError } from "../../../src/kith/crypto/errors.ts";
import { communityAnswer, sessionAnswer } from "../../../src/kith/node/api.ts";
import {
  anyOf,
  flag,
  list,
  nothing,
  object,
  oneOf,
  record,
  type Shape,
  text,
  whole,
} from "../../../src/kith/node/shape.ts";

const SESSION = {
  token: "t",
  readerPass: "p",
  role: "member",
  state: "active",
  slots: { passphrase: "AA", recovery: "AA" },
};

function pointerOf(shape: Shape<unknown>, value: unknown): string | null {
  try {
    shape(value, "");
  } catch (error) {
    assert.ok(error instanceof MalformedError);
    return error.pointer;
  }
  return "taken";
}

describe("shapes of answers", () => {
  it("take what fits, fill in what may be missing, leave out what they do not know", () => {
    const session = sessionAnswer({ ...SESSION, more: 1 }, "");
    assert.equal(session.slots.kdf, "a2-1");
    assert.equal("more" in session, false);
  });

  it("point at what does not fit", () => {
    assert.equal(pointerOf(sessionAnswer, { ...SESSION, token: 7 }), "/token");
    assert.equal(pointerOf(sessionAnswer, { ...SESSION, slots: {} }), "/slots/passphrase");
    assert.equal(
      pointerOf(sessionAnswer, { ...SESSION, slots: { passphrase: "?" } }),
      "/slots/passphrase",
    );
    assert.equal(pointerOf(list(flag), [true, 1]), "/1");
    assert.equal(pointerOf(record(flag), { "a/b~": 1 }), "/a~1b~0");
    for (const other of [null, [], "x", 1, undefined]) {
      assert.equal(pointerOf(communityAnswer, other), "");
    }
  });

  it("keep to their bounds", () => {
    assert.equal(pointerOf(text({ max: 2 }), "😀😀"), "taken");
    assert.equal(pointerOf(text({ max: 2 }), "😀😀a"), "");
    assert.equal(pointerOf(text({ max: 2 }), "a".repeat(99)), "");
    assert.equal(pointerOf(text({}, /^a+$/u), "a\n"), "");
    assert.equal(pointerOf(whole({ min: 1 }), 0), "");
    assert.equal(pointerOf(whole(), 0.5), "");
    assert.equal(pointerOf(oneOf("a", 1), "1"), "");
    assert.equal(pointerOf(anyOf(nothing, whole()), "1"), "");
    assert.equal(pointerOf(anyOf(nothing, whole()), null), "taken");
  });

  it("never let a strange value through or fail otherwise", () => {
    const shape = object({ a: list(whole(), { max: 3 }), b: record(text({ max: 4 })) });
    fc.assert(
      fc.property(fc.anything(), (value) => {
        pointerOf(shape, value);
        pointerOf(sessionAnswer, value);
      }),
    );
  });
});
