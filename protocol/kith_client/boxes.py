"""Mailboxes as their owner uses them: open, keep, empty, close.

A box is owned by a key of its own. Only opening one shows a session, as everything that is
new does; every other call is signed by the box's key alone and carries no session, and boxes
are asked for one by one, so that what the node stores joins none to a member or to another.
An item is acknowledged, which deletes it, only after what was in it lies in the stored vault:
that is the caller's part.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec

from kith_client.account import ALREADY_GONE
from kith_client.errors import ProblemError
from kith_client.http import NodeConnection, Request
from kith_client.patience import Pause, repeat
from kith_client.session import Session
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.objects import box_address
from kith_protocol.box_page import MAX_PAGE_BYTES, BoxPage, parse_box_page
from kith_protocol.sealed_api import (
    MAX_ACKNOWLEDGED,
    AcknowledgeBody,
    BoxBody,
    BoxKind,
    BoxMonthBody,
)

REPLY_MONTHS = 4  # somebody who looks in once in two months loses nothing
RENEW_BELOW_MONTHS = 3

_BOXES = "/api/v1/mailboxes/"


class Boxes:
    """Calls about one's own mailboxes, each by its own key."""

    def __init__(
        self, *, connection: NodeConnection, session: Session, pause: Pause = asyncio.sleep
    ) -> None:
        self._connection = connection
        self._session = session
        self._pause = pause

    async def create(self, key: SigningKey, kind: BoxKind, *, renew_by: int) -> None:
        """Open the box of *key*; where it is open already, nothing changes.

        Args:
            key: made for this box; it must be stored before this call.
            kind: what the box takes.
            renew_by: the month (``month_of``) after which the node may delete it.

        Raises:
            ProblemError: the node refused.
            NodeUnreachableError: no answer came, after several tries.
        """
        request = Request("PUT", _path(key), body=BoxBody(kind, renew_by), key=key)
        await repeat(lambda: self._session.send_request(request), pause=self._pause)

    async def renew(self, key: SigningKey, *, renew_by: int) -> bool:
        """Keep the box until *renew_by*; return whether the node still had it."""
        try:
            await self._send("PATCH", key, body=BoxMonthBody(renew_by))
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise
            return False
        return True

    async def fetch(self, key: SigningKey) -> BoxPage:
        """Return what lies in the box, oldest day first: at most a page.

        The answer's size says little, as it is padded; an empty box and one that is gone give
        the same empty page.

        Raises:
            MalformedError: the answer has another form.
        """
        request = Request("GET", _path(key), key=key, max_bytes=MAX_PAGE_BYTES)
        try:
            reply = await repeat(lambda: self._connection.send(request), pause=self._pause)
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise
            return BoxPage(items=(), has_more=False)
        return parse_box_page(reply.body)

    async def acknowledge(self, key: SigningKey, items: Sequence[bytes]) -> None:
        """Let the node delete *items*, ids of 16 bytes; unknown ones are no error."""
        for start in range(0, len(items), MAX_ACKNOWLEDGED):
            part = items[start : start + MAX_ACKNOWLEDGED]
            body = AcknowledgeBody(tuple(map(encode_base64url, part)))
            await self._send("POST", key, body=body, suffix="/acknowledgements")

    async def close(self, key: SigningKey) -> None:
        """Delete the box and what is in it; doing so again changes nothing."""
        try:
            await self._send("DELETE", key)
        except ProblemError as error:
            if error.code not in ALREADY_GONE:
                raise

    async def _send(
        self,
        method: str,
        key: SigningKey,
        *,
        body: msgspec.Struct | None = None,
        suffix: str = "",
    ) -> None:
        request = Request(method, _path(key) + suffix, body=body, key=key)
        await repeat(lambda: self._connection.send(request), pause=self._pause)


def _path(key: SigningKey) -> str:
    return _BOXES + encode_base64url(box_address(key.verify_key))
