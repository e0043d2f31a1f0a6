"""The ``Content-Digest`` field: which bytes a signed HTTP message carried.

Whether a message must have the field, and that a signature covers it, is the caller's part;
so is joining several field lines with ``", "``.

Source: RFC 9530 §2; RFC 8941 §3.2 for the dictionary.
"""

import base64

import http_sf

from kith_crypto.errors import RemoteError
from kith_crypto.hashes import sha256, sha512

MAX_FIELD_CHARACTERS = 1024  # sha-256 and sha-512 together need 150

# Algorithms RFC 9530 calls active. The others it names are insecure and count as unknown.
_ALGORITHMS = {"sha-256": sha256, "sha-512": sha512}


class DigestError(RemoteError):
    """The body is not the one its digest speaks of, or no usable digest was given."""

    code = "bad-digest"
    safe = "The content digest does not fit the content."


def content_digest(body: bytes) -> str:
    """Return the value of the ``Content-Digest`` field for *body*, by SHA-256."""
    return _encode_member("sha-256", body)


def verify_content_digest(header: str, body: bytes) -> None:
    """Return if *header* fits *body*.

    Args:
        header: the field's value, several lines already joined.
        body: the bytes as received, transfer coding removed, content coding not.

    Raises:
        DigestError: not a dictionary of byte sequences, a repeated algorithm, no known
            algorithm, base64 that is not canonical, or any known one that does not match.
    """
    if header == content_digest(body):
        return
    if len(header) > MAX_FIELD_CHARACTERS:
        raise DigestError("the field is too long")
    members = _parse_members(header)
    known = [name for name in members if name in _ALGORITHMS]
    if not known:
        raise DigestError("no known digest algorithm")
    for name in known:
        # The text as well: decoders differ on padding, and base64 has one spelling here.
        if members[name] != _ALGORITHMS[name](body) or _encode_member(name, body) not in header:
            raise DigestError("the digest does not match")


def _encode_member(name: str, body: bytes) -> str:
    digest = base64.b64encode(_ALGORITHMS[name](body)).decode("ascii")
    return f"{name}=:{digest}:"


def _parse_members(header: str) -> dict[str, object]:
    try:
        members = http_sf.parse(
            header.encode("ascii"), tltype="dictionary", on_duplicate_key=_refuse_repetition
        )
    except (http_sf.StructuredFieldError, UnicodeEncodeError) as error:
        raise DigestError("not a structured dictionary") from error
    assert isinstance(members, dict)
    # A member is its value and its parameters; those mean nothing here.
    return {
        name: member[0] if isinstance(member, tuple) else member
        for name, member in members.items()
    }


def _refuse_repetition(name: str, _context: str) -> None:
    raise DigestError(f"{name} is repeated")
