"""Who knocks at whom, chosen by the seed: who is accepted, who is declined, who ends how.

Each meeting is one knock of one account at one offer of an account in another community; in a
demonstration of one community alone, of another account. Mentors are taken in turn, so that
each has few, and nobody knocks more often than a node lets them (three open knocks, ten in
seven days). Left to the caller: knocking, answering, talking.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from kith_node.demo.chooser import Chooser

MAX_ACCEPTED = 22
MAX_DECLINED = 4

Place = tuple[int, int]
"""Position of a community, and of an account within it."""


class Meeting(msgspec.Struct, frozen=True):
    """One knock.

    Attributes:
        mentee: who knocks.
        mentor: who is asked.
        offer: position of the offer among those that were given.
        accepted: what the mentor answers.
    """

    mentee: Place
    mentor: Place
    offer: int
    accepted: bool

    @property
    def is_across(self) -> bool:
        """Return whether it is between two communities."""
        return self.mentee[0] != self.mentor[0]


def plan_meetings(
    accounts: Sequence[Place], owners: Sequence[Place | None], *, seed: int
) -> tuple[Meeting, ...]:
    """Return the meetings: the accepted ones first, then a few that are declined.

    Small demonstrations have fewer: no account knocks more than twice, and no offer is knocked
    at twice.

    Args:
        accounts: all there are; the first one knocks first, so that whoever looks at its keys
            afterwards finds a conversation.
        owners: of each offer; None for one that ends too early to be knocked at.
        seed: any number.
    """
    chooser = Chooser(seed)
    mentees = [*accounts[:1], *chooser.shuffle(accounts[1:], "mentees")]
    is_alone = len({community for community, _ in accounts}) == 1
    free = chooser.shuffle(
        [at for at, owner in enumerate(owners) if owner is not None], "mentors"
    )
    accepted, declined = _counts(len(accounts))
    asked: Counter[Place | None] = Counter()
    meetings: list[Meeting] = []
    for number in range(accepted + declined):
        mentee = mentees[number % len(mentees)]
        fitting = [at for at in free if _may_meet(mentee, owners[at], is_alone=is_alone)]
        if not fitting:
            continue
        # Whoever was asked least so far; among equals the first one in the shuffled order.
        offer = min(fitting, key=lambda at: asked[owners[at]])
        mentor = owners[offer]
        assert mentor is not None
        asked[mentor] += 1
        free.remove(offer)
        meetings.append(Meeting(mentee, mentor, offer, number < accepted))
    return tuple(meetings)


def choose_reported(sides: Sequence[tuple[Place, Place]]) -> tuple[int, int] | None:
    """Return in which conversation something unkind is written, and another one.

    The one who is unkind is a mentor whom nothing else of the demonstration leans on (not the
    first account of a community, which reads for it), of another community than the mentee if
    there is one. The mentee of the other conversation is of the same community as that of the
    first; it is the same conversation where there is no other.

    Args:
        sides: mentee and mentor of each conversation.
    """
    fitting = [at for at, (_, mentor) in enumerate(sides) if mentor[1] != 0]
    across = [at for at in fitting if sides[at][0][0] != sides[at][1][0]]
    if not fitting:
        return None
    unkind = (across or fitting)[0]
    here = sides[unkind][0][0]
    others = [at for at, (mentee, _) in enumerate(sides) if mentee[0] == here and at != unkind]
    return unkind, (others or [unkind])[0]


def _counts(accounts: int) -> tuple[int, int]:
    """Return how many meetings are accepted, and how many declined."""
    return min(MAX_ACCEPTED, accounts), min(MAX_DECLINED, accounts // 4)


def _may_meet(mentee: Place, mentor: Place | None, *, is_alone: bool) -> bool:
    if mentor is None or mentor == mentee:
        return False
    return is_alone or mentor[0] != mentee[0]
