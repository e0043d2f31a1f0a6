"""The mailboxes room as routes, jobs and other rooms see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable

from kith_crypto.randomness import Rng
from kith_node.http.quota import PROCESS_KEY_BYTES, Quota
from kith_node.mailboxes.boxes import Boxes
from kith_node.mailboxes.intake import Intake, Senders
from kith_node.mailboxes.quotas import KnockCounts
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.urls import Origin

# A popular mentor answers several knocks a day, each with a box of its own; many more only
# fill the disk.
BOXES_A_MONTH = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Mailboxes:
    """The parts of the room, made together by ``make_mailboxes``."""

    boxes: Boxes
    intake: Intake

    async def deliver(self, node: Origin, raw: bytes) -> None:
        """Take an envelope from *node*; our own origin for envelopes of our own members.

        The same one again changes nothing, and no answer tells whether there is a box.

        Args:
            node: origin of the node that stamped and delivers it.
            raw: the envelope's bytes.

        Raises:
            RemoteError, CryptoError: it is refused for good.
            UnavailableError: it may be taken later.
        """
        await self.intake.deliver(node, raw)

    async def close_of(self, addresses: Iterable[bytes]) -> None:
        """Close the knock boxes at *addresses*: the offers that name them have ended."""
        await self.boxes.close_knock_boxes(addresses)

    async def run_upkeep(self) -> float:
        """Drop what is over; return the seconds until more is."""
        return await self.boxes.run_upkeep()


def make_mailboxes(
    objects: Database,
    *,
    senders: Senders,
    arrived: Callable[[], None],
    created: Callable[[], None],
    clock: Clock,
    rng: Rng,
    boxes_a_month: int = BOXES_A_MONTH,
) -> Mailboxes:
    """Return the room over the open ``objects.db``.

    Args:
        objects: the file.
        senders: knows which nodes may deliver.
        arrived: called for each envelope that came.
        created: called after each new box; ``objects.db`` is to be rebuilt within the hour.
        clock: the node's.
        rng: keys the counters in memory.
        boxes_a_month: how many a member may open in 30 days; 0 lifts the limit.
    """
    return Mailboxes(
        boxes=Boxes(
            objects,
            quota=Quota(boxes_a_month, clock=clock, rng=rng),
            clock=clock,
            created=created,
        ),
        intake=Intake(
            objects,
            senders=senders,
            counts=KnockCounts(rng.bytes(PROCESS_KEY_BYTES)),
            clock=clock,
            arrived=arrived,
        ),
    )
