"""What has been written and must leave: nothing is lost, nothing harmful is sent twice.

Whoever writes a message stores it together with an ``Outgoing`` record, and only then is it
handed in. If the program ends in between, ``resume`` hands it in again: first messages as the
very same bytes under the same handle, later ones written out anew from the stored message,
which the other side takes as the same. A record goes once the node says the envelope was
delivered, or knows nothing of it any more.
"""

from __future__ import annotations

from collections.abc import Callable, Container

import msgspec

from kith_client.errors import ProblemError
from kith_client.post import Post
from kith_client.shelf import Shelf
from kith_crypto.envelope import Unstamped, encode_unstamped, parse_unstamped
from kith_crypto.errors import KithError, UnavailableError
from kith_crypto.randomness import Rng
from kith_protocol.errors import UnreachableNodeError
from kith_protocol.hand_in import HANDLE_BYTES, HandIn
from kith_protocol.sealed_api import EnvelopeState
from kith_protocol.urls import parse_origin

KIND = "outgoing"

_REFUSED = frozenset({400, 409, 413, 415})

WriteAgain = Callable[[bytes], Unstamped]
"""Writes the stored message of this hash out anew."""


class Outgoing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An envelope on its way. Its ``repr`` shows nothing.

    Attributes:
        to: origin of the node it goes to.
        conversation: 16 bytes.
        is_slow: whether it may wait for half an hour.
        envelope: as it is handed in, of a first message; else empty.
        message: hash of the message, of a later one; else empty.
        is_handed_in: whether the node has taken it.
        is_failed: whether it could not be delivered; kept until somebody has seen it.
    """

    to: str
    conversation: bytes
    is_slow: bool = False
    envelope: bytes = b""
    message: bytes = b""
    is_handed_in: bool = False
    is_failed: bool = False

    def __repr__(self) -> str:
        return "Outgoing(...)"


class Outbox:
    """The envelopes of one member that are on their way."""

    def __init__(self, *, post: Post, shelf: Shelf, rng: Rng) -> None:
        self._post = post
        self._shelf = shelf
        self._rng = rng

    def add_first(self, conversation: bytes, unstamped: Unstamped, *, to: str) -> bytes:
        """Note a knock, withdrawal or answer and return its handle; ``save`` before sending.

        What failed of the same conversation before is forgotten.
        """
        for handle, record in self.failed().items():
            if record.conversation == conversation and not record.message:
                self._shelf.drop(KIND, handle)
        return self._add(Outgoing(to, conversation, True, encode_unstamped(unstamped)))

    def add_message(self, conversation: bytes, message: bytes, *, to: str) -> bytes:
        """Note a later message by its hash and return its handle; ``save`` before sending."""
        return self._add(Outgoing(to, conversation, message=message))

    async def send(self, handle: bytes, unstamped: Unstamped) -> EnvelopeState:
        """Hand in what was noted and stored.

        Raises:
            ProblemError: the node refused; where it would again, the envelope counts as failed.
            NodeUnreachableError: no answer came; ``resume`` goes on.
        """
        record = self._get(handle)
        # The node hands out its own address, so loopback is as good as it is.
        to = parse_origin(record.to, development=True)
        try:
            state = await self._post.hand_in(handle, HandIn(to, record.is_slow, unstamped))
        except ProblemError as error:
            if _is_refused(error):
                self._note(handle, record, "failed")
            raise
        self._note(handle, record, state)
        return state

    async def resume_first(self) -> int:
        """Hand in first messages that were never sent; return how many it was."""
        waiting = [one for one in self._unsent() if one[1].envelope]
        for handle, record in waiting:
            await self.try_send(handle, parse_unstamped(record.envelope))
        return len(waiting)

    async def resume(self, conversation: bytes, write_again: WriteAgain) -> int:
        """Hand in messages of a conversation that were never sent; return how many."""
        waiting = [
            (handle, record)
            for handle, record in self._unsent()
            if record.conversation == conversation and not record.envelope
        ]
        for handle, record in waiting:
            await self._send_again(handle, record, write_again)
        return len(waiting)

    async def retry(self, conversation: bytes, write_again: WriteAgain) -> None:
        """Hand in once more the messages of a conversation that could not be delivered.

        To be called once another message of it was taken, so that the way is open again: the
        other side shows nothing that comes after a gap before it is filled.
        """
        for handle, record in self.failed().items():
            if record.conversation == conversation and record.message:
                again = msgspec.structs.replace(record, is_handed_in=False, is_failed=False)
                if not await self._send_again(handle, again, write_again):
                    return

    async def _send_again(
        self, handle: bytes, record: Outgoing, write_again: WriteAgain
    ) -> bool:
        # Other bytes than before need another handle.
        self._shelf.drop(KIND, handle)
        try:
            unstamped = write_again(record.message)
        except KithError:
            return False  # the conversation is over: nothing may be sent in it any more
        return await self.try_send(self._add(record), unstamped)

    async def try_send(self, handle: bytes, unstamped: Unstamped) -> bool:
        """Hand in what was noted and stored; what is refused for good counts as failed.

        Returns:
            Whether it was taken.

        Raises:
            ProblemError: the node refused, and may not the next time.
            NodeUnreachableError: no answer came; ``resume`` goes on.
        """
        try:
            state = await self.send(handle, unstamped)
        except ProblemError as error:
            # One that is refused for good must not keep everything else from being read.
            if not _is_refused(error):
                raise
            return False
        return state != "failed"

    def _unsent(self) -> list[tuple[bytes, Outgoing]]:
        found = self._shelf.all(KIND, Outgoing).items()
        return [one for one in found if not (one[1].is_handed_in or one[1].is_failed)]

    async def follow(self) -> dict[bytes, EnvelopeState]:
        """Ask where the envelopes are and return the news by conversation.

        Of first messages that failed it tells each time.

        The questions go out in random order, each by its handle and the pass of all members.
        """
        waiting = [
            (handle, record)
            for handle, record in self._shelf.all(KIND, Outgoing).items()
            if record.is_handed_in and not record.is_failed
        ]
        news: dict[bytes, EnvelopeState] = {
            record.conversation: "failed"
            for record in self.failed().values()
            if not record.message
        }
        for handle, record in sorted(waiting, key=lambda _: self._rng.bytes(8)):
            try:
                state = await self._post.state(handle)
            except (ProblemError, UnavailableError):
                continue  # it is asked again next time
            if state is None:  # after 8 days nobody knows any more
                self._shelf.drop(KIND, handle)
            elif state != "queued":
                self._note(handle, record, state)
                news[record.conversation] = state
        return news

    def drop_seen(self, conversation: bytes, seen: Container[bytes]) -> None:
        """Forget messages that the other side has seen: nobody need be asked about them.

        Args:
            conversation: 16 bytes.
            seen: hashes of messages.
        """
        for handle, record in self._shelf.all(KIND, Outgoing).items():
            if record.conversation == conversation and record.message in seen:
                self._shelf.drop(KIND, handle)

    def failed(self) -> dict[bytes, Outgoing]:
        """Return what could not be delivered, by handle."""
        found = self._shelf.all(KIND, Outgoing).items()
        return {handle: record for handle, record in found if record.is_failed}

    def _add(self, record: Outgoing) -> bytes:
        handle = self._rng.bytes(HANDLE_BYTES)
        self._shelf.put(KIND, handle, record)
        return handle

    def _get(self, handle: bytes) -> Outgoing:
        record = self._shelf.get(KIND, handle, Outgoing)
        assert record is not None, "what is sent has been noted"
        return record

    def _note(self, handle: bytes, record: Outgoing, state: EnvelopeState) -> None:
        if state == "delivered":
            self._shelf.drop(KIND, handle)
            return
        changed = msgspec.structs.replace(
            record, is_handed_in=True, is_failed=state == "failed", envelope=b""
        )
        self._shelf.put(KIND, handle, changed)


def _is_refused(error: ProblemError) -> bool:
    """Return whether the node will never take this envelope, however often it is asked."""
    return error.code == UnreachableNodeError.code or error.status in _REFUSED
