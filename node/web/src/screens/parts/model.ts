/** Small records that several areas share. */

/** Words that a person wrote: shown as text, in their own direction. */
export interface WrittenText {
  readonly text: string;
  /** BCP 47 tag, where it is known. */
  readonly lang?: string;
}

/** A topic with its label in the language of the page. */
export interface TopicLabel {
  readonly id: string;
  readonly text: string;
}

/** A persona as it is shown: its picture is made from a key. */
export interface PersonaLook {
  readonly id: string;
  readonly name: string;
  readonly pronouns?: string;
  /** At least ten bytes made from its key. */
  readonly picture: Uint8Array;
}

/** What failed, in words that are already in the language of the page. */
export interface Failure {
  readonly title: string;
  readonly next: string;
}

/** Something that comes: not here yet, failed, or here. */
export type Coming<T> =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly failure: Failure }
  | { readonly state: "ready"; readonly value: T };

/** One of a few values, with its words. */
export interface Option {
  readonly value: string;
  readonly text: string;
  readonly lang?: string;
}
