"""Mentorships in an export: what was agreed, met for, reached, noted and thanked."""

from __future__ import annotations

from kith_client.export_document import (
    ExportedAnswers,
    ExportedGoal,
    ExportedMentorship,
    ExportedNote,
    ExportedSession,
    ExportedTerms,
    ExportedThanks,
)
from kith_client.mentorship.mentoring import Mentoring
from kith_client.mentorship.thanks import ThanksBook
from kith_crypto.encoding import encode_base64url
from kith_protocol.mentorship.blind import Answers
from kith_protocol.mentorship.bodies import Terms
from kith_protocol.mentorship.sessions import Session
from kith_protocol.mentorship.state import Mentorship


def export_mentorship(mentoring: Mentoring) -> ExportedMentorship | None:
    """Return a mentorship as it is exported, or None where nothing came of a conversation."""
    state = mentoring.state
    exported = ExportedMentorship(
        stage=state.stage,
        kept_until=mentoring.kept_until,
        terms=_terms(state.agreement.terms),
        proposed=_terms(state.agreement.proposed),
        sessions=tuple(map(_session, state.sessions)),
        goals=(
            *(ExportedGoal(goal.text, goal.state, goal.topics) for goal in state.goals),
            *(
                ExportedGoal(goal.text, goal.state, is_private=True)
                for goal in mentoring.private_goals
            ),
        ),
        notes=(
            *(ExportedNote(note.text, encode_base64url(note.session)) for note in state.notes),
            *(
                ExportedNote(note.text, encode_base64url(note.session), is_private=True)
                for note in mentoring.private_notes
            ),
        ),
        answers=_answers(mentoring, state),
        closing_words=_closing_words(state),
        thanks=tuple(thank.text for thank in state.thanks),
    )
    is_empty = exported == ExportedMentorship(stage=state.stage)
    return None if is_empty else exported


def export_thanks(book: ThanksBook) -> tuple[ExportedThanks, ...]:
    """Return what one was thanked for."""
    return tuple(ExportedThanks(one.text, one.may_show, one.day) for one in book.list())


def _terms(terms: Terms | None) -> ExportedTerms | None:
    if terms is None:
        return None
    return ExportedTerms(
        goals=terms.goals,
        cadence=terms.cadence,
        sessions=terms.sessions,
        minutes=terms.minutes,
        channel=terms.channel,
        boundaries=terms.boundaries,
        confidentiality=terms.confidentiality,
        limits=terms.limits,
        ending=terms.ending,
        review_day=terms.review_day or None,
    )


def _session(session: Session) -> ExportedSession:
    slot = session.picked
    return ExportedSession(
        id=encode_base64url(session.thing),
        state=session.state,
        minute=None if slot is None else slot.start,
        minutes=None if slot is None else slot.minutes,
        proposed=tuple(slot.start for slot in session.proposed),
    )


def _answers(mentoring: Mentoring, state: Mentorship) -> tuple[ExportedAnswers, ...]:
    found: list[ExportedAnswers] = []
    for one in mentoring.check_ins:
        theirs = None if one.round is None else one.round.theirs
        found += _both(one.mine, theirs)
    if state.closing is not None:
        found += _both(mentoring.reflections, state.closing.looking_back.theirs)
    return tuple(found)


def _both(mine: Answers | None, theirs: Answers | None) -> list[ExportedAnswers]:
    return [
        ExportedAnswers(answers.number, answers.feeling, answers.words, is_mine=answers is mine)
        for answers in (mine, theirs)
        if answers is not None
    ]


def _closing_words(state: Mentorship) -> tuple[str, ...]:
    closing = state.closing
    sides = () if closing is None else (closing.mine, closing.theirs)
    return tuple(side.words for side in sides if side is not None and side.words)
