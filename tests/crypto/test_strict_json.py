import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.strict_json import JsonValue, parse_json, parse_json_object

LIMIT = 256 * 1024

_scalars = (
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.text(max_size=8)
    | st.text('"\\[]{}:,1.e', max_size=8)
)
_values = st.recursive(
    _scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(max_size=4) | st.text('"\\:{', max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)


def _parse(raw: bytes | str) -> JsonValue:
    encoded = raw.encode("utf-8", "surrogatepass") if isinstance(raw, str) else raw
    return parse_json(encoded, max_bytes=LIMIT)


def _refuse_pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) != len(pairs):
        raise ValueError("repeated")
    return dict(pairs)


def _refuse_text(text: str) -> Any:
    raise ValueError(text)


def _parse_int(text: str) -> int:
    if len(text) > 20 or abs(int(text)) >= 2**53:
        raise ValueError(text)
    return int(text)


def _oracle(raw: bytes) -> Any:
    """The standard library's reader with every strictness it has a hook for."""
    value = json.loads(
        raw.decode("utf-8"),
        object_pairs_hook=_refuse_pairs,
        parse_float=_refuse_text,
        parse_constant=_refuse_text,
        parse_int=_parse_int,
    )
    json.dumps(value, ensure_ascii=False).encode("utf-8")  # refuses lone surrogates
    return value


def _agrees_with_the_oracle(raw: bytes) -> None:
    try:
        expected = _oracle(raw)
    except ValueError:
        with pytest.raises(MalformedError):
            _parse(raw)
    else:
        value = _parse(raw)
        assert json.dumps(value) == json.dumps(expected)  # tells 1 from true


def test_refuses_every_text_the_vectors_refuse(load_vectors: Any) -> None:
    cases = load_vectors("jcs.json")["must_reject"]
    assert len(cases) == 17
    for case in cases:
        raw = bytes.fromhex(case["hex"]) if "hex" in case else case["text"].encode()
        with pytest.raises(MalformedError):
            _parse(raw)


def test_takes_of_the_number_texts_only_whole_safe_ones(load_vectors: Any) -> None:
    taken = []
    for case in load_vectors("jcs.json")["text_numbers"]:
        try:
            _parse(case["text"])
        except MalformedError:
            continue
        taken.append(case["text"])
    assert taken == ["-0"]  # fractions, exponents and large numbers are outside the profile


@given(_values)
def test_reads_what_was_written(value: JsonValue) -> None:
    for indent in (None, 1):
        for ascii_only in (True, False):
            text = json.dumps(value, ensure_ascii=ascii_only, indent=indent)
            assert json.dumps(_parse(text)) == json.dumps(value)


@given(
    st.binary(max_size=20) | st.text('{}[]":,\\u0dD8aEe.-+ 1\n', max_size=24).map(str.encode)
)
def test_any_bytes_give_the_oracles_value_or_an_error(raw: bytes) -> None:
    _agrees_with_the_oracle(raw)


@given(_values, st.data())
def test_a_changed_text_gives_the_oracles_value_or_an_error(
    value: JsonValue, data: st.DataObject
) -> None:
    raw = bytearray(json.dumps(value, ensure_ascii=data.draw(st.booleans())).encode())
    position = data.draw(st.integers(0, len(raw)))
    raw[position : position + data.draw(st.integers(0, 2))] = data.draw(
        st.sampled_from(
            [b'"', b"\\", b"[", b"]", b":", b",", b"1", b"e1", b"\\u", b"\xff", b""]
        )
    )
    _agrees_with_the_oracle(bytes(raw))


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"\\u0061":2}',
        '{"x":[{"":0,"":0}]}',
        '{"a\\"b":1,"a\\u0022b":2}',
        '[{"a":":"},{"b":1,"b":1}]',
        '{"a":{"a":1},"a":{"b":1}}',
        '{"\\\\":1,"\\u005c":2}',
    ],
)
def test_refuses_a_repeated_name(text: str) -> None:
    with pytest.raises(MalformedError, match="repeated"):
        _parse(text)


