"""Each message of a mentorship in one line, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable

from kith_client.wording import Wording
from kith_protocol.conversation.bodies import Body
from kith_protocol.mentorship.bodies import (
    AgreementAnswer,
    AgreementProposal,
    CheckIn,
    Closing,
    Goal,
    Note,
    PassedOn,
    Reveal,
    SessionEnd,
    SessionPick,
    SessionProposal,
    Slot,
    Thanks,
)

ShowTime = Callable[[Slot], str]

UNSAID_MINUTES = 0  # a pick says when, not how long


def summarise(body: Body, *, is_own: bool, words: Wording, show_time: ShowTime) -> str:
    """Return what *body* says, in one line.

    Args:
        body: a message of a mentorship; others are said to be unknown.
        is_own: written by the reader.
        words: in the reader's language.
        show_time: says when a slot is, for the reader.
    """
    key, values = _line_of(body, show_time)
    if not key:
        return words.say("summary.unknown")
    side = "mine" if is_own else "theirs"
    return words.say(f"summary.{key}.{side}", **values)


def _line_of(body: Body, show_time: ShowTime) -> tuple[str, dict[str, str | int]]:
    match body:
        case SessionProposal(slots=slots):
            return "session", {"times": "; ".join(map(show_time, slots))}
        case SessionPick(start=start, offset=offset):
            return "session-pick", {"time": show_time(Slot(start, UNSAID_MINUTES, offset))}
        case SessionEnd(how=how):
            return f"session-end.{how}", {}
        case Goal(state=state, text=text):
            return f"goal.{state}", {"text": _one_line(text)}
        case Note(text=""):
            return "note.away", {}
        case Note(text=text):
            return "note", {"text": _one_line(text)}
        case Thanks(text=text):
            return "thanks", {"text": _one_line(text)}
        case CheckIn(number=number):
            return "check-in", {"number": number}
        case _:
            return _plain_line_of(body), {}


def _plain_line_of(body: Body) -> str:
    match body:
        case AgreementProposal():
            return "agreement"
        case AgreementAnswer(accepted=accepted):
            return f"agreement-answer.{'accepted' if accepted else 'declined'}"
        case Closing():
            return "closing"
        case Reveal():
            return "reveal"
        case PassedOn():
            return "passed-on"
        case _:
            return ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
