/**
 * What *Conversations* shows. Records of `kith/mentorship` and `kith/conversation` are turned into
 * these by the app; nothing here is a wire structure.
 */

import type { Feeling } from "../kith/mentorship/bodies.ts";
import type { Cell } from "../ui/week-model.ts";
import type { CardModel, PromptKind } from "./knocks-model.ts";
import type { Coming, Failure, PersonaLook, TopicLabel, WrittenText } from "./parts/model.ts";

/** Whether one can write, and if not, why. */
export type TalkStatus =
  | "open"
  /** They froze everything; their words: *paused by its owner*. */
  | "paused-by-them"
  /** Frozen by this member: nothing goes out or counts until it is undone. */
  | "frozen-by-me"
  /** This member set it aside; what they write waits unseen. */
  | "resting"
  | "closed"
  /** Their community has gone for good. */
  | "gone"
  | "blocked";

/** A conversation in the list. */
export interface TalkRow {
  readonly id: string;
  /** Null: they have not said who they are. */
  readonly persona: PersonaLook | null;
  readonly picture: Uint8Array;
  readonly about: WrittenText;
  readonly status: TalkStatus;
  readonly role: "mentor" | "mentee";
  /** Something new, never how much. */
  readonly fresh: boolean;
  /** What is written here waits to be sent. */
  readonly waiting: boolean;
  /** An agreed session's beginning (seconds since 1970) that is still to come, else null. */
  readonly next: number | null;
}

export interface TalksModel {
  readonly tab: "talks" | "circles";
  readonly talks: Coming<readonly TalkRow[]>;
  readonly now: number;
}

export interface TalksActions {
  readonly onTab: (tab: "talks" | "circles") => void;
  readonly onOpen: (id: string) => void;
  readonly onBrowse: () => void;
  readonly onRetry: () => void;
}

/** How far an own message has come. */
export type Delivery = "waiting" | "sent" | "not-delivered";

/** One line in the flow that is not a message of words. */
export type TalkEvent =
  | "began"
  | "card"
  | "agreement-proposed"
  | "agreement-accepted"
  | "agreement-declined"
  | "session-agreed"
  | "session-declined"
  | "session-cancelled"
  | "session-took-place"
  | "goal-set"
  | "goal-reached"
  | "goal-dropped"
  | "note"
  | "check-in"
  | "closing"
  | "passed-on"
  | "unknown";

/** What stands in the flow, oldest first. `at`: seconds since 1970. */
export type TalkItem =
  | {
      readonly kind: "words";
      readonly id: string;
      readonly at: number;
      readonly mine: boolean;
      readonly words: WrittenText;
      /** Own ones only. */
      readonly delivery?: Delivery;
      readonly prompts?: readonly PromptKind[];
    }
  | {
      readonly kind: "file";
      readonly id: string;
      readonly at: number;
      readonly mine: boolean;
      readonly name: string;
      readonly bytes: number;
      /** 0 to 1 while it arrives; 1 once it is whole. */
      readonly share: number;
    }
  | {
      readonly kind: "event";
      readonly id: string;
      readonly at: number;
      readonly mine: boolean;
      readonly event: TalkEvent;
      /** A goal's or note's words. */
      readonly words?: WrittenText;
    }
  | {
      readonly kind: "thanks";
      readonly id: string;
      readonly at: number;
      readonly mine: boolean;
      readonly words: WrittenText;
      readonly mayShow: boolean;
      /** Shown on one's own card. */
      readonly shown: boolean;
    }
  /** The agreement's panel stands where its last step does. */
  | { readonly kind: "agreement"; readonly id: string; readonly at: number }
  | { readonly kind: "session"; readonly id: string; readonly at: number }
  /** Messages that never came; `asked`: they were asked for again. */
  | { readonly kind: "gap"; readonly id: string; readonly at: number; readonly asked: boolean }
  /** Two histories of the other side do not agree. */
  | { readonly kind: "fork"; readonly id: string; readonly at: number };

/** Terms of an agreement, in people's words; empty ones are left out. */
export interface TermsModel {
  readonly goals: readonly string[];
  readonly cadence: "once" | "weekly" | "fortnightly" | "monthly" | "as-needed";
  /** 0: open. */
  readonly sessions: number;
  /** Of a session; 0: open. */
  readonly minutes: number;
  readonly channel: string;
  readonly boundaries: string;
  readonly confidentiality: string;
  readonly limits: string;
  readonly ending: string;
  /** Day number on which the two look at it again; 0: open. */
  readonly reviewDay: number;
}

export interface AgreementModel {
  /** `agreed` also while a change is proposed. */
  readonly state: "none" | "proposed" | "agreed";
  readonly agreed: TermsModel | null;
  readonly proposed: TermsModel | null;
  readonly proposedByMe: boolean;
  /** While it is written here. */
  readonly draft: TermsModel | null;
}

/** A time of a session. */
export interface SlotModel {
  /** Seconds since 1970. */
  readonly start: number;
  readonly minutes: number;
  /** Minutes ahead of UTC on the other side's clock, if they say. */
  readonly theirOffset: number | null;
}

