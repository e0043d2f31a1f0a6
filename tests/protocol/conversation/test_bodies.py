"""Bodies: what is written is read, and what breaks a rule is never shown and never stops."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.conversation.bodies import (
    Answer,
    Body,
    Card,
    Close,
    Freeze,
    Knock,
    Part,
    Rekey,
    Text,
    Unknown,
    Withdrawal,
    card_of,
    encode_body,
    read_body,
    read_strictly,
)
from kith_protocol.conversation.body import MAX_TEXT_CHARACTERS, check_words
from kith_protocol.offer_content import ProfileContent

B16, B32, B64 = (encode_base64url(bytes(size)) for size in (16, 32, 64))
LANE = b"a lane!!"
CARD = Card(
    pseudonym="Rowan", picture="0123456789abcdef", languages=("en",), topics=("craft.wood",)
)
BODIES: tuple[Body, ...] = (
    Knock(key=B32, box=B16, who=B16, sign=B64, day=20_780, words="May I?", card=CARD),
    Withdrawal(key=B32, words="Found somebody."),
    Answer(accepted=True, words="Yes", suggestions=("craft.wood",), key=B32, bind=B64, box=B16),
    Text("one\ntwo https://example.org +49 30 1234567 @me"),
    CARD,
    Part(file=B16, number=1, total=1, data="AA", name="a.txt", media="text/plain", hash=B32),
    Rekey(again=True),
    Freeze(),
    Close("Thank you."),
)


@pytest.mark.parametrize("body", BODIES, ids=lambda body: type(body).__name__)
def test_what_is_written_is_read(body: Body) -> None:
    said = read_body(encode_body(body, ack={LANE: 3}, turn=5))
    assert said.body == body
    assert said.ack == {LANE: 3}
    assert said.turn == 5
    assert repr(body) == f"{type(body).__name__}(...)"


def test_an_unknown_type_is_kept_as_it_is() -> None:
    raw: JsonObject = {"type": "game", "move": "e4", "ack": {encode_base64url(LANE): 1}}
    said = read_body(raw)
    assert said.body == Unknown(type="game", raw=raw)
    assert said.ack == {LANE: 1}
    with pytest.raises(MalformedError):
        encode_body(said.body, ack={}, turn=None)


def test_members_that_are_not_known_are_passed_over() -> None:
    assert read_body({"type": "text", "text": "hi", "mood": "good"}).body == Text("hi")


BAD: tuple[JsonObject, ...] = (
    {},
    {"type": 5},
    {"type": "text"},
    {"type": "text", "text": ""},
    {"type": "text", "text": "x" * (MAX_TEXT_CHARACTERS + 1)},
    {"type": "text", "text": "a\u202eb"},
    {"type": "text", "text": "a\x07b"},
    {"type": "text", "text": "e\u0301"},
    {"type": "card", "pseudonym": "Ro\nwan\u2066", "picture": "0123456789abcdef"},
    {"type": "card", "pseudonym": "Rowan", "picture": "https://x.example/a.png"},
    {"type": "card", "pseudonym": "R", "picture": "0123456789abcdef", "topics": ["a\u200b"]},
    {"type": "answer", "accepted": "yes"},
    {"type": "answer", "accepted": True, "suggestions": ["a"] * 6},
    {"type": "answer", "accepted": True, "box": B16[:-1] + "B"},  # not canonical base64url
    {"type": "part", "file": B16, "number": 2, "total": 1, "data": "AA", "hash": B32},
    {"type": "part", "file": B16, "number": 1, "total": 1, "data": "AA"},
    {"type": "part", "file": B16, "number": 1, "total": 2, "data": "AA", "hash": B32},
    {"type": "part", "file": B16, "number": 1, "total": 48, "data": "AA"},
    {"type": "rekey", "again": 1},
)


@pytest.mark.parametrize("raw", BAD)
def test_what_breaks_a_rule_is_not_shown(raw: JsonObject) -> None:
    assert isinstance(read_body(raw).body, Unknown)
    with pytest.raises(MalformedError):
        read_strictly(raw)


@pytest.mark.parametrize(
    "ack",
    [
        None,
        [],
        {"AAAA": 1},
        {encode_base64url(LANE): 0},
        {encode_base64url(LANE): True},
        {encode_base64url(LANE): "1"},
        {encode_base64url(number.to_bytes(8, "big")): 1 for number in range(65)},
    ],
)
def test_an_odd_acknowledgement_acknowledges_nothing(ack: JsonValue) -> None:
    said = read_body({"type": "text", "text": "hi", "ack": ack, "turn": True})
    assert said.ack == {}
    assert said.turn is None
    assert said.body == Text("hi")


def test_private_words_may_be_anything_that_does_not_mislead() -> None:
    assert check_words("call me: +44 20 7946 0000\n\n me@x.org", 100)
    for text in ("a\tb", "a\u200bb", "x" * 101):
        with pytest.raises(MalformedError):
            check_words(text, 100)


def test_a_card_shows_the_persona_of_a_profile() -> None:
    profile = ProfileContent(
        pseudonym="Rowan",
        picture="0123456789abcdef",
        languages=("en",),
        topics=("craft.wood",),
    )
    assert card_of(profile) == CARD


SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=20)
)
NAMES = st.sampled_from(
    ["type", "ack", "turn", "text", "words", "card", "key", "box", "number", "total", "hash"]
)
TYPES = st.sampled_from([str(body.__struct_config__.tag) for body in BODIES])


@given(
    st.dictionaries(
        NAMES,
        SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(NAMES, SCALARS, max_size=3),
    ),
    st.none() | TYPES,
)
def test_any_json_is_read_without_an_error(raw: dict[str, JsonValue], kind: str | None) -> None:
    document = raw if kind is None else raw | {"type": kind}
    said = read_body(document)
    if not isinstance(said.body, Unknown):
        written = encode_body(said.body, ack=said.ack, turn=said.turn)
        assert read_body(written) == said
        assert canonical_bytes(written)
