"""Signatures over HTTP requests: the part of RFC 9421 that Kith speaks.

Between Kith nodes Ed25519 with the tag ``kith``, with a nonce and a short life; to and from
other servers RSA or Ed25519 without a tag. Reading enforces which components are covered; what
is left to the caller: resolving the key id and checking its owner, ``check_window`` with the
clock, the memory of nonces, and comparing ``Content-Digest`` with the body.

``target_uri`` and ``authority`` come from the configured public origin, never from what a
request claims about itself (RFC 9421 §7.4.3).

Source: RFC 9421 §2 (components), §2.5 (base), §3.3 (algorithms); SPEC.md, section on delivery.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence

import msgspec

from kith_crypto.ed25519 import SigningKey, VerifyKey, verify_ed25519
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, SignatureError
from kith_crypto.rsa import RsaSigningKey, RsaVerifyKey, verify_rsa
from kith_protocol.errors import UnauthorizedError
from kith_protocol.limits import (
    MAX_NONCE_CHARACTERS,
    SIGNATURE_FUTURE_S,
    SIGNATURE_LIFE_S,
    SIGNATURE_PAST_S,
)
from kith_protocol.signature_fields import read_signature_field
from kith_protocol.urls import Url

KITH_TAG = "kith"
CAPABILITY_TAG = "kith-capability"

ED25519 = "ed25519"
RSA = "rsa-v1_5-sha256"

_TARGET = ("@method", "@target-uri", "@authority")
_CONTENT = ("content-digest", "content-type")
_METHODS_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
_OWN_TAGS = frozenset({KITH_TAG, CAPABILITY_TAG})
_UNTAGGED_OR_KITH = (KITH_TAG, None)
_VALUE = re.compile(r"[\t\x20-\x7e]*\Z")
_METHOD = re.compile(r"[A-Z]{1,20}\Z", re.ASCII)
_NAME = re.compile(r"[a-z0-9!#$%&'*+.^_`|~-]{1,100}\Z", re.ASCII)


class Message(msgspec.Struct, frozen=True):
    """What of a request can be signed.

    Attributes:
        method: upper case.
        target_uri: the whole address, with query, without fragment.
        authority: host and, unless it is the default, port, lower case.
        headers: lower-case name to value; several lines of one name joined with ``", "``.
    """

    method: str
    target_uri: str
    authority: str
    headers: Mapping[str, str]


class ClaimedSignature(msgspec.Struct, frozen=True):
    """A signature that covers what it must; nobody has verified it yet.

    Attributes:
        key_id: as claimed, at most 2048 characters, not resolved.
        created: seconds since the Unix epoch, UTC.
        expires: the same, or ``None``.
        nonce: or ``None``.
        tag: or ``None``.
        algorithm: or ``None``, when the key decides.
        components: what is covered, in order.
        base: the bytes that were signed.
        signature: the signature's bytes.
    """

    key_id: str
    created: int
    expires: int | None
    nonce: str | None
    tag: str | None
    algorithm: str | None
    components: tuple[str, ...]
    base: bytes
    signature: bytes


def make_message(method: str, url: Url, headers: Mapping[str, str]) -> Message:
    """Return the message of a request that is about to be sent to *url*."""
    target = f"{url.origin}{url.path_query}"
    lowered = {name.lower(): value for name, value in headers.items()}
    return Message(method, target, url.authority, lowered)


def sign_message(
    message: Message,
    *,
    key: SigningKey,
    key_id: str,
    created: int,
    nonce: bytes,
    tag: str = KITH_TAG,
    components: Sequence[str] | None = None,
) -> dict[str, str]:
    """Return the fields ``Signature-Input`` and ``Signature`` for *message*.

    Args:
        message: with ``content-digest`` and ``content-type`` if there is a body.
        key: the signing key.
        key_id: under which receivers find its public half; printable ASCII.
        created: seconds since the Unix epoch, UTC.
        nonce: 16 fresh random bytes.
        tag: what the signature is for.
        components: what to cover; by default method, target, authority and what there is of
            the content.
    """
    covered = default_components(message) if components is None else components
    parameters = (
        f"{_inner_list(covered)};created={created};expires={created + SIGNATURE_LIFE_S}"
        f';nonce="{encode_base64url(nonce)}";keyid="{key_id}";tag="{tag}"'
    )
    return _fields(parameters, key.sign(_base(message, covered, parameters)))


def sign_message_rsa(
    message: Message, *, key: RsaSigningKey, key_id: str, created: int, nonce: bytes
) -> dict[str, str]:
    """Return the fields for a server that knows RSA only; covers ``date`` too.

    Args:
        message: with ``date``, and with ``content-digest`` and ``content-type`` if there is a
            body.
        key: the signing key.
        key_id: under which receivers find its public half; printable ASCII.
        created: seconds since the Unix epoch, UTC.
        nonce: 16 fresh random bytes.
    """
    covered = (*default_components(message), "date")
    # Without a tag and in this order: what other servers were seen to read.
    parameters = (
        f'{_inner_list(covered)};created={created};keyid="{key_id}";alg="{RSA}"'
        f';expires={created + SIGNATURE_LIFE_S};nonce="{encode_base64url(nonce)}"'
    )
    return _fields(parameters, key.sign(_base(message, covered, parameters)))


def read_signature(
    message: Message, *, tag: str | None = None, has_body: bool | None = None
) -> ClaimedSignature:
    """Return the one signature of *message* that counts.

    It is the first label with the tag wanted. No other label is tried when that one fails.

    Args:
        message: as received.
        tag: the tag wanted; ``None`` takes ``kith`` and signatures without a tag.
        has_body: whether a body came along, so that its digest has to be covered; ``None``
            decides by the method.

    Raises:
        UnauthorizedError: no signature.
        MalformedError: fields that ``read_signature_field`` refuses, a covered component that
            is unknown, repeated or not in the message, or values that cannot be signed.
        TooLargeError: a signature field that is too long.
        SignatureError: what has to be covered or stated is not.
    """
    signature_input = message.headers.get("signature-input")
    signature = message.headers.get("signature")
    if signature_input is None or signature is None:
        raise UnauthorizedError("no signature")
    field = read_signature_field(
        signature_input.strip(),
        signature.strip(),
        tags=_UNTAGGED_OR_KITH if tag is None else (tag,),
    )
    if field.key_id is None or field.created is None:
        raise SignatureError("the signature lacks keyid or created")
    claim = ClaimedSignature(
        key_id=field.key_id,
        created=field.created,
        expires=field.expires,
        nonce=field.nonce,
        tag=field.tag,
        algorithm=field.algorithm,
        components=field.components,
        base=_base(message, field.components, field.text),
        signature=field.signature,
    )
    body = message.method in _METHODS_WITH_BODY if has_body is None else has_body
    _check_coverage(claim, has_body=body)
    return claim


def check_window(
    claim: ClaimedSignature,
    *,
    now: int,
    past_s: int = SIGNATURE_PAST_S,
    future_s: int = SIGNATURE_FUTURE_S,
) -> None:
    """Return if *claim* is neither too old nor from the future.

    Args:
        claim: as read.
        now: seconds since the Unix epoch, UTC.
        past_s: how old it may be, seconds.
        future_s: how far ahead its maker's clock may be, seconds.

    Raises:
        SignatureError: outside of the window, expired, or expiring before it was made; with
            one of our tags also if it lives longer than ``SIGNATURE_LIFE_S``.
    """
    if not now - past_s <= claim.created <= now + future_s:
        raise SignatureError("the signature is outside of the time window")
    if claim.expires is None:
        return
    if not claim.created <= claim.expires or claim.expires < now:
        raise SignatureError("the signature has expired")
    if claim.tag in _OWN_TAGS and claim.expires > claim.created + SIGNATURE_LIFE_S:
        raise SignatureError("the signature lives too long")


def verify_claim(claim: ClaimedSignature, key: VerifyKey | RsaVerifyKey) -> ClaimedSignature:
    """Return *claim* if *key* made it.

    The key decides the algorithm; a stated one has to agree.

    Raises:
        SignatureError: it did not, or another algorithm is stated.

    Source: RFC 9421 §3.2 step 6, §7.3.6.
    """
    algorithm = RSA if isinstance(key, RsaVerifyKey) else ED25519
    if claim.algorithm not in (None, algorithm):
        raise SignatureError("the algorithm is not the key's")
    if isinstance(key, RsaVerifyKey):
        verify_rsa(key, claim.signature, claim.base)
    else:
        verify_ed25519(key, claim.signature, claim.base)
    return claim


def default_components(message: Message) -> tuple[str, ...]:
    """Return what Kith covers in *message*: its target, and its content if it has any."""
    return _TARGET + _CONTENT if "content-digest" in message.headers else _TARGET


def _inner_list(components: Sequence[str]) -> str:
    return "(" + " ".join([f'"{name}"' for name in components]) + ")"


def _fields(parameters: str, signature: bytes) -> dict[str, str]:
    value = base64.b64encode(signature).decode("ascii")
    return {"Signature-Input": f"sig1={parameters}", "Signature": f"sig1=:{value}:"}


def _base(message: Message, components: Sequence[str], parameters: str) -> bytes:
    """Return the signature base. Source: RFC 9421 §2.5."""
    if len(set(components)) != len(components):
        raise MalformedError("a component is covered twice")
    lines = [f'"{name}": {_component(message, name)}' for name in components]
    lines.append(f'"@signature-params": {parameters}')
    return "\n".join(lines).encode("ascii")


def _component(message: Message, name: str) -> str:
    if name.startswith("@"):
        value = _derived(message, name)
    elif _NAME.match(name) and name in message.headers:
        value = message.headers[name].strip(" \t")
    else:
        raise MalformedError("a covered field is not in the message")
    # A line break in a value could pass for another component (RFC 9421 §7.5.7).
    if not _VALUE.match(value):
        raise MalformedError("a covered value holds characters that cannot be signed")
    return value


def _derived(message: Message, name: str) -> str:
    if name == "@method":
        if not _METHOD.match(message.method):
            raise MalformedError("not a method")
        return message.method
    if name == "@target-uri":
        return message.target_uri
    if name == "@authority":
        return message.authority
    if name in ("@path", "@query"):
        rest = message.target_uri.partition("://")[2]
        path, _, query = rest[rest.find("/") :].partition("?")
        return path if name == "@path" else f"?{query}"
    raise MalformedError("an unknown component is covered")


def _check_coverage(claim: ClaimedSignature, *, has_body: bool) -> None:
    covered = set(claim.components)
    if claim.tag in _OWN_TAGS:
        required = _TARGET + _CONTENT if has_body else _TARGET
        is_complete = covered.issuperset(required)
        if claim.nonce is None or claim.expires is None:
            raise SignatureError("the signature lacks nonce or expires")
        if len(claim.nonce) > MAX_NONCE_CHARACTERS:
            raise SignatureError("the nonce is too long")
    else:
        names_target = "@target-uri" in covered or covered >= {"@authority", "@path", "@query"}
        covers_content = not has_body or "content-digest" in covered
        is_complete = "@method" in covered and names_target and covers_content
    if not is_complete:
        raise SignatureError("the signature does not cover what it has to")
