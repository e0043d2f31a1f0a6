import { useSpeech } from "../../ui/text.tsx";
import { type Cell, placeOf } from "../../ui/week-model.ts";
import { listText } from "../parts/format.ts";

/** Parts of a week as words: “Monday (Evening) or Saturday (Morning)”. */
export function CellsText({ cells }: { readonly cells: readonly Cell[] }) {
  const { t, language } = useSpeech();
  const parts = [t("week-morning"), t("week-afternoon"), t("week-evening")];
  const format = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
  const names = cells.map((cell) => {
    const { day, part } = placeOf(cell);
    return t("cell-words", {
      day: format.format(Date.UTC(2024, 0, 1 + day)),
      part: parts[part] ?? "",
    });
  });
  return <span>{listText(language, names, "or")}</span>;
}
