import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { nextFocus } from "../../src/ui/modal.ts";
import { pictureOf } from "../../src/ui/picture.ts";
import { tabAfter } from "../../src/ui/tabs.tsx";
import { ToastBox } from "../../src/ui/toast.tsx";
import { CELLS, cellOf, daysFrom, moveBy, placeOf } from "../../src/ui/week-model.ts";

const KEYS = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"];
const layout = fc.record({
  across: fc.boolean(),
  rtl: fc.boolean(),
  first: fc.constantFrom(0, 6, 5) as fc.Arbitrary<0 | 5 | 6>,
});

test("keys never leave the week, and every cell can be reached", () => {
  fc.assert(
    fc.property(layout, (lies) => {
      const seen = new Set([0]);
      const queue = [0];
      for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
        for (const key of KEYS) {
          const next = moveBy(cell, key, false, lies);
          assert.ok(next !== null && next >= 0 && next < CELLS);
          if (!seen.has(next)) queue.push(next);
          seen.add(next);
        }
      }
      assert.equal(seen.size, CELLS);
    }),
  );
});

test("from right to left the arrows are mirrored", () => {
  const cell = cellOf(2, 1);
  const ltr = moveBy(cell, "ArrowRight", false, { across: true, rtl: false, first: 0 });
  const rtl = moveBy(cell, "ArrowLeft", false, { across: true, rtl: true, first: 0 });
  assert.equal(ltr, rtl);
  assert.deepEqual(placeOf(ltr ?? 0), { day: 3, part: 1 });
  assert.deepEqual(daysFrom(6), [6, 0, 1, 2, 3, 4, 5]);
  assert.throws(() => placeOf(21), RangeError);
});

test("tabs go round, mirrored from right to left", () => {
  assert.equal(tabAfter(0, 3, "ArrowLeft", false), 2);
  assert.equal(tabAfter(0, 3, "ArrowLeft", true), 1);
  assert.equal(tabAfter(1, 3, "End", false), 2);
  assert.equal(tabAfter(1, 3, "x", false), null);
  assert.equal(tabAfter(0, 0, "Home", false), null);
});

test("focus goes round inside a dialog", () => {
  const stops = ["a", "b", "c"];
  assert.equal(nextFocus(stops, "c", false), "a");
  assert.equal(nextFocus(stops, "a", true), "c");
  assert.equal(nextFocus(stops, null, true), "c");
  assert.equal(nextFocus([], null, false), null);
});

test("at most three toasts stand, the newest last", () => {
  const box = new ToastBox();
  for (const text of ["a", "b", "c", "d"]) box.say(text);
  assert.deepEqual(
    box.shown.value.map(({ text }) => text),
    ["b", "c", "d"],
  );
  box.dismiss(99);
  box.clear();
  assert.equal(box.shown.value.length, 0);
});

test("the same bytes give the same picture, of four tiles", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 10, maxLength: 32 }), (bytes) => {
      const picture = pictureOf(bytes);
      assert.deepEqual(picture, pictureOf(Uint8Array.from(bytes)));
      assert.equal(picture.tiles.length, 4);
    }),
  );
});
