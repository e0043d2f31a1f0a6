import { ICONS, type IconName } from "./icons.ts";

interface Props {
  readonly name: IconName;
  readonly small?: boolean;
  /** Mirrored from right to left: only for arrows that mean forward or back. */
  readonly flip?: boolean;
}

/** A drawing beside words; screen readers pass over it. */
export function Icon({ name, small = false, flip = false }: Props) {
  const classes = `icon${small ? " icon-sm" : ""}${flip ? " icon-flip" : ""}`;
  return (
    <svg class={classes} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={ICONS[name]} />
    </svg>
  );
}

/** The product's mark and name; left to right in every language. */
export function Wordmark() {
  return (
    <svg viewBox="0 0 58 24" aria-hidden="true" focusable="false">
      <rect x="1" y="3" width="4.600" height="18" rx="2.300" />
      <circle cx="24.600" cy="5.100" r="2.500" />
      <g class="leaf">
        <path d="M7.600 12A9 9 0 0 1 16.600 3A9 9 0 0 1 7.600 12Z" />
        <path d="M7.600 12A9 9 0 0 1 16.600 21A9 9 0 0 1 7.600 12Z" opacity=".72" />
      </g>
      <path
        d="M24.600 11.200V18.800M33.400 5.400V15.400A3.400 3.400 0 0 0 36.800 18.800H37.800M30 10.700H37.800M45.400 5.200V18.800M45.400 14.800A4.100 4.100 0 0 1 53.600 14.800V18.800"
        fill="none"
        stroke="currentColor"
        stroke-width="4.200"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
