"""What all parts about knocks and conversations work with, tied together once."""

from __future__ import annotations

import asyncio
import dataclasses
from collections import defaultdict

from kith_client.boxes import REPLY_MONTHS, Boxes
from kith_client.outbox import Outbox
from kith_client.patience import Pause
from kith_client.post import Peers, Post
from kith_client.reading import BoxReader
from kith_client.session import Session
from kith_client.shelf import Shelf, Vault
from kith_client.system import Clock
from kith_crypto.randomness import Rng
from kith_protocol.day import Day, day_of, month_of


@dataclasses.dataclass(frozen=True, slots=True)
class Correspondence:
    """The means of writing and reading letters.

    Attributes:
        pause: waits so many seconds.
        locks: by conversation or circle, so that two tasks of one program never write in it
            at once; the empty key is for knocks.
    """

    shelf: Shelf
    boxes: Boxes
    post: Post
    peers: Peers
    outbox: Outbox
    reader: BoxReader
    clock: Clock
    rng: Rng
    pause: Pause
    locks: defaultdict[bytes, asyncio.Lock]

    @property
    def today(self) -> Day:
        """Return the day it is, UTC."""
        return day_of(self.clock.now())

    def reply_month(self) -> int:
        """Return the month until which a box for answers is kept when it is opened today."""
        return month_of(self.today) + REPLY_MONTHS


def open_correspondence(
    *,
    session: Session,
    vault: Vault,
    clock: Clock,
    rng: Rng,
    pause: Pause = asyncio.sleep,
) -> Correspondence:
    """Return the means of one member; nothing is sent yet."""
    shelf = Shelf(vault)
    boxes = Boxes(connection=session.connection, session=session, pause=pause)
    post = Post(session=session, clock=clock, pause=pause)
    peers = Peers(session=session, clock=clock, pause=pause)
    return Correspondence(
        shelf=shelf,
        boxes=boxes,
        post=post,
        peers=peers,
        outbox=Outbox(post=post, shelf=shelf, rng=rng),
        reader=BoxReader(boxes=boxes, peers=peers, shelf=shelf),
        clock=clock,
        rng=rng,
        pause=pause,
        locks=defaultdict(asyncio.Lock),
    )
