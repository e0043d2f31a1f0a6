import json
import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.canonical import MAX_DEPTH, canonical_bytes
from kith_crypto.errors import MalformedError
from kith_crypto.strict_json import JsonValue, parse_json

_names = st.text("AZaz09@:/#._-", min_size=1, max_size=6)
_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(max_size=8)
    | st.text("\0\b\t\n\f\r\x1f\x7f\"\\/\u2028\u00e9e\u0301\U0001f600<>&'", max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_names, inner, max_size=5),
    max_leaves=15,
)


@given(_values)
def test_equals_the_reference_implementation(value: Any) -> None:
    assert canonical_bytes(value) == rfc8785.dumps(value)


@given(_values)
def test_reading_undoes_writing(value: JsonValue) -> None:
    raw = canonical_bytes(value)
    assert parse_json(raw, max_bytes=len(raw)) == value
    assert canonical_bytes(parse_json(raw, max_bytes=len(raw))) == raw


def test_writes_the_vectors_inside_the_profile_and_refuses_the_others(
    load_vectors: Any,
) -> None:
    written = []
    for document in load_vectors("jcs.json")["documents"]:
        # Read by the standard library: what is refused here is the canonical form's own doing.
        value = json.loads(document["input_text"])
        try:
            raw = canonical_bytes(value)
        except MalformedError:
            continue
        assert raw.hex() == document["canonical_hex"], document["name"]
        written.append(document["name"])
    # The others have names outside of ASCII letters, digits and @:/#._- ("péché", "", "\n",
    # "Unnormalized Unicode", "€"), or numbers with fractions.
    assert written == ["arrays"]


def test_string_values_of_the_vectors_are_written_as_printed(load_vectors: Any) -> None:
    """The refused documents differ in names and numbers only; their strings agree."""
    seen = 0
    for document in load_vectors("jcs.json")["documents"]:
        waiting = [json.loads(document["input_text"])]
        canonical = bytes.fromhex(document["canonical_hex"])
        while waiting:
            value = waiting.pop()
            if isinstance(value, str):
                assert canonical_bytes(value) in canonical
                seen += 1
            elif isinstance(value, dict):
                waiting += [*value, *value.values()]
            elif isinstance(value, list):
                waiting += value
    assert seen > 40


def test_number_vectors_are_written_or_refused(load_vectors: Any) -> None:
    for case in load_vectors("jcs.json")["numbers"]:
        number = struct.unpack(">d", bytes.fromhex(case["ieee754_hex"]))[0]
        with pytest.raises(MalformedError):  # a float, whatever its value
            canonical_bytes(number)
        if not case["error"] and number.is_integer() and abs(number) < 2**53:
            assert canonical_bytes(int(number)).decode() == case["json"]


@pytest.mark.parametrize("number", [2**53, -(2**53), 2**64, 1.0, 0.5, float("nan"), 1e300])
def test_refuses_numbers_outside_the_profile(number: Any) -> None:
    values: list[Any] = [number, [number], {"a": {"b": number}}]
    for value in values:
        with pytest.raises(MalformedError):
            canonical_bytes(value)


@pytest.mark.parametrize(
    "name", ["", " ", "a b", "é", "a\n", "\u20ac", "\U0001f600", "a*", "\0"]
)
def test_refuses_names_outside_the_profile(name: str) -> None:
    with pytest.raises(MalformedError):
        canonical_bytes({"ok": [{name: 1}]})


@pytest.mark.parametrize("text", ["\ud800", "a\udc00b"])
def test_refuses_a_lone_surrogate(text: str) -> None:
    with pytest.raises(MalformedError):
        canonical_bytes([text])


@pytest.mark.parametrize("value", [b"bytes", {1}, (1, 2), object()])
def test_refuses_what_is_not_json(value: Any) -> None:
    with pytest.raises(MalformedError):
        canonical_bytes(value)


def test_refuses_a_value_that_holds_itself() -> None:
    value: list[JsonValue] = []
    value.append(value)
    with pytest.raises(MalformedError):
        canonical_bytes(value)


@pytest.mark.parametrize("innermost", [0, "", [], {}])
def test_depth_ends_exactly_at_its_limit(innermost: JsonValue) -> None:
    value = innermost
    for _ in range(MAX_DEPTH - isinstance(innermost, list | dict)):
        value = [value]
    canonical_bytes(value)
    for deeper in ([value], {"a": value}):
        with pytest.raises(MalformedError):
            canonical_bytes(deeper)
