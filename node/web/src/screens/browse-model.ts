/**
 * What Browse, the page of an offer and the page of a profile show. The app fills these records
 * from the catalogue's replica and the vault; screens change nothing but through the callbacks.
 */

import type {
  Answers,
  Audience,
  Format,
  Level,
  Room,
  Way,
  When,
} from "../kith/search/offer-content.ts";
import type { Coming, PersonaLook, TopicLabel, WrittenText } from "./parts/model.ts";

/** Codes of `kith/search/reasons.ts`, as they come. Unknown ones are passed over. */
export interface ReasonModel {
  readonly code: string;
  /** Labels for topics and words; the wire's values for the others (languages: BCP 47 tags). */
  readonly values: readonly string[];
}

/** Why an offer is shown: the reason that says most, and what does not fit. */
export interface WhyModel {
  readonly first: ReasonModel;
  /** The languages asked and spoken, said beside the first where they help. */
  readonly also?: ReasonModel;
  readonly differences: readonly ReasonModel[];
}

/** One card of the list. Its height may differ from that of others. */
export interface OfferCardModel {
  /** Stable; never shown. */
  readonly id: string;
  readonly title: WrittenText;
  /** The community's own name for itself. */
  readonly community: string;
  /** At least ten bytes made from the offer's key. */
  readonly picture: Uint8Array;
  /** Null while nothing is asked for. */
  readonly why: WhyModel | null;
  /** `asked`: it is (or lies under) what was asked. */
  readonly topics: readonly (TopicLabel & { readonly asked: boolean })[];
  /** BCP 47 tags. */
  readonly languages: readonly string[];
  readonly formats: readonly Format[];
  readonly when: readonly When[];
  readonly answers: Answers | null;
  readonly room: Room;
  /** Kept for later by this member. */
  readonly kept?: boolean;
}

/** The groups of a query that can be chosen from, in the order of the page. */
export type FacetKey =
  | "topics"
  | "languages"
  | "ways"
  | "formats"
  | "when"
  | "level"
  | "room"
  | "communities";

/** One value of a group. */
export interface FacetOption {
  readonly value: string;
  /** Its words; for languages and communities their own names. */
  readonly text: string;
  readonly lang?: string;
  readonly count: number;
  readonly on: boolean;
  /** It lies under the one above it. */
  readonly sub?: boolean;
}

/** A group of values with counts. */
export interface FacetModel {
  readonly key: FacetKey;
  readonly options: readonly FacetOption[];
}

/** What was found. */
export interface ResultsModel {
  /** How many offers answer; they are drawn one by one. */
  readonly count: number;
  readonly communities: number;
  /** Returns the offer of a place in the list, 0 to `count` − 1. Asked only for what is near the view. */
  readonly offerAt: (place: number) => OfferCardModel;
  /** Changes with every other list, so that what was measured of the old one is forgotten. */
  readonly key: string;
}

/** A wish: a search that was kept. */
export interface WishModel {
  readonly id: string;
  readonly text: string;
  /** Something fits that was not there before. Never a number. */
  readonly fresh: boolean;
}

/** Browse. */
export interface BrowseModel {
  /** What stands in the box. */
  readonly query: string;
  /** What was understood or chosen, each to be taken away. */
  readonly chosen: readonly { readonly key: FacetKey; readonly option: FacetOption }[];
  /** “Did you mean”: another spelling, or null. */
  readonly correction: string | null;
  readonly facets: readonly FacetModel[];
  readonly results: Coming<ResultsModel>;
  /** While the node searches it sees the words; off by default. Null: it is not asked. */
  readonly nodeSearches: boolean | null;
  /** The day of the copy when there is no line (seconds since 1970), else null. */
  readonly offlineSince: number | null;
  readonly wishes: readonly WishModel[];
  /** Null: nothing is asked for, so there is nothing to keep. */
  readonly wishKept: boolean | null;
  /** Help in a crisis, shown first where the words ask for it. */
  readonly crisis: CrisisModel | null;
  /** Hidden by this member and therefore not among the results. */
  readonly hidden: boolean;
}

/** Where somebody listens now. */
export interface CrisisModel {
  readonly entries: readonly {
    readonly id: string;
    readonly title: WrittenText;
    readonly contact: string;
    readonly about: WrittenText;
  }[];
}

