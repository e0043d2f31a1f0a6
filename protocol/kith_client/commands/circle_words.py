"""Circles as commands show them to people.

What others wrote is shown line by line: nothing in a text can look like a line of somebody
else's, or turn the words around it.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping

import click

from kith_client.circles.circle import Circle, News
from kith_client.circles.circles import Invitation
from kith_client.commands.cautions import cautions_about
from kith_client.commands.common import Place, count_of, short_id
from kith_client.commands.messages import name_of, show_day, show_minute
from kith_client.commands.reader import Reader
from kith_client.member import Member
from kith_crypto.encoding import parse_base64url
from kith_protocol.circle.bodies import Attendance, CircleInvite
from kith_protocol.circle.roster import CircleTerms
from kith_protocol.circle.seat import Seat
from kith_protocol.circle.view import Circle as View
from kith_protocol.circle.view import Meeting, Words
from kith_protocol.circle.view import Place as Seated
from kith_protocol.conversation.body import MAX_TEXT_CHARACTERS
from kith_protocol.conversation.events import Shown
from kith_protocol.mentorship.bodies import Slot
from kith_protocol.text import clean_text
from kith_protocol.urls import authority_of, parse_origin

STATES = {
    "joining": "waits for its convener to let you in",
    "open": "",
    "over": "over",
    "left": "you have left it",
    "removed": "you have no seat in it any more",
}
WHO_LEARNS = (
    "Everybody in the circle reads the name you choose here, a picture drawn for it, of which "
    "community you are, what you say, and whether you come to sessions. They keep what they "
    "have read, also when you leave.",
    "Whoever convenes it knows in which conversation they invited you; the others do not.",
    "No node knows of the circle. Yours sees one more box, to which several nodes write.",
)
_ATTENDS: dict[Attendance, str] = {"yes": "come", "maybe": "perhaps", "no": "not"}
_ISOLATE, _END = "\u2068", "\u2069"  # Unicode Standard Annex #9: first strong isolate
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})


def safe(text: str, *, indent: str = "    ") -> str:
    """Return what somebody wrote fit for a terminal; further lines are set in by *indent*."""
    lines = (clean_text(line, MAX_TEXT_CHARACTERS) for line in text.split("\n"))
    return f"\n{indent}".join(map(_isolated, lines))


def _isolated(line: str) -> str:
    """Return *line* so that it does not turn what stands around it."""
    is_turning = any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in line)
    return f"{_ISOLATE}{line}{_END}" if is_turning else line


def names_of(view: View) -> dict[str, str]:
    """Return what to call each seat, by its key; with the key where names look the same."""
    seats = {one.seat.key: one.seat for one in view.words if one.seat is not None}
    seats |= {place.seat.key: place.seat for place in view.places}
    looks = Counter(_look(seat.name) for seat in seats.values())
    return {
        key: _name(seat, is_shared=looks[_look(seat.name)] > 1) for key, seat in seats.items()
    }


def _look(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def _name(seat: Seat, *, is_shared: bool) -> str:
    key = f" [{short_key(seat)}]" if is_shared else ""
    return f"{safe(seat.name)}{key}"


def short_key(seat: Seat) -> str:
    """Return what tells *seat* apart from another one of the same name."""
    return short_id(parse_base64url(seat.key))


def community_of(seat: Seat) -> str:
    """Return how the community of *seat* is called by people: the host of its node."""
    return authority_of(parse_origin(seat.node, development=True))


# --- terms and invitations ---------------------------------------------------------------


def known_terms(member: Member, circle: Circle, view: View) -> CircleTerms | None:
    """Return what the circle agrees on, or what one was invited to while one waits."""
    if view.terms is not None:
        return view.terms
    record = circle.record
    for conversation in member.conversations.list():
        if conversation.id != record.conversation:
            continue
        for entry in reversed(conversation.messages):
            body = entry.body if isinstance(entry, Shown) else None
            if isinstance(body, CircleInvite) and body.seat.circle == record.own.seat.circle:
                return body.terms
    return None


def purpose_of(terms: CircleTerms | None) -> str:
    """Return what the circle is for."""
    return safe(terms.purpose) if terms is not None else "a circle"


def show_terms(place: Place, terms: CircleTerms) -> None:
    """Print what a circle agrees on, and what happens at its end."""
    place.say(f"  for: {safe(terms.purpose)}")
    place.say(f"  from {show_day(terms.begins)}, over on {show_day(terms.ends)}")
    if terms.rhythm:
        place.say(f"  rhythm: {safe(terms.rhythm)}")
    place.say(f"  room for {terms.places} people, the convener among them")
    place.say(f"  ground rules: {safe(terms.rules) or 'none were written down'}")
    place.say(
        f"  {terms.purge_days} days after its end each device deletes all of it; nobody can "
        "make sure that others really do"
    )


def show_invitation(place: Place, number: int, one: Invitation) -> None:
    """Print an invitation with all that one would agree to."""
    who = safe(one.body.seat.name)
    place.title(f"{number:2}. {safe(one.terms.purpose)}  [{short_id(one.circle)}]")
    place.say(f"  {who} invites you, with whom you talk as {safe(name_of(one.conversation))}")
    if one.body.words:
        place.say(f"  they say: {safe(one.body.words)}")
    show_terms(place, one.terms)
    place.say(f"  now: {_people(one.body.people)}")


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


# --- members, words, sessions ------------------------------------------------------------


def show_members(place: Place, circle: Circle, view: View, names: Mapping[str, str]) -> None:
    """Print who is in the circle, and of whom there is something to know."""
    paused = {seat.key for seat in circle.paused}
    place.title(f"Members ({len(view.places) + view.unknown})")
    for one in view.places:
        marks = ", ".join(_marks(one, is_paused=one.seat.key in paused))
        place.say(f"  {names[one.seat.key]}, of {community_of(one.seat)}  ({marks})".rstrip())


def _marks(one: Seated, *, is_paused: bool) -> list[str]:
    marks = {
        "you": one.is_me,
        "convener": one.is_convener,
        "has left": one.has_left,
        "has paused everything": is_paused,
        "has not acknowledged the terms": not one.has_acknowledged,
    }
    return [mark for mark, is_so in marks.items() if is_so] or ["member"]


def show_said(
    place: Place, one: Words, names: Mapping[str, str], reader: Reader, *, is_own: bool
) -> None:
    """Print what somebody said; under what others said, what to be careful about."""
    name = "you" if is_own else names.get(one.writer, "somebody who is gone")
    fork = "  [another version of this message exists]" if one.is_fork else ""
    where = f"{show_minute(one.minute)} [{short_id(parse_base64url(one.thing))}]"
    place.say(f"{where} {click.style(name, bold=True)}: {safe(one.text)}{fork}")
    if not is_own:
        for line in cautions_about((one.text,), reader):
            place.say(click.style(f"    ! {line}", fg="yellow"))


def show_meeting(
    place: Place, number: int, one: Meeting, names: Mapping[str, str], reader: Reader
) -> None:
    """Print a session, and who comes to it."""
    when = reader.show(Slot(one.start, one.minutes), is_own=True)
    cancelled = "cancelled, " if one.is_cancelled else ""
    place.title(f"{number:2}. {when}  [{cancelled}{short_id(parse_base64url(one.session))}]")
    if one.where:
        place.say(f"    {safe(one.where)}")
    if one.is_cancelled:
        return
    for attends, word in _ATTENDS.items():
        who = [
            names[key] for key, said in one.attends.items() if said == attends and key in names
        ]
        if who:
            place.say(f"    {word}: {', '.join(sorted(who))}")


# --- what is new, and what is wrong ------------------------------------------------------


def show_circle_news(
    place: Place, news: tuple[tuple[Circle, News], ...], invitations: tuple[Invitation, ...]
) -> None:
    """Print in which circles something is new and who invites one; nothing where nothing is."""
    if news:
        place.say(f"{count_of(len(news), 'circle')} with something new")
    for circle, what in news:
        place.say(
            f"  {purpose_of(circle.view.terms)}: kith me circle show {short_id(circle.id)}"
        )
        for line in news_lines(circle, what):
            place.say(f"    {line}")
    if invitations:
        count = count_of(len(invitations), "invitation")
        place.say(f"{count} to a circle: kith me circle invitations")


def news_lines(circle: Circle, news: News) -> list[str]:
    """Return a line for each thing that is new in a circle."""
    me = circle.seat.key
    lines = [_turn_of(circle, news)] if news.was != news.now else []
    if news.words:
        lines.append(count_of(len(news.words), "new message"))
    if news.was != "joining":  # else everybody has come
        lines += [f"{safe(seat.name)} has come" for seat in news.entered if seat.key != me]
        lines += [f"{safe(seat.name)} is gone" for seat in news.gone if seat.key != me]
    if news.meetings:
        lines.append(f"{count_of(len(news.meetings), 'session')} new or changed")
    if news.are_terms_new:
        lines.append("it agrees on something else now; your word is needed:")
        lines.append(f"  kith me circle rules {short_id(circle.id)} --acknowledge")
    return lines


def _turn_of(circle: Circle, news: News) -> str:
    match news.now:
        case "open":
            return "you are in"
        case "removed":
            farewell = circle.view.farewell
            return f"you have no seat in it any more{': ' if farewell else ''}{safe(farewell)}"
        case state:
            return f"{STATES[state]}"


def warnings_of(circle: Circle, view: View, names: Mapping[str, str]) -> dict[str, str]:
    """Return what a member should know before they trust or say anything, by its code."""
    found: dict[str, str] = {}
    if view.is_forked:
        found["forked"] = (
            "the convener made two lists of members for one moment: on two devices at once, or "
            "to tell different people different things. All devices settle on the same one; "
            "compare with the others whom each of you sees"
        )
    if view.is_split:
        found["split"] = (
            "somebody goes by another list of members than yours. The convener may be telling "
            "different things to different people: compare with them whom each of you sees"
        )
    if view.waiting:
        found["waiting"] = (
            f"{count_of(view.waiting, 'message')} cannot be shown yet: the list of members "
            "that was true then has not come. If it never does, ask the convener"
        )
    if view.unknown:
        found["unknown"] = (
            f"{count_of(view.unknown, 'member')} more cannot be shown yet, and do not read "
            "what you say until the letter that brings them has come"
        )
    if unreached := circle.unreached:
        found["unreached"] = (
            f"not everything reached {_listing(unreached, names)}: their community is not "
            "connected with yours, or gone"
        )
    if paused := circle.paused:
        found["paused"] = (
            f"{_listing(paused, names)} paused everything, perhaps as a device was taken: they "
            "read nothing of yours. To go on, the convener removes them and invites them anew"
        )
    if view.state == "open" and not view.me.has_acknowledged:
        found["terms-new"] = (
            "the terms are new; until you acknowledge them you cannot say anything: "
            f"kith me circle rules {short_id(circle.id)} --acknowledge"
        )
    return found


def _listing(seats: tuple[Seat, ...], names: Mapping[str, str]) -> str:
    return ", ".join(sorted(names[seat.key] for seat in seats))
