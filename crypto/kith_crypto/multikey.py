"""Ed25519 public keys as Multikey strings (``z6Mk…``).

Finding the key object inside an actor and checking its controller is the caller's part.

Source: FEP-521a; CID 1.0 §2.2.2 (Multikey); multicodec table, ``ed25519-pub`` = 0xed.
"""

from kith_crypto.base58 import encode_base58btc, parse_base58btc
from kith_crypto.ed25519 import VerifyKey, parse_verify_key
from kith_crypto.errors import MalformedError

# 0xed as an unsigned varint. Comparing the two bytes also refuses every non-minimal varint.
_ED25519_PREFIX = b"\xed\x01"
_MULTIBASE_BASE58BTC = "z"
MAX_CHARACTERS = 64  # 34 bytes need 47 or 48 characters and the prefix


def encode_multikey(key: VerifyKey) -> str:
    """Return *key* as ``publicKeyMultibase``."""
    return _MULTIBASE_BASE58BTC + encode_base58btc(_ED25519_PREFIX + key)


def parse_multikey(text: str) -> VerifyKey:
    """Return the Ed25519 key in *text*.

    Args:
        text: ``z``, then base58btc of ``ed01`` and the 32 bytes of the key.

    Raises:
        MalformedError: another multibase or codec, or much too long.
        KeyRefusedError: a key that ``parse_verify_key`` refuses, one of another length too.
    """
    if not text.startswith(_MULTIBASE_BASE58BTC) or len(text) > MAX_CHARACTERS:
        raise MalformedError("not a base58btc Multikey")
    raw = parse_base58btc(text[1:])
    if not raw.startswith(_ED25519_PREFIX):
        raise MalformedError("not an Ed25519 Multikey")
    return parse_verify_key(raw[len(_ED25519_PREFIX) :])
