"""What people can do in a mentorship as they see it, and what nobody should be able to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias, TypeVar

from hypothesis import strategies as st

from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_protocol.mentorship.blind import CLOSING_ROUND, Answers, commit_answers, reveal_of
from kith_protocol.mentorship.bodies import (
    AgreementAnswer,
    AgreementProposal,
    CheckIn,
    Closing,
    Goal,
    MentorshipBody,
    Note,
    PassedOn,
    Reveal,
    SessionEnd,
    SessionPick,
    SessionProposal,
    Slot,
    Terms,
    Thanks,
)
from kith_protocol.mentorship.goals import SharedGoal, SharedNote
from kith_protocol.mentorship.sessions import Session
from kith_protocol.mentorship.state import Mentorship
from kith_testing.correspondence import CONVERSATION
from kith_testing.mentorships import DAY, MENTEE

T = TypeVar("T", Session, SharedGoal, SharedNote)


class Acting:
    """What one device keeps beside the messages: answers that are not shown yet.

    Attributes:
        role: of its owner.
        answers: with their openings, by commitment.
    """

    def __init__(self, role: int, device: bytes) -> None:
        self.role = role
        self.answers: dict[bytes, tuple[Answers, bytes]] = {}
        self._device = device
        self._count = 0

    def fresh(self, size: int) -> bytes:
        """Return bytes that nobody has used."""
        self._count += 1
        return sha256(self._device + self._count.to_bytes(4, "big"))[:size]

    def commit(self, answers: Answers) -> str:
        """Return a commitment; what it is to is kept."""
        opening = self.fresh(32)
        made = commit_answers(
            answers, opening=opening, conversation=CONVERSATION, role=self.role
        )
        self.answers[made] = (answers, opening)
        return encode_base64url(made)


Act: TypeAlias = "Callable[[Acting, Mentorship, int, int], MentorshipBody | None]"
"""Returns what to write, or None where one's view offers no such thing."""


def things_of(seen: Mentorship) -> list[Session | SharedGoal | SharedNote]:
    """Return everything that has steps, but for the agreement."""
    return [*seen.sessions, *seen.goals, *seen.notes]


def _goes_on(seen: Mentorship) -> bool:
    return seen.stage != "closed"


def _after(head: bytes) -> str:
    return encode_base64url(head)


def _one_of(things: Sequence[T], number: int) -> T | None:
    return things[number % len(things)] if things else None


def _slots(number: int, minute: int) -> tuple[Slot, ...]:
    first = minute // DAY * DAY + (1 + number % 3) * DAY
    return tuple(Slot(first + 60 * place, 30 + number) for place in range(1 + number % 3))


def propose_terms(_: Acting, seen: Mentorship, number: int, __: int) -> MentorshipBody | None:
    """Propose first terms, or others."""
    if not _goes_on(seen):
        return None
    return AgreementProposal(Terms(sessions=number), after=_after(seen.agreement.head))


def answer_terms(_: Acting, seen: Mentorship, number: int, __: int) -> MentorshipBody | None:
    """Accept the other side's terms, or say no to anybody's."""
    agreement = seen.agreement
    if not _goes_on(seen) or agreement.proposed is None:
        return None
    is_accepted = not agreement.is_proposed_by_me and number % 3 > 0
    return AgreementAnswer(is_accepted, _after(agreement.head))


def propose_session(
    mine: Acting, seen: Mentorship, number: int, minute: int
) -> MentorshipBody | None:
    """Propose times for a new session."""
    if not _goes_on(seen):
        return None
    return SessionProposal(encode_base64url(mine.fresh(16)), _slots(number, minute))


def move_session(
    _: Acting, seen: Mentorship, number: int, minute: int
) -> MentorshipBody | None:
    """Propose other times for a session."""
    live = [one for one in seen.sessions if one.state in {"proposed", "agreed"}]
    one = _one_of(live, number)
    if one is None or not _goes_on(seen):
        return None
    thing = encode_base64url(one.thing)
    return SessionProposal(thing, _slots(number, minute), "other", _after(one.head))


def pick(_: Acting, seen: Mentorship, number: int, __: int) -> MentorshipBody | None:
    """Pick one of the other side's times."""
    open_ = [one for one in seen.sessions if one.proposed and not one.is_proposed_by_me]
    one = _one_of(open_, number)
    if one is None:
        return None
    slot = one.proposed[number % len(one.proposed)]
    return SessionPick(encode_base64url(one.thing), _after(one.head), slot.start, 60)


def end_session(_: Acting, seen: Mentorship, number: int, minute: int) -> MentorshipBody | None:
    """Say no to times, cancel, or note that a session took place."""
    live = [one for one in seen.sessions if one.state in {"proposed", "agreed"}]
    one = _one_of(live, number)
    if one is None or not _goes_on(seen):
        return None
    thing, head = encode_base64url(one.thing), _after(one.head)
    if one.picked is not None and one.picked.start <= minute:
        return SessionEnd(thing, head, "took-place")
    if one.proposed and number % 2:
        return SessionEnd(thing, head, "declined", "sorry")
    return SessionEnd(thing, head, "cancelled")


def add_goal(mine: Acting, seen: Mentorship, number: int, _: int) -> MentorshipBody | None:
    """Begin a goal."""
    if not _goes_on(seen):
        return None
    return Goal(encode_base64url(mine.fresh(16)), f"goal {number}", topics=("career.cv",))


