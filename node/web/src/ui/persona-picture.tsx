import { INKS, pictureOf } from "./picture.ts";

interface Props {
  /** At least ten bytes made from the public key. */
  readonly bytes: Uint8Array;
  readonly size?: "small" | "large";
}

/** A generated picture; hidden from screen readers, since the name stands beside it. */
export function PersonaPicture({ bytes, size }: Props) {
  const { ground, tiles } = pictureOf(bytes);
  const classes = size === "small" ? "pic pic-sm" : size === "large" ? "pic pic-lg" : "pic";
  return (
    <svg class={classes} viewBox="0 0 64 64" aria-hidden="true" focusable="false">
      <path d="M0 0H64V64H0Z" fill={INKS[ground]} />
      {tiles.map((tile) => (
        <path
          key={tile.transform}
          d={tile.path}
          transform={tile.transform}
          fill={INKS[tile.ink]}
        />
      ))}
    </svg>
  );
}
