import msgspec
import pytest

from kith_crypto.errors import MalformedError
from kith_protocol.wire import convert, read_reference, read_string


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    size: int


class Outer(msgspec.Struct):
    inner: list[Inner]
    label: dict[str, int] = {}


def pointer_of(value: object) -> str | None:
    with pytest.raises(MalformedError) as caught:
        convert(value, Outer)  # type: ignore[arg-type]  # any shape is the point
    return caught.value.pointer


def test_converts_what_fits() -> None:
    assert convert({"inner": [{"size": 1}]}, Outer) == Outer([Inner(1)])


def test_says_where_it_does_not_fit() -> None:
    assert pointer_of({"inner": [{"size": 1}, {"size": "x"}]}) == "/inner/1/size"
    assert pointer_of({"inner": [{"size": 1, "more": 2}]}) == "/inner/0"
    assert pointer_of({"inner": {}}) == "/inner"
    assert pointer_of({"inner": [], "label": {"a": "b"}}) == "/label"
    assert pointer_of([]) is None


def test_a_pointer_begins_where_the_value_stands() -> None:
    with pytest.raises(MalformedError) as caught:
        convert({"size": "x"}, Inner, at="/inner/0")
    assert caught.value.pointer == "/inner/0/size"


def test_reads_a_string() -> None:
    assert read_string({"a": "b"}, "a") == "b"
    for value in (None, 1, ["b"], {"id": "b"}):
        with pytest.raises(MalformedError):
            read_string({"a": value}, "a")  # type: ignore[dict-item]


def test_reads_a_reference_as_a_string_or_an_object() -> None:
    assert read_reference({"a": "b"}, "a") == "b"
    assert read_reference({"a": {"id": "b", "publicKey": {}}}, "a") == "b"
    for value in (None, 1, ["b"], [], {}, {"id": 1}):
        with pytest.raises(MalformedError):
            read_reference({"a": value}, "a")  # type: ignore[dict-item]
