import assert from "node:assert/strict";
import test from "node:test";
import fc from "fast-check";
import { RowHeights, windowOf } from "../../src/screens/browse/window-range.ts";

test("unmeasured rows count with the guess, then with the mean of the measured ones", () => {
  const heights = new RowHeights(100);
  assert.equal(heights.of(7), 100);
  assert.equal(heights.set(0, 200), true);
  assert.equal(heights.set(0, 200.4), false);
  assert.equal(heights.of(0), 200);
  assert.equal(heights.of(7), 200);
  heights.set(1, 100);
  assert.equal(heights.of(7), 150);
});

test("the window covers the view and keeps the list's whole height", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 2000 }),
      fc.array(fc.tuple(fc.integer({ min: 0, max: 1999 }), fc.integer({ min: 20, max: 400 })), {
        maxLength: 50,
      }),
      fc.integer({ min: -500, max: 500_000 }),
      fc.integer({ min: 100, max: 2000 }),
      (count, measured, top, height) => {
        const heights = new RowHeights(200);
        for (const [row, px] of measured) heights.set(row, px);
        const { from, to, above, below } = windowOf(count, heights, top, height);
        assert.ok(from >= 0 && from <= to && to <= count);
        let shown = 0;
        let whole = 0;
        for (let row = 0; row < count; row += 1) {
          whole += heights.of(row);
          if (row >= from && row < to) shown += heights.of(row);
        }
        assert.ok(Math.abs(above + shown + below - whole) < 0.01);
        if (count > 0) assert.ok(to > from || top + height <= 0);
        const start = Math.max(0, top);
        const end = Math.min(whole, top + height);
        if (start < end) assert.ok(above <= start + 0.01 && above + shown >= end - 0.01);
        assert.ok(to - from <= height / 20 + 10);
      },
    ),
  );
});
