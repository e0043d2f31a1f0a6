/** The catalogue of the member who is in: topics, offers and library, over files kept here. */

import { fileStore } from "../kith/account/files.ts";
import type { Member } from "../kith/account/member.ts";
import { KeptFiles } from "../kith/search/kept-files.ts";
import { Search } from "../kith/search/search.ts";
import { sessionFiles } from "../kith/search/session-files.ts";
import { Topics } from "../kith/search/topics.ts";

const TURN_MS = 8;

/** What browsing needs. */
export interface Catalogue {
  readonly topics: Topics;
  readonly search: Search;
  /** Drops everything that was read, and what was typed. */
  readonly forget: () => void;
}

/** The catalogue of *member*. */
export function catalogueOf(member: Member): Catalogue {
  const { clock, drawer, rng } = member.means;
  const turns = {
    pause: () => new Promise<void>((resolve) => setTimeout(resolve, 0)),
    now: () => performance.now(),
    lengthMs: TURN_MS,
  };
  const store = fileStore(drawer, member.vaultKey, rng);
  const files = new KeptFiles(sessionFiles(member.session), store);
  const topics = new Topics(files, turns);
  const search = new Search({ files, topics, actor: member.actor, clock, turns });
  return {
    topics,
    search,
    forget: () => {
      files.forget();
      topics.refresh();
      search.forget();
    },
  };
}