export interface BrowseActions {
  readonly onQuery: (text: string) => void;
  readonly onFacet: (key: FacetKey, value: string, on: boolean) => void;
  readonly onClear: () => void;
  readonly onNodeSearches: (on: boolean) => void;
  readonly onOpen: (id: string) => void;
  readonly onRetry: () => void;
  readonly onKeepWish: () => void;
  readonly onOpenWish: (id: string) => void;
  readonly onDropWish: (id: string) => void;
  readonly onShowHidden: () => void;
  /** Opens an entry of the library (crisis help). */
  readonly onResource: (id: string) => void;
}

/** Whether and how one can knock at an offer. */
export type KnockChance =
  | { readonly state: "free"; readonly left: number; readonly of: number }
  /** All knocks are open. */
  | { readonly state: "none-left"; readonly of: number }
  /** One is open already. */
  | { readonly state: "knocked"; readonly knock: string }
  /** Accepted before: it leads to a conversation. */
  | { readonly state: "talking"; readonly talk: string }
  | { readonly state: "full" }
  | { readonly state: "own" }
  /** No line and no key of the offer on this device. */
  | { readonly state: "offline" };

/** The page of an offer. */
export interface OfferModel {
  readonly id: string;
  readonly title: WrittenText;
  readonly community: string;
  readonly communityLang?: string;
  /** This member's own community. */
  readonly home: boolean;
  readonly picture: Uint8Array;
  readonly why: WhyModel | null;
  /** In the reader's best language first; the others can be chosen. */
  readonly texts: readonly (WrittenText & { readonly lang: string })[];
  readonly topics: readonly TopicLabel[];
  readonly ways: readonly Way[];
  readonly formats: readonly Format[];
  /** The words of a subregion (UN M49), with `in-person` only. */
  readonly region: string | null;
  readonly languages: readonly string[];
  readonly when: readonly When[];
  readonly level: readonly Level[];
  readonly audience: Audience;
  readonly room: Room;
  readonly answers: Answers | null;
  readonly group: boolean;
  /** Day number (days since 1970-01-01) of its end. */
  readonly untilDay: number;
  readonly kept: boolean;
  /** Null: nothing can be done with it from here yet. */
  readonly knock: KnockChance | null;
}

/** What can stand instead of an offer's page. */
export type OfferPageModel = Coming<OfferModel> | { readonly state: "gone" };

export interface OfferActions {
  readonly onBack: () => void;
  readonly onRetry: () => void;
  readonly onKnock: () => void;
  readonly onOpenKnock: (id: string) => void;
  readonly onOpenTalk: (id: string) => void;
  readonly onEdit: () => void;
  readonly onKeep: (keep: boolean) => void;
  readonly onHide: () => void;
  /** Hides everything from this community, on this device. */
  readonly onHideCommunity: () => void;
  readonly onReport: () => void;
  readonly onTopic: (id: string) => void;
}

/** A published persona of this community. */
export interface ProfileModel {
  readonly persona: PersonaLook;
  readonly about: WrittenText | null;
  readonly languages: readonly string[];
  readonly topics: readonly TopicLabel[];
  /** Those that its owner chose to show here. */
  readonly offers: readonly OfferCardModel[];
  /** Listed in this community, or seen by link only. */
  readonly listed: boolean;
  readonly mine: boolean;
}

/** What can stand instead of a profile. */
export type ProfilePageModel = Coming<ProfileModel> | { readonly state: "gone" };

export interface ProfileActions {
  readonly onBack: () => void;
  readonly onRetry: () => void;
  readonly onOpenOffer: (id: string) => void;
  readonly onEdit: () => void;
  readonly onReport: () => void;
  readonly onBlock: () => void;
}

/** The profiles of this community that are listed. */
export interface PeopleModel {
  readonly people: Coming<
    readonly {
      /** Its `id` opens the profile. */
      readonly persona: PersonaLook;
      readonly about: WrittenText | null;
      readonly topics: readonly TopicLabel[];
    }[]
  >;
}

export interface PeopleActions {
  readonly onBack: () => void;
  readonly onRetry: () => void;
  readonly onOpen: (id: string) => void;
}
