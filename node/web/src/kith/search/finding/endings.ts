/**
 * Light stems: a word without what its grammar adds, so that its forms compare equal.
 *
 * No dictionary, no grammar: from a folded word the longest known ending is taken off, while
 * enough letters stay. Languages that build words alike share a table, a *family*; a text is
 * stemmed by the family of its language, a query by all families of its script, and stems are
 * only compared within one. A stem is for comparing, never for showing, and worth less than the
 * word itself: whoever finds the exact form need not look for stems.
 *
 * | family | languages | also |
 * |---|---|---|
 * | en | English | a doubled last letter counts once: planning, plan |
 * | de | German | |
 * | romance | French, Italian, Portuguese, Spanish | |
 * | pl | Polish | |
 * | tr | Turkish | several endings, one after the other; last g b d as k p t |
 * | ru | Russian | |
 * | ar | Arabic | the article, alone or behind *and, with, for, as*, is taken off first |
 *
 * Left to the caller: folding, irregular forms, compounds, and Arabic *and, with, for* that are
 * written together with a word without article (`withoutParticle`).
 */

import { fold } from "../fold.ts";
import { wordsBetweenBlanks } from "../words.ts";
import { once } from "./once.ts";

// Fewer letters are no stem any more, but part of too many words; what loses a long ending has
// to keep more, since the ending may well be part of the word.
const SHORTEST_STEM = 3;
const SHORTEST_AFTER_LONG = 4;
const LONG_ENDING = 3;
const SHORTEST_AFTER_PARTICLE = 4;
const ARTICLE = "ال";
const ARTICLES = ["وال", "بال", "كال", "فال", "لل", ARTICLE];
const PARTICLES = "وبلف";
const VOICED: ReadonlyMap<string, string> = new Map([
  ["g", "k"],
  ["b", "p"],
  ["d", "t"],
]);

/** The scripts of families; the empty one has none. */
type Script = "latin" | "cyrillic" | "arabic" | "";

/** Languages that are stemmed alike. */
export interface Family {
  /** Short name. */
  readonly name: string;
  /** Those of `LABEL_LANGUAGES`. */
  readonly languages: readonly string[];
  readonly script: Script;
  /** Folded. */
  readonly endings: ReadonlySet<string>;
  /** How many endings can follow each other. */
  readonly rounds: number;
  /** Letters of the longest ending. */
  readonly longest: number;
}

type Table = readonly [string, string, Script, number, string];

const TABLES: readonly Table[] = [
  [
    "en",
    "en",
    "latin",
    1,
    "s es ies y e ed ing ings er ers or ors ion ions " +
      "ation ations ate ates ating ator ators",
  ],
  ["de", "de", "latin", 1, "e en er es em ern n s ens ung ungen in innen"],
  [
    "romance",
    "fr it pt es",
    "latin",
    1,
    "a e i o io s x as es is os ee ees ao aos oes aes ar er ir ez are ere ire ando endo iendo",
  ],
  [
    "pl",
    "pl",
    "latin",
    1,
    "a e i o u y ą ę ę ie ia iu ow ów owi om em iem ami ach ego emu ej ym im ych ich ymi " +
      "imi ać eć yć ić anie ania aniu enie enia eniu ość ości",
  ],
  [
    "tr",
    "tr",
    "latin",
    4,
    "lar ler ı i in un im um imiz umuz a e ya ye na ne da de ta te dan den tan ten nda nde " +
      "ndan nden la le yla yle sı su sını sına sında yı yu nı nu nın nun lık luk lığ luğ " +
      "mak mek ma me mayı masını",
  ],
  [
    "ru",
    "ru",
    "cyrillic",
    1,
    "а я о е ы и у ю ь ом ем ам ям ах ях ами ями ов ев ей ой ою ею ия ие ии иям иях иями " +
      "ию ием ый ий ая яя ое ее ые ого его ому ему ым им ых их ыми ими ую юю ть ти ать ять " +
      "еть ить овать ться аться иться ание ания анию анием ение ения ению ением",
  ],
  ["ar", "ar", "arabic", 1, "ات ون ين ان ة ه ي ية ها هم نا ك تي ته تها ا"],
];

