"""A session as commands show it: to people, and as JSON."""

from __future__ import annotations

from datetime import UTC, datetime

from kith_client.calendar import seen_from_here
from kith_client.commands.common import Place, short_id
from kith_client.commands.reader import Reader
from kith_crypto.encoding import encode_base64url
from kith_protocol.mentorship.bodies import Slot
from kith_protocol.mentorship.sessions import Session

_STATES = {
    "proposed": "no time yet",
    "agreed": "agreed",
    "cancelled": "cancelled",
    "took-place": "took place",
}
_MINUTE_S = 60


def show_session(
    place: Place, number: str, place_in_list: int, one: Session, reader: Reader
) -> None:
    """Print one session, and what can be done next.

    Args:
        place: where to print.
        number: of the conversation, as it was typed.
        place_in_list: its own number.
        one: the session.
        reader: by whose clock.
    """
    seen = seen_from_here(one)
    when = "" if seen.picked is None else f"{_show(seen.picked, reader)}  "
    state = f"[{_STATES[one.state]}, {short_id(one.thing)}]"
    place.title(f"{place_in_list:2}. {when}{state}")
    if one.words:
        place.say(f"    {one.words}")
    if seen.proposed:
        what = "other times" if one.picked is not None else "times"
        place.say(f"    {'You propose' if one.is_proposed_by_me else 'They propose'} {what}:")
    for at, slot in enumerate(seen.proposed, 1):
        place.say(f"      {at}) {_show(slot, reader)}")
    if seen.proposed and not one.is_proposed_by_me:
        place.say(f"    Pick one: kith me session pick {number} {place_in_list} SLOT")


def session_document(one: Session) -> dict[str, object]:
    """Return *one* as the JSON output has it; times are UTC, offsets those that were told."""
    return {
        "id": encode_base64url(one.thing),
        "state": one.state,
        "picked": None if one.picked is None else slot_document(one.picked),
        "picked_by_me": one.is_picked_by_me,
        "picker_offset": one.picker_offset,
        "proposed": [slot_document(slot) for slot in one.proposed],
        "proposed_by_me": one.is_proposed_by_me,
        "words": one.words,
        "moves": one.moves,
    }


def slot_document(slot: Slot) -> dict[str, object]:
    """Return a time as the JSON output has it."""
    start = datetime.fromtimestamp(slot.start * _MINUTE_S, UTC)
    return {
        "start": f"{start:%Y-%m-%dT%H:%MZ}",
        "minutes": slot.minutes,
        "offset": slot.offset,
    }


def _show(slot: Slot, reader: Reader) -> str:
    """Return when it is; *slot* has the other side's offset, if any."""
    return reader.show(slot, is_own=False)
