/** What a member sees in each area. */

import { type DrawView, drawEmptyArea } from "../shell/areas.tsx";
import { Later } from "../ui/later.tsx";
import type { AppAccount } from "./account.ts";

const loadBrowsing = () => import("./browse/views.tsx").then((loaded) => loaded.BrowseArea);

/** Draws the views of whoever is in. Areas without screens of their own say that they are empty. */
export function drawMember(account: AppAccount): DrawView {
  return (view, shell) => {
    const member = account.member.value;
    if (view.area !== "browse" || member === null) return drawEmptyArea(view, shell);
    return <Later load={loadBrowsing} with={{ view, shell, member }} />;
  };
}
