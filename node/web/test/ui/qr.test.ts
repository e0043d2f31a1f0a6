import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { encodeQr } from "../../src/ui/qr.ts";
import { correctionOf } from "../../src/ui/qr-correction.ts";
import { formatBits } from "../../src/ui/qr-draw.ts";
import { readQr } from "../support/qr-reader.ts";

const bytes = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (two) => Number.parseInt(two, 16));

test("correction bytes are those of the standard's example (annex I)", () => {
  const data = bytes("10200c566180ec11ec11ec11ec11ec11");
  assert.deepEqual(correctionOf(data, 10), bytes("a524d4c1ed36c7872c55"));
});

test("format bits are those of the standard's example: level M, mask 5", () => {
  assert.equal(formatBits(5), 0b100000011001110);
});

test("the recovery sheet's text is a code of version 2", () => {
  const modules = encodeQr("MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U");
  assert.equal(modules.length, 25);
  assert.equal(readQr(modules), "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U");
});

test("every text is read back, in every version", () => {
  const alphanumeric = fc.stringMatching(/^[0-9A-Z $%*+./:-]{1,311}$/);
  const any = fc.string({ maxLength: 50, unit: "grapheme" });
  fc.assert(
    fc.property(fc.oneof(alphanumeric, any), (text) =>
      assert.equal(readQr(encodeQr(text)), text),
    ),
    { numRuns: 40 },
  );
  for (let length = 1; length <= 213; length += 11) {
    const text = "a".repeat(length);
    assert.equal(readQr(encodeQr(text)), text);
  }
});

test("a text that is too long is refused", () => {
  encodeQr("a".repeat(213));
  encodeQr("A".repeat(311));
  assert.throws(() => encodeQr("a".repeat(214)), RangeError);
  assert.throws(() => encodeQr("A".repeat(312)), RangeError);
});
