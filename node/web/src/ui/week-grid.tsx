import { useId, useRef, useState } from "preact/hooks";
import { useSpeech } from "./text.tsx";
import {
  type Cell,
  cellOf,
  type Day,
  daysFrom,
  firstDayOf,
  moveBy,
  type Part,
  toggleCell,
} from "./week-model.ts";

interface Props {
  /** What the times are for; says *sealed* where they are. */
  readonly label: string;
  readonly chosen: readonly Cell[];
  readonly onChange: (chosen: Cell[]) => void;
  /** Times of the other side, shown as dots. */
  readonly theirs?: readonly Cell[];
  /** Where the week begins; by default, by the language. */
  readonly first?: Day;
}

/** From this width on, days stand across. The same value is in week.css. */
const WIDE = "(min-width: 40rem)";
const PARTS: readonly Part[] = [0, 1, 2];

/** Seven days by three parts of a day: one tab stop, arrows move, space chooses. */
export function WeekGrid({ label, chosen, onChange, theirs = [], first }: Props) {
  const { t, language } = useSpeech();
  const id = useId();
  const grid = useRef<HTMLDivElement>(null);
  const start = first ?? firstDayOf(language);
  const [stop, setStop] = useState<Cell>(cellOf(start, 0));
  const long = dayNames(language, "long");
  const short = dayNames(language, "short");
  const parts = [t("week-morning"), t("week-afternoon"), t("week-evening")];

  const onKeyDown = (event: KeyboardEvent): void => {
    if (grid.current === null || event.altKey || event.metaKey) return;
    const next = moveBy(stop, event.key, event.ctrlKey, {
      across: matchMedia(WIDE).matches,
      rtl: getComputedStyle(grid.current).direction === "rtl",
      first: start,
    });
    if (next === null) return;
    event.preventDefault();
    setStop(next);
    grid.current.querySelector<HTMLElement>(`[data-cell="${next}"]`)?.focus();
  };

  const cell = (day: Day, part: Part) => {
    const number = cellOf(day, part);
    const on = chosen.includes(number);
    const them = theirs.includes(number);
    const names = { day: long[day] ?? "", part: parts[part] ?? "" };
    return (
      <label class={`${them ? "theirs" : ""}${on ? " on" : ""}`} key={number}>
        <input
          type="checkbox"
          data-cell={number}
          checked={on}
          tabIndex={number === stop ? 0 : -1}
          aria-label={them ? t("week-cell-theirs", names) : t("week-cell", names)}
          onFocus={() => setStop(number)}
          onChange={() => onChange(toggleCell(chosen, number))}
        />
      </label>
    );
  };

  return (
    <div class="stack stack-3">
      {/* biome-ignore lint/a11y/useSemanticElements: engines lay no grid out in a fieldset */}
      <div
        class="week"
        role="group"
        aria-label={label}
        aria-describedby={`${id}-keys`}
        ref={grid}
        onKeyDown={onKeyDown}
      >
        <span class="week-h" aria-hidden="true" />
        {parts.map((part) => (
          <span class="week-h" key={part} aria-hidden="true">
            {part}
          </span>
        ))}
        {daysFrom(start).map((day) => [
          <span class="week-d" key={`d${day}`} aria-hidden="true">
            {short[day]}
          </span>,
          ...PARTS.map((part) => cell(day, part)),
        ])}
      </div>
      <p class="vh" id={`${id}-keys`}>
        {t("week-keys")}
      </p>
      {theirs.length > 0 && (
        <p class="legend">
          <span>
            <i class="key key-mine" /> {t("week-mine")}
          </span>
          <span>
            <i class="key key-theirs" /> {t("week-theirs")}
          </span>
        </p>
      )}
    </div>
  );
}

/** Names of the days, Monday first. 1 January 2024 was a Monday. */
function dayNames(language: string, width: "long" | "short"): string[] {
  const format = new Intl.DateTimeFormat(language, { weekday: width, timeZone: "UTC" });
  return Array.from({ length: 7 }, (_, i) => format.format(Date.UTC(2024, 0, 1 + i)));
}
