"""What may be written: what is not legal cannot be sent, and is harmless to receive."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.conversation.bodies import Close
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
from kith_testing.correspondence import CONVERSATION
from kith_testing.mentorships import (
    BOTH,
    MENTEE,
    MENTOR,
    OTHER_THING,
    THING,
    THURSDAY,
    TUESDAY,
    Scene,
    neutral,
)

TERMS = Terms(goals=("A portfolio",))
OPENING = b"o" * 32
NOWHERE = encode_base64url(b"nowhere." * 4)


class Life:
    """A scene with an agreement, a session with times, a goal and a note, all by the mentee."""

    def __init__(self) -> None:
        self.scene = Scene()
        tries = self.scene.tries
        self.agreement = tries(MENTEE, AgreementProposal(TERMS))
        self.session = tries(MENTEE, SessionProposal(THING, (TUESDAY, THURSDAY)))
        self.goal = tries(MENTEE, Goal(THING, "A portfolio"))
        self.note = tries(MENTEE, Note(THING, "What we said"))

    def agrees(self) -> None:
        self.agreement = self.scene.tries(MENTOR, AgreementAnswer(True, self.agreement))

    def picks(self) -> None:
        self.session = self.scene.tries(MENTOR, SessionPick(THING, self.session, TUESDAY.start))

    def answers(self, role: int, answers: Answers, opening: bytes = OPENING) -> None:
        commitment = encode_base64url(
            commit_answers(answers, opening=opening, conversation=CONVERSATION, role=role)
        )
        body: MentorshipBody = CheckIn(answers.number, commitment)
        if answers.number == CLOSING_ROUND:
            body = Closing(commitment=commitment)
        self.scene.tries(role, body)


def refuses(life: Life, role: int, body: MentorshipBody, why: str) -> None:
    """The step cannot be sent; when it is sent all the same, neither side sees a difference."""
    with pytest.raises(UsageError, match=why):
        life.scene.check(role, body)
    before = [neutral(life.scene.seen_by(one), one) for one in BOTH]
    life.scene.says(role, body)
    assert [neutral(life.scene.seen_by(one), one) for one in BOTH] == before
    assert before[0] == before[1]


def cannot_send(life: Life, role: int, body: MentorshipBody, why: str) -> None:
    """The step cannot be sent. Received, it would count where it stands, not for more."""
    with pytest.raises(UsageError, match=why):
        life.scene.check(role, body)


# --- the agreement ---------------------------------------------------------------


def test_the_other_side_accepts() -> None:
    life = Life()
    life.agrees()
    assert life.scene.seen_by(MENTEE).stage == "agreed"


def test_nobody_accepts_their_own_terms() -> None:
    life = Life()
    refuses(life, MENTEE, AgreementAnswer(True, life.agreement), "the other side has to accept")


def test_nothing_is_accepted_twice() -> None:
    life = Life()
    life.agrees()
    refuses(life, MENTEE, AgreementAnswer(True, life.agreement), "no terms are proposed")


def test_nothing_is_answered_that_nobody_has_seen() -> None:
    life = Life()
    cannot_send(life, MENTOR, AgreementAnswer(True, NOWHERE), "changed meanwhile")
    life.scene = Scene()
    refuses(life, MENTOR, AgreementAnswer(True, NOWHERE), "nothing yet")


def test_an_answer_is_to_the_newest_terms() -> None:
    life = Life()
    old, life.agreement = (
        life.agreement,
        life.scene.tries(MENTEE, AgreementProposal(Terms(), after=life.agreement)),
    )
    cannot_send(life, MENTOR, AgreementAnswer(True, old), "changed meanwhile")
    life.scene.check(MENTOR, AgreementAnswer(True, life.agreement))


def test_a_second_first_proposal_is_refused() -> None:
    life = Life()
    cannot_send(life, MENTOR, AgreementProposal(Terms()), "changed meanwhile")


def test_terms_are_changed_and_declined_at_any_time() -> None:
    life = Life()
    for role in (MENTEE, MENTOR, MENTOR):
        after = life.agreement
        life.agreement = life.scene.tries(role, AgreementProposal(TERMS, after=after))
    life.scene.check(MENTOR, AgreementAnswer(False, life.agreement))
    life.scene.check(MENTEE, AgreementAnswer(False, life.agreement))


# --- sessions --------------------------------------------------------------------


def test_nobody_picks_their_own_times() -> None:
    life = Life()
    body = SessionPick(THING, life.session, TUESDAY.start)
    refuses(life, MENTEE, body, "the other side has to pick")


def test_nobody_picks_what_was_not_proposed() -> None:
    life = Life()
    body = SessionPick(THING, life.session, TUESDAY.start + 1)
    refuses(life, MENTOR, body, "not among those proposed")


def test_nobody_picks_where_nothing_is_proposed() -> None:
    life = Life()
    life.picks()
    for role in BOTH:
        body = SessionPick(THING, life.session, TUESDAY.start)
        refuses(life, role, body, "no times are proposed")


def test_a_session_is_picked_by_its_name() -> None:
    life = Life()
    refuses(life, MENTOR, SessionPick(OTHER_THING, life.session, TUESDAY.start), "nothing yet")


@pytest.mark.parametrize("slots", [(THURSDAY, TUESDAY), (TUESDAY, TUESDAY)])
def test_times_are_proposed_in_order(slots: tuple[Slot, ...]) -> None:
    life = Life()
    refuses(life, MENTEE, SessionProposal(OTHER_THING, slots), "the earliest first")
    refuses(life, MENTOR, SessionProposal(THING, slots, after=life.session), "earliest first")


def test_nothing_is_declined_where_nothing_is_proposed() -> None:
    life = Life()
    life.picks()
    refuses(life, MENTOR, SessionEnd(THING, life.session, "declined"), "no times are proposed")


def test_a_session_has_not_taken_place_before_its_time() -> None:
    life = Life()
    never = SessionEnd(THING, life.session, "took-place")
    refuses(life, MENTOR, never, "once its time has come")
    life.picks()
    body = SessionEnd(THING, life.session, "took-place")
    refuses(life, MENTOR, body, "once its time has come")
    life.scene.check(MENTEE, body, minute=TUESDAY.start)


@pytest.mark.parametrize("how", ["cancelled", "took-place"])
def test_nothing_follows_the_end_of_a_session(how: str) -> None:
    life = Life()
    life.picks()
    life.scene.minute = THURSDAY.start
    body = SessionEnd(THING, life.session, how)  # type: ignore[arg-type]
    life.session = life.scene.tries(MENTOR, body)
    for after in (
        SessionProposal(THING, (THURSDAY,), after=life.session),
        SessionPick(THING, life.session, TUESDAY.start),
        SessionEnd(THING, life.session, "cancelled"),
    ):
        refuses(life, MENTEE, after, "the session is over")


def test_a_session_begins_with_times() -> None:
    life = Life()
    life.scene = Scene()
    # Members that no honest client writes: a pick that names nothing before it.
    refuses(life, MENTOR, SessionPick(THING, NOWHERE, TUESDAY.start), "nothing yet")


# --- goals and notes -------------------------------------------------------------


@pytest.mark.parametrize("role", BOTH)
def test_either_side_changes_goals_and_notes(role: int) -> None:
    life = Life()
    life.scene.tries(role, Goal(THING, "Another", state="reached", after=life.goal))
    life.scene.tries(role, Note(THING, "", after=life.note))


@pytest.mark.parametrize("role", BOTH)
def test_a_change_is_made_of_what_one_has_seen_last(role: int) -> None:
    life = Life()
    life.scene.tries(MENTEE, Goal(THING, "Another", after=life.goal))
    life.scene.tries(MENTEE, Note(THING, "Another", after=life.note))
    cannot_send(life, role, Goal(THING, "Mine", after=life.goal), "changed meanwhile")
    cannot_send(life, role, Note(THING, "Mine", after=life.note), "changed meanwhile")
    cannot_send(life, role, Goal(THING, "Mine"), "changed meanwhile")
    cannot_send(life, role, Note(THING, "Mine"), "changed meanwhile")
    refuses(life, role, Goal(OTHER_THING, "Mine", after=life.goal), "nothing yet")
    refuses(life, role, Note(OTHER_THING, "Mine", after=NOWHERE), "nothing yet")


# --- check-ins and the end -------------------------------------------------------

MINE, THEIRS = Answers(1, "fine"), Answers(1, "help", ("Can we talk less often?",))


def test_a_check_in_is_answered_once() -> None:
    life = Life()
    life.answers(MENTEE, MINE)
    commitment = encode_base64url(bytes(32))
    cannot_send(life, MENTEE, CheckIn(1, commitment), "answered this check-in already")
    life.scene.check(MENTEE, CheckIn(2, commitment))
    life.scene.check(MENTOR, CheckIn(1, commitment))


def test_answers_are_shown_only_when_both_are_in_and_only_once() -> None:
    life = Life()
    shown = reveal_of(MINE, opening=OPENING)
    cannot_send(life, MENTEE, shown, "only when both sides")
    life.answers(MENTEE, MINE)
    cannot_send(life, MENTEE, shown, "only when both sides")
    life.answers(MENTOR, THEIRS)
    life.scene.tries(MENTEE, shown)
    refuses(life, MENTEE, shown, "only when both sides")


def test_only_what_was_committed_to_is_shown() -> None:
    life = Life()
    life.answers(MENTEE, MINE)
    life.answers(MENTOR, THEIRS)
    for answers, opening in ((THEIRS, OPENING), (MINE, b"p" * 32)):
        body = reveal_of(answers, opening=opening)
        cannot_send(life, MENTEE, body, "not the answer you have given")
    life.scene.tries(MENTEE, reveal_of(MINE, opening=OPENING))


def test_nothing_but_its_end_follows_a_closing() -> None:
    life = Life()
    life.agrees()
    life.answers(MENTEE, MINE)
    life.answers(MENTOR, THEIRS)
    life.scene.tries(MENTEE, Closing())
    for role in BOTH:
        for body in (
            AgreementProposal(TERMS, after=life.agreement),
            SessionProposal(OTHER_THING, (TUESDAY,)),
            SessionPick(THING, life.session, TUESDAY.start),
            SessionEnd(THING, life.session, "cancelled"),
            Goal(OTHER_THING, "Another"),
            Note(OTHER_THING, "Another"),
            CheckIn(2, encode_base64url(bytes(32))),
        ):
            cannot_send(life, role, body, "the mentorship is closed")
    life.scene.check(MENTOR, Closing("Thank you, too."))
    life.scene.check(MENTEE, reveal_of(MINE, opening=OPENING))
    life.scene.check(MENTEE, Thanks("Thank you."))
    life.scene.check(MENTEE, PassedOn())


def test_nothing_new_follows_the_end_of_the_conversation_either() -> None:
    life = Life()
    life.scene.says(MENTOR, Close())
    cannot_send(life, MENTEE, Note(OTHER_THING, "x"), "the mentorship is closed")


def test_a_mentorship_is_closed_once_by_each_side() -> None:
    life = Life()
    life.scene.tries(MENTEE, Closing("Enough."))
    life.scene.minute += 1
    refuses(life, MENTEE, Closing("Really."), "closed this mentorship already")
    life.scene.tries(MENTOR, Closing())


def test_it_can_be_closed_without_ever_having_been_agreed() -> None:
    Scene().check(MENTOR, Closing())


def test_thanks_go_from_a_mentee_to_a_mentor() -> None:
    life = Life()
    refuses(life, MENTOR, Thanks("Thank you."), "from a mentee to a mentor")
    life.scene.tries(MENTEE, Thanks("Thank you."))


def test_the_same_news_is_not_told_twice() -> None:
    life = Life()
    life.scene.tries(MENTEE, PassedOn("I offer it."))
    cannot_send(life, MENTEE, PassedOn("I offer it."), "told them already")
    life.scene.check(MENTOR, PassedOn("I offer it."))


IMPOSTORS: tuple[Callable[[Life], MentorshipBody], ...] = (
    lambda life: AgreementAnswer(True, life.agreement),
    lambda life: SessionPick(THING, life.session, TUESDAY.start),
    lambda life: SessionEnd(THING, life.session, "took-place"),
    lambda life: SessionPick(THING, life.goal, TUESDAY.start),
    lambda life: AgreementAnswer(True, life.session),
    lambda life: Goal(THING, "from a note", after=life.note),
    lambda life: Note(THING, "from a goal", after=life.goal),
    lambda life: Reveal(1, encode_base64url(OPENING), "fine"),
    lambda life: SessionProposal(THING, (THURSDAY, TUESDAY), after=life.session),
)


@pytest.mark.parametrize("impostor", IMPOSTORS)
def test_an_impostor_changes_nothing(impostor: Callable[[Life], MentorshipBody]) -> None:
    life = Life()
    body = impostor(life)
    before = [neutral(life.scene.seen_by(role), role) for role in BOTH]
    with pytest.raises(UsageError):
        life.scene.check(MENTEE, body)
    name = life.scene.says(MENTEE, body)
    # Nor does what builds on it.
    life.scene.says(MENTEE, AgreementProposal(Terms(), after=name))
    life.scene.says(MENTEE, SessionProposal(THING, (THURSDAY,), after=name))
    life.scene.says(MENTEE, Goal(THING, "mine", after=name))
    life.scene.says(MENTEE, Note(THING, "mine", after=name))
    assert [neutral(life.scene.seen_by(role), role) for role in BOTH] == before
