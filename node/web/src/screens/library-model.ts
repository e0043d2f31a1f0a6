/** What the library shows: links and short texts that a community recommends. */

import type { CrisisModel } from "./browse-model.ts";
import type { Coming, TopicLabel, WrittenText } from "./parts/model.ts";

/** An entry in the list. */
export interface ResourceRow {
  readonly id: string;
  readonly title: WrittenText;
  readonly kind: "link" | "text";
  readonly topics: readonly TopicLabel[];
  /** BCP 47 tags. */
  readonly languages: readonly string[];
  readonly community: string;
}

export interface LibraryModel {
  readonly query: string;
  readonly topics: readonly (TopicLabel & { readonly on: boolean })[];
  /** Crisis help of this community: always first, before any result. */
  readonly crisis: CrisisModel | null;
  readonly results: Coming<readonly ResourceRow[]>;
  readonly offline: boolean;
}

export interface LibraryActions {
  readonly onQuery: (text: string) => void;
  readonly onTopic: (id: string, on: boolean) => void;
  readonly onOpen: (id: string) => void;
  readonly onRetry: () => void;
}

/** One entry. */
export interface ResourceModel {
  readonly id: string;
  readonly title: WrittenText;
  readonly community: string;
  readonly text: WrittenText | null;
  /** Shown in full and opened only after a warning; https only. */
  readonly link: string | null;
  readonly topics: readonly TopicLabel[];
  readonly languages: readonly string[];
  /** Day number of its last change. */
  readonly updatedDay: number;
  /** Day number on which it goes by itself. */
  readonly untilDay: number;
  /** It is help in a crisis. */
  readonly crisis: boolean;
}

export type ResourcePageModel = Coming<ResourceModel> | { readonly state: "gone" };

export interface ResourceActions {
  readonly onBack: () => void;
  readonly onRetry: () => void;
  readonly onTopic: (id: string) => void;
  /** Puts the link where one can paste it: the browser opens nothing. */
  readonly onCopy: (link: string) => void;
  readonly onReport: () => void;
}
