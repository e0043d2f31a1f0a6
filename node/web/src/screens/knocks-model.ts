/** What *Knocks* shows: those that came, those that went, writing one, answering one. */

import type { Cell } from "../ui/week-model.ts";
import type { OfferCardModel } from "./browse-model.ts";
import type {
  Coming,
  Failure,
  Option,
  PersonaLook,
  TopicLabel,
  WrittenText,
} from "./parts/model.ts";

/** The one visible state of a knock. */
export type KnockState =
  | "draft"
  | "queued"
  | "delivered"
  | "failed"
  | "accepted"
  | "declined"
  | "expired"
  | "withdrawn";

/** A knock in a list. Those that came show no word of what was written. */
export interface KnockRow {
  readonly id: string;
  readonly offer: { readonly title: WrittenText; readonly picture: Uint8Array };
  readonly state: KnockState;
  /** Seconds since 1970: the day on which it came or went. */
  readonly at: number;
  /** Not opened yet (those that came). */
  readonly fresh: boolean;
}

export interface KnocksModel {
  readonly tab: "in" | "out";
  readonly came: Coming<readonly KnockRow[]>;
  readonly went: Coming<readonly KnockRow[]>;
  readonly now: number;
  /** How many may be open at once, and how many are. */
  readonly open: number;
  readonly of: number;
}

export interface KnocksActions {
  readonly onTab: (tab: "in" | "out") => void;
  readonly onOpen: (id: string) => void;
  readonly onBrowse: () => void;
  readonly onRetry: () => void;
}

/** What a persona shows of itself in a knock or an answer. */
export interface CardModel {
  readonly persona: PersonaLook;
  readonly about: WrittenText | null;
  readonly languages: readonly string[];
  readonly topics: readonly TopicLabel[];
  /** What others thanked them for; nothing proves it. */
  readonly thanks: readonly WrittenText[];
}

/** A week of somebody else, in the reader's own time. */
export interface TheirWeek {
  readonly cells: readonly Cell[];
}

/** One's words of a knock. */
export interface KnockDraft {
  /** At most 800 characters; the one thing that has to be there. */
  readonly words: string;
  /** At most 200 characters each. */
  readonly hopes: string;
  readonly tried: string;
  readonly rhythm: KnockRhythm | null;
  readonly cells: readonly Cell[];
  /** Id of the persona that is shown; `none`: nobody; `new`: one for this conversation only. */
  readonly persona: string;
}

export type KnockRhythm = "once" | "fortnightly" | "weekly" | "see";

/** Words that seem to ask for something to think about first. */
export type PromptKind = "elsewhere" | "meeting" | "photo" | "money";

export interface ComposeModel {
  readonly offer: {
    readonly title: WrittenText;
    readonly community: string;
    readonly picture: Uint8Array;
  };
  readonly home: string;
  readonly draft: KnockDraft;
  readonly personas: readonly PersonaLook[];
  /** The picture of the persona that would be made for this conversation only. */
  readonly newPicture: Uint8Array;
  /** Which of the open knocks this would be. */
  readonly number: number;
  readonly of: number;
  /** Seconds since 1970: when it ends unanswered. */
  readonly ends: number;
  readonly now: number;
  readonly sealedBytes: number;
  readonly prompts: readonly PromptKind[];
  readonly online: boolean;
  readonly saved: "no" | "kept";
  readonly sending: boolean;
  readonly failure: Failure | null;
}

export interface ComposeActions {
  readonly onBack: () => void;
  readonly onChange: (change: Partial<KnockDraft>) => void;
  readonly onSend: () => void;
  readonly onKeep: () => void;
}

/** One's own knock, on its way or over. */
export interface SentModel {
  readonly id: string;
  readonly offer: ComposeModel["offer"];
  readonly state: KnockState;
  readonly at: number;
  readonly now: number;
  /** When it ends unanswered. */
  readonly ends: number;
  readonly written: {
    readonly words: string;
    readonly hopes: string;
    readonly tried: string;
    readonly rhythm: KnockRhythm | null;
    readonly cells: readonly Cell[];
    readonly persona: PersonaLook | null;
  };
  /** What they answered. */
  readonly answer: { readonly words: WrittenText; readonly times: WrittenText | null } | null;
  /** After a no: where else to look. */
  readonly suggestions: readonly TopicLabel[];
  readonly close: readonly OfferCardModel[];
  /** Why it could not be delivered. */
  readonly failure: Failure | null;
  /** Once accepted: the conversation. */
  readonly talk: string | null;
}

export interface SentActions {
  readonly onBack: () => void;
  readonly onWithdraw: () => void;
  readonly onAgain: () => void;
  readonly onTalk: (id: string) => void;
  readonly onOpenOffer: (id: string) => void;
  readonly onTopic: (id: string) => void;
  readonly onBrowse: () => void;
}

/** A knock that came, once it is opened. */
export interface ReceivedModel {
  readonly id: string;
  readonly offer: {
    readonly id: string;
    readonly title: WrittenText;
    readonly picture: Uint8Array;
  };
  /** The community it came from. */
  readonly community: string;
  readonly at: number;
  readonly now: number;
  readonly ends: number;
  readonly state: "open" | "accepted" | "declined" | "expired" | "withdrawn";
  readonly words: WrittenText;
  readonly hopes: WrittenText | null;
  readonly tried: WrittenText | null;
  readonly rhythm: KnockRhythm | WrittenText | null;
  readonly times: TheirWeek | WrittenText | null;
  readonly card: CardModel | null;
  readonly prompts: readonly PromptKind[];
  /** The answer while it is written. */
  readonly answer: AnswerDraft;
  readonly personas: readonly PersonaLook[];
  readonly newPicture: Uint8Array;
  /** Topics that one may suggest with a no. */
  readonly topics: readonly TopicLabel[];
  readonly sending: boolean;
  readonly failure: Failure | null;
  readonly talk: string | null;
}

/** An answer while it is written. */
export interface AnswerDraft {
  /** Null: nothing chosen yet. */
  readonly how: "accept" | "decline" | null;
  /** At most 800 characters. */
  readonly words: string;
  /** Accept or decline, and rest the offer: number of weeks, 0: it goes on. */
  readonly pauseWeeks: number;
  readonly suggestions: readonly string[];
  readonly cells: readonly Cell[];
  readonly persona: string;
}

export interface ReceivedActions {
  readonly onBack: () => void;
  readonly onChange: (change: Partial<AnswerDraft>) => void;
  readonly onSend: () => void;
  readonly onTalk: (id: string) => void;
  readonly onReport: () => void;
  readonly onBlock: () => void;
}

export type { Option };