export interface SessionModel {
  readonly id: string;
  /** From 1, in the order of proposing. */
  readonly number: number;
  readonly state: "proposed" | "agreed" | "cancelled" | "took-place";
  readonly picked: SlotModel | null;
  readonly proposed: readonly SlotModel[];
  readonly proposedByMe: boolean;
  readonly words: WrittenText | null;
  /** Its time has come: it may be noted that it took place. */
  readonly hasCome: boolean;
}

/** Times while they are chosen, for a new session (`session` null) or for one there is. */
export interface TimesDraft {
  readonly session: string | null;
  readonly cells: readonly Cell[];
  readonly theirs: readonly Cell[];
  /** At most five, made from the cells, each to be moved. `date`: `YYYY-MM-DD`, `time`: `HH:MM`, own clock. */
  readonly slots: readonly { readonly date: string; readonly time: string }[];
  readonly minutes: number;
  readonly tellOffset: boolean;
  readonly error: string | null;
}

export interface GoalModel {
  readonly id: string;
  readonly words: WrittenText;
  readonly state: "open" | "reached" | "dropped";
}

/** A check-in: both answer unseen, then both are shown. */
export interface CheckInModel {
  readonly number: number;
  readonly state: "open" | "waits-for-them" | "shown";
  readonly mine: { readonly feeling: Feeling; readonly words: string } | null;
  readonly theirs: { readonly feeling: Feeling; readonly words: WrittenText } | null;
}

/** The end of a mentorship, step by step. */
export interface ClosingModel {
  /** Closed already, by whom. */
  readonly closed: "by-me" | "by-them" | null;
  readonly words: string;
  readonly theirWords: WrittenText | null;
  readonly questions: readonly {
    readonly id: string;
    readonly text: string;
    readonly answer: string;
  }[];
  readonly feeling: Feeling;
  readonly thanks: string;
  readonly thanksMayShow: boolean;
  /** Mentees thank mentors. */
  readonly canThank: boolean;
  readonly learned: readonly TopicLabel[];
  /** Weeks for which words are kept on both sides, as each one chooses for themselves. */
  readonly keepWeeks: number;
  readonly theirReflection: readonly WrittenText[] | null;
}

/** One conversation. */
export interface TalkModel {
  readonly id: string;
  readonly persona: PersonaLook | null;
  readonly card: CardModel | null;
  readonly picture: Uint8Array;
  readonly about: WrittenText;
  readonly status: TalkStatus;
  readonly role: "mentor" | "mentee";
  readonly now: number;
  readonly items: readonly TalkItem[];
  /** Older ones are on this device, but not in `items` yet. */
  readonly older: boolean;
  readonly draft: string;
  readonly prompts: readonly PromptKind[];
  readonly online: boolean;
  /** Six words, left to right in every language. */
  readonly safetyWords: readonly string[];
  readonly wordsCompared: boolean;
  readonly agreement: AgreementModel;
  readonly sessions: readonly SessionModel[];
  readonly times: TimesDraft | null;
  readonly goals: readonly GoalModel[];
  readonly newGoal: string;
  readonly checkIn: CheckInModel | null;
  readonly closing: ClosingModel | null;
  readonly failure: Failure | null;
}

export type TalkPageModel = Coming<TalkModel>;

export interface TalkActions {
  readonly onBack: () => void;
  readonly onRetry: () => void;
  readonly onOlder: () => void;
  readonly onDraft: (text: string) => void;
  readonly onSend: () => void;
  readonly onSendAgain: (item: string) => void;
  readonly onAskAgain: () => void;
  readonly onSaveFile: (item: string) => void;
  readonly onShowThanks: (item: string, show: boolean) => void;
  readonly onCompared: (same: boolean) => void;
  readonly onTerms: (terms: TermsModel | null) => void;
  readonly onPropose: () => void;
  readonly onAnswerAgreement: (accepted: boolean) => void;
  readonly onPrintAgreement: () => void;
  readonly onTimes: (session: string | null) => void;
  readonly onTimesChange: (change: Partial<TimesDraft>) => void;
  readonly onTimesSend: () => void;
  readonly onTimesDrop: () => void;
  readonly onPick: (session: string, start: number) => void;
  readonly onSessionEnd: (
    session: string,
    how: "declined" | "cancelled" | "took-place",
  ) => void;
  readonly onCalendar: (session: string) => void;
  readonly onNewGoal: (text: string) => void;
  readonly onAddGoal: () => void;
  readonly onGoal: (id: string, state: GoalModel["state"]) => void;
  readonly onCheckIn: (feeling: Feeling, words: string) => void;
  readonly onShowCard: () => void;
  readonly onRest: (rest: boolean) => void;
  readonly onUnfreeze: () => void;
  readonly onClosing: (change: Partial<ClosingModel> | null) => void;
  readonly onBeginClosing: () => void;
  readonly onClose: () => void;
  readonly onPassOn: () => void;
  readonly onExport: () => void;
  readonly onDelete: () => void;
  readonly onBlock: () => void;
  readonly onReport: (report: ReportDraft) => void;
}

/** Why something is reported. */
export type ReportCategory =
  | "safety"
  | "harassment"
  | "deception"
  | "illegal"
  | "spam"
  | "other";

/** A complaint: what goes with it is chosen, the rest stays sealed. */
export interface ReportDraft {
  readonly category: ReportCategory;
  readonly words: string;
  /** Ids of the messages that go with it as proof. */
  readonly items: readonly string[];
  readonly block: boolean;
}
