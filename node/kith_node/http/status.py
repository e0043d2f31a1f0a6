"""Whether the process lives (``/healthz``) and is ready to serve (``/readyz``)."""

from __future__ import annotations

from collections.abc import Callable

from kith_node.http.route import Access, Answer, Call, Route
from kith_protocol.errors import NotReadyError


def status_routes(is_ready: Callable[[], bool]) -> tuple[Route, ...]:
    """Return the two routes.

    Args:
        is_ready: whether the databases are migrated and the index is built.
    """

    async def alive(_: Call) -> Answer:
        return Answer(status=204)

    async def ready(_: Call) -> Answer:
        if not is_ready():
            raise NotReadyError("still starting", retry_after_s=1)
        return Answer(status=204)

    return (
        Route("GET", "/healthz", Access.NOBODY, alive, "Alive", status=204, is_api=False),
        Route("GET", "/readyz", Access.NOBODY, ready, "Ready", status=204, is_api=False),
    )
