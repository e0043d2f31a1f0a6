"""The fields ``Signature-Input`` and ``Signature``: choosing one label and reading it.

Which labels a reader takes is one rule, applied once: the first label, in the order of
``Signature-Input``, whose tag is one of those the reader wants. Everything else about the
signature is left to ``http_signature``.

Two readers give the same result: a regular expression for the way Kith itself writes the
fields, and a full structured-field parser for everything else. The text that was signed is the
text received, so a member that is not in its canonical form is refused.

Source: RFC 9421 §4.1, §4.2, §7.2; RFC 8941 (structured fields).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection

import http_sf
import msgspec

from kith_crypto.errors import MalformedError, TooLargeError
from kith_protocol.limits import (
    MAX_COVERED_COMPONENTS,
    MAX_SIGNATURE_HEADER_CHARACTERS,
    MAX_SIGNATURE_LABELS,
    MAX_URL_CHARACTERS,
)

# Exactly what ``http_signature`` writes: one label, names without parameters, this order.
_OWN_INPUT = re.compile(
    r'sig1=(\(((?:"[@a-z-]{1,40}"(?: "[@a-z-]{1,40}"){0,23})?)\)'
    r";created=([1-9][0-9]{0,14});expires=([1-9][0-9]{0,14})"
    r';nonce="([A-Za-z0-9_-]{1,64})";keyid="([!#-\[\]-~]{1,2048})";tag="([a-z-]{1,40})")\Z',
    re.ASCII,
)
_OWN_SIGNATURE = re.compile(r"sig1=:([A-Za-z0-9+/]{86}==):\Z", re.ASCII)
_PARAMETERS = frozenset({"created", "expires", "nonce", "keyid", "alg", "tag"})
_MAX_PARAMETER_CHARACTERS = MAX_URL_CHARACTERS


class SignatureField(msgspec.Struct, frozen=True):
    """One label of both fields.

    Attributes:
        label: its name.
        components: names of the covered components, in order.
        text: inner list and parameters as received, the value of ``@signature-params``.
        signature: the signature's bytes.
        created, expires, nonce, key_id, algorithm, tag: the parameters, ``None`` if absent.
    """

    label: str
    components: tuple[str, ...]
    text: str
    signature: bytes
    created: int | None = None
    expires: int | None = None
    nonce: str | None = None
    key_id: str | None = None
    algorithm: str | None = None
    tag: str | None = None


def read_signature_field(
    signature_input: str, signature: str, *, tags: Collection[str | None]
) -> SignatureField:
    """Return the first label whose tag is in *tags*; ``None`` stands for an absent tag.

    Args:
        signature_input: value of ``Signature-Input``, lines joined with ``", "``.
        signature: value of ``Signature``, lines joined with ``", "``.
        tags: which tags to take.

    Raises:
        TooLargeError: a field is longer than ``MAX_SIGNATURE_HEADER_CHARACTERS``.
        MalformedError: not structured dictionaries, a repeated name, more than
            ``MAX_SIGNATURE_LABELS``, no label with such a tag or none of that name in both
            fields, a component with parameters, an unknown or ill-typed parameter, a member
            that is not canonical.
    """
    if max(len(signature_input), len(signature)) > MAX_SIGNATURE_HEADER_CHARACTERS:
        raise TooLargeError("a signature field is too long")
    return _read_own(signature_input, signature, tags) or _read_any(
        signature_input, signature, tags
    )


def _read_own(
    signature_input: str, signature: str, tags: Collection[str | None]
) -> SignatureField | None:
    found = _OWN_INPUT.match(signature_input)
    value = _OWN_SIGNATURE.match(signature)
    if not found or not value or found[7] not in tags:
        return None
    raw = base64.b64decode(value[1])
    if base64.b64encode(raw).decode("ascii") != value[1]:
        return None
    text, components, created, expires, nonce, key_id, tag = found.groups()
    return SignatureField(
        label="sig1",
        components=tuple(components[1:-1].split('" "')) if components else (),
        text=text,
        signature=raw,
        created=int(created),
        expires=int(expires),
        nonce=nonce,
        key_id=key_id,
        tag=tag,
    )


def _read_any(
    signature_input: str, signature: str, tags: Collection[str | None]
) -> SignatureField:
    inputs = _parse_dictionary(signature_input)
    signatures = _parse_dictionary(signature)
    for label, member in inputs.items():
        items, parameters = _split_inner_list(member)
        if parameters.get("tag") not in tags:
            continue
        text = _canonical(member)
        # Substring, since labels may be joined with or without a blank.
        if f"{label}={text}" not in signature_input:
            raise MalformedError("the signature input is not in canonical form")
        value = signatures.get(label)
        raw = value[0] if isinstance(value, tuple) else value
        if not isinstance(raw, bytes):
            raise MalformedError("the label has no signature")
        return SignatureField(
            label=label,
            components=_component_names(items),
            text=text,
            signature=raw,
            created=_integer(parameters, "created"),
            expires=_integer(parameters, "expires"),
            nonce=_string(parameters, "nonce"),
            key_id=_string(parameters, "keyid"),
            algorithm=_string(parameters, "alg"),
            tag=_string(parameters, "tag"),
        )
    raise MalformedError("no signature with the tag that is needed")


def _parse_dictionary(text: str) -> http_sf.DictionaryType:
    try:
        members = http_sf.parse(
            text.encode("ascii"), tltype="dictionary", on_duplicate_key=_refuse_repetition
        )
    except (http_sf.StructuredFieldError, UnicodeEncodeError) as error:
        raise MalformedError("not a structured dictionary") from error
    assert isinstance(members, dict)
    if len(members) > MAX_SIGNATURE_LABELS:
        raise MalformedError("too many signatures")
    return members


def _refuse_repetition(name: str, _context: str) -> None:
    raise MalformedError(f"{name} is repeated")


def _split_inner_list(member: object) -> tuple[list[object], dict[str, object]]:
    if isinstance(member, tuple) and isinstance(member[0], list):
        parameters: dict[str, object] = member[1]
        if not parameters.keys() <= _PARAMETERS:
            raise MalformedError("an unknown signature parameter")
        return member[0], parameters
    raise MalformedError("a signature input is not an inner list with parameters")


def _canonical(member: http_sf.ItemType | http_sf.InnerListType) -> str:
    return http_sf.ser({"a": member}).removeprefix("a=")


def _component_names(items: list[object]) -> tuple[str, ...]:
    if len(items) > MAX_COVERED_COMPONENTS:
        raise MalformedError("too many covered components")
    names = []
    for item in items:
        name, parameters = item if isinstance(item, tuple) else (item, None)
        # Parameters of components (;sf, ;bs, ;key, ;req, ;tr) are not needed by anybody here.
        if not isinstance(name, str) or parameters:
            raise MalformedError("a covered component of an unknown kind")
        names.append(name)
    return tuple(names)


def _integer(parameters: dict[str, object], name: str) -> int | None:
    value = parameters.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise MalformedError(f"{name} is not a time")
    return value


def _string(parameters: dict[str, object], name: str) -> str | None:
    value = parameters.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_PARAMETER_CHARACTERS:
        raise MalformedError(f"{name} is not a string")
    return value
