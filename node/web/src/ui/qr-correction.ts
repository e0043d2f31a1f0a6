/** The correction bytes of QR codes: Reed–Solomon over GF(256) with x⁸+x⁴+x³+x²+1. */

const POLYNOMIAL = 0x11d;

/** Multiplies in the field. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ ((product >>> 7) * POLYNOMIAL);
    product ^= ((b >>> bit) & 1) * a;
  }
  return product;
}

/** Returns the generator of a degree without its leading 1: the product of (x − 2^i). */
function generatorOf(degree: number): Uint8Array {
  const generator = new Uint8Array(degree);
  generator[degree - 1] = 1;
  let root = 1;
  for (let i = 0; i < degree; i += 1) {
    for (let j = 0; j < degree; j += 1) {
      generator[j] = times(generator[j] ?? 0, root) ^ (generator[j + 1] ?? 0);
    }
    root = times(root, 2);
  }
  return generator;
}

/** Returns the correction bytes of a block. `size`: how many, 1 to 68. */
export function correctionOf(block: Uint8Array, size: number): Uint8Array {
  const generator = generatorOf(size);
  const rest = new Uint8Array(size);
  for (const byte of block) {
    const factor = byte ^ (rest[0] ?? 0);
    rest.copyWithin(0, 1);
    rest[size - 1] = 0;
    for (let i = 0; i < size; i += 1)
      rest[i] = (rest[i] ?? 0) ^ times(generator[i] ?? 0, factor);
  }
  return rest;
}
