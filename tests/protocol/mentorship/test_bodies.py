"""What is said in a mentorship: read as it was written, and never shown where it is broken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.canonical import canonical_bytes
from kith_crypto.content import AROUND_CORE_BYTES
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import LARGEST_SEALED_BYTES
from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.conversation.bodies import Unknown, encode_body, read_body, read_strictly
from kith_protocol.mentorship.bodies import (
    MENTORSHIP_BODIES,
    AgreementProposal,
    MentorshipBody,
    Note,
    Reveal,
    SessionProposal,
    Slot,
    Terms,
)
from kith_testing.mentorship_bodies import ANY_BODY, BODIES

B16, B32 = encode_base64url(bytes(16)), encode_base64url(bytes(32))
SLOT: JsonObject = {"start": 29_700_000, "minutes": 60}
CORE_HEAD_BYTES = 1400  # of a core with a reply key

GOOD: dict[str, JsonObject] = {
    "agreement": {"terms": {}},
    "agreement-answer": {"accepted": True, "after": B32},
    "session": {"thing": B16, "slots": [SLOT]},
    "session-pick": {"thing": B16, "after": B32, "start": 1},
    "session-end": {"thing": B16, "after": B32, "how": "cancelled"},
    "goal": {"thing": B16, "text": "Sleep well"},
    "note": {"thing": B16, "text": ""},
    "check-in": {"number": 1, "commitment": B32},
    "closing": {},
    "reveal": {"number": 0, "opening": B32},
    "thanks": {"text": "Thank you."},
    "passed-on": {},
}


def is_shown(raw: JsonObject) -> bool:
    return not isinstance(read_body(raw).body, Unknown)


def test_every_type_has_a_strategy_and_a_plain_example() -> None:
    assert set(BODIES) == set(MENTORSHIP_BODIES)
    assert {body.__struct_config__.tag for body in MENTORSHIP_BODIES} == set(GOOD)


@given(ANY_BODY)
def test_what_is_written_is_read(body: MentorshipBody) -> None:
    written = encode_body(body, ack={}, turn=None)
    assert read_body(written).body == body
    assert canonical_bytes(written)


@pytest.mark.parametrize("kind", GOOD)
def test_what_may_be_left_out_may_be_left_out(kind: str) -> None:
    body = read_strictly({"type": kind, **GOOD[kind]})
    written = encode_body(body, ack={}, turn=None)
    assert written == {"type": kind, "ack": {}, **GOOD[kind]}
    assert repr(body) == f"{type(body).__name__}(...)"


@pytest.mark.parametrize("kind", GOOD)
def test_members_that_are_not_known_are_passed_over(kind: str) -> None:
    plain = read_strictly({"type": kind, **GOOD[kind]})
    assert read_strictly({"type": kind, **GOOD[kind], "colour": ["blue"]}) == plain


@pytest.mark.parametrize(
    ("kind", "member"), [(kind, member) for kind, good in GOOD.items() for member in good]
)
def test_what_has_to_be_there_has_to_be_there(kind: str, member: str) -> None:
    raw: JsonObject = {"type": kind, **GOOD[kind]}
    del raw[member]
    assert not is_shown(raw)


BOUNDS: tuple[tuple[str, str, JsonValue, JsonValue], ...] = (
    # type, member, the last value that is read, the first that is not
    ("session", "slots", [SLOT] * 5, [SLOT] * 6),
    ("session", "slots", [SLOT], []),
    ("session", "words", "x" * 200, "x" * 201),
    ("session", "thing", B16, B32),
    ("session", "after", B32, B16),
    ("session-pick", "start", 144_000_000, 144_000_001),
    ("session-pick", "start", 0, -1),
    ("session-pick", "offset", 840, 841),
    ("session-pick", "offset", -840, -841),
    ("session-pick", "after", B32, ""),
    ("session-end", "how", "declined", "forgotten"),
    ("session-end", "words", "x" * 200, "x" * 201),
    ("agreement-answer", "accepted", False, 0),
    ("goal", "text", "x" * 200, "x" * 201),
    ("goal", "text", "x", ""),
    ("goal", "state", "dropped", "almost"),
    ("goal", "topics", ["craft.wood"] * 4, ["craft.wood"] * 5),
    ("goal", "topics", ["x" * 80], ["x" * 81]),
    ("goal", "topics", [], [""]),
    ("note", "text", "x" * 4000, "x" * 4001),
    ("note", "session", B16, B32),
    ("check-in", "number", 999, 1000),
    ("check-in", "number", 1, 0),
    ("check-in", "commitment", B32, ""),
    ("closing", "words", "x" * 800, "x" * 801),
    ("closing", "kept_until", 100_000, 100_001),
    ("closing", "commitment", B32, B16),
    ("reveal", "number", 999, 1000),
    ("reveal", "number", 0, -1),
    ("reveal", "feeling", "help", "angry"),
    ("reveal", "words", ["x" * 800] * 6, ["x"] * 7),
    ("reveal", "words", [""], ["x" * 801]),
    ("thanks", "text", "x" * 800, "x" * 801),
    ("thanks", "text", "x", ""),
    ("thanks", "may_show", True, "yes"),
    ("passed-on", "words", "x" * 200, "x" * 201),
)


@pytest.mark.parametrize(("kind", "member", "last", "beyond"), BOUNDS)
def test_bounds_hold(kind: str, member: str, last: JsonValue, beyond: JsonValue) -> None:
    assert is_shown({"type": kind, **GOOD[kind], member: last})
    assert not is_shown({"type": kind, **GOOD[kind], member: beyond})


@pytest.mark.parametrize(
    ("member", "last", "beyond"),
    [
        ("goals", ["x" * 200] * 8, ["x"] * 9),
        ("goals", [""], ["x" * 201]),
        ("cadence", "fortnightly", "daily"),
        ("sessions", 200, 201),
        ("minutes", 600, 601),
        ("channel", "x" * 200, "x" * 201),
        ("boundaries", "x" * 800, "x" * 801),
        ("confidentiality", "x" * 800, "x" * 801),
        ("limits", "x" * 800, "x" * 801),
        ("ending", "x" * 800, "x" * 801),
        ("review_day", 100_000, 100_001),
        ("review_day", 0, -1),
        ("sessions", 0, True),
    ],
)
def test_bounds_of_terms_hold(member: str, last: JsonValue, beyond: JsonValue) -> None:
    assert is_shown({"type": "agreement", "terms": {member: last}})
    assert not is_shown({"type": "agreement", "terms": {member: beyond}})


@pytest.mark.parametrize(
    ("member", "last", "beyond"),
    [
        ("start", 144_000_000, 144_000_001),
        ("minutes", 5, 4),
        ("minutes", 600, 601),
        ("offset", 840, 841),
        ("offset", -840, -841),
        ("offset", None, "Europe/Berlin"),
    ],
)
def test_bounds_of_times_hold(member: str, last: JsonValue, beyond: JsonValue) -> None:
    raw: JsonObject = {"type": "session", "thing": B16}
    assert is_shown({**raw, "slots": [{**SLOT, member: last}]})
    assert not is_shown({**raw, "slots": [SLOT, {**SLOT, member: beyond}]})


@pytest.mark.parametrize(
    ("kind", "member"),
    [("session", "after"), ("goal", "after"), ("note", "session"), ("closing", "commitment")],
)
def test_bytes_that_are_not_there_are_left_out_rather_than_empty(
    kind: str, member: str
) -> None:
    assert not is_shown({"type": kind, **GOOD[kind], member: ""})


@pytest.mark.parametrize("text", ["a\u202eb", "a\u200bb", "a\x07b", "e\u0301", "a\tb"])
def test_nothing_that_misleads_is_shown_wherever_it_stands(text: str) -> None:
    misleading: tuple[JsonObject, ...] = (
        {"type": "agreement", "terms": {"boundaries": text}},
        {"type": "agreement", "terms": {"goals": ["fine", text]}},
        {"type": "goal", **GOOD["goal"], "topics": [text]},
        {"type": "note", **GOOD["note"], "text": text},
        {"type": "reveal", **GOOD["reveal"], "words": ["fine", text]},
        {"type": "session-end", **GOOD["session-end"], "words": text},
    )
    for raw in misleading:
        assert not is_shown(raw)


@pytest.mark.parametrize(
    ("kind", "member", "size"),
    [
        ("session", "thing", 16),
        ("session-pick", "after", 32),
        ("note", "session", 16),
        ("check-in", "commitment", 32),
        ("reveal", "opening", 32),
    ],
)
def test_bytes_have_one_spelling(kind: str, member: str, size: int) -> None:
    good = encode_base64url(bytes(size))
    assert is_shown({"type": kind, **GOOD[kind], member: good})
    for other in (good[:-1] + "B", good + "=", good + "\n", "+" + good[1:]):
        assert not is_shown({"type": kind, **GOOD[kind], member: other})


@pytest.mark.parametrize(
    "body",
    [
        AgreementProposal(
            Terms(
                goals=("🧵" * 200,) * 8,
                channel="🧵" * 200,
                boundaries="🧵" * 800,
                confidentiality="🧵" * 800,
                limits="🧵" * 800,
                ending="🧵" * 800,
            ),
            after=B32,
        ),
        SessionProposal(B16, (Slot(10**8, 600, -840),) * 5, words="🧵" * 200, after=B32),
        Note(B16, "🧵" * 4000, session=B16, after=B32),
        Note(B16, '"\n' * 2000, session=B16, after=B32),
        Reveal(999, B32, "unsure", ("🧵" * 800,) * 6),
    ],
    ids=lambda body: type(body).__name__,
)
def test_the_longest_message_fits_an_envelope(body: MentorshipBody) -> None:
    lanes = {number.to_bytes(8, "big"): 2**32 - 1 for number in range(64)}
    size = len(canonical_bytes(encode_body(body, ack=lanes, turn=2**53 - 1)))
    assert size + CORE_HEAD_BYTES + AROUND_CORE_BYTES <= LARGEST_SEALED_BYTES


SCALARS = st.none() | st.booleans() | st.integers(-9, 10**9) | st.sampled_from(["", B16, B32])
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.just([SLOT]) | st.just({"goals": [5]})


@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_broken_message_is_kept_as_it_is_and_never_stops_anybody(
    kind: str, data: st.DataObject
) -> None:
    names = sorted({name for good in GOOD.values() for name in good} | {"words", "after"})
    changed: dict[str, Any] = data.draw(
        st.dictionaries(st.sampled_from(names), VALUES, max_size=4), label="changed"
    )
    raw: JsonObject = {"type": kind, **GOOD[kind], **changed}
    body = read_body(raw).body
    if isinstance(body, Unknown):
        assert body == Unknown(type=kind, raw=raw)
        with pytest.raises(MalformedError):
            read_strictly(raw)
    else:
        assert read_body(encode_body(body, ack={}, turn=None)).body == body
