import { useMemo } from "preact/hooks";
import { encodeQr } from "./qr.ts";

/** Light modules around a code, so that cameras find it. */
const QUIET = 4;

interface Props {
  readonly text: string;
  /** What it holds, in words. */
  readonly label: string;
}

/** A QR code; dark on light in every theme. */
export function QrPicture({ text, label }: Props) {
  const { path, size } = useMemo(() => pathOf(text), [text]);
  return (
    <svg
      class="qr"
      viewBox={`${-QUIET} ${-QUIET} ${size + 2 * QUIET} ${size + 2 * QUIET}`}
      role="img"
      aria-label={label}
      shape-rendering="crispEdges"
    >
      <path d={path} />
    </svg>
  );
}

function pathOf(text: string): { path: string; size: number } {
  const modules = encodeQr(text);
  const parts = modules.flatMap((line, row) =>
    line.map((dark, column) => (dark ? `M${column} ${row}h1v1h-1z` : "")),
  );
  return { path: parts.join(""), size: modules.length };
}
