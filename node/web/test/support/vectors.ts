import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The file *name* of `crypto/vectors`, read as it is. */
export function cryptoVectors<T>(name: string): T {
  return read("crypto", name);
}

/** The file *name* of `protocol/vectors`, read as it is. */
export function protocolVectors<T>(name: string): T {
  return read("protocol", name);
}

function read<T>(room: string, name: string): T {
  const path = join(process.cwd(), "..", "..", room, "vectors", name);
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
