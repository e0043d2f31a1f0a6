/** What *Me* shows: personas, the ways in, how the page looks, and how to take everything along or away. */

import type { Coming, Failure, Option, PersonaLook, TopicLabel } from "./parts/model.ts";

/** One of this member's personas. */
export interface OwnPersona {
  readonly persona: PersonaLook;
  /** Published as a profile of this community. */
  readonly profile: "none" | "listed" | "by-link";
}

export interface MeModel {
  readonly community: string;
  readonly personas: readonly OwnPersona[];
  /** The sheet's words were tried: it is known to be readable. */
  readonly sheetTried: boolean;
  readonly devices: number;
  readonly frozen: boolean;
  /** Seconds since 1970 of the last saved vault, or null. */
  readonly vaultSavedAt: number | null;
  readonly vaultWaits: boolean;
  readonly now: number;
  /** Reports made here, without what was written. */
  readonly reports: readonly {
    readonly id: string;
    readonly day: number;
    readonly about: "offer" | "profile" | "knock" | "message" | "resource";
    readonly outcome: "waiting" | "acted" | "no-action" | "passed-on";
  }[];
  readonly blocks: readonly { readonly id: string; readonly day: number }[];
}

export interface MeActions {
  readonly onPersona: (id: string | null) => void;
  readonly onDevices: () => void;
  readonly onRecovery: () => void;
  readonly onPassphrase: () => void;
  readonly onFreeze: () => void;
  readonly onExport: () => void;
  readonly onDelete: () => void;
  readonly onUnblock: (id: string) => void;
  readonly onLock: () => void;
  readonly onSafety: () => void;
  readonly onAbout: () => void;
}

/** A persona while it is written; bounds are those of a profile. */
export interface PersonaDraft {
  /** 1 to 40 characters. */
  readonly name: string;
  /** At most 40. */
  readonly pronouns: string;
  /** At most 300. */
  readonly about: string;
  readonly languages: readonly string[];
  readonly topics: readonly TopicLabel[];
  readonly profile: "none" | "listed" | "by-link";
  /** Offers that stand under the profile, which links them. */
  readonly shown: readonly string[];
}

export interface PersonaModel {
  /** Null: a new one. */
  readonly id: string | null;
  readonly draft: PersonaDraft;
  readonly picture: Uint8Array;
  readonly languages: readonly Option[];
  readonly topicQuery: string;
  readonly topicHits: readonly TopicLabel[];
  readonly offers: readonly { readonly id: string; readonly title: string }[];
  /** The profile's address, once it is published. */
  readonly link: string | null;
  readonly saved: "no" | "saving" | "kept";
  readonly failure: Failure | null;
}

export interface PersonaActions {
  readonly onBack: () => void;
  readonly onChange: (change: Partial<PersonaDraft>) => void;
  /** Suggests another pseudonym and picture. */
  readonly onSuggest: () => void;
  readonly onTopicQuery: (text: string) => void;
  readonly onSave: () => void;
  readonly onRemove: () => void;
  readonly onCopyLink: (link: string) => void;
}

/** Devices that keep this member's vault. Their names stay in the vault. */
export interface DevicesModel {
  readonly devices: Coming<
    readonly {
      readonly id: string;
      readonly name: string;
      readonly current: boolean;
      /** Day number of its last saving. */
      readonly savedDay: number | null;
    }[]
  >;
  readonly failure: Failure | null;
}

export interface DevicesActions {
  readonly onBack: () => void;
  readonly onRetry: () => void;
  readonly onRename: (id: string, name: string) => void;
  readonly onForget: (id: string) => void;
}

/** The passphrase's change, step by step. */
export interface PassphraseModel {
  readonly current: string;
  readonly next: string;
  /** One that was made up, to take over. */
  readonly suggestion: string;
  /** 0 to 4, or null while nothing is written. */
  readonly strength: 0 | 1 | 2 | 3 | 4 | null;
  /** Why it will not do, in words. */
  readonly error: string | null;
  readonly wrong: boolean;
  readonly working: boolean;
  readonly done: boolean;
}

export interface PassphraseActions {
  readonly onBack: () => void;
  readonly onChange: (change: { readonly current?: string; readonly next?: string }) => void;
  readonly onTakeSuggestion: () => void;
  readonly onAnother: () => void;
  readonly onSave: () => void;
}

export interface ExportModel {
  readonly state: "ready" | "working" | "done" | "failed";
  /** 0 to 1. */
  readonly share: number;
  readonly parts: readonly ("offers" | "talks" | "circles" | "wishes" | "personas" | "files")[];
  readonly failure: Failure | null;
}

export interface ExportActions {
  readonly onBack: () => void;
  readonly onExport: () => void;
  readonly onCancel: () => void;
}

/** What one peer said of a withdrawal. */
export interface ReceiptModel {
  readonly peer: string;
  readonly state: "confirmed" | "pending" | "unreachable";
}

export interface DeleteModel {
  readonly step: "ask" | "working" | "receipts" | "done" | "failed";
  /** The word that has to be written to go on, in the page's language. */
  readonly word: string;
  readonly typed: string;
  readonly exported: boolean;
  readonly share: number;
  /** Offers and profiles that were withdrawn, and what peers said. */
  readonly receipts: readonly {
    readonly title: string;
    readonly peers: readonly ReceiptModel[];
  }[];
  readonly failure: Failure | null;
}

export interface DeleteActions {
  readonly onBack: () => void;
  readonly onExport: () => void;
  readonly onType: (text: string) => void;
  readonly onDelete: () => void;
  readonly onSaveReceipts: () => void;
  /** Deletes the account with peers still pending. */
  readonly onFinish: () => void;
  readonly onRetry: () => void;
  readonly onLeave: () => void;
}
