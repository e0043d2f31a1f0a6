"""What a conversation has to tell its owner when something arrives or time passes."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from kith_crypto.envelope import Unstamped
from kith_crypto.stamp import Postmark
from kith_protocol.conversation.bodies import Body


class Shown(msgspec.Struct, frozen=True):
    """A message in its place. Its ``repr`` shows nothing.

    Attributes:
        is_own: written by this side.
        lane: of the device that wrote it.
        seq: its number there.
        minute: by the writer's clock.
        body: what it says.
        hash: names it.
        is_fork: another message claims the same place, or it follows one that is not the
            one shown: the writer's vault was restored or copied, or somebody else writes.
        is_late: it came after waiting for it had been given up.
        is_acknowledged: an own one that the other side has seen.
    """

    is_own: bool
    lane: bytes
    seq: int
    minute: int
    body: Body
    hash: bytes
    is_fork: bool = False
    is_late: bool = False
    is_acknowledged: bool = False

    def __repr__(self) -> str:
        return "Shown(...)"


class Missing(msgspec.Struct, frozen=True):
    """Messages of the other side that did not arrive.

    Attributes:
        lane: in which they are missing.
        first: the first number.
        count: how many.
    """

    lane: bytes
    first: int
    count: int


Entry: TypeAlias = "Shown | Missing"


class Received(msgspec.Struct, frozen=True):
    """A message can be shown."""

    message: Shown


class Waiting(msgspec.Struct, frozen=True):
    """A message is kept, but waits for earlier ones."""

    lane: bytes
    seq: int


class Duplicate(msgspec.Struct, frozen=True):
    """It was here already."""


class Fork(msgspec.Struct, frozen=True):
    """Two messages claim the same place, or one does not follow the one before it."""

    lane: bytes
    seq: int


class Gap(msgspec.Struct, frozen=True):
    """Waiting is given up: this many messages did not arrive."""

    lane: bytes
    first: int
    count: int


class Frozen(msgspec.Struct, frozen=True):
    """Paused by its owner."""


class Closed(msgspec.Struct, frozen=True):
    """The other side has ended it."""

    words: str


class AfterFreeze(msgspec.Struct, frozen=True):
    """It came after the pause, so it is neither kept nor shown."""


class AskedAgain(msgspec.Struct, frozen=True):
    """The other side asks for what did not arrive; ``tick`` says what to send again."""


class Behind(msgspec.Struct, frozen=True):
    """The other side has seen more of this lane than this vault holds.

    The vault is older than what was sent: go on in a new lane.
    """

    lane: bytes
    seq: int


Event: TypeAlias = (
    "Received | Waiting | Duplicate | Fork | Gap | Frozen | Closed | AfterFreeze"
    " | AskedAgain | Behind"
)


class Due(msgspec.Struct, frozen=True):
    """What is to be done now.

    Attributes:
        events: to be shown.
        rekey: write a ``Rekey``.
        ask_again: with ``again`` in it.
        resend: hashes of own messages to send again.
        is_over: both sides are done with the box.
    """

    events: tuple[Event, ...] = ()
    rekey: bool = False
    ask_again: bool = False
    resend: tuple[bytes, ...] = ()
    is_over: bool = False


class Sent(msgspec.Struct, frozen=True):
    """What is to be handed in, after the changes have been stored.

    Attributes:
        unstamped: goes to the other side's node.
        is_slow: may wait half an hour.
        lane: in which it was written.
        seq: its number there.
        hash: names it.
    """

    unstamped: Unstamped
    is_slow: bool
    lane: bytes
    seq: int
    hash: bytes


class Evidence(msgspec.Struct, frozen=True):
    """What a report needs. Its ``repr`` shows nothing.

    Attributes:
        node: origin of the node that sent it.
        postmark: of its envelope.
        frank_key: 32 bytes.
        core: the encoded core.
    """

    node: str
    postmark: Postmark
    frank_key: bytes
    core: bytes

    def __repr__(self) -> str:
        return "Evidence(...)"