/** All families, in the order in which stems are looked for. */
export const families: () => readonly Family[] = once(() => TABLES.map(toFamily));

const BY_LANGUAGE = once(
  () => new Map(families().flatMap((one) => one.languages.map((name) => [name, one] as const))),
);
const BY_SCRIPT = once(() => {
  const scripts: readonly Script[] = ["latin", "cyrillic", "arabic", ""];
  return new Map(
    scripts.map((script) => [script, families().filter((one) => one.script === script)]),
  );
});

/** The families that a folded *word* may belong to, by the script of its start. */
export function familiesOf(word: string): readonly Family[] {
  return BY_SCRIPT().get(scriptOf(word)) ?? [];
}

/** The family of *language*, null for Chinese, Japanese and what is not known. */
export function familyOf(language: string): Family | null {
  return BY_LANGUAGE().get(language) ?? null;
}

/** A stem in a family, as one text: stems are only compared within one. */
export function unitOf(family: Family, stemmed: string): string {
  return `${family.name}:${stemmed}`;
}

/** The stem of *word*, folded; itself if nothing can be taken off. */
export function stem(word: string, family: Family): string {
  let stemmed = family.name === "ar" ? withoutArticle(word) : word;
  for (let round = 0; round < family.rounds; round += 1) {
    const before = stemmed;
    stemmed = withoutEnding(stemmed, family);
    if (stemmed === before) break;
  }
  if (stemmed.length <= SHORTEST_STEM) return stemmed;
  const last = stemmed.charAt(stemmed.length - 1);
  if (family.name === "tr") return stemmed.slice(0, -1) + (VOICED.get(last) ?? last);
  const isDoubled = family.name === "en" && last === stemmed.charAt(stemmed.length - 2);
  return isDoubled ? stemmed.slice(0, -1) : stemmed;
}

/**
 * A folded Arabic *word* without a first letter that may mean and, with or for; null if it has
 * none, or if too little would be left.
 */
export function withoutParticle(word: string): string | null {
  const rest = word.slice(1);
  const isPart = !PARTICLES.includes(word.charAt(0)) || rest.length < SHORTEST_AFTER_PARTICLE;
  // With the article behind it, stem() takes it off where enough is left.
  return isPart || rest.startsWith(ARTICLE) ? null : rest;
}

function toFamily([name, languages, script, rounds, line]: Table): Family {
  const endings = new Set(wordsBetweenBlanks(fold(line)));
  const longest = Math.max(...[...endings].map((ending) => ending.length));
  return { name, languages: languages.split(" "), script, endings, rounds, longest };
}

function withoutArticle(word: string): string {
  for (const article of ARTICLES) {
    if (word.startsWith(article) && word.length >= article.length + SHORTEST_STEM) {
      return word.slice(article.length);
    }
  }
  return word;
}

function withoutEnding(word: string, family: Family): string {
  for (let size = Math.min(family.longest, word.length - SHORTEST_STEM); size > 0; size -= 1) {
    const shortest = size >= LONG_ENDING ? SHORTEST_AFTER_LONG : SHORTEST_STEM;
    if (word.length - size >= shortest && family.endings.has(word.slice(-size))) {
      return word.slice(0, -size);
    }
  }
  return word;
}

function scriptOf(word: string): Script {
  const first = word.charCodeAt(0); // NaN for an empty one, which is in no range
  if ((first >= 0x61 && first <= 0x7a) || (first >= 0xc0 && first <= 0x24f)) return "latin";
  if (first >= 0x400 && first <= 0x52f) return "cyrillic";
  return first >= 0x600 && first <= 0x6ff ? "arabic" : "";
}
