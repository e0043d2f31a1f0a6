"""What anybody may ask to find this node: WebFinger, NodeInfo, host-meta.

Nothing here knows members: WebFinger answers for the node alone, and NodeInfo says how many
people there are in bands that are renewed with the month.

Source: RFC 7033 (WebFinger); RFC 6415 (host-meta); NodeInfo 2.1; FEP-2677, FEP-d556.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec

from kith_crypto.strict_json import JsonObject
from kith_node.runtime.system import Clock
from kith_protocol.day import Day, day_of, format_day
from kith_protocol.errors import NotFoundError
from kith_protocol.nodeinfo import Policy, band, build_nodeinfo, build_nodeinfo_links
from kith_protocol.offer_content import Audience
from kith_protocol.urls import Origin
from kith_protocol.webfinger import build_webfinger

XRD_TYPE = "application/xrd+xml"

_HOST_META = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
    '<Link rel="lrdd" template="{origin}/.well-known/webfinger?resource={{uri}}"/>'
    "</XRD>\n"
)
_YEAR_MONTH = len("YYYY-MM")

CountMembers = Callable[[], Awaitable[int]]


class Discovery:
    """Answers of this node about itself.

    Args:
        origin: of this node.
        software_version: coarse, such as ``0.1``.
        policy: who may become a peer.
        programme: ``adults`` or ``youth``.
        open_registrations: whether anybody may join.
        count_members: how many there are; asked once a month.
        clock: says which month it is.
    """

    def __init__(
        self,
        origin: Origin,
        *,
        software_version: str,
        policy: Policy,
        programme: Audience,
        open_registrations: bool,
        count_members: CountMembers,
        clock: Clock,
    ) -> None:
        self._origin = origin
        self._software_version = software_version
        self._policy: Policy = policy
        self._programme: Audience = programme
        self._open_registrations = open_registrations
        self._count_members = count_members
        self._clock = clock
        self._counted: tuple[str, int | None] | None = None

    def webfinger(self, resource: str) -> bytes:
        """Return the answer to a query for *resource*.

        Raises:
            NotFoundError: it is not the node itself; the same for every other name.
        """
        document = build_webfinger(resource, origin=self._origin)
        if document is None:
            raise NotFoundError("no such resource")
        return _encode(document)

    def nodeinfo_links(self) -> bytes:
        """Return where NodeInfo is."""
        return _encode(build_nodeinfo_links(self._origin))

    async def nodeinfo(self) -> bytes:
        """Return NodeInfo 2.1."""
        return _encode(
            build_nodeinfo(
                software_version=self._software_version,
                open_registrations=self._open_registrations,
                users_band=await self._users_band(day_of(self._clock.now())),
                policy=self._policy,
                programme=self._programme,
            )
        )

    def host_meta(self) -> bytes:
        """Return the XRD that points to WebFinger, for software that looks there first."""
        return _HOST_META.format(origin=self._origin).encode()

    async def _users_band(self, today: Day) -> int | None:
        month = format_day(today)[:_YEAR_MONTH]
        if self._counted is None or self._counted[0] != month:
            self._counted = (month, band(await self._count_members()))
        return self._counted[1]


def _encode(document: JsonObject) -> bytes:
    return msgspec.json.encode(document)
