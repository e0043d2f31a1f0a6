import assert from "node:assert/strict";
import { test } from "node:test";
import { ESC_WINDOW_MS, leave, onKey } from "../../src/shell/quick-exit.ts";

const esc = (timeStamp: number, more = {}) => ({
  key: "Escape",
  timeStamp,
  repeat: false,
  isComposing: false,
  ...more,
});

test("Escape twice within the window leaves, once does not", () => {
  const first = onKey(null, esc(1000));
  assert.equal(first.leave, false);
  assert.equal(onKey(first.state, esc(1000 + ESC_WINDOW_MS)).leave, true);
  assert.equal(onKey(first.state, esc(1001 + ESC_WINDOW_MS)).leave, false);
});

test("a held key, an input method's Escape and another key in between do not count", () => {
  const { state } = onKey(null, esc(0));
  assert.equal(onKey(state, esc(10, { repeat: true })).leave, false);
  assert.equal(onKey(state, esc(10, { isComposing: true })).leave, false);
  const other = onKey(state, { ...esc(10), key: "a" });
  assert.equal(onKey(other.state, esc(20)).leave, false);
});

test("leaving clears first, then locks, then replaces, even when a step fails", () => {
  const steps: string[] = [];
  const fail = (name: string) => () => {
    steps.push(name);
    throw new Error(name);
  };
  assert.throws(() =>
    leave({
      clear: fail("clear"),
      lock: fail("lock"),
      replace: (address) => steps.push(address),
    }),
  );
  assert.deepEqual(steps, ["clear", "lock", "about:blank"]);
});
