import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A request as a small server saw it. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Answers one request. */
export type Handler = (seen: Seen, response: ServerResponse) => void;

/** Runs *test* against a server on loopback that answers by *handler*, and closes it. */
export async function withServer(
  handler: Handler,
  test: (origin: string, seen: Seen[]) => Promise<void>,
): Promise<void> {
  const all: Seen[] = [];
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const seen = {
        method: request.method ?? "",
        path: request.url ?? "",
        headers: request.headers as Record<string, string>,
        body,
      };
      all.push(seen);
      handler(seen, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    await test(`http://127.0.0.1:${port}`, all);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Answers with *value* as JSON. */
export function answerJson(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "Content-Type": "application/json" });
  response.end(JSON.stringify(value));
}

/** Answers with a problem of this *code*. */
export function answerProblem(response: ServerResponse, code: string, status: number): void {
  response.writeHead(status, {
    "Content-Type": "application/problem+json",
    "Retry-After": "7",
  });
  response.end(JSON.stringify({ type: `/problems/${code}`, title: "No.", pointer: "/a" }));
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}
