/**
 * The one place that says in which order offers answer a query.
 *
 * Nodes and devices follow it to the same results (`protocol/vectors/ranking.json`). All numbers
 * are integers. Which offers answer at all is in `matching.ts`, why in `reasons.ts`; the sum for
 * all offers of a catalogue is made in `plan.ts`.
 *
 * **Score.** The sum of
 *
 * | | |
 * |---|---|
 * | room | 20000 if it has room: whatever is full comes after whatever is not |
 * | topics | for each topic asked: 1000 if the offer names it; 600, 400, 300 if it names one that lies one, two, three or more levels below; the nearest counts |
 * | near | 100 once, if it names a near relative of a topic asked that it does not reach |
 * | words | 36 for each that occurs in it, at most 108 |
 * | knows | 60 for each topic that the asker knows and the offer reaches, at most 120; not for topics asked, nor for what lies above these |
 * | language | 144 for the first language asked, 36 less for each later one, at least 36; the first one that fits counts |
 * | ways | 40 for each that was asked or preferred and is offered |
 * | formats | 36 for each |
 * | when | 36 for each; 18 if the offer does not say; nothing if it says others |
 * | level | the same |
 * | answers | 10 within days, 5 within a week |
 * | updated | 8 if at most 14 days ago, 4 if at most 45 |
 *
 * **Order.** By score and luck, highest first. Luck is 0 to 31 points that change daily and with
 * what is looked for and where, so that offers that fit equally well take turns. In one number,
 * the lower comes first: `rotation - 2**27 * score`, where the upper five bits of *rotation*,
 * `mix32(crc32(id) ^ seed)`, are the lack of luck. *Seed* is `mix32(mix32(mix32(day) ^
 * crc32(subject)) ^ crc32(community))`; *subject* are the topics, those known, and the words,
 * each group sorted and joined by blanks, the three joined by line feeds; *community* is the
 * actor of the one in which it is asked. Who asks is no part of it. Equals come by the `crc32`
 * of the id's bytes in reverse, then by the id, lower first. CRC-32 is that of RFC 1952 §8 over
 * UTF-8. The day is today, or the cursor's where that is today or yesterday. Only the first 1000
 * are listed.
 *
 * **Diversity.** The order is then dealt into blocks of 50: a block takes, in order, the offers
 * of which it does not yet hold three of the same community; if that does not fill it, the first
 * of those passed over follow. Those left begin the next block. Offers with room are dealt
 * first, those without afterwards by themselves. Pages are cut from the dealt list.
 */

import { compareTexts } from "../code-points.ts";
import { utf8 } from "../crypto/bytes.ts";
import { MAX_OFFSET, type Query } from "./query.ts";

export const ROOM = 20_000;
export const TOPIC_BY_DISTANCE: readonly number[] = [1000, 600, 400, 300];
export const NEAR = 100;
export const WORD = 36;
export const MOST_WORDS = 3;
export const KNOWN = 60;
export const MOST_KNOWN = 2;
const LANGUAGE_FIRST = 144;
const LANGUAGE_STEP = 36;
export const WAY = 40;
export const FORMAT = 36;
export const PREFERENCE = 36;
export const UNSAID = 18;
/** By their place in `ANSWERS`. */
export const ANSWER_POINTS: readonly number[] = [10, 5, 0];
export const MAX_RANKED = MAX_OFFSET;
/** What is above these bits of a rotation, five of 32, counts like points. */
export const LUCK_SCALE = 2 ** 27;
const BLOCK = 50;
const PER_COMMUNITY = 3;

/** The score of the language at *place* (from 0) of those asked. */
export function languagePoints(place: number): number {
  return Math.max(LANGUAGE_FIRST - LANGUAGE_STEP * place, LANGUAGE_STEP);
}

/** The score of what was changed *ageDays* ago. */
export function freshPoints(ageDays: number): number {
  if (ageDays <= 14) return 8;
  return ageDays <= 45 ? 4 : 0;
}

/** The day whose order *query* reads when today is *day*. */
export function rankingDay(query: Query, day: number): number {
  const asked = query.after?.day;
  return asked !== undefined && day - 1 <= asked && asked <= day ? asked : day;
}

/**
 * What turns the order of offers that fit about as well; see **Order**.
 *
 * @param query - only what it is about matters, so that the order stays when somebody adds a
 *   filter.
 * @param day - whose order is read.
 * @param community - actor of the community in which it is asked.
 */
export function rotationSeed(query: Query, day: number, community: string): number {
  const groups = [query.topics, query.knows, query.words];
  const subject = groups.map((group) => [...group].sort(compareTexts).join(" ")).join("\n");
  const about = mix32((mix32(day) ^ crc32(utf8(subject))) >>> 0);
  return mix32((about ^ crc32(utf8(community))) >>> 0);
}

/** CRC-32 of the bytes of an offer's id, forwards and in reverse. */
export function offerHash(offerId: string): readonly [number, number] {
  const raw = utf8(offerId);
  return [crc32(raw), crc32(raw.slice().reverse())];
}

/**
 * *value* (32 bits) mixed: a bijection in which each bit moves every other.
 *
 * Source: the finaliser of MurmurHash3, which is in the public domain.
 */
export function mix32(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2_ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/**
 * The places of *communities* in the order of **Diversity**.
 *
 * @param communities - the community of each offer, in order of rank.
 * @param withRoom - how many of them, the first ones, have room.
 */
export function spread<C>(communities: readonly C[], withRoom: number): readonly number[] {
  const places = [...communities.keys()];
  return [
    ...deal(communities, places.slice(0, withRoom)),
    ...deal(communities, places.slice(withRoom)),
  ];
}

function deal<C>(communities: readonly C[], places: readonly number[]): readonly number[] {
  const dealt: number[] = [];
  let waiting = places;
  while (waiting.length > 0) {
    const taken: number[] = [];
    const passed: number[] = [];
    const counts = new Map<C | undefined, number>();
    for (const place of waiting) {
      if (taken.length === BLOCK) {
        passed.push(place);
        continue;
      }
      const community = communities[place];
      const count = (counts.get(community) ?? 0) + 1;
      counts.set(community, count);
      (count > PER_COMMUNITY ? passed : taken).push(place);
    }
    const fill = BLOCK - taken.length;
    dealt.push(...taken, ...passed.slice(0, fill));
    waiting = passed.slice(fill);
  }
  return dealt;
}

// RFC 1952 §8: the remainders of all bytes.
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    remainder = remainder & 1 ? 0xedb8_8320 ^ (remainder >>> 1) : remainder >>> 1;
  }
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let remainder = 0xffff_ffff;
  for (const byte of bytes) {
    remainder = (REMAINDERS[(remainder ^ byte) & 0xff] ?? 0) ^ (remainder >>> 8);
  }
  return (remainder ^ 0xffff_ffff) >>> 0;
}
