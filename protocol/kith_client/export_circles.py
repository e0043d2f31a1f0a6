"""Circles in an export: what each agreed on, who was in it, what was said, when it met.

Names are those that people chose for the circle; keys, seats and rosters stay out, as they
would prove who said what.
"""

from __future__ import annotations

from kith_client.circles.circle import Circle
from kith_client.circles.circles import Circles
from kith_client.export_document import (
    ExportedCircle,
    ExportedCircleSession,
    ExportedCircleTerms,
    ExportedWords,
)
from kith_crypto.encoding import encode_base64url
from kith_protocol.circle.roster import CircleTerms


def export_circles(circles: Circles) -> tuple[ExportedCircle, ...]:
    """Return all circles as they are exported."""
    return tuple(map(_circle, circles.list()))


def _circle(circle: Circle) -> ExportedCircle:
    view, own = circle.view, circle.seat
    return ExportedCircle(
        id=encode_base64url(circle.id),
        my_name=own.name,
        state=view.state,
        terms=_terms(view.terms),
        purge_day=view.purge_day,
        members=tuple(place.seat.name for place in view.places),
        sessions=tuple(
            ExportedCircleSession(
                minute=one.start,
                minutes=one.minutes,
                where=one.where,
                is_cancelled=one.is_cancelled,
                attends=one.attends.get(own.key, ""),
            )
            for one in view.meetings
        ),
        words=tuple(
            ExportedWords(
                is_mine=one.writer == own.key,
                name="" if one.seat is None else one.seat.name,
                minute=one.minute,
                text=one.text,
            )
            for one in view.words
        ),
        farewell=view.farewell,
    )


def _terms(terms: CircleTerms | None) -> ExportedCircleTerms | None:
    if terms is None:
        return None
    return ExportedCircleTerms(
        purpose=terms.purpose,
        begins=terms.begins,
        ends=terms.ends,
        purge_days=terms.purge_days,
        places=terms.places,
        rules=terms.rules,
        rhythm=terms.rhythm,
    )
