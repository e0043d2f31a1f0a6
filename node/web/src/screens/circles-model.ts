/** What *Circles* shows: a small group with one conversation. */

import type { PromptKind } from "./knocks-model.ts";
import type { Coming, Failure, PersonaLook, WrittenText } from "./parts/model.ts";
import type { Delivery } from "./talk-model.ts";

/** What a circle agrees on; shown before one joins. */
export interface CircleTermsModel {
  readonly name: WrittenText;
  readonly purpose: WrittenText;
  /** House rules of this circle, one on each line. */
  readonly rules: WrittenText;
  /** BCP 47 tags. */
  readonly languages: readonly string[];
  /** How many it takes at most, 2 to 30. */
  readonly places: number;
}

/** Where one stands in a circle. */
export type CircleStanding =
  /** Invited; nothing is told yet. */
  | "invited"
  /** Asked to be let in; the convener's device has to answer. */
  | "joining"
  | "in"
  | "left"
  | "removed"
  | "ended";

export interface CircleRow {
  readonly id: string;
  readonly name: WrittenText;
  readonly picture: Uint8Array;
  readonly standing: CircleStanding;
  readonly fresh: boolean;
  readonly waiting: boolean;
  /** The next meeting's beginning, seconds since 1970, or null. */
  readonly next: number | null;
}

export interface CirclesModel {
  readonly circles: Coming<readonly CircleRow[]>;
  readonly now: number;
}

export interface CirclesActions {
  readonly onOpen: (id: string) => void;
  readonly onNew: () => void;
  readonly onRetry: () => void;
}

/** Somebody with a seat. Names are those that members chose for this circle. */
export interface SeatModel {
  readonly id: string;
  readonly persona: PersonaLook;
  readonly me: boolean;
  readonly convener: boolean;
}

/** A meeting of the circle. */
export interface MeetingModel {
  readonly id: string;
  readonly start: number;
  readonly minutes: number;
  /** How one gets there, in words. */
  readonly where: WrittenText;
  readonly cancelled: boolean;
  /** One's own word; others' words as names. */
  readonly mine: "yes" | "no" | "unsaid";
  readonly coming: readonly string[];
  readonly over: boolean;
}

export type CircleItem =
  | {
      readonly kind: "words";
      readonly id: string;
      readonly at: number;
      /** Null: one's own. */
      readonly from: PersonaLook | null;
      readonly words: WrittenText;
      readonly delivery?: Delivery;
      readonly prompts?: readonly PromptKind[];
    }
  | {
      readonly kind: "event";
      readonly id: string;
      readonly at: number;
      readonly event: "entered" | "left" | "removed" | "terms" | "meeting" | "meeting-off";
      readonly name: string;
    }
  | { readonly kind: "gap"; readonly id: string; readonly at: number };

export interface CircleModel {
  readonly id: string;
  readonly picture: Uint8Array;
  readonly terms: CircleTermsModel;
  readonly standing: CircleStanding;
  readonly convener: boolean;
  /** Terms were changed since one accepted them. */
  readonly newTerms: boolean;
  /** How many there are, told with an invitation. */
  readonly people: number;
  /** Words of the invitation. */
  readonly invitation: WrittenText | null;
  readonly seats: readonly SeatModel[];
  readonly meetings: readonly MeetingModel[];
  readonly items: readonly CircleItem[];
  readonly now: number;
  readonly draft: string;
  readonly prompts: readonly PromptKind[];
  readonly online: boolean;
  /** The convener: conversations from which one could invite. */
  readonly invitable: readonly { readonly talk: string; readonly persona: PersonaLook }[];
  /** Who asks to be let in. */
  readonly asking: readonly { readonly id: string; readonly persona: PersonaLook }[];
  readonly personas: readonly PersonaLook[];
  /** The persona with which one joins. */
  readonly joinAs: string;
  readonly meeting: MeetingDraft | null;
  readonly failure: Failure | null;
}

/** A meeting while it is written; own clock. */
export interface MeetingDraft {
  readonly date: string;
  readonly time: string;
  readonly minutes: number;
  readonly where: string;
  readonly error: string | null;
}

export interface CircleActions {
  readonly onBack: () => void;
  readonly onRetry: () => void;
  readonly onJoinAs: (persona: string) => void;
  readonly onJoin: () => void;
  readonly onDecline: () => void;
  readonly onAcceptTerms: () => void;
  readonly onDraft: (text: string) => void;
  readonly onSend: () => void;
  readonly onAttend: (meeting: string, comes: boolean) => void;
  readonly onCalendar: (meeting: string) => void;
  readonly onMeeting: (draft: Partial<MeetingDraft> | null) => void;
  readonly onMeetingSend: () => void;
  readonly onCancelMeeting: (meeting: string) => void;
  readonly onInvite: (talk: string) => void;
  readonly onLetIn: (id: string, yes: boolean) => void;
  readonly onRemove: (seat: string) => void;
  readonly onLeave: () => void;
  readonly onReport: () => void;
}

/** A new circle, while it is written. */
export interface ConveneModel {
  readonly name: string;
  readonly purpose: string;
  readonly rules: string;
  readonly languages: readonly string[];
  readonly languageOptions: readonly { readonly value: string; readonly text: string }[];
  readonly places: number;
  readonly persona: string;
  readonly personas: readonly PersonaLook[];
  readonly saved: "no" | "kept";
  readonly failure: Failure | null;
}

export interface ConveneActions {
  readonly onBack: () => void;
  readonly onChange: (change: Partial<ConveneModel>) => void;
  readonly onBegin: () => void;
}
