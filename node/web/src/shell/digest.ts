/**
 * The digest of the client that this browser was given: what `kith web digest` prints on the
 * server. SHA-256 over a line for each file in the order of their names:
 * `SHA-256 of the bytes in hexadecimal, two blanks, name, line feed`.
 */

/** Fetches the bytes of an address of this origin. */
export type FetchBytes = (address: string) => Promise<Uint8Array>;
/** Returns the SHA-256 of some bytes. */
export type Sha256 = (bytes: Uint8Array) => Promise<Uint8Array>;

/** The service worker's first line names all files. */
const WORKER = "sw.js";
const PAGE = "index.html";

/**
 * Works out the digest.
 *
 * @throws TypeError if a file cannot be fetched or the list of files cannot be read
 */
export async function clientDigest(fetchBytes: FetchBytes, sha256: Sha256): Promise<string> {
  const worker = new TextDecoder().decode(await fetchBytes(`/${WORKER}`));
  const lines: string[] = [];
  for (const name of namesIn(worker)) {
    const bytes = await fetchBytes(name === PAGE ? "/" : `/${name}`);
    lines.push(`${hex(await sha256(bytes))}  ${name}\n`);
  }
  return hex(await sha256(new TextEncoder().encode(lines.join(""))));
}

/** Reads the list of files. Names are ASCII, so their order is that of the server. */
function namesIn(worker: string): string[] {
  const [first = ""] = worker.split("\n", 1);
  let found: unknown;
  try {
    found = JSON.parse(first.slice(2));
  } catch {
    throw new TypeError("the worker names no files");
  }
  if (!Array.isArray(found)) throw new TypeError("the worker names no files");
  return found
    .map((name: unknown) => {
      if (typeof name !== "string" || !/^(?:assets\/)?[\w.-]+$/.test(name)) {
        throw new TypeError("a strange name among the files");
      }
      return name;
    })
    .sort();
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Returns 64 digits in groups of eight, easier to compare. */
export function inGroups(digest: string): string {
  return digest.match(/.{1,8}/g)?.join(" ") ?? digest;
}
