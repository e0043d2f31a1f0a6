import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  afterBrowserBack,
  closeView,
  MAX_DEPTH,
  openView,
  type Step,
  startStack,
  switchArea,
  topOf,
} from "../../src/shell/view-stack.ts";

/** A browser's history with our two entries: where it stands, and whether the sentinel exists. */
class History {
  at = 0;
  entries = 1;

  take(step: Step<string>): void {
    switch (step.history) {
      case "push-sentinel":
        this.at += 1;
        this.entries = this.at + 1;
        break;
      case "forward-to-sentinel":
        assert.equal(this.entries, 2);
        this.at = 1;
        break;
      case "back-to-base":
        this.at = 0;
        break;
      case "none":
        break;
    }
  }
}

const action = fc.constantFrom("open", "close", "back", "area", "first");

test("the history holds one sentinel exactly while something is open above the first view", () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 120 }), (actions) => {
      let stack = startStack("first");
      const history = new History();
      const take = (step: Step<string>): void => {
        stack = step.stack;
        history.take(step);
      };
      for (const what of actions) {
        if (what === "open") take(openView(stack, "view", 7));
        if (what === "close") take(closeView(stack));
        if (what === "area") take(switchArea(stack, "area", false));
        if (what === "first") take(switchArea(stack, "first", true));
        if (what === "back" && history.at === 1) {
          history.at = 0;
          take(afterBrowserBack(stack));
        }
        assert.equal(history.at, stack.entries.length > 1 ? 1 : 0);
        assert.ok(history.entries <= 2 && stack.entries.length <= MAX_DEPTH);
        assert.equal(new Set(stack.entries.map(({ id }) => id)).size, stack.entries.length);
      }
    }),
  );
});

test("a covered view remembers where it was scrolled", () => {
  const opened = openView(startStack("first"), "second", 42).stack;
  assert.equal(topOf(opened).view, "second");
  assert.equal(topOf(closeView(opened).stack).scroll, 42);
});
