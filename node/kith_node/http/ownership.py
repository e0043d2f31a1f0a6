"""Whose an object is: whoever holds the key that its id is the hash of, and nobody else."""

from __future__ import annotations

from collections.abc import Callable

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.hashes import is_equal
from kith_crypto.objects import ID_BYTES
from kith_protocol.errors import WrongOwnerError


def parse_owned_id(
    text: str, key: VerifyKey | None, id_of: Callable[[VerifyKey], bytes]
) -> bytes:
    """Return the 16 bytes of the object's id in *text*, which *key* owns.

    Args:
        text: base64url of the id, from the path.
        key: the key that signed the request.
        id_of: such as ``objects.offer_id``.

    Raises:
        MalformedError: *text* is no id.
        WrongOwnerError: it is not the hash of *key*.
    """
    object_id = parse_base64url(text, size=ID_BYTES)
    if key is None or not is_equal(object_id, id_of(key)):
        raise WrongOwnerError("the id is not the hash of the key")
    return object_id
