/** Browse and the page of an offer, for the member who is in. Loaded once somebody is. */

import { useEffect, useMemo } from "preact/hooks";
import type { Member } from "../../kith/account/member.ts";
import { Browse } from "../../screens/browse/browse.tsx";
import { OfferPage } from "../../screens/browse/offer.tsx";
import type { OfferActions } from "../../screens/browse-model.ts";
import type { MemberView } from "../../shell/routes.ts";
import type { Shell } from "../../shell/shell.ts";
import { Loading } from "../../ui/states.tsx";
import { useSpeech } from "../../ui/text.tsx";
import { catalogueOf } from "../catalogue.ts";
import { Browsing } from "./browser.ts";

interface Props {
  readonly view: MemberView;
  readonly shell: Shell;
  readonly member: Member;
}

const OFFER = "offer";

// One for each member who is in: what was found stays while one looks at an offer.
let current: { readonly member: Member; readonly browsing: Browsing } | null = null;

/** Drops what was found and typed. */
function forgetBrowsing(): void {
  current?.browsing.end();
  current = null;
}

/** The view of the area Browse that is on top. */
export function BrowseArea({ view, shell, member }: Props) {
  const browsing = useMemo(() => browsingOf(member, shell), [member]);
  useEffect(() => browsing.retry(), [shell.online.value]);
  if (view.screen === OFFER)
    return <Offer id={view.id ?? ""} browsing={browsing} shell={shell} />;
  return <List browsing={browsing} />;
}

function List({ browsing }: { readonly browsing: Browsing }) {
  useSpeech();
  const model = browsing.model.value;
  return model === null ? (
    <Loading rows={4} />
  ) : (
    <Browse model={model} actions={browsing.actions} />
  );
}

function Offer({
  id,
  browsing,
  shell,
}: {
  readonly id: string;
  readonly browsing: Browsing;
  readonly shell: Shell;
}) {
  const actions: OfferActions = {
    onBack: () => shell.close(),
    onRetry: () => browsing.retry(),
    onTopic: (topic) => browsing.showTopic(topic),
    onKnock: () => undefined,
    onOpenKnock: () => undefined,
    onOpenTalk: () => undefined,
    onEdit: () => undefined,
    onKeep: () => undefined,
    onHide: () => undefined,
    onHideCommunity: () => undefined,
    onReport: () => undefined,
  };
  return <OfferPage model={browsing.offer(id)} actions={actions} />;
}

function browsingOf(member: Member, shell: Shell): Browsing {
  if (current?.member === member) return current.browsing;
  forgetBrowsing();
  const browsing = new Browsing({
    catalogue: catalogueOf(member),
    speech: () => shell.texts.value,
    languages: () => languagesOf(shell),
    open: (id) => shell.open({ area: "browse", screen: OFFER, id }),
    back: () => shell.close(),
  });
  current = { member, browsing };
  member.whenLocked(forgetBrowsing);
  return browsing;
}

/** The page's language, and those of the community: who looks for what does not show in them. */
function languagesOf(shell: Shell): readonly string[] {
  const community = shell.community.value?.languages ?? [];
  const primary = [shell.language, ...community].map((tag) => tag.split("-")[0] ?? tag);
  return [...new Set(primary)];
}
