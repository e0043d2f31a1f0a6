"""Requests signed by the key that owns an object: no name, no session, nothing to look up.

The key id is the key itself, so the node can check that the object's id is the key's hash.
Where the call also needs to know the member (creating, extending, uploading bundles) the
session is bound into the signature; everywhere else a session on the request is refused, since
it would join a member to an object. Left to the caller: the digest of the body, the time
window (``check_window``), the nonce (``NonceMemory``), ``verify_claim`` and which object the
key owns.

Source: RFC 9421; SPEC.md, section on capabilities.
"""

from __future__ import annotations

from kith_crypto.ed25519 import KEY_BYTES, SigningKey, VerifyKey, parse_verify_key
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import SignatureError
from kith_protocol.errors import SessionNotWantedError, UnauthorizedError
from kith_protocol.http_signature import (
    CAPABILITY_TAG,
    ClaimedSignature,
    Message,
    default_components,
    read_signature,
    sign_message,
)

_SESSION = "authorization"


def capability_key_id(key: VerifyKey) -> str:
    """Return the key id of *key*: the key in base64url, 43 characters."""
    return encode_base64url(key)


def sign_capability(
    message: Message, *, key: SigningKey, created: int, nonce: bytes
) -> dict[str, str]:
    """Return the fields ``Signature-Input`` and ``Signature``.

    Args:
        message: with ``content-digest`` and ``content-type`` if there is a body, and with
            ``authorization`` if the call carries the session too.
        key: owner of the object.
        created: seconds since the Unix epoch, UTC.
        nonce: 16 fresh random bytes.
    """
    components = default_components(message)
    if _SESSION in message.headers:
        components = (*components, _SESSION)
    return sign_message(
        message,
        key=key,
        key_id=capability_key_id(key.verify_key),
        created=created,
        nonce=nonce,
        tag=CAPABILITY_TAG,
        components=components,
    )


def read_capability(
    message: Message, *, has_body: bool, with_session: bool
) -> tuple[VerifyKey, ClaimedSignature]:
    """Return the key that *message* claims to be signed by, and the claim.

    Args:
        message: as received.
        has_body: whether a body came along.
        with_session: whether this call carries the session too.

    Raises:
        SessionNotWantedError: it carries one where it must not.
        UnauthorizedError: no signature, or no session where there has to be one.
        SignatureError: something that has to be covered is not.
        MalformedError: fields or key id of another form.
        TooLargeError: a signature field that is too long.
        KeyRefusedError: a key of a kind that is not taken.
    """
    has_session = _SESSION in message.headers
    if has_session and not with_session:
        raise SessionNotWantedError("a session on a call by capability")
    if with_session and not has_session:
        raise UnauthorizedError("this call carries the session too")
    claim = read_signature(message, tag=CAPABILITY_TAG, has_body=has_body)
    if with_session and _SESSION not in claim.components:
        raise SignatureError("the signature does not cover the session")
    key = parse_verify_key(parse_base64url(claim.key_id, size=KEY_BYTES))
    return key, claim