@pytest.mark.parametrize(
    "text",
    [
        '"\\ud800"',
        '"\\udc00"',
        '"\\ud800\\u0041"',
        '"\\udc00\\ud800"',
        '"\\ud800\\\\udc00"',
        '"\\ud800x"',
        '{"\\ud800":1}',
        '"\ud800"',
    ],
)
def test_refuses_a_lone_surrogate(text: str) -> None:
    with pytest.raises(MalformedError):
        _parse(text)


def test_takes_a_surrogate_pair_as_one_character() -> None:
    assert _parse('"\\ud83d\\ude00"') == "\U0001f600"


@pytest.mark.parametrize("text", ["1.0", "1e2", "1E2", "-0.0", "[1e-7]", '{"a":1.5}', "1e400"])
def test_refuses_floating_point(text: str) -> None:
    with pytest.raises(MalformedError):
        _parse(text)


def test_leaves_strings_that_look_like_numbers_alone() -> None:
    text = '["1.5e3","9007199254740992","{[:"]'
    assert _parse(text) == ["1.5e3", "9007199254740992", "{[:"]


@pytest.mark.parametrize("sign", ["", "-"])
def test_integers_end_at_two_to_the_53(sign: str) -> None:
    assert _parse(f"{sign}9007199254740991") == int(f"{sign}9007199254740991")
    for digits in ("9007199254740992", "10000000000000000", "9" * 5000):
        with pytest.raises(MalformedError):
            _parse(sign + digits)


@pytest.mark.parametrize(("left", "right"), [("[", "]"), ('{"a":', "}"), ('[{"a":', "}]")])
def test_depth_ends_exactly_at_its_limit(left: str, right: str) -> None:
    levels = left.count("[") + left.count("{")
    for depth in (levels, levels * 3):
        raw = (left * (depth // levels) + "0" + right * (depth // levels)).encode()
        parse_json(raw, max_bytes=LIMIT, max_depth=depth)
        with pytest.raises(MalformedError):
            parse_json(raw, max_bytes=LIMIT, max_depth=depth - 1)


def test_a_scalar_has_no_depth() -> None:
    assert parse_json(b"7", max_bytes=1, max_depth=0) == 7
    with pytest.raises(MalformedError):
        parse_json(b"[]", max_bytes=2, max_depth=0)


def test_members_end_exactly_at_their_limit() -> None:
    for raw in (b'{"a":1,"b":2}', b"[1,2]", b'{"x":[0,1]}'):
        parse_json(raw, max_bytes=LIMIT, max_members=2)
        with pytest.raises(MalformedError):
            parse_json(raw, max_bytes=LIMIT, max_members=1)


def test_size_ends_exactly_at_its_limit() -> None:
    assert parse_json(b"[10]", max_bytes=4) == [10]
    with pytest.raises(TooLargeError):
        parse_json(b"[10]", max_bytes=3)


@pytest.mark.parametrize("text", ["[]", '"{}"', "null", "1"])
def test_an_object_is_not_an_array_or_scalar(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_json_object(text.encode(), max_bytes=LIMIT)


def test_reads_an_object() -> None:
    assert parse_json_object(b' {"a":{"b":[true,null]}}\n', max_bytes=LIMIT) == {
        "a": {"b": [True, None]}
    }


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * LIMIT,
        b'{"a":' * (LIMIT // 5),
        b"[" + b"[]," * (LIMIT // 3 - 2) + b"[]]",
        b'"' * LIMIT,
        b"\\" * LIMIT,
        b'"' + b"\\" * (LIMIT - 1),
        b"1" * LIMIT,
        b"[" + b"1" * (LIMIT - 4) + b".5]",
        b"{" + b",".join(b'"%d":0' % i for i in range(20_000)) + b"}",
        b"{" + b",".join([b'"":0'] * 50_000) + b"}",
    ],
)
def test_hostile_text_is_refused_in_bounded_time(raw: bytes) -> None:
    """Each takes about 10 ms; anything quadratic or recursive takes seconds or crashes."""
    start = time.perf_counter()
    with pytest.raises(MalformedError):
        _parse(raw)
    assert time.perf_counter() - start < 1
