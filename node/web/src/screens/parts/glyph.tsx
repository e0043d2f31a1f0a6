/** Drawings that only the member's screens use; the same square and line as `ui/icons.ts`. */

const RING = "M3.5 12A8.5 8.5 0 0 1 20.5 12A8.5 8.5 0 0 1 3.5 12Z";

const GLYPHS = {
  yes: `${RING}M8.300 12.300 11 15 15.800 9.500`,
  no: `${RING}M9 9 15 15M15 9 9 15`,
  part: `${RING}M12 8V12.500M12 15.900V16`,
  clock: `${RING}M12 7.500V12L15 14`,
  ring: RING,
  filter: "M4 7H20M7 12H17M10 17H14",
  way: "M4 6.500H20M4 12H20M4 17.500H13",
  out: "M12 15.500V4.500M7.500 9 12 4.500 16.500 9M4.500 15V19.500H19.500V15",
  pact: "M6 3.500H15L19 7.500V20.500H6ZM14.500 3.500V8H19M9 13 11 15 15 11",
  date: "M6 5.500H18A2 2 0 0 1 20 7.500V18A2 2 0 0 1 18 20H6A2 2 0 0 1 4 18V7.500A2 2 0 0 1 6 5.500ZM4 10H20M8.500 3.500V7M15.500 3.500V7",
  send: "M4.500 12 20 5 14.500 19.500 11.500 13ZM11.500 13 20 5",
  wish: "M7 4H17V20L12 16 7 20Z",
  flag: "M6 20.500V4.500H17.500L15 8.500 17.500 12.500H6",
  add: "M12 5V19M5 12H19",
  pause: "M9 5.500V18.500M15 5.500V18.500",
  goal: `${RING}M8.5 12A3.5 3.5 0 0 1 15.5 12A3.5 3.5 0 0 1 8.5 12Z`,
  link: "M10 14A4 4 0 0 0 15.700 14L18.800 10.900A4 4 0 0 0 13.100 5.200L12 6.300M14 10A4 4 0 0 0 8.300 10L5.200 13.100A4 4 0 0 0 10.900 18.800L12 17.700",
  life: `${RING}M12 7.500V16.500M7.500 12H16.500`,
} as const;

/** A glyph's name. */
export type GlyphName = keyof typeof GLYPHS;

/** A drawing beside words; screen readers pass over it. */
export function Glyph(props: {
  readonly name: GlyphName;
  readonly small?: boolean;
  readonly flip?: boolean;
}) {
  const { name, small = false, flip = false } = props;
  const classes = `icon${small ? " icon-sm" : ""}${flip ? " icon-flip" : ""}`;
  return (
    <svg class={classes} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={GLYPHS[name]} />
    </svg>
  );
}
