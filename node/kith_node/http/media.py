"""Which content types a route reads; encodings are never accepted. Source: RFC 9110 §8.3."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kith_protocol.errors import UnsupportedMediaTypeError


def check_media_type(headers: Mapping[str, str], allowed: Iterable[str]) -> None:
    """Check the content type and encoding of a request with a body.

    Args:
        headers: of the request; looked up as ``Content-Type`` and ``Content-Encoding``.
        allowed: media types, with their parameters where they need any.

    Raises:
        UnsupportedMediaTypeError: another type, a charset other than UTF-8, or any encoding.
    """
    if headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise UnsupportedMediaTypeError("content encodings are not read")
    received = _normalise(headers.get("Content-Type", ""))
    if received not in {_normalise(media_type) for media_type in allowed}:
        raise UnsupportedMediaTypeError("not a content type of this address")


def _normalise(value: str) -> tuple[str, frozenset[str]]:
    kind, *parameters = (part.strip() for part in value.split(";"))
    named = {_normalise_parameter(parameter) for parameter in parameters if parameter}
    return kind.lower(), frozenset(named - {"charset=utf-8"})


def _normalise_parameter(parameter: str) -> str:
    name, _, value = parameter.partition("=")
    value = value.strip().strip('"')
    name = name.strip().lower()
    return f"{name}={value.lower() if name == 'charset' else value}"
