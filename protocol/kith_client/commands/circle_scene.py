"""What the commands of circles share: one circle, opened, read, written to letter by letter."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import TypeVar

import click

from kith_client.circles.circle import Circle
from kith_client.circles.links import Progress
from kith_client.commands.common import PLUS, Place, pick, run_async
from kith_client.commands.progress import waiting_for
from kith_client.errors import NodeUnreachableError
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import UsageError
from kith_protocol.circle.view import Circle as View
from kith_protocol.circle.view import Meeting

T = TypeVar("T")

REST_LEAVES = (
    "what you wrote is kept, and the letters that have not left yet leave the next time you "
    "look (kith me inbox). There is no need to repeat it"
)


@dataclasses.dataclass(frozen=True, slots=True)
class CircleScene:
    """One circle of a member who types a command.

    Attributes:
        place: where they type.
        member: who types.
        circle: with everything that has come.
    """

    place: Place
    member: Member
    circle: Circle

    @property
    def view(self) -> View:
        """Return all of it as it is now."""
        return self.circle.view

    async def send(self, work: Callable[[Progress], Awaitable[T]]) -> T | None:
        """Return the result of *work*, which writes to everybody; show how far it is.

        None if the line broke, or somebody pressed Ctrl-C, after it was stored: the rest leaves
        by itself later, and running the command again would say it twice.

        Args:
            work: is told where to report its progress.

        Raises:
            NodeUnreachableError: the line broke before anything was stored.
        """
        before = self._count_stored()
        try:
            with _letters_bar(self.place) as progress:
                return await work(progress)
        except NodeUnreachableError:
            if self._count_stored() == before:
                raise
            self.place.warn(f"the node cannot be reached; {REST_LEAVES}")
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if self._count_stored() == before or task is None:
                raise
            task.uncancel()  # so that what is stored is shown, and the keys are closed
            self.place.warn(REST_LEAVES)
        return None

    def _count_stored(self) -> int:
        _, seats = self.circle.read()
        return len(self.circle.links.heard(seats))

    def find_meeting(self, chosen: str) -> Meeting:
        """Return the session that *chosen* means: its number in the list, or its id.

        Raises:
            UsageError: there is none, or more than one.
        """
        found = {parse_base64url(one.session): one for one in self.view.meetings}
        try:
            return found[pick(chosen, tuple(found), "session")]
        except UsageError as error:
            raise UsageError(
                str(error).replace("kith me session", "kith me circle session")
            ) from error


def in_circle(place: Place, number: str, act: Callable[[CircleScene], Awaitable[None]]) -> None:
    """Open the circle that *number* means, fetch what has come, then *act*."""

    async def run(member: Member) -> None:
        circle = pick_circle(member, number)
        await waiting_for("Looking for letters", circle.receive())
        await act(CircleScene(place, member, circle))

    with_member(place, run)


def with_member(place: Place, act: Callable[[Member], Awaitable[None]]) -> None:
    """Open the member whose keys are here, bring in what other devices wrote, then *act*."""

    async def run(passphrase: str) -> None:
        async with await place.open(passphrase) as member:
            await waiting_for("Fetching your vault", member.refresh())
            await act(member)

    run_async(run(place.ask_passphrase()))


def pick_circle(member: Member, number: str) -> Circle:
    """Return the circle that *number* means.

    Raises:
        UsageError: there is none or more than one.
    """
    ids = tuple(one.id for one in member.circles.list())
    return member.circles.open(pick(number, ids, "circle"))


def typed_id(text: str) -> str:
    """Return the beginning of an id as it is, which is shown with a plus for a hyphen."""
    return f"-{text[1:]}" if text.startswith(PLUS) else text


def shown_id(circle: Circle) -> str:
    """Return the id of *circle* as JSON output has it."""
    return encode_base64url(circle.id)


@contextlib.contextmanager
def _letters_bar(place: Place) -> Iterator[Progress]:
    """Yield what shows on stderr how many letters have left, where there are several."""
    with contextlib.ExitStack() as stack:
        bars: list[Callable[[int], None]] = []

        def tell(_done: int, total: int) -> None:
            if place.as_json or total < 2:
                return
            if not bars:
                bar = click.progressbar(
                    length=total,
                    label="Letters leave one by one, so that nobody on the line sees a group",
                    file=sys.stderr,
                    show_eta=False,
                    show_pos=True,
                )
                bars.append(stack.enter_context(bar).update)
            bars[0](1)

        yield tell
