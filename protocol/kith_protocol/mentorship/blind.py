r"""Answers that two people show each other only once both have given theirs.

Whoever answers first would else shape what the other says. So each first sends a commitment to
an answer, which shows nothing of it; when both are there, each opens theirs. Nobody can answer
otherwise than they had before they saw what the other one said. Somebody who commits twice in
one round is not believed, whatever they open.

    commitment = HMAC-SHA-256(opening, "kith/answer/v1\0" ‖ conversation ‖ role ‖ answers)

with 32 random bytes as the opening, and the answers as canonical JSON. Source: RFC 2104, RFC
8785; SPEC.md, section on mentorships.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.hashes import hmac_sha256, is_equal
from kith_crypto.strict_json import JsonObject
from kith_protocol.mentorship.bodies import CheckIn, Closing, Feeling, Reveal
from kith_protocol.mentorship.steps import Step

CLOSING_ROUND = 0
OPENING_BYTES = 32

_LABEL = b"kith/answer/v1\0"


class Answers(msgspec.Struct, frozen=True):
    """What one side answers. Its ``repr`` shows nothing.

    Attributes:
        number: of the check-in; 0 for the closing.
        feeling: to a check-in; empty at the closing.
        words: in the order of what was asked.
    """

    number: int
    feeling: Feeling | str = ""
    words: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "Answers(...)"


class BlindRound(msgspec.Struct, frozen=True):
    """A check-in or the closing, as one side sees it.

    Attributes:
        number: of the check-in; 0 for the closing.
        is_mine_in: whether one has committed to an answer.
        is_theirs_in: whether the other side has.
        is_mine_open: whether one has opened it.
        theirs: what the other side says; None until both are in and they have opened theirs.
        is_theirs_false: what they opened is not what they committed to.
    """

    number: int
    is_mine_in: bool
    is_theirs_in: bool
    is_mine_open: bool
    theirs: Answers | None
    is_theirs_false: bool

    @property
    def is_to_reveal(self) -> bool:
        """Whether it is time to open one's own answer."""
        return self.is_mine_in and self.is_theirs_in and not self.is_mine_open


def commit_answers(
    answers: Answers, *, opening: bytes, conversation: bytes, role: int
) -> bytes:
    """Return the 32 bytes that commit to *answers* and show nothing of them.

    Args:
        answers: to be kept, with the opening, until both sides are in.
        opening: 32 random bytes, never used twice.
        conversation: 16 bytes.
        role: of who answers.

    Raises:
        ValueError: an opening of another size.
    """
    if len(opening) != OPENING_BYTES:
        raise ValueError("an opening is 32 bytes")
    document: JsonObject = {
        "feeling": answers.feeling,
        "number": answers.number,
        "words": list(answers.words),
    }
    return hmac_sha256(
        opening, _LABEL + conversation + bytes([role]) + canonical_bytes(document)
    )


def reveal_of(answers: Answers, *, opening: bytes) -> Reveal:
    """Return the message that opens *answers*."""
    return msgspec.convert(
        {
            "type": "reveal",
            "number": answers.number,
            "opening": encode_base64url(opening),
            "feeling": answers.feeling,
            "words": answers.words,
        },
        Reveal,
    )


def answers_of(reveal: Reveal) -> Answers:
    """Return what *reveal* says."""
    return Answers(reveal.number, reveal.feeling, reveal.words)


def is_opened_by(commitment: bytes, reveal: Reveal, *, conversation: bytes, role: int) -> bool:
    """Return whether *reveal* opens *commitment*."""
    opening = parse_base64url(reveal.opening, size=OPENING_BYTES)
    made = commit_answers(
        answers_of(reveal), opening=opening, conversation=conversation, role=role
    )
    return is_equal(made, commitment)


def commitments(steps: Iterable[Step]) -> dict[tuple[int, int], frozenset[bytes]]:
    """Return all commitments, by number of the round and role."""
    found: dict[tuple[int, int], set[bytes]] = {}
    for step in steps:
        match step.body:
            case CheckIn(number=number, commitment=text):
                found.setdefault((number, step.role), set()).add(parse_base64url(text))
            case Closing(commitment=text) if text:
                found.setdefault((CLOSING_ROUND, step.role), set()).add(parse_base64url(text))
            case _:
                pass
    return {place: frozenset(made) for place, made in found.items()}


def rounds_of(steps: Iterable[Step]) -> dict[int, list[Step]]:
    """Return the steps that belong to rounds, by number: each is looked at once."""
    found: dict[int, list[Step]] = {}
    for step in steps:
        match step.body:
            case CheckIn(number=number) | Reveal(number=number):
                found.setdefault(number, []).append(step)
            case Closing():
                found.setdefault(CLOSING_ROUND, []).append(step)
            case _:
                pass
    return found


def view_round(
    number: int, steps: Iterable[Step], *, conversation: bytes, role: int
) -> BlindRound:
    """Return one round as the side with *role* sees it.

    Args:
        number: of the check-in; 0 for the closing.
        steps: all of this round, in any order; others do not matter.
        conversation: 16 bytes.
        role: one's own.
    """
    steps = tuple(steps)
    made = commitments(steps)
    reveals = [
        (step.role, step.body)
        for step in sorted(steps, key=lambda step: step.hash)
        if isinstance(step.body, Reveal) and step.body.number == number
    ]
    other = ROLE_MENTEE + ROLE_MENTOR - role
    mine, theirs = made.get((number, role), frozenset()), made.get((number, other), frozenset())
    opened = [body for of, body in reveals if of == other]
    true = [
        body
        for body in opened
        if len(theirs) == 1
        and is_opened_by(min(theirs), body, conversation=conversation, role=other)
    ]
    is_both_in = bool(mine and theirs)
    return BlindRound(
        number=number,
        is_mine_in=bool(mine),
        is_theirs_in=bool(theirs),
        is_mine_open=any(of == role for of, _ in reveals),
        theirs=answers_of(true[0]) if is_both_in and true else None,
        is_theirs_false=is_both_in and (len(theirs) > 1 or bool(opened and not true)),
    )
