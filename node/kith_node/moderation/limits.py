"""How much may be handed in, and of which sizes.

Reports come without a name, applications and other nodes' reports from anybody: each kind has a
queue of its own, so that a flood of one cannot crowd out another. A full queue refuses what is
new, in words that say so; nothing that was taken is thrown away before its time.
"""

from __future__ import annotations

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.moderators import LARGEST_SEALED_BYTES, SMALLEST_SEALED_BYTES
from kith_crypto.padding import is_bucket
from kith_node.http.limits import Throttle
from kith_node.runtime.system import Clock
from kith_protocol.errors import QueueFullError

MAX_WAITING = 500
MAX_REPORTS = 2000  # decided ones stay for 30 days
MAX_APPLICATIONS = 200
MAX_FLAGS = 200
MAX_FLAGS_OF_PEER = 50
FULL_RETRY_S = 86_400

_ALL = b"all"


class Intake:
    """At most so many in a while: by one caller, and by all together."""

    def __init__(
        self,
        *,
        burst: int,
        period_s: float,
        total_burst: int,
        total_period_s: float,
        clock: Clock,
    ) -> None:
        """Take the numbers; a period is the seconds in which one more is allowed."""
        self._each = Throttle(1 / period_s, burst, clock=clock)
        self._total = Throttle(1 / total_period_s, total_burst, clock=clock)

    def take(self, caller: bytes) -> None:
        """Count one.

        Raises:
            TooManyError: *caller*, or all together, have handed in too many.
        """
        self._each.take(caller)
        self._total.take(_ALL)


def check_room(count: int, most: int) -> None:
    """Return if there is room for one more.

    Raises:
        QueueFullError: there is none.
    """
    if count >= most:
        raise QueueFullError(f"{count} wait", retry_after_s=FULL_RETRY_S)


def parse_sealed(text: str) -> bytes:
    """Return the sealed bytes in *text*, a power of two from 8 KiB to 128 KiB.

    Raises:
        MalformedError: another alphabet or size.
    """
    sealed = parse_base64url(text)
    if not is_bucket(len(sealed), smallest=SMALLEST_SEALED_BYTES, largest=LARGEST_SEALED_BYTES):
        raise MalformedError("not of a size that is sealed", pointer="/sealed")
    return sealed
