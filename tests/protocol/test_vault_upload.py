import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError, RemoteError, TooLargeError
from kith_protocol.api import CredentialsBody, Slots
from kith_protocol.vault_upload import (
    MAX_CHUNKS,
    MAX_CREDENTIALS_UPLOAD_BYTES,
    MAX_UPLOAD_BYTES,
    chunk_etag,
    encode_chunks,
    encode_credentials,
    parse_chunks,
    parse_credentials,
)

CREDENTIALS = CredentialsBody(
    auth="A" * 43,
    recovery_auth="B" * 42 + "A",
    slots=Slots(passphrase="cGFzcw", recovery="cmVj"),
    device="A" * 11,
)
chunks = st.dictionaries(
    st.integers(0, 65_535),
    st.sampled_from([b"", b"a" * 1024, b"b" * 2048, b"c" * 4096]),
    max_size=6,
)


@given(chunks)
def test_chunks_come_back_in_ascending_order(given_chunks: dict[int, bytes]) -> None:
    parsed = parse_chunks(encode_chunks(given_chunks))
    assert parsed == given_chunks
    assert list(parsed) == sorted(given_chunks)


@given(chunks.filter(lambda one: all(one.values())))
def test_credentials_come_back_with_the_whole_vault(whole: dict[int, bytes]) -> None:
    assert parse_credentials(encode_credentials(CREDENTIALS, whole)) == (CREDENTIALS, whole)


@given(st.binary(max_size=3000))
def test_any_bytes_are_chunks_or_a_remote_error(raw: bytes) -> None:
    try:
        parsed = parse_chunks(raw)
    except RemoteError:
        return
    assert encode_chunks(parsed) == raw


@given(st.binary(max_size=3000), st.integers(0, 5000))
def test_any_bytes_are_credentials_or_a_remote_error(raw: bytes, length: int) -> None:
    for one in (raw, length.to_bytes(4, "big") + raw):
        try:
            parse_credentials(one)
        except RemoteError:
            continue


def chunk(number: int, size: int) -> bytes:
    return number.to_bytes(2, "big") + size.to_bytes(4, "big") + bytes(size)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x02\x00\x00",
        b"\x01\x00\x01",
        b"\x01\x00\x00!",
        b"\x01\x00\x01" + chunk(0, 1023),
        b"\x01\x00\x01" + chunk(0, 512),
        b"\x01\x00\x01" + chunk(0, 3072),
        b"\x01\x00\x01" + chunk(0, 8 * 1024 * 1024),
        b"\x01\x00\x01" + chunk(0, 1024)[:-1],
        b"\x01\x00\x02" + chunk(1, 1024) + chunk(0, 1024),
        b"\x01\x00\x02" + chunk(1, 1024) + chunk(1, 1024),
        b"\x01\x00\x05" + b"".join(chunk(one, 4 * 1024 * 1024) for one in range(5)),
        b"\x01" + (MAX_CHUNKS + 1).to_bytes(2, "big") + bytes(6 * (MAX_CHUNKS + 1)),
    ],
)
def test_every_other_form_of_chunks_is_refused(raw: bytes) -> None:
    with pytest.raises((MalformedError, TooLargeError)):
        parse_chunks(raw)


def test_what_is_larger_than_a_vault_is_too_large() -> None:
    with pytest.raises(TooLargeError):
        parse_chunks(bytes(MAX_UPLOAD_BYTES + 1))
    with pytest.raises(TooLargeError):
        parse_credentials(bytes(MAX_CREDENTIALS_UPLOAD_BYTES + 1))


def test_a_whole_vault_of_the_largest_size_is_taken() -> None:
    whole = {one: bytes(4 * 1024 * 1024) for one in range(4)}
    assert parse_chunks(encode_chunks(whole)) == whole
    assert len(encode_chunks(dict.fromkeys(range(MAX_CHUNKS), bytes(16_384)))) == (
        MAX_UPLOAD_BYTES
    )


def test_a_new_key_does_not_come_with_a_deletion() -> None:
    with pytest.raises(MalformedError):
        parse_credentials(encode_credentials(CREDENTIALS, {0: bytes(1024), 3: b""}))


@pytest.mark.parametrize("wrong", [{-1: b""}, {65_536: b""}, {0: b"x"}, {0: bytes(3072)}])
def test_what_is_no_chunk_is_not_encoded(wrong: dict[int, bytes]) -> None:
    with pytest.raises(ValueError, match="chunk"):
        encode_chunks(wrong)


def test_the_tag_is_of_the_bytes() -> None:
    assert chunk_etag(bytes(1024)) == chunk_etag(bytes(1024)) != chunk_etag(bytes(2048))
    assert chunk_etag(b"")[0] == chunk_etag(b"")[-1] == '"'
