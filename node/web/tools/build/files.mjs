// Names of files: assets carry a hash of what is in them, so that browsers keep them for ever.
import { createHash } from "node:crypto";

const HASH_CHARACTERS = 10;

/** Returns the SHA-256 of some bytes, as hexadecimal digits. */
export function sha256(bytes) {
  return createHash("sha256").update(bytes).digest("hex");
}

/** Puts bytes into a tree under a name that holds their hash; returns the path in the tree. */
export function putHashed(tree, base, suffix, bytes) {
  const path = `assets/${base}-${sha256(bytes).slice(0, HASH_CHARACTERS)}${suffix}`;
  tree.set(path, bytes);
  return path;
}

/** Returns the address of a path in the tree. */
export function addressOf(path) {
  return path === "index.html" ? "/" : `/${path}`;
}
