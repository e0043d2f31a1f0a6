"""An aiohttp server that reads a request and answers 202: the raw limit of any node."""

from __future__ import annotations

import sys

from aiohttp import web


async def take(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=202)


async def announce(_: web.Application) -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()


if __name__ == "__main__":
    app = web.Application(client_max_size=2**21)
    app.router.add_post("/inbox", take)
    app.on_startup.append(announce)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
