from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.core import (
    HEADER_BYTES,
    HEADER_BYTES_WITH_NEXT,
    ROLE_MENTEE,
    ROLE_MENTOR,
    Core,
    core_hash,
    encode_core,
    parse_core,
)
from kith_crypto.errors import MalformedError, RemoteError
from kith_testing.correspondence import a_core

PLAIN = a_core({"type": "text"})
WITH_NEXT = a_core({"type": "text"}, next_key=bytes(1216))

bodies = st.dictionaries(
    st.text("abc_-", min_size=1), st.text(max_size=20) | st.integers(-9, 2**53 - 1), max_size=4
)
cores = st.builds(
    a_core,
    conversation=st.binary(min_size=16, max_size=16),
    role=st.sampled_from((ROLE_MENTEE, ROLE_MENTOR)),
    lane=st.binary(min_size=8, max_size=8),
    seq=st.integers(1, 2**32 - 1),
    previous=st.binary(min_size=32, max_size=32),
    minute=st.integers(0, 2**32 - 1),
    next_key=st.none() | st.just(b"k" * 1216),
    body=bodies,
)


def test_the_cores_of_the_vectors_are_read_and_written(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    for name, role, seq in [("knock", 1, 1), ("answer", 2, 1), ("message", 1, 2)]:
        raw = bytes.fromhex(vectors[name]["core"])
        core = parse_core(raw)
        assert encode_core(core) == raw
        assert core_hash(raw).hex() == vectors[name]["core_hash"]
        assert core.conversation.hex() == vectors["conversation"]
        assert core.lane.hex() == vectors["lanes"]["mentee" if role == 1 else "mentor"]
        assert (core.role, core.seq, core.minute) == (role, seq, vectors["minute"])
    knock, answer, message = (
        parse_core(bytes.fromhex(vectors[name]["core"]))
        for name in ("knock", "answer", "message")
    )
    assert knock.next_key == bytes.fromhex(vectors["answer"]["recipient_key"])
    assert answer.next_key == bytes.fromhex(vectors["message"]["recipient_key"])
    assert message.next_key is None
    assert message.previous.hex() == vectors["knock"]["core_hash"]
    assert message.body["text"] == "Danke!"


@given(cores)
def test_reading_undoes_writing(core: Core) -> None:
    assert parse_core(encode_core(core)) == core


def test_the_header_has_its_two_sizes() -> None:
    assert len(encode_core(PLAIN)) == HEADER_BYTES + len(b'{"type":"text"}')
    assert len(encode_core(WITH_NEXT)) == HEADER_BYTES_WITH_NEXT + len(b'{"type":"text"}')
    assert (HEADER_BYTES, HEADER_BYTES_WITH_NEXT) == (67, 1283)


@pytest.mark.parametrize(
    ("position", "value"), [(0, 0), (0, 2), (17, 0), (17, 3), (29, 0), (66, 1), (66, 2)]
)
def test_refuses_another_version_role_number_or_flag(position: int, value: int) -> None:
    raw = bytearray(encode_core(PLAIN))
    raw[position] = value
    with pytest.raises(MalformedError):
        parse_core(bytes(raw))


def test_refuses_another_flag_even_where_a_reply_key_follows() -> None:
    raw = encode_core(WITH_NEXT)
    assert raw[66] == 1
    with pytest.raises(MalformedError):
        parse_core(raw[:66] + b"\x02" + raw[67:])


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"1", b'{"a":1.0}', b'{"a": 1}', b'{"b":1,"a":1}', b'{"a":1,"a":1}', b"{}{}"],
)
def test_refuses_a_body_that_is_not_one_object_in_canonical_form(body: bytes) -> None:
    for core, size in [(PLAIN, HEADER_BYTES), (WITH_NEXT, HEADER_BYTES_WITH_NEXT)]:
        with pytest.raises(MalformedError):
            parse_core(encode_core(core)[:size] + body)


def test_refuses_every_shorter_or_longer_core() -> None:
    raw = encode_core(PLAIN)
    for size in range(len(raw)):
        with pytest.raises(MalformedError):
            parse_core(raw[:size])
    with pytest.raises(MalformedError):
        parse_core(raw + b" ")


@given(st.binary(max_size=90) | cores.map(encode_core))
def test_any_bytes_are_a_core_in_one_spelling_or_refused(raw: bytes) -> None:
    try:
        core = parse_core(raw)
    except RemoteError:
        return
    assert encode_core(core) == raw


@pytest.mark.parametrize(
    "parts",
    [
        {"conversation": bytes(15)},
        {"lane": bytes(9)},
        {"previous": b""},
        {"role": 3},
        {"seq": 0},
        {"seq": 2**32},
        {"minute": -1},
        {"minute": 2**32},
        {"next_key": bytes(1215)},
        {"next_key": b""},
    ],
)
def test_parts_out_of_range_are_mistakes_in_the_program(parts: Any) -> None:
    with pytest.raises(ValueError):
        encode_core(replace(PLAIN, **parts))


def test_a_body_outside_the_profile_is_refused_in_writing() -> None:
    with pytest.raises(MalformedError):
        encode_core(a_core({"not ascii é": 1}))


def test_a_core_shows_nothing_when_printed() -> None:
    assert repr(a_core({"text": "secret"})) == "Core(...)"
