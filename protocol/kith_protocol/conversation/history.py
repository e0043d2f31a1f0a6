"""Everything both sides have said, as far as one device knows: the union of all lanes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import KithError
from kith_crypto.strict_json import parse_json_object
from kith_protocol.conversation.bodies import (
    MAX_ACKNOWLEDGED_LANES,
    Answer,
    Close,
    Freeze,
    Rekey,
    Said,
    Unknown,
    read_body,
)
from kith_protocol.conversation.events import Entry, Missing, Shown
from kith_protocol.conversation.ledger import LaneLog
from kith_protocol.conversation.order import LaneName, Unit, in_order
from kith_protocol.conversation.records import Message
from kith_protocol.day import DAY_S

LATE_S = 7 * DAY_S

State = Literal[
    "open", "paused-by-me", "paused-by-peer", "closed-by-me", "closed-by-peer", "closed"
]


class History:
    """The messages of both sides.

    Attributes:
        own_lanes: one's own, by lane.
        peer_lanes: the other side's.
        heard: how many messages of the other side there are, new keys alone not counted.
        acked: which own numbers the other side has seen, by lane.
        frozen_at: when the other side paused everything, or ``None``.
        heard_at: when the last of them came; 0 for never.
        asked_at: when the other side last asked for what did not arrive; 0 for never.
        asked_ack: what it had seen then, by own lane.
        ended_at: when either side first closed or paused it, or ``None``.
    """

    def __init__(self, role: int) -> None:
        self._role = role
        self.own_lanes: dict[bytes, LaneLog] = {}
        self.peer_lanes: dict[bytes, LaneLog] = {}
        self.heard = 0
        self.heard_at = 0
        self.acked: dict[bytes, int] = {}
        self.frozen_at: int | None = None
        self.asked_at = 0
        self.asked_ack: dict[bytes, int] = {}
        self.ended_at: int | None = None
        self.is_paused = False
        self.is_closed_by_me = False
        self.is_closed_by_peer = False
        self._answers: list[bytes] = []
        self._messages: dict[bytes, Message] = {}
        self._said: dict[bytes, Said] = {}

    @property
    def state(self) -> State:
        """Whether it goes on, and who ended it."""
        if self.frozen_at is not None:
            return "paused-by-peer"
        if self.is_paused:
            return "paused-by-me"
        if self.is_closed_by_me:
            return "closed" if self.is_closed_by_peer else "closed-by-me"
        return "closed-by-peer" if self.is_closed_by_peer else "open"

    @property
    def answer_hash(self) -> bytes:
        """The smallest hash of an accepting answer, or nothing."""
        return min(self._answers, default=b"")

    def find(self, hashed: bytes) -> Message | None:
        """Return the message with this hash."""
        return self._messages.get(hashed)

    def said(self, message: Message) -> Said:
        """Return what *message* says."""
        return self._said[message.hash]

    def own(self, lane: bytes) -> LaneLog:
        """Return an own lane, empty if it has none yet."""
        return self.own_lanes.get(lane, LaneLog())

    def add(self, message: Message) -> bool:
        """Take *message* in; return whether it is new."""
        if message.hash in self._messages:
            return False
        is_own = message.role == self._role
        lanes = self.own_lanes if is_own else self.peer_lanes
        lanes.setdefault(message.lane, LaneLog()).add(message)
        self._messages[message.hash] = message
        said = _read(message.body)
        self._said[message.hash] = said
        if isinstance(said.body, Answer) and said.body.accepted and message.role == ROLE_MENTOR:
            self._answers.append(message.hash)
        if is_own:
            self._note_own(message, said)
        else:
            self._note_peer(message, said)
        return True

    def _note_own(self, message: Message, said: Said) -> None:
        if isinstance(said.body, Freeze):
            self.is_paused = True
        if isinstance(said.body, Close):
            self.is_closed_by_me = True
        if isinstance(said.body, Freeze | Close):
            self._end(message.at)

    def _note_peer(self, message: Message, said: Said) -> None:
        body = said.body
        self.heard_at = max(self.heard_at, message.at)
        if not isinstance(body, Rekey):
            self.heard += 1
        elif body.again and message.at >= self.asked_at:
            self.asked_at, self.asked_ack = message.at, said.ack
        for lane, seq in said.ack.items():
            self.acked[lane] = max(self.acked.get(lane, 0), seq)
        if isinstance(body, Close):
            self.is_closed_by_peer = True
        if isinstance(body, Freeze):
            known = self.frozen_at
            self.frozen_at = message.at if known is None else min(known, message.at)
        if isinstance(body, Freeze | Close):
            self._end(message.at)

    def _end(self, at: int) -> None:
        self.ended_at = at if self.ended_at is None else min(self.ended_at, at)

    def give_up(self, numbers: Mapping[str, int]) -> None:
        """Wait no longer for what any device has given up."""
        for name, number in numbers.items():
            log = self.peer_lanes.get(parse_base64url(name))
            if log is not None:
                log.give_up(number)

    def unseen(self, lane: bytes) -> set[str]:
        """Return the names of messages of an own lane that have not been acknowledged."""
        seen = self.acked.get(lane, 0)
        return {
            encode_base64url(message.hash)
            for seq, found in self.own(lane).messages.items()
            if seq > seen
            for message in found
        }

    def settle(self) -> list[Message]:
        """Return the messages of the other side that no longer wait, in order by lane."""
        for log in self.own_lanes.values():
            log.advance()
        return [message for log in self.peer_lanes.values() for message in log.advance()]

    def acknowledgement(self) -> dict[bytes, int]:
        """Return what is acknowledged: the lanes that were heard of last, at most 64."""
        lanes = [(log.last_at, lane) for lane, log in self.peer_lanes.items() if log.seen]
        latest = sorted(lanes, reverse=True)[:MAX_ACKNOWLEDGED_LANES]
        return {lane: self.peer_lanes[lane].seen for _, lane in latest}

    def shown(self, message: Message) -> Shown:
        """Return *message* as it is shown."""
        is_own = message.role == self._role
        log = (self.own_lanes if is_own else self.peer_lanes)[message.lane]
        return Shown(
            is_own=is_own,
            lane=message.lane,
            seq=message.seq,
            minute=message.minute,
            body=self.said(message).body,
            hash=message.hash,
            is_fork=log.is_fork(message),
            is_late=not is_own and _is_late(log, message),
            is_acknowledged=is_own and message.seq <= self.acked.get(message.lane, 0),
        )

    def entries(self) -> tuple[Entry, ...]:
        """Return all that can be shown, in order."""
        own, peer = self._role, ROLE_MENTEE + ROLE_MENTOR - self._role
        lanes: dict[LaneName, list[Unit]] = {}
        for lane, log in self.own_lanes.items():
            lanes[own, lane] = self._units(log, log.top, peer, [])
        for lane, log in self.peer_lanes.items():
            gaps = [Missing(lane, first, count) for first, count in log.missing()]
            lanes[peer, lane] = self._units(log, log.seen, own, gaps)
        return in_order({name: units for name, units in lanes.items() if units})

    def _units(self, log: LaneLog, upto: int, other: int, gaps: list[Missing]) -> list[Unit]:
        units: list[Unit] = []
        for seq in sorted(seq for seq in log.messages if seq <= upto):
            found = [message for message in log.messages[seq] if self._is_in_time(message)]
            found.sort(key=lambda message: message.hash)
            if not found:
                continue
            before = [gap for gap in gaps if gap.first < seq]
            gaps = gaps[len(before) :]
            acks = self.said(found[0]).ack
            units.append(
                Unit(
                    seq=seq,
                    minute=found[0].minute,
                    after={(other, lane): number for lane, number in acks.items()},
                    entries=(*before, *(self.shown(message) for message in found)),
                )
            )
        return units

    def _is_in_time(self, message: Message) -> bool:
        """Another device may have taken it in before it knew of the pause: it is not shown."""
        is_own = message.role == self._role
        return is_own or self.frozen_at is None or message.at <= self.frozen_at


def _is_late(log: LaneLog, message: Message) -> bool:
    after = [known[0].at for seq, known in log.messages.items() if seq > message.seq]
    return bool(after) and message.at >= min(after) + LATE_S


def _read(body: str) -> Said:
    """Return what a kept body says; records were checked when they were made."""
    raw = body.encode()
    try:
        return read_body(parse_json_object(raw, max_bytes=len(raw)))
    except KithError:
        return Said(body=Unknown(type="", raw={}), ack={}, turn=None)


def lane_name(lane: bytes) -> str:
    """Return how a lane is named in records."""
    return encode_base64url(lane)
