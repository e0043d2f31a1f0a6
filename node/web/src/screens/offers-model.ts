/** What *My offers* and the editor of an offer show. */

import type { Answers, Format, Level, Way, When } from "../kith/search/offer-content.ts";
import type { Coming, Option, PersonaLook, TopicLabel, WrittenText } from "./parts/model.ts";

/** Where an offer stands. */
export type OfferState =
  /** On this device only. */
  | { readonly state: "draft" }
  /** With the node, and goes out with the next release. */
  | { readonly state: "waiting" }
  /** `untilDay`: day number of its end; `soon`: within two weeks. */
  | { readonly state: "up"; readonly untilDay: number; readonly soon: boolean }
  /** Up, and says that there is no room. */
  | { readonly state: "full"; readonly untilDay: number }
  /** Paused after two knocks went unanswered: it asks kindly. */
  | { readonly state: "paused-by-itself" }
  /** Written here while there was no line. */
  | { readonly state: "queued" }
  | { readonly state: "ended" }
  /** A steward took it away; `reason` in words, if one was given. */
  | { readonly state: "removed"; readonly reason: WrittenText | null };

/** One of this member's offers. */
export interface OwnOffer {
  readonly id: string;
  readonly title: WrittenText;
  readonly picture: Uint8Array;
  readonly topics: readonly TopicLabel[];
  readonly state: OfferState;
  /** Places that this member gives; stays on the device. */
  readonly places: number;
}

export interface OffersModel {
  readonly offers: Coming<readonly OwnOffer[]>;
  /** After a closing: what was learned and could be passed on, else null. */
  readonly passOn: { readonly topics: readonly TopicLabel[] } | null;
}

export interface OffersActions {
  readonly onNew: () => void;
  readonly onPassOn: () => void;
  readonly onNotNow: () => void;
  readonly onOpen: (id: string) => void;
  readonly onRoom: (id: string, open: boolean) => void;
  readonly onExtend: (id: string) => void;
  readonly onWithdraw: (id: string) => void;
  readonly onDropDraft: (id: string) => void;
  readonly onRetry: () => void;
}

/** What the lint found in the free text. */
export interface LintFinding {
  readonly id: string;
  /** What it looks like. */
  readonly kind:
    | "email"
    | "phone"
    | "handle"
    | "link"
    | "name"
    | "employer"
    | "place"
    | "address"
    | "date"
    | "rare";
  /** The words themselves. */
  readonly words: string;
  /** Contact details: cannot be kept. */
  readonly blocks: boolean;
  /** What could stand instead; empty: nothing. Null: no fix is known. */
  readonly fix: string | null;
}

/** What leaves the node, in words, in the order of the bytes. */
export interface LeavesModel {
  /** How many communities it goes to; 0: stays at home until peers exist. */
  readonly communities: number;
  /** This community's name, the only sender that is told. */
  readonly from: string;
  readonly size: number;
  /** The exact bytes, as text. */
  readonly bytes: string;
}

/** An offer while it is written. Texts are kept as a draft by the app with every change. */
export interface OfferDraft {
  readonly topics: readonly TopicLabel[];
  readonly ways: readonly Way[];
  readonly languages: readonly string[];
  readonly formats: readonly Format[];
  readonly when: readonly When[];
  readonly level: readonly Level[];
  /** How many people at once, 1 to 30; never leaves the device. */
  readonly places: number;
  readonly answers: Answers | null;
  /** How long it stays up, in days. */
  readonly days: number;
  readonly group: boolean;
  readonly relay: boolean;
  readonly region: string | null;
  /** At most 120 characters. */
  readonly summary: string;
  /** At most 600 characters. */
  readonly text: string;
  /** Language of the two texts, BCP 47. */
  readonly textLanguage: string;
}

export interface EditorModel {
  /** Null for a new one. */
  readonly id: string | null;
  readonly draft: OfferDraft;
  readonly saved: "no" | "saving" | "kept";
  /** What stands in the topics' search box. */
  readonly topicQuery: string;
  readonly topicHits: readonly TopicLabel[];
  /** Languages to choose from first; any other by *Another*. */
  readonly languages: readonly Option[];
  readonly otherLanguages: readonly Option[];
  /** `in-person` only where the community allows it. */
  readonly inPerson: boolean;
  readonly regions: readonly Option[];
  readonly findings: readonly LintFinding[];
  /** Members that must be filled before it can go out. */
  readonly missing: readonly ("topics" | "ways" | "languages" | "formats")[];
  readonly leaves: LeavesModel;
  /** The smallest number of changes of a release, and after how many days it goes anyway. */
  readonly release: { readonly changes: number; readonly days: number };
  /** Day number on which it would end. */
  readonly untilDay: number;
  readonly publishing: boolean;
  readonly failure: { readonly title: string; readonly next: string } | null;
  /** A profile under which it could be shown, which links the two; else null. */
  readonly profile: { readonly persona: PersonaLook; readonly shown: boolean } | null;
}

export interface EditorActions {
  readonly onBack: () => void;
  readonly onChange: (change: Partial<OfferDraft>) => void;
  readonly onTopicQuery: (text: string) => void;
  readonly onFix: (id: string) => void;
  readonly onKeepWords: (id: string) => void;
  readonly onShowUnder: (on: boolean) => void;
  readonly onPublish: () => void;
  readonly onClose: () => void;
}
