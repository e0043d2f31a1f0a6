import assert from "node:assert/strict";
import { test } from "node:test";
import { AutoLock } from "../../src/shell/auto-lock.ts";

test("locks after the minutes without a touch, and no later touch revives it", () => {
  let now = 0;
  const lock = new AutoLock({ now: () => now }, 5);
  now = 4 * 60_000;
  lock.touch();
  now = 9 * 60_000 - 1;
  assert.equal(lock.isDue(), false);
  now += 1;
  assert.equal(lock.isDue(), true);
  lock.touch();
  assert.equal(lock.isDue(), true);
  lock.restart();
  assert.equal(lock.isDue(), false);
});

test("a clock set back locks", () => {
  let now = 10 * 60_000;
  const lock = new AutoLock({ now: () => now }, 5);
  now -= 61_000;
  assert.equal(lock.isDue(), true);
});

test("minutes must be more than none", () => {
  assert.throws(() => new AutoLock({ now: () => 0 }, 0), RangeError);
  assert.throws(() => new AutoLock({ now: () => 0 }, Number.NaN), RangeError);
});
