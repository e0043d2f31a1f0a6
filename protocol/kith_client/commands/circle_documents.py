"""Circles as the JSON output of commands has them."""

from __future__ import annotations

from datetime import UTC, datetime

from kith_client.circles.circle import Circle, News
from kith_client.circles.circles import Invitation
from kith_client.commands.circle_words import known_terms, names_of, warnings_of
from kith_client.commands.messages import name_of
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_protocol.circle.view import Circle as View
from kith_protocol.circle.view import Meeting, Words

_MINUTE_S = 60


def circle_document(member: Member, circle: Circle) -> dict[str, object]:
    """Return all of *circle*; texts are as they were written."""
    view = circle.view
    return {
        **line_document(member, circle),
        "terms": known_terms(member, circle, view),
        "purge_day": view.purge_day,
        "farewell": view.farewell,
        "members": _members(circle, view),
        "unknown": view.unknown,
        "sessions": [meeting_document(one) for one in view.meetings],
        "words": [words_document(one, own=circle.seat.key) for one in view.words],
    }


def line_document(member: Member, circle: Circle) -> dict[str, object]:
    """Return what a list says of *circle*."""
    view = circle.view
    terms = known_terms(member, circle, view)
    return {
        "id": encode_base64url(circle.id),
        "purpose": None if terms is None else terms.purpose,
        "state": view.state,
        "convener": view.state == "open" and view.me.is_convener,
        "people": len(view.places) + view.unknown,
        "over_day": view.over_day,
        "warnings": sorted(warnings_of(circle, view, names_of(view))),
    }


def invitation_document(one: Invitation) -> dict[str, object]:
    """Return an invitation."""
    return {
        "id": encode_base64url(one.circle),
        "conversation": encode_base64url(one.conversation.id),
        "with": name_of(one.conversation),
        "convener": one.body.seat.name,
        "people": one.body.people,
        "terms": one.terms,
        "words": one.body.words,
    }


def news_document(circle: Circle, news: News) -> dict[str, object]:
    """Return what is new in *circle*."""
    return {
        "id": encode_base64url(circle.id),
        "new": len(news.words),
        "entered": [seat.name for seat in news.entered],
        "gone": [seat.name for seat in news.gone],
        "sessions": [one.session for one in news.meetings],
        "terms_new": news.are_terms_new,
        "state": news.now,
    }


def words_document(one: Words, *, own: str) -> dict[str, object]:
    """Return what was said; *own* is the key of one's own seat."""
    return {
        "id": one.thing,
        "by": None if one.seat is None else one.seat.name,
        "key": one.writer,
        "own": one.writer == own,
        "minute": one.minute,
        "text": one.text,
        "seen": one.seen,
        "sent": len(one.hashes) if one.writer == own else None,
        "fork": one.is_fork,
    }


def meeting_document(one: Meeting) -> dict[str, object]:
    """Return a session; its time is UTC."""
    start = datetime.fromtimestamp(one.start * _MINUTE_S, UTC)
    return {
        "id": one.session,
        "start": f"{start:%Y-%m-%dT%H:%MZ}",
        "minutes": one.minutes,
        "where": one.where,
        "cancelled": one.is_cancelled,
        "attends": one.attends,
    }


def _members(circle: Circle, view: View) -> list[dict[str, object]]:
    paused = {seat.key for seat in circle.paused}
    unreached = {seat.key for seat in circle.unreached}
    return [
        {
            "name": one.seat.name,
            "key": one.seat.key,
            "node": one.seat.node,
            "me": one.is_me,
            "convener": one.is_convener,
            "left": one.has_left,
            "acknowledged": one.has_acknowledged,
            "paused": one.seat.key in paused,
            "unreached": one.seat.key in unreached,
        }
        for one in view.places
    ]
