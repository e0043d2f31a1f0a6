"""A quiet word where a text asks to go elsewhere, to meet, for photos or for money.

Found on this device by ``prompts``; nobody is told, nothing is kept, and people may go on.
"""

from __future__ import annotations

from collections.abc import Iterator

import click

from kith_client.commands.common import Place
from kith_client.commands.reader import Reader
from kith_client.prompts import find_prompts
from kith_protocol.conversation.body import BodyStruct

# Members of bodies that are written by people; all others are codes, keys and hashes.
_WRITTEN = frozenset(
    {
        "about",
        "boundaries",
        "channel",
        "confidentiality",
        "ending",
        "goals",
        "hopes",
        "limits",
        "purpose",
        "rhythm",
        "rules",
        "terms",
        "text",
        "times",
        "tried",
        "words",
    }
)


def cautions_about(texts: Iterator[str] | tuple[str, ...], reader: Reader) -> tuple[str, ...]:
    """Return a line for each kind of thing that *texts* seem to ask for."""
    kinds = dict.fromkeys(one.kind for text in texts for one in find_prompts(text))
    return tuple(reader.words.say(f"prompt.{kind}") for kind in kinds)


def show_cautions(place: Place, body: BodyStruct, reader: Reader) -> None:
    """Print what to be careful about in a message that came."""
    for line in cautions_about(texts_of(body), reader):
        place.say(click.style(f"    ! {line}", fg="yellow"))


def ask_before_sending(
    place: Place, texts: tuple[str, ...], reader: Reader, *, is_agreed: bool, is_asking: bool
) -> None:
    """Ask whether to send *texts* where there is something to be careful about.

    Args:
        place: where to ask.
        texts: about to be sent.
        reader: who wrote them.
        is_agreed: they need not be asked.
        is_asking: there is a person who can answer; else they are only told.

    Raises:
        click.Abort: the answer is no; nothing was sent.
    """
    lines = () if is_agreed else cautions_about(texts, reader)
    for line in lines:
        place.warn(line)
    if lines:
        place.warn(reader.words.say("prompt.note"))
    if lines and is_asking and not place.as_json:
        click.confirm("Send it as it is?", abort=True, err=True)


def texts_of(body: BodyStruct) -> Iterator[str]:
    """Yield the texts in *body* that somebody wrote."""
    for name in body.__struct_fields__:
        if name not in _WRITTEN:
            continue
        value = getattr(body, name)
        if isinstance(value, BodyStruct):
            yield from texts_of(value)
        elif isinstance(value, tuple):
            yield from value
        elif isinstance(value, str):
            yield value
