"""What the messages of a conversation say: one struct for each type of body.

A body is canonical JSON ``{type, ack, …}``. ``ack`` and ``turn`` belong to the order of
messages, not to what people say, so they are read and written here beside the structs.
A type that is not known, and a known one whose members break a rule, become ``Unknown``: such
a message is kept and counted, but not shown, so that a newer client or a hostile one never
stops a lane. Members that are not known are passed over.

The messages of a mentorship are in ``mentorship.bodies``, those of a circle in
``circle.bodies``.

Source: SPEC.md, section on conversations.
"""

from __future__ import annotations

from typing import Annotated, Literal, TypeAlias

import msgspec

from kith_crypto.core import LANE_BYTES
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import KithError, MalformedError
from kith_crypto.strict_json import MAX_SAFE_INTEGER, JsonObject, JsonValue
from kith_protocol.circle.bodies import CIRCLE_BODIES, CircleBody
from kith_protocol.conversation.body import (
    MAX_TEXT_CHARACTERS,
    Blob16,
    Blob32,
    Blob64,
    BodyStruct,
    KnockText,
    ShortWords,
    check_body,
)
from kith_protocol.mentorship.bodies import MENTORSHIP_BODIES, MentorshipBody
from kith_protocol.offer_content import LanguageTag, ProfileContent, TopicId
from kith_protocol.wire import convert

MAX_ACKNOWLEDGED_LANES = 64
MAX_SHOWN_THANKS = 3
MAX_PARTS = 47
MAX_PART_CHARACTERS = 60_000  # of base64url: 45,000 bytes


class Card(BodyStruct, frozen=True, tag_field="type", tag="card"):
    """A persona that its owner shows to the other side; bounds are those of a profile.

    Attributes:
        pseudonym: 1 to 40 characters.
        picture: 16 hexadecimal digits from which clients draw the picture.
        pronouns: at most 40 characters.
        about: at most 300 characters.
        languages: BCP 47 tags, at most 6.
        topics: concept ids, at most 8.
        thanks: what others thanked them for and let them show, at most 3. Nothing proves it.
    """

    pseudonym: Annotated[str, msgspec.Meta(min_length=1, max_length=40)]
    picture: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
    pronouns: Annotated[str, msgspec.Meta(max_length=40)] = ""
    about: Annotated[str, msgspec.Meta(max_length=300)] = ""
    languages: Annotated[tuple[LanguageTag, ...], msgspec.Meta(max_length=6)] = ()
    topics: Annotated[tuple[TopicId, ...], msgspec.Meta(max_length=8)] = ()
    thanks: Annotated[tuple[KnockText, ...], msgspec.Meta(max_length=MAX_SHOWN_THANKS)] = ()


class Knock(BodyStruct, frozen=True, tag_field="type", tag="knock"):
    """The first message to an offer. Built by ``outgoing.write_knock``.

    Attributes:
        key: the mentee's conversation key.
        box: address of the mentee's new box.
        who: what lets the mentor recognise whom they blocked.
        sign: of the sending node over ``who``.
        day: of ``who``, days since 1970-01-01.
        words: what is asked for.
        hopes: what the mentee hopes for.
        tried: what they have tried.
        rhythm: how often they would like to talk.
        times: when it suits them, in words or times with their zone.
        card: who they are, if they choose to say so.
    """

    key: Blob32
    box: Blob16
    who: Blob16
    sign: Blob64
    day: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    words: Annotated[KnockText, msgspec.Meta(min_length=1)]
    hopes: ShortWords = ""
    tried: ShortWords = ""
    rhythm: ShortWords = ""
    times: ShortWords = ""
    card: Card | None = None


class Withdrawal(BodyStruct, frozen=True, tag_field="type", tag="withdrawal"):
    """The mentee takes a knock back; ``key`` is that of the knock."""

    key: Blob32
    words: ShortWords = ""


class Answer(BodyStruct, frozen=True, tag_field="type", tag="answer"):
    """The mentor's answer to a knock, either way.

    Attributes:
        accepted: whether they begin to talk.
        words: kind words.
        suggestions: topics under which the mentee may find somebody else, at most 5.
        times: when it suits the mentor.
        card: who they are, if they choose to say so.
        key: the mentor's conversation key; filled in by ``incoming.write_answer``.
        bind: the offer key's signature that binds it, likewise.
        box: address of the mentor's new box, likewise; empty when declined.
    """

    accepted: bool
    words: KnockText = ""
    suggestions: Annotated[tuple[TopicId, ...], msgspec.Meta(max_length=5)] = ()
    times: ShortWords = ""
    card: Card | None = None
    key: Blob32 | Literal[""] = ""
    bind: Blob64 | Literal[""] = ""
    box: Blob16 | Literal[""] = ""


class Text(BodyStruct, frozen=True, tag_field="type", tag="text"):
    """What people write to each other."""

    text: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT_CHARACTERS)]


