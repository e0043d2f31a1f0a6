import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { inviteCodeOf } from "../../src/shell/invite.ts";
import { drawLines, faultOf, isWordOf, progressOf } from "../../src/shell/join/model.ts";
import { ENOUGH, strengthOf } from "../../src/shell/strength.ts";

test("invites are found in links, fragments and alone", () => {
  const code = `${"AbCd-_".repeat(4)}wxyz`;
  for (const text of [`https://a.example/#i=${code}`, `#i=${code}`, ` ${code}\n`]) {
    assert.equal(inviteCodeOf(text), code);
  }
  for (const text of ["", "#i=", `#i=${code}x`, `#i=${code.slice(1)}`, `#i=${code}=`]) {
    assert.equal(inviteCodeOf(text), null);
  }
});

test("two different lines of the sheet are asked for, in their order", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(random, random, (a, b) => {
      const draws = [a, b];
      const lines = drawLines(12, () => draws.shift() ?? 0);
      assert.equal(lines.length, 2);
      const [first = 0, second = 0] = lines;
      assert.ok(first >= 1 && second <= 12 && first < second);
    }),
  );
});

test("a word counts in any case, with blanks around it", () => {
  const sheet = { words: ["harbor", "velvet"], qrText: "" };
  assert.ok(isWordOf(sheet, 2, " Velvet "));
  assert.ok(!isWordOf(sheet, 1, "velvet"));
  assert.ok(!isWordOf(sheet, 3, ""));
});

test("steps before are done, steps after lie ahead", () => {
  const steps = progressOf({ step: "login" }).map(({ is }) => is);
  assert.deepEqual(steps, ["done", "now", "ahead", "ahead"]);
});

test("a login needs a name and a passphrase of its own", () => {
  assert.equal(faultOf({ name: " ", passphrase: "x" }), "no-name");
  assert.equal(faultOf({ name: "x", passphrase: "" }), "no-passphrase");
  assert.equal(faultOf({ name: "Harbor Sun", passphrase: "harbor sun" }), "same");
  assert.equal(faultOf({ name: "harbor", passphrase: "sun" }), null);
});

test("what people usually take is too weak", () => {
  const weak = [
    "",
    "password",
    "Password1!",
    "qwertyuiop",
    "1234567890",
    "iloveyou2024",
    "P@ssw0rd",
    "aaaaaaaaaaaaaaaa",
    "abcdefghijkl",
    "barley fox",
    "Sunshine1987!",
    "kith kith kith kith kith",
  ];
  for (const one of weak) assert.ok(strengthOf(one) < ENOUGH, one);
});

test("six drawn words are very strong, and own sentences can be good enough", () => {
  assert.equal(strengthOf("lantern-cotton-basket-ripple-north-ember"), 4);
  assert.ok(strengthOf("purple tractor dances under glaciers") >= ENOUGH);
  assert.ok(strengthOf("v8Kq2zR9xLm4T") >= ENOUGH);
  assert.ok(strengthOf("紫色拖拉机在冰川下跳舞") >= ENOUGH);
});

test("what others know counts little; more words never hurt", () => {
  assert.ok(strengthOf("harbor velvet maple", ["harbor-velvet-maple"]) < ENOUGH);
  const word = fc.stringMatching(/^[a-z]{3,8}$/);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), word, (words, more) => {
      const before = strengthOf(words.join(" "));
      assert.ok(strengthOf([...words, more].join(" ")) >= before);
    }),
  );
});
