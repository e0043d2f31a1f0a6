// Icons and manifests: Kith's own, and those of discreet mode.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { putHashed } from "./files.mjs";

const MASKS = { notes: "Notes", sums: "Sums", weather: "Weather" };
const COLOURS = { background_color: "#f5f6f3", theme_color: "#ffffff" };

function manifest(name, icon) {
  const icons = ["any", "maskable"].map((purpose) => ({
    src: icon,
    sizes: "any",
    type: "image/svg+xml",
    purpose,
  }));
  const lines = { id: "/", name, short_name: name, start_url: "/", scope: "/" };
  return Buffer.from(
    `${JSON.stringify({ ...lines, display: "standalone", ...COLOURS, icons })}\n`,
  );
}

/**
 * Puts icons and manifests into the tree; returns the two addresses of each mask. None of them
 * says whom a community is for.
 */
export function putLooks(tree, root) {
  const putIcon = (file, base) => {
    const raw = readFileSync(join(root, "static", file));
    return `/${putHashed(tree, base, ".svg", raw)}`;
  };
  const own = putIcon("kith.svg", "icon");
  tree.set("manifest.webmanifest", manifest("Kith", own));
  const looks = { none: { icon: own, manifest: "/manifest.webmanifest" } };
  for (const [mask, name] of Object.entries(MASKS)) {
    const icon = putIcon(`discreet-${mask}.svg`, mask);
    const path = putHashed(tree, mask, ".webmanifest", manifest(name, icon));
    looks[mask] = { icon, manifest: `/${path}` };
  }
  return looks;
}
