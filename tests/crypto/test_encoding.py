import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError


@given(st.binary(max_size=80))
def test_decoding_undoes_encoding(data: bytes) -> None:
    text = encode_base64url(data)
    assert "=" not in text
    assert parse_base64url(text) == data
    assert parse_base64url(text, size=len(data)) == data


@given(st.text(max_size=12) | st.text("AZaz09-_=+/", max_size=12))
def test_any_text_gives_its_own_bytes_or_an_error(text: str) -> None:
    try:
        data = parse_base64url(text)
    except MalformedError:
        return
    assert encode_base64url(data) == text


@pytest.mark.parametrize("text", ["QQ==", "QR", "Q", "Q Q", "QQ\n", "Q+", "Q/", "\u0661\u0661"])
def test_refuses_other_spellings(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_base64url(text)


@pytest.mark.parametrize("size", [0, 2, 3, 16])
def test_refuses_another_size_than_expected(size: int) -> None:
    with pytest.raises(MalformedError):
        parse_base64url("QQ", size=size)
