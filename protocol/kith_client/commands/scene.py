"""What the commands of a mentorship share: its conversation, opened, read, written to."""

from __future__ import annotations

import contextlib
import dataclasses
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime
from typing import TypeVar

from kith_client.commands.cautions import ask_before_sending
from kith_client.commands.common import Place, run_async
from kith_client.commands.messages import pick_conversation
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import Reader
from kith_client.conversation import Conversation
from kith_client.errors import NodeUnreachableError
from kith_client.member import Member
from kith_client.mentorship.mentoring import Mentoring
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import MAX_DAY
from kith_protocol.mentorship.state import Mentorship

T = TypeVar("T")

_FIRST_DAY = date(1970, 1, 1)


@dataclasses.dataclass(frozen=True, slots=True)
class Scene:
    """One conversation of a member who types a command.

    Attributes:
        place: where they type.
        member: who types.
        conversation: with everything that has come.
    """

    place: Place
    member: Member
    conversation: Conversation

    @property
    def mentorship(self) -> Mentoring:
        """Return what can be done."""
        return self.conversation.mentorship

    @property
    def state(self) -> Mentorship:
        """Return how it stands now."""
        return self.conversation.mentorship.state

    async def send(self, work: Awaitable[T]) -> T | None:
        """Return the result of *work*, which sends a message; see ``send_or_keep``."""
        return await send_or_keep(self.place, work, lambda: len(self.conversation.messages))


async def send_or_keep(
    place: Place, work: Awaitable[T], count_stored: Callable[[], int]
) -> T | None:
    """Return the result of *work*, which stores a message and then sends it.

    None if the line broke in between: it is sent later by itself, and running the command
    again would send it twice.

    Args:
        place: where that is said.
        work: raises ``NodeUnreachableError`` if the line breaks.
        count_stored: tells how many messages are stored.

    Raises:
        NodeUnreachableError: the line broke before anything was stored.
    """
    before = count_stored()
    try:
        return await waiting_for("Sending", work)
    except NodeUnreachableError:
        if count_stored() == before:
            raise
        place.warn(
            "the node cannot be reached; what you wrote is kept and will be sent the next time "
            "you look. There is no need to repeat it"
        )
        return None


def in_conversation(place: Place, number: str, act: Callable[[Scene], Awaitable[None]]) -> None:
    """Open the conversation that *number* means, fetch what has come, then *act*."""
    run_async(_in_conversation(place, place.ask_passphrase(), number, act))


def read_day(text: str) -> int:
    """Return the day that *text* names, in days since 1970-01-01; 0 for ``none``.

    Raises:
        UsageError: it is no date.
    """
    if text in {"", "none"}:
        return 0
    days = -1
    with contextlib.suppress(ValueError):
        days = (date.fromisoformat(text) - _FIRST_DAY).days
    if not 1 <= days <= MAX_DAY:
        raise UsageError(f"{text!r} is no date; write it like 2027-03-31, or say none")
    return days


def read_coming_day(text: str, now: int) -> int:
    """Return the day that *text* names, which has to lie ahead; 0 for ``none``.

    Args:
        text: a date.
        now: seconds since 1970-01-01 UTC.

    Raises:
        UsageError: it is no date, or over.
    """
    day = read_day(text)
    if day and day <= (datetime.fromtimestamp(now, UTC).date() - _FIRST_DAY).days:
        raise UsageError(f"{text} is over; name a day that is still to come")
    return day


async def _in_conversation(
    place: Place, passphrase: str, number: str, act: Callable[[Scene], Awaitable[None]]
) -> None:
    async with await place.open(passphrase) as member:
        await waiting_for("Fetching your vault", member.refresh())
        conversation = pick_conversation(member, number)
        await waiting_for("Looking for messages", conversation.receive())
        await act(Scene(place, member, conversation))


def ask_first(place: Place, text: str, reader: Reader, *, is_agreed: bool) -> None:
    """Ask, on a terminal, before *text* is sent where there is something to be careful about.

    Raises:
        click.Abort: the answer is no; nothing was sent.
    """
    ask_before_sending(
        place, (text,), reader, is_agreed=is_agreed, is_asking=sys.stdin.isatty()
    )
