import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import KeyRefusedError, MalformedError, SignatureError
from kith_protocol.capability import capability_key_id, read_capability, sign_capability
from kith_protocol.errors import SessionNotWantedError, UnauthorizedError
from kith_protocol.http_signature import Message, check_window, sign_message, verify_claim
from kith_testing.wire_documents import ASH, a_request, with_headers

KEY = SigningKey.from_seed(bytes(range(1, 33)))
NOW = 1_795_000_000
URL = f"{ASH}/api/v1/offers/AAAAAAAAAAAAAAAAAAAAAA"
SESSION = {"authorization": "Kith abc"}


def signed(message: Message) -> Message:
    return with_headers(
        message, sign_capability(message, key=KEY, created=NOW, nonce=bytes(16))
    )


def test_a_capability_call_names_its_key() -> None:
    message = signed(a_request("PATCH", URL))
    key, claim = read_capability(message, has_body=True, with_session=False)
    assert key == KEY.verify_key
    assert claim.key_id == capability_key_id(key)
    verify_claim(claim, key)
    check_window(claim, now=NOW)


def test_a_call_without_body_covers_its_target() -> None:
    message = signed(a_request("DELETE", URL, body=None))
    _, claim = read_capability(message, has_body=False, with_session=False)
    assert claim.components == ("@method", "@target-uri", "@authority")
    with pytest.raises(SignatureError):
        read_capability(message, has_body=True, with_session=False)


def test_a_session_is_bound_into_the_signature_where_one_is_needed() -> None:
    message = signed(a_request("PUT", URL, headers=SESSION))
    key, claim = read_capability(message, has_body=True, with_session=True)
    verify_claim(claim, key)
    assert claim.components[-1] == "authorization"
    swapped = with_headers(message, {"authorization": "Kith other"})
    with pytest.raises(SignatureError):
        verify_claim(read_capability(swapped, has_body=True, with_session=True)[1], key)


def test_a_session_is_refused_where_none_is_needed() -> None:
    with_session = signed(a_request("PATCH", URL, headers=SESSION))
    with pytest.raises(SessionNotWantedError):
        read_capability(with_session, has_body=True, with_session=False)
    added = with_headers(signed(a_request("PATCH", URL)), SESSION)
    with pytest.raises(SessionNotWantedError):
        read_capability(added, has_body=True, with_session=False)


def test_a_session_beside_the_signature_is_not_enough() -> None:
    message = with_headers(signed(a_request("PUT", URL)), SESSION)
    with pytest.raises(SignatureError):
        read_capability(message, has_body=True, with_session=True)
    with pytest.raises(UnauthorizedError):
        read_capability(signed(a_request("PUT", URL)), has_body=True, with_session=True)


def test_a_nodes_signature_is_no_capability() -> None:
    message = a_request("PATCH", URL)
    fields = sign_message(
        message,
        key=KEY,
        key_id=capability_key_id(KEY.verify_key),
        created=NOW,
        nonce=bytes(16),
        tag="kith",
    )
    with pytest.raises(MalformedError):
        read_capability(with_headers(message, fields), has_body=True, with_session=False)
    with pytest.raises(UnauthorizedError):
        read_capability(message, has_body=True, with_session=False)


@pytest.mark.parametrize(
    ("key_id", "error"),
    [
        ("https://ash.example/actor#ed25519-key", MalformedError),
        ("A" * 42, MalformedError),
        ("A" * 42 + "B", MalformedError),
        ("A" * 43, KeyRefusedError),
    ],
)
def test_refuses_a_key_id_that_is_no_key(key_id: str, error: type[Exception]) -> None:
    message = a_request("PATCH", URL)
    fields = sign_message(
        message, key=KEY, key_id=key_id, created=NOW, nonce=bytes(16), tag="kith-capability"
    )
    with pytest.raises(error):
        read_capability(with_headers(message, fields), has_body=True, with_session=False)
