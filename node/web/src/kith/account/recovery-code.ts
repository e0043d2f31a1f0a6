/**
 * The recovery code as people keep it: twelve words on paper, or a QR code.
 *
 * Words: 128 bits of code and 4 of checksum, eleven bits a word. QR text: Base32 of the code and
 * 4 bytes of checksum, 32 characters, which names no application.
 *
 * Sources: the construction of BIP 39 for 128 bits, with this project's word list and a domain
 * label in the checksum; RFC 4648 §6.
 */

import { concat, isEqual, label, utf8 } from "../crypto/bytes.ts";
import { UsageError } from "../crypto/errors.ts";
import { sha256 } from "../crypto/hashes.ts";
import type { Rng } from "../crypto/random.ts";
import { CODE_BYTES } from "./sign-in.ts";
import { BITS_PER_WORD, WORDS } from "./words.ts";

export const WORD_COUNT = 12;
export const QR_CHARACTERS = 32;

const MAX_TYPED_CHARACTERS = 1000;
const CHECKSUM_BITS = WORD_COUNT * BITS_PER_WORD - CODE_BYTES * 8;
const CHECKSUM_BYTES = 4;
const LABEL = label("kith/rec-check/v1");
const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const SCANNED = /^\s*([A-Z2-7]{32})\s*$/;
const PLACES = new Map(WORDS.map((word, place) => [word, place]));
const NAME_WORDS = 3;
const PASSPHRASE_WORDS = 6;

/** The twelve words for *code*, 16 bytes. */
export function recoveryWords(code: Uint8Array): readonly string[] {
  const sum = BigInt((checksum(code)[0] ?? 0) >> (8 - CHECKSUM_BITS));
  let number = (numberOf(code) << BigInt(CHECKSUM_BITS)) | sum;
  const words: string[] = [];
  for (let count = 0; count < WORD_COUNT; count += 1) {
    words.unshift(WORDS[Number(number % BigInt(WORDS.length))] ?? "");
    number /= BigInt(WORDS.length);
  }
  return words;
}

/** The 32 characters that the QR code for *code*, 16 bytes, holds. */
export function recoveryQr(code: Uint8Array): string {
  let number = numberOf(concat(code, checksum(code).slice(0, CHECKSUM_BYTES)));
  let text = "";
  for (let count = 0; count < QR_CHARACTERS; count += 1) {
    text = BASE32.charAt(Number(number % 32n)) + text;
    number /= 32n;
  }
  return text;
}

/**
 * The code that *text* spells: twelve words, in any case, with blanks, hyphens or punctuation
 * between them; or what was scanned from the QR code.
 *
 * @throws UsageError - it is neither, or does not fit together. All of this is local and says
 *   nothing about any account.
 */
export function parseRecovery(text: string): Uint8Array {
  if (text.length > MAX_TYPED_CHARACTERS) {
    throw new UsageError("a recovery code has twelve words");
  }
  const scanned = SCANNED.exec(text)?.[1];
  return scanned === undefined ? parseWords(text) : parseQr(scanned);
}

/** Which of *words* are not in the list, by their places from 0 on. */
export function unknownWords(words: readonly string[]): readonly number[] {
  return words.flatMap((word, at) => (PLACES.has(word.toLowerCase()) ? [] : [at]));
}

/** A login name of three random words, joined by hyphens. */
export function suggestName(rng: Rng): string {
  return drawWords(rng, NAME_WORDS);
}

/** A passphrase of six random words, joined by hyphens. */
export function suggestPassphrase(rng: Rng): string {
  return drawWords(rng, PASSPHRASE_WORDS);
}

function drawWords(rng: Rng, count: number): string {
  // The list's length is a power of two, so cutting bits off is even.
  const draw = () => {
    const [high = 0, low = 0] = rng(2);
    return WORDS[((high << 8) | low) % WORDS.length] ?? "";
  };
  return Array.from({ length: count }, draw).join("-");
}

function parseWords(text: string): Uint8Array {
  const words = text
    .toLowerCase()
    .split(/[\s,.;-]+/)
    .filter(Boolean);
  if (words.length !== WORD_COUNT) throw new UsageError("a recovery code has twelve words");
  let number = 0n;
  for (const [at, word] of words.entries()) {
    const place = PLACES.get(word);
    if (place === undefined) throw new UsageError(`word ${at + 1} is not one of the list`);
    number = number * BigInt(WORDS.length) + BigInt(place);
  }
  const code = bytesOf(number >> BigInt(CHECKSUM_BITS), CODE_BYTES);
  if (!isEqual(utf8(recoveryWords(code).join(" ")), utf8(words.join(" ")))) {
    throw new UsageError("the words do not fit together; one of them is wrong");
  }
  return code;
}

function parseQr(text: string): Uint8Array {
  let number = 0n;
  for (const sign of text) number = number * 32n + BigInt(BASE32.indexOf(sign));
  const raw = bytesOf(number, CODE_BYTES + CHECKSUM_BYTES);
  const code = raw.slice(0, CODE_BYTES);
  if (!isEqual(raw.slice(CODE_BYTES), checksum(code).slice(0, CHECKSUM_BYTES))) {
    throw new UsageError("this is not the QR code of a recovery code");
  }
  return code;
}

function checksum(code: Uint8Array): Uint8Array {
  if (code.length !== CODE_BYTES) throw new RangeError("a recovery code is 16 bytes");
  return sha256(concat(LABEL, code));
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}

function bytesOf(number: bigint, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let rest = number;
  for (let at = size - 1; at >= 0; at -= 1) {
    bytes[at] = Number(rest % 256n);
    rest /= 256n;
  }
  return bytes;
}
