"""Two people in a mentorship, by nothing but the messages they have written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_protocol.conversation.bodies import Body, encode_body, read_body
from kith_protocol.conversation.body import BodyStruct
from kith_protocol.conversation.events import Shown
from kith_protocol.mentorship.blind import BlindRound
from kith_protocol.mentorship.bodies import MentorshipBody, Slot
from kith_protocol.mentorship.goals import SharedGoal, SharedNote
from kith_protocol.mentorship.legal import check_writable
from kith_protocol.mentorship.sessions import Session
from kith_protocol.mentorship.state import ClosingState, Mentorship, read_mentorship
from kith_protocol.mentorship.steps import Step
from kith_testing.correspondence import CONVERSATION
from kith_testing.talking import NOW

MENTEE, MENTOR = ROLE_MENTEE, ROLE_MENTOR
BOTH = (MENTEE, MENTOR)
NOW_MINUTE = NOW // 60
HOUR = 60
DAY = 24 * HOUR
THING = encode_base64url(b"the first thing.")
OTHER_THING = encode_base64url(b"the other thing.")
TUESDAY = Slot(start=NOW_MINUTE + DAY + 18 * HOUR, minutes=60, offset=60)
THURSDAY = Slot(start=NOW_MINUTE + 3 * DAY + 18 * HOUR, minutes=45)


class Said(msgspec.Struct, frozen=True):
    """One message, as it stands in nobody's view.

    Attributes:
        role: of its writer.
        lane: of the writer's device.
        seq: number in it.
        minute: by the writer's clock.
        hash: names it.
        body: what it says.
    """

    role: int
    lane: bytes
    seq: int
    minute: int
    hash: bytes
    body: Body


class Scene:
    """Everything two people have said.

    Attributes:
        said: all messages, in the order of their writing.
        minute: what the clocks of both show.
    """

    def __init__(self) -> None:
        self.said: list[Said] = []
        self.minute = NOW_MINUTE

    def says(self, role: int, body: Body, *, minute: int | None = None, lane: int = 0) -> str:
        """Write *body*, legal or not; return the name of the message, as in ``after``."""
        name = bytes([role, lane, *bytes(6)])
        seq = 1 + sum(one.lane == name for one in self.said)
        at = self.minute if minute is None else minute
        # What is said has gone over the wire once: nothing else is ever read.
        read = read_body(encode_body(body, ack={}, turn=None)).body
        hashed = hash_of(role, name, seq, at, read)
        self.said.append(Said(role, name, seq, at, hashed, read))
        return encode_base64url(hashed)

    def tries(self, role: int, body: MentorshipBody, *, minute: int | None = None) -> str:
        """Write *body* if that is legal; return the name of the message.

        Raises:
            UsageError: it is not.
        """
        self.check(role, body, minute=minute)
        return self.says(role, body, minute=minute)

    def check(self, role: int, body: MentorshipBody, *, minute: int | None = None) -> None:
        """Return if that side may write *body* now.

        Raises:
            UsageError: it may not.
        """
        check_writable(
            body,
            shown_to(role, self.said),
            conversation=CONVERSATION,
            role=role,
            minute=self.minute if minute is None else minute,
        )

    def seen_by(self, role: int) -> Mentorship:
        """Return the mentorship from one side."""
        return read_as(role, self.said)


def hash_of(role: int, lane: bytes, seq: int, minute: int, body: Body) -> bytes:
    """Return a name for a message that differs wherever the message does."""
    head = bytes([role]) + lane + seq.to_bytes(4, "big") + minute.to_bytes(4, "big")
    return sha256(head + canonical_bytes(encode_body(body, ack={}, turn=None)))


def shown_to(role: int, said: Iterable[Said]) -> tuple[Shown, ...]:
    """Return messages as one side is shown them."""
    return tuple(
        Shown(
            is_own=one.role == role,
            lane=one.lane,
            seq=one.seq,
            minute=one.minute,
            body=one.body,
            hash=one.hash,
        )
        for one in said
    )


def read_as(role: int, said: Iterable[Said]) -> Mentorship:
    """Return the mentorship that messages make, from one side."""
    return read_mentorship(shown_to(role, said), conversation=CONVERSATION, role=role)


def step(body: MentorshipBody, role: int = MENTEE, *, minute: int = NOW_MINUTE) -> Step:
    """Return a step that nobody else has written."""
    return Step(hash_of(role, bytes(8), 1, minute, body), role, minute, body)


def name_of(one: Step) -> str:
    """Return how a step is named in ``after``."""
    return encode_base64url(one.hash)


def neutral(seen: Mentorship, role: int) -> dict[str, Any]:
    """Return what the side with *role* sees so that it is the same from both sides.

    Of blind rounds only who is in: what one has answered oneself is not in one's view.
    """
    other = MENTEE + MENTOR - role
    agreement = _plain(seen.agreement)
    is_proposed_by_me = agreement.pop("is_proposed_by_me")
    proposer = role if is_proposed_by_me else other
    agreement["proposer"] = 0 if seen.agreement.proposed is None else proposer
    return {
        "stage": seen.stage,
        "agreement": agreement,
        "sessions": [_neutral_session(one, role, other) for one in seen.sessions],
        "goals": [_neutral_thing(one, role, other) for one in seen.goals],
        "notes": [_neutral_thing(one, role, other) for one in seen.notes],
        "check_ins": [_neutral_round(one, role, other) for one in seen.check_ins],
        "closing": None
        if seen.closing is None
        else _neutral_closing(seen.closing, role, other),
        "thanks": [_plain(one) for one in seen.thanks],
        "passed_on": [_plain(one) for one in seen.passed_on],
    }


def _neutral_session(session: Session, role: int, other: int) -> dict[str, Any]:
    plain = _plain(session)
    picker = role if plain.pop("is_picked_by_me") else other
    proposer = role if plain.pop("is_proposed_by_me") else other
    plain["picker"] = 0 if session.picked is None else picker
    plain["proposer"] = proposer if session.proposed else 0
    return _object(plain)


def _neutral_thing(thing: SharedGoal | SharedNote, role: int, other: int) -> dict[str, Any]:
    plain = _plain(thing)
    plain["begun_by"] = role if plain.pop("is_mine") else other
    return _object(plain)


def _neutral_round(one: BlindRound, role: int, other: int) -> dict[str, Any]:
    sides = ((role, one.is_mine_in), (other, one.is_theirs_in))
    return {"number": one.number, "in": sorted(side for side, is_in in sides if is_in)}


def _neutral_closing(closing: ClosingState, role: int, other: int) -> dict[str, Any]:
    said = {role: closing.mine, other: closing.theirs}
    return {
        "minute": closing.minute,
        "kept_until": closing.kept_until,
        "looking_back": _neutral_round(closing.looking_back, role, other),
        "said": {str(side): _plain(said[side]) for side in BOTH if said[side] is not None},
    }


def _object(plain: Any) -> dict[str, Any]:
    assert isinstance(plain, dict)
    return plain


def _plain(value: object) -> Any:
    """Return *value* as JSON has it: bytes in base64url, messages as they are written."""
    if isinstance(value, bytes):
        return encode_base64url(value)
    if isinstance(value, BodyStruct):
        return msgspec.json.decode(msgspec.json.encode(value))
    if isinstance(value, msgspec.Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value
