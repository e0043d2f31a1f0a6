r"""The keyholders' public keys as the actor publishes them.

One Ed25519 key stays; it signs the sealing key of each quarter, so that clients which know its
fingerprint notice when it is replaced. The private halves never touch a server.

Source: crypto spec, keyholders; label ``"kith/keyholders/v1\0"`` ‖ epoch(4) ‖ sealing key.
"""

from __future__ import annotations

import msgspec

from kith_crypto.ed25519 import SIGNATURE_BYTES, SigningKey, VerifyKey, verify_ed25519
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.multikey import encode_multikey, parse_multikey
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.bundle import SEALING_KEY_BYTES
from kith_protocol.wire import read_string

_LABEL = b"kith/keyholders/v1\0"
_MAX_EPOCH = 2**32 - 1


class KeyholderKeys(msgspec.Struct, frozen=True):
    """The keyholders' public keys of one quarter.

    Attributes:
        verify_key: the lasting Ed25519 key; its fingerprint is shown at joining.
        sealing_key: public sealing key of the quarter, 1216 bytes.
        epoch: the quarter, ``year * 4 + index``.
        signature: of ``verify_key`` over epoch and sealing key, 64 bytes.
    """

    verify_key: VerifyKey
    sealing_key: bytes
    epoch: int
    signature: bytes


def sign_keyholders(key: SigningKey, *, sealing_key: bytes, epoch: int) -> KeyholderKeys:
    """Return the public keys of *epoch*, signed by the keyholders' lasting *key*."""
    signature = key.sign(_message(sealing_key, epoch))
    return KeyholderKeys(key.verify_key, sealing_key, epoch, signature)


def verify_keyholders(keys: KeyholderKeys) -> KeyholderKeys:
    """Return *keys* if the lasting key signed the quarter's.

    Raises:
        SignatureError: it did not.
    """
    verify_ed25519(keys.verify_key, keys.signature, _message(keys.sealing_key, keys.epoch))
    return keys


def encode_keyholders(keys: KeyholderKeys) -> JsonObject:
    """Return *keys* as the actor's member ``kith:keyholders``."""
    return {
        "kith:verifyKey": encode_multikey(keys.verify_key),
        "kith:sealingKey": encode_base64url(keys.sealing_key),
        "kith:epoch": keys.epoch,
        "kith:signature": encode_base64url(keys.signature),
    }


def parse_keyholders(value: JsonValue) -> KeyholderKeys:
    """Return the verified keys in *value*, the actor's member ``kith:keyholders``.

    Raises:
        MalformedError: another form.
        KeyRefusedError: a lasting key of a kind that is not taken.
        SignatureError: the lasting key did not sign the quarter's.
    """
    if not isinstance(value, dict):
        raise MalformedError("not an object", pointer="/kith:keyholders")
    epoch = value.get("kith:epoch")
    if not isinstance(epoch, int) or isinstance(epoch, bool) or not 0 <= epoch <= _MAX_EPOCH:
        raise MalformedError("not an epoch", pointer="/kith:keyholders/kith:epoch")
    keys = KeyholderKeys(
        verify_key=parse_multikey(read_string(value, "kith:verifyKey")),
        sealing_key=parse_base64url(
            read_string(value, "kith:sealingKey"), size=SEALING_KEY_BYTES
        ),
        epoch=epoch,
        signature=parse_base64url(read_string(value, "kith:signature"), size=SIGNATURE_BYTES),
    )
    return verify_keyholders(keys)


def _message(sealing_key: bytes, epoch: int) -> bytes:
    assert len(sealing_key) == SEALING_KEY_BYTES
    return _LABEL + epoch.to_bytes(4, "big") + sealing_key