class Part(BodyStruct, frozen=True, tag_field="type", tag="part"):
    """A piece of something longer; see ``parts``.

    Attributes:
        file: names what it is a piece of, 16 random bytes.
        number: from 1.
        total: how many there are.
        data: base64url of at most 45,000 bytes.
        name: of the whole, in the first one.
        media: media type of the whole, in the first one.
        hash: SHA-256 of the whole, in the last one.
    """

    file: Blob16
    number: Annotated[int, msgspec.Meta(ge=1, le=MAX_PARTS)]
    total: Annotated[int, msgspec.Meta(ge=1, le=MAX_PARTS)]
    data: Annotated[
        str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]+$(?!\n)", max_length=MAX_PART_CHARACTERS)
    ]
    name: Annotated[str, msgspec.Meta(max_length=100)] = ""
    media: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9.+/-]*$(?!\n)", max_length=80)] = ""
    hash: Blob32 | Literal[""] = ""


class Rekey(BodyStruct, frozen=True, tag_field="type", tag="rekey"):
    """A new reply key and nothing else; ``again`` asks for what did not arrive."""

    again: bool = False


class Freeze(BodyStruct, frozen=True, tag_field="type", tag="freeze"):
    """The owner has paused everything: nothing after it on this key counts."""


class Close(BodyStruct, frozen=True, tag_field="type", tag="close"):
    """The writer ends the conversation."""

    words: KnockText = ""


class Unknown(BodyStruct, frozen=True):
    """A message that this client does not show.

    Attributes:
        type: as it was written, or empty.
        raw: the whole body.
    """

    type: str
    raw: JsonObject


Written: TypeAlias = (
    "Card | Knock | Withdrawal | Answer | Text | Part | Rekey | Freeze | Close | MentorshipBody"
    " | CircleBody"
)
Body: TypeAlias = "Written | Unknown"

_KINDS: dict[str, type[Written]] = {
    "card": Card,
    "knock": Knock,
    "withdrawal": Withdrawal,
    "answer": Answer,
    "text": Text,
    "part": Part,
    "rekey": Rekey,
    "freeze": Freeze,
    "close": Close,
    **{str(kind.__struct_config__.tag): kind for kind in (*MENTORSHIP_BODIES, *CIRCLE_BODIES)},
}


class Said(msgspec.Struct, frozen=True):
    """A body as it was read.

    Attributes:
        body: what it says.
        ack: highest number seen, by lane of the other side.
        turn: order of the reply key in the header, or ``None``.
    """

    body: Body
    ack: dict[bytes, int]
    turn: int | None


def encode_body(body: Body, *, ack: dict[bytes, int], turn: int | None) -> JsonObject:
    """Return *body* as it stands in a core.

    Args:
        body: anything but ``Unknown``.
        ack: highest number seen, by lane of the other side; at most 64.
        turn: goes with a reply key in the header.

    Raises:
        MalformedError: a member breaks a rule, so the other side would not show it.
    """
    if isinstance(body, Unknown):
        raise MalformedError("only known types are written")
    document: JsonObject = msgspec.json.decode(msgspec.json.encode(body))
    _read_known(document)
    lanes: dict[str, JsonValue] = {encode_base64url(lane): seq for lane, seq in ack.items()}
    document["ack"] = lanes
    if turn is not None:
        document["turn"] = turn
    return document


def read_body(document: JsonObject) -> Said:
    """Return what the body of a core says; whatever breaks a rule is ``Unknown``."""
    kind = document.get("type")
    try:
        body: Body = _read_known(document)
    except MalformedError:
        body = Unknown(type=kind if isinstance(kind, str) else "", raw=document)
    return Said(body=body, ack=_read_ack(document.get("ack")), turn=_read_turn(document))


def read_strictly(document: JsonObject) -> Body:
    """Return what the body says, of a known type and within its rules.

    Raises:
        MalformedError: another type, or a member breaks a rule.
    """
    return _read_known(document)


def _read_known(document: JsonObject) -> Written:
    name = document.get("type")
    kind = _KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise MalformedError("not a known type")
    body: Written = convert(document, kind)
    check_body(body)
    if isinstance(body, Part):
        _check_part(body)
    return body


def _check_part(part: Part) -> None:
    if part.number > part.total:
        raise MalformedError("a part beyond the last one")
    if bool(part.hash) != (part.number == part.total):
        raise MalformedError("the last part, and no other, has the hash of the whole")


def _read_ack(value: JsonValue) -> dict[bytes, int]:
    """Return the acknowledged numbers; a map that breaks a rule acknowledges nothing."""
    if not isinstance(value, dict) or len(value) > MAX_ACKNOWLEDGED_LANES:
        return {}
    lanes: dict[bytes, int] = {}
    for name, seq in value.items():
        if not isinstance(seq, int) or isinstance(seq, bool) or seq < 1:
            return {}
        try:
            lanes[parse_base64url(name, size=LANE_BYTES)] = seq
        except KithError:
            return {}
    return lanes


def _read_turn(document: JsonObject) -> int | None:
    turn = document.get("turn")
    if not isinstance(turn, int) or isinstance(turn, bool):
        return None
    return turn if 0 <= turn <= MAX_SAFE_INTEGER else None


def card_of(profile: ProfileContent) -> Card:
    """Return the card that shows the same persona as *profile*."""
    return convert(msgspec.to_builtins(profile) | {"type": "card"}, Card)
