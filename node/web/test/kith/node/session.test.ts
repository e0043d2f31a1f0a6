import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SigningKey } from "../../../src/kith/crypto/ed25519.ts";
import { MalformedError, TooLargeError, UsageError } from "../../../src/kith/crypto/errors.ts";
import { NodeConnection } from "../../../src/kith/node/connection.ts";
import { NodeUnreachableError, ProblemError } from "../../../src/kith/node/errors.ts";
import { type PassRecord, Session } from "../../../src/kith/node/session.ts";
import {
  answerJson,
  answerProblem,
  type Handler,
  withServer,
} from "../../support/http-node.ts";
import { seededRng } from "../../support/rng.ts";

const DAY = 20_780;
const AUTH = new Uint8Array(32).fill(1);
const rng = seededRng(1);

function sessionOf(token: string, readerPass = "pass"): object {
  const slots = { passphrase: "", recovery: "" };
  return { token, readerPass, role: "member", state: "active", slots };
}

function connect(origin: string): NodeConnection {
  return new NodeConnection(origin, { clock: () => DAY * 86_400, rng, fetch });
}

function open(origin: string, readerPass: PassRecord | null = null, auths = [AUTH]): Session {
  const clock = () => DAY * 86_400;
  const connection = connect(origin);
  return new Session({ connection, auths, readerPass, keepPass: () => undefined, clock, rng });
}

const tokenOf = (headers: Readonly<Record<string, string>>) => headers["authorization"];

describe("a connection", () => {
  it("tells what a node refuses and why", async () => {
    await withServer(
      (_, response) => answerProblem(response, "busy", 503),
      async (origin) => {
        const failed = connect(origin).send({ method: "GET", path: "/x" });
        await assert.rejects(failed, (error) => {
          assert.ok(error instanceof ProblemError);
          assert.deepEqual(
            [error.code, error.status, error.pointer, error.retryAfterS, error.isPassing],
            ["busy", 503, "/a", 7, true],
          );
          return true;
        });
      },
    );
  });

  it("takes nothing that is too long, unclear or redirected", async () => {
    const answers: Record<string, Handler> = {
      "/long": (_, response) => response.end("x".repeat(101)),
      "/odd": (_, response) => response.writeHead(500).end("<h1>"),
      "/moved": (_, response) => response.writeHead(302, { Location: "/long" }).end(),
      "/broken": (_, response) => response.destroy(),
    };
    await withServer(
      (seen, response) => answers[seen.path]?.(seen, response),
      async (origin) => {
        const get = (path: string) =>
          connect(origin).send({ method: "GET", path, maxBytes: 100 });
        await assert.rejects(get("/long"), TooLargeError);
        await assert.rejects(get("/odd"), MalformedError);
        await assert.rejects(get("/moved"), NodeUnreachableError);
        await assert.rejects(get("/broken"), NodeUnreachableError);
      },
    );
  });

  it("signs anew what may have been read already", async () => {
    let count = 0;
    await withServer(
      (_, response) => {
        count += 1;
        if (count === 1) answerProblem(response, "replayed", 401);
        else answerJson(response, {});
      },
      async (origin, seen) => {
        const key = SigningKey.generate(rng);
        await connect(origin).send({ method: "DELETE", path: "/offers/x", key });
        const inputs = seen.map((one) => one.headers["signature-input"]);
        assert.equal(new Set(inputs).size, 2);
      },
    );
  });

  it("sends the digest of what it sends, and no cookie", async () => {
    await withServer(
      (_, response) => answerJson(response, {}),
      async (origin, seen) => {
        const body = { auth: "ä", device: "x" };
        await connect(origin).send({ method: "POST", path: "/x", query: { q: "a b" }, body });
        const [one] = seen;
        assert.equal(one?.path, "/x?q=a+b");
        assert.equal(one?.body.toString(), '{"auth":"ä","device":"x"}');
        assert.match(one?.headers["content-digest"] ?? "", /^sha-256=:[A-Za-z0-9+/]{43}=:$/);
        assert.equal(one?.headers["cookie"], undefined);
        assert.equal(one?.headers["referer"], undefined);
      },
    );
  });
});

describe("a session", () => {
  it("is opened when needed, renewed when handed a fresh one, and opened anew once", async () => {
    let opened = 0;
    await withServer(
      (seen, response) => {
        if (seen.path === "/api/v1/session") {
          opened += 1;
          answerJson(response, sessionOf(`token-${opened}`));
        } else if (tokenOf(seen.headers) === "Kith token-1" && seen.path === "/two") {
          answerProblem(response, "unauthorized", 401);
        } else {
          response.setHeader("Kith-Session", `fresh-${opened}`);
          answerJson(response, {});
        }
      },
      async (origin, seen) => {
        const session = open(origin);
        for (const path of ["/one", "/one", "/two"])
          await session.send({ method: "GET", path });
        const tokens = seen.map((one) => tokenOf(one.headers));
        assert.deepEqual(tokens, [undefined, "Kith token-1", "Kith fresh-1", "Kith fresh-1"]);
        session.dropToken();
        await session.send({ method: "GET", path: "/two" });
        assert.equal(opened, 2);
      },
    );
  });

  it("is tried by every way there is, and by none after leaving", async () => {
    await withServer(
      (seen, response) => {
        const { auth } = JSON.parse(seen.body.toString() || "{}") as { auth?: string };
        if (auth?.startsWith("Ag")) answerJson(response, sessionOf("new"));
        else answerProblem(response, "unauthorized", 401);
      },
      async (origin, seen) => {
        const session = open(origin);
        session.alsoTry(new Uint8Array(32).fill(2));
        assert.equal((await session.signIn()).token, "new");
        assert.equal(seen.length, 2);
        await session.signIn();
        assert.equal(seen.length, 3);
        session.forget();
        await assert.rejects(session.send({ method: "GET", path: "/x" }), UsageError);
        await assert.rejects(open(origin).signIn(), ProblemError);
      },
    );
  });

  it("is not shown where the pass is enough", async () => {
    await withServer(
      (seen, response) => {
        if (seen.path === "/api/v1/session") answerJson(response, sessionOf("t", "new"));
        else if (seen.headers["kith-reader"] === "old")
          answerProblem(response, "unauthorized", 401);
        else answerJson(response, {});
      },
      async (origin, seen) => {
        await open(origin, { value: "known", day: DAY - 1 }).read({
          method: "GET",
          path: "/a",
        });
        assert.equal(seen.length, 1);
        await open(origin, { value: "old", day: DAY }).read({ method: "GET", path: "/a" });
        await open(origin, { value: "past", day: DAY - 2 }).read({ method: "GET", path: "/a" });
        const passes = seen.map((one) => one.headers["kith-reader"]);
        assert.deepEqual(passes, ["known", "old", undefined, "new", undefined, "new"]);
        assert.ok(seen.every((one) => tokenOf(one.headers) === undefined));
      },
    );
  });

  it("streams piece by piece until it is told to stop", async () => {
    await withServer(
      (_, response) => {
        response.writeHead(200);
        response.write("tick");
      },
      async (origin) => {
        const ending = new AbortController();
        const session = open(origin, { value: "known", day: DAY });
        const pieces: string[] = [];
        const run = async () => {
          for await (const piece of session.stream("/events", ending.signal)) {
            pieces.push(Buffer.from(piece).toString());
            ending.abort();
          }
        };
        await assert.rejects(run(), NodeUnreachableError);
        assert.deepEqual(pieces, ["tick"]);
      },
    );
  });
});
