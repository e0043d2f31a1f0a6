"""Signing in: from a name and a passphrase to a verifier and a key, on the device.

The name never leaves the device: the node finds a member by the hash of a secret derived
here, so an unknown name and a wrong passphrase are one case. Judging a passphrase's strength
is the caller's part, and so is keeping ``auth`` and ``wrap`` off disks and logs.

Source: RFC 9106 (Argon2id); Unicode Standard Annex 15 and default case folding.
"""

import unicodedata

import msgspec
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kith_crypto.aead import decrypt, encrypt
from kith_crypto.errors import DecryptionError, UsageError
from kith_crypto.hashes import hkdf_sha256, sha256

KDF_NAME = "a2-1"  # the profile below, as slots name it
KEY_BYTES = 32
CODE_BYTES = 16
COMMUNITY_BYTES = 16
MAX_CHARACTERS = 512  # of a name or passphrase before normalisation

# One profile for everybody: 64 MiB, three passes, one lane (RFC 9106 §4, second choice,
# with one lane because browsers have one thread).
_MEMORY_KIB = 64 * 1024
_PASSES = 3
_LANES = 1
_SALT_BYTES = 16
_MASTER_BYTES = 64

_SALT_LABEL = b"kith/salt/v1\0"
_AUTH_LABEL = b"kith/auth/v1\0"
_WRAP_LABEL = b"kith/wrap/v1\0"
_RECOVERY_AUTH_LABEL = b"kith/rec-auth/v1\0"
_RECOVERY_WRAP_LABEL = b"kith/rec-wrap/v1\0"

# Later Unicode versions fold what earlier ones leave alone, so a device must not take a
# character its tables do not know; controls and surrogates have no business here.
_REFUSED_CATEGORIES = frozenset({"Cn", "Cc", "Cs"})


class SignIn(msgspec.Struct, frozen=True):
    """What a name and passphrase derive to. Its ``repr`` shows nothing.

    Attributes:
        auth: 32 bytes that are shown to the node to sign in.
        wrap: 32 bytes that open the passphrase slot and never leave the device.
    """

    auth: bytes
    wrap: bytes

    def __repr__(self) -> str:
        return "SignIn(...)"


class Recovery(msgspec.Struct, frozen=True):
    """What a recovery code derives to. Its ``repr`` shows nothing.

    Attributes:
        rauth: 32 bytes that are shown to the node to sign in.
        rwrap: 32 bytes that open the recovery slot and never leave the device.
    """

    rauth: bytes
    rwrap: bytes

    def __repr__(self) -> str:
        return "Recovery(...)"


def derive_sign_in(name: str, passphrase: str, *, community: bytes) -> SignIn:
    """Return the secrets that *name* and *passphrase* stand for in *community*.

    Takes about a quarter of a second and 64 MiB; not for an event loop.

    Args:
        name: the login name; its case and compatibility forms do not matter.
        passphrase: compatibility forms do not matter, case does.
        community: ``objects.community_id`` of the community's actor, 16 bytes.

    Raises:
        UsageError: a name or passphrase that is empty, longer than ``MAX_CHARACTERS``, or
            holds control characters or ones this Unicode version does not know.
    """
    _check_community(community)
    folded = _fold_name(_check_text(name, "name"))
    secret = unicodedata.normalize("NFKC", _check_text(passphrase, "passphrase"))
    salt = sha256(_SALT_LABEL + community + folded.encode("utf-8"))[:_SALT_BYTES]
    master = Argon2id(
        salt=salt,
        length=_MASTER_BYTES,
        iterations=_PASSES,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    ).derive(secret.encode("utf-8"))
    return SignIn(
        auth=hkdf_sha256(master, _AUTH_LABEL + community, KEY_BYTES),
        wrap=hkdf_sha256(master, _WRAP_LABEL + community, KEY_BYTES),
    )


def verifier(auth: bytes) -> bytes:
    """Return the 32 bytes under which a node stores and finds the holder of *auth*.

    A plain hash is enough: *auth* is 256 derived bits, and Argon2id stood before it.
    """
    return sha256(auth)


def derive_recovery(code: bytes, *, community: bytes) -> Recovery:
    """Return the secrets that the recovery *code* stands for in *community*.

    Args:
        code: 16 random bytes.
        community: 16 bytes.

    Raises:
        ValueError: a part of another size.
    """
    if len(code) != CODE_BYTES:
        raise ValueError("a recovery code is 16 bytes")
    _check_community(community)
    return Recovery(
        rauth=hkdf_sha256(code, _RECOVERY_AUTH_LABEL + community, KEY_BYTES),
        rwrap=hkdf_sha256(code, _RECOVERY_WRAP_LABEL + community, KEY_BYTES),
    )


def wrap_vault_key(vault_key: bytes, wrapping_key: bytes, *, nonce: bytes) -> bytes:
    """Return the 60-byte slot that holds *vault_key*.

    Args:
        vault_key: 32 bytes.
        wrapping_key: ``wrap`` or ``rwrap``, 32 bytes.
        nonce: 12 random bytes.

    Raises:
        ValueError: a part of another size.
    """
    if len(vault_key) != KEY_BYTES:
        raise ValueError("a vault key is 32 bytes")
    return encrypt(wrapping_key, vault_key, nonce=nonce)


def unwrap_vault_key(slot: bytes, wrapping_key: bytes) -> bytes:
    """Return the vault key in *slot*.

    Raises:
        DecryptionError: another key, an altered slot, or not a vault key's slot.
    """
    vault_key = decrypt(wrapping_key, slot)
    if len(vault_key) != KEY_BYTES:
        raise DecryptionError("cannot be opened")
    return vault_key


def _fold_name(name: str) -> str:
    # Folding can undo normalisation and the reverse, hence once around both.
    folded = unicodedata.normalize("NFKC", name).casefold()
    return unicodedata.normalize("NFKC", folded)


def _check_text(text: str, what: str) -> str:
    if not 0 < len(text) <= MAX_CHARACTERS:
        raise UsageError(f"the {what} must have 1 to {MAX_CHARACTERS} characters")
    if any(unicodedata.category(character) in _REFUSED_CATEGORIES for character in text):
        raise UsageError(f"the {what} has a character that cannot be used")
    return text


def _check_community(community: bytes) -> None:
    if len(community) != COMMUNITY_BYTES:
        raise ValueError("a community is named by 16 bytes")