def change_goal(mine: Acting, seen: Mentorship, number: int, _: int) -> MentorshipBody | None:
    """Change a goal of either side."""
    one = _one_of(seen.goals, number)
    if one is None or not _goes_on(seen):
        return None
    states = ("open", "reached", "dropped")
    thing, head = encode_base64url(one.thing), _after(one.head)
    text = f"goal {number} of {mine.role}"
    return Goal(thing, text, states[number % 3], after=head)  # type: ignore[arg-type]


def add_note(mine: Acting, seen: Mentorship, number: int, _: int) -> MentorshipBody | None:
    """Begin a note."""
    if not _goes_on(seen):
        return None
    return Note(encode_base64url(mine.fresh(16)), f"note {number}")


def change_note(mine: Acting, seen: Mentorship, number: int, _: int) -> MentorshipBody | None:
    """Change a note of either side, or put it away."""
    one = _one_of(seen.notes, number)
    if one is None or not _goes_on(seen):
        return None
    text = f"note {number} of {mine.role}" if number % 3 else ""
    return Note(encode_base64url(one.thing), text, after=_after(one.head))


def check_in(mine: Acting, seen: Mentorship, number: int, _: int) -> MentorshipBody | None:
    """Answer a check-in that one has not answered yet."""
    place = 1 + number % 3
    if not _goes_on(seen) or any(
        one.number == place and one.is_mine_in for one in seen.check_ins
    ):
        return None
    return CheckIn(place, mine.commit(Answers(place, "unsure", (f"words {number}",))))


def reveal(mine: Acting, seen: Mentorship, _: int, __: int) -> MentorshipBody | None:
    """Open an answer, as clients do on their own."""
    last = () if seen.closing is None else (seen.closing.looking_back,)
    for one in (*seen.check_ins, *last):
        if one.is_to_reveal:
            for answers, opening in mine.answers.values():
                if answers.number == one.number:
                    return reveal_of(answers, opening=opening)
    return None


def close(mine: Acting, seen: Mentorship, number: int, _: int) -> MentorshipBody | None:
    """Close the mentorship, once in a while."""
    if number or (seen.closing is not None and seen.closing.mine is not None):
        return None
    commitment = mine.commit(Answers(CLOSING_ROUND, words=("I learned to wait.",)))
    return Closing("Thank you.", 20_900, commitment)


def thank(mine: Acting, _: Mentorship, number: int, __: int) -> MentorshipBody | None:
    """Thank, if one is the mentee."""
    return Thanks(f"Thanks {number}") if mine.role == MENTEE else None


def pass_on(mine: Acting, _: Mentorship, __: int, ___: int) -> MentorshipBody | None:
    """Tell that one passes it on."""
    return PassedOn(mine.fresh(8).hex())


ACTS: tuple[Act, ...] = (
    propose_terms,
    answer_terms,
    answer_terms,
    propose_session,
    move_session,
    pick,
    pick,
    end_session,
    add_goal,
    change_goal,
    add_note,
    change_note,
    check_in,
    reveal,
    close,
    thank,
    pass_on,
)


def hostile_bodies(
    hashes: Sequence[bytes], seen: Mentorship
) -> st.SearchStrategy[MentorshipBody]:
    """Return anything that can be put on the wire, aimed at what there is.

    Args:
        hashes: of known messages, to be built upon.
        seen: what the writer sees, to be interfered with.
    """
    live = (seen.agreement, *things_of(seen))
    heads = [one.head for one in live if one.head]
    names = [encode_base64url(one) for one in (bytes(32), *hashes, *heads)]
    after = st.sampled_from(names)
    first = st.just("") | after
    known = [encode_base64url(one.thing) for one in things_of(seen)]
    thing = st.sampled_from([encode_base64url(bytes(16)), *known])
    starts = [slot.start for one in seen.sessions for slot in one.proposed]
    minutes = st.sampled_from([0, 40_000_000, *starts])
    slots = st.lists(st.builds(Slot, minutes, st.integers(5, 600)), min_size=1, max_size=3)
    return st.one_of(
        st.sampled_from(_impostors(seen)),
        st.builds(AgreementProposal, st.builds(Terms, minutes=st.integers(100, 600)), first),
        st.builds(AgreementAnswer, st.booleans(), after),
        st.builds(SessionProposal, thing, slots.map(tuple), st.just("!"), first),
        st.builds(SessionPick, thing, after, minutes),
        st.builds(
            SessionEnd, thing, after, st.sampled_from(["declined", "cancelled", "took-place"])
        ),
        st.builds(Goal, thing, st.just("not ours"), st.just("dropped"), after=first),
        st.builds(Note, thing, st.sampled_from(["", "not ours"]), after=first),
        st.builds(CheckIn, st.integers(1, 3), after),
        st.builds(Closing, commitment=first),
        st.builds(Reveal, st.integers(0, 3), after, st.just("fine")),
        st.builds(Thanks, st.just("I thank myself.")),
    )


def _impostors(seen: Mentorship) -> list[MentorshipBody]:
    """Return answers to everything that waits for one, whoever has to give it."""
    bodies: list[MentorshipBody] = [
        SessionPick(encode_base64url(one.thing), _after(one.head), slot.start)
        for one in seen.sessions
        for slot in one.proposed
    ]
    if seen.agreement.proposed is not None:
        bodies.append(AgreementAnswer(accepted=True, after=_after(seen.agreement.head)))
    return bodies or [PassedOn("There is nothing to forge.")]
