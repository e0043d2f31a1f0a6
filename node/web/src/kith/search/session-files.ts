/** The files of a node through a session's reader pass. */

import { KithError } from "../crypto/errors.ts";
import type { FileSource } from "./kept-files.ts";

/** What is needed of a session: reading what all members may read. */
export interface Reads {
  read(call: {
    readonly method: "GET";
    readonly path: string;
    readonly etag?: string;
    readonly maxBytes: number;
  }): Promise<{
    readonly status: number;
    readonly body: Uint8Array;
    readonly etag: string | null;
  }>;
}

const NOT_MODIFIED = 304;
const NOT_FOUND = "not-found";

/** Reads files by *session*. */
export function sessionFiles(session: Reads): FileSource {
  return {
    async read(path, { etag, maxBytes }) {
      try {
        const known = etag === null ? {} : { etag };
        const reply = await session.read({ method: "GET", path, maxBytes, ...known });
        if (reply.status === NOT_MODIFIED) return { kind: "same" };
        return { kind: "file", body: reply.body, etag: reply.etag };
      } catch (error) {
        if (error instanceof KithError && error.code === NOT_FOUND) return { kind: "none" };
        throw error;
      }
    },
  };
}
