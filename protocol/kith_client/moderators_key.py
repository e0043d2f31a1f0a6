r"""The moderators' private key: in a moderator's vault, and as a file on its way to another's.

    "kith-moderators" ‖ version (1) ‖ salt (16) ‖ nonce (12) ‖ encrypted seed (32) ‖ tag (16)

The file's key of AES-256-GCM is ``wrap`` as for signing in (``kith_crypto.signin``), with the
salt in the place of the community and a fixed name; what stands before the nonce is bound. The
passphrase goes another way than the file, best by voice. A wrong passphrase and a damaged file
are one case. The derivation takes a quarter of a second: not for an event loop.
"""

from __future__ import annotations

import msgspec

from kith_client.errors import WrongPassphraseError
from kith_client.shelf import Shelf
from kith_client.system import Clock
from kith_crypto.aead import NONCE_BYTES, TAG_BYTES, decrypt, encrypt
from kith_crypto.errors import DecryptionError, UsageError
from kith_crypto.hpke import SEED_BYTES, sealing_public_key
from kith_crypto.moderators import open_for_moderators
from kith_crypto.objects import key_id
from kith_crypto.randomness import Rng
from kith_crypto.signin import derive_sign_in
from kith_protocol.day import day_of

RECORD_KIND = "moderators"

SALT_BYTES = 16

_MAGIC = b"kith-moderators\x01"
_HEADER_BYTES = len(_MAGIC) + SALT_BYTES
FILE_BYTES = _HEADER_BYTES + NONCE_BYTES + SEED_BYTES + TAG_BYTES

_NAME = "moderators"  # stands where signing in has the login name


def lock_moderators_key(seed: bytes, passphrase: str, *, rng: Rng) -> bytes:
    """Return the file, 92 bytes, that *passphrase* opens.

    Args:
        seed: the moderators' private seed, 32 bytes.
        passphrase: six random words are best; whoever has file and passphrase reads all
            reports.
        rng: for salt and nonce.

    Raises:
        UsageError: the passphrase cannot be used.
    """
    if len(seed) != SEED_BYTES:
        raise ValueError("a sealing seed is 32 bytes")
    salt = rng.bytes(SALT_BYTES)
    wrap = derive_sign_in(_NAME, passphrase, community=salt).wrap
    header = _MAGIC + salt
    return header + encrypt(wrap, seed, nonce=rng.bytes(NONCE_BYTES), bound=header)


def unlock_moderators_key(raw: bytes, passphrase: str) -> bytes:
    """Return the seed, 32 bytes, in the file *raw*.

    Raises:
        UsageError: it is no such file, or of a later version.
        WrongPassphraseError: it does not open.
    """
    if len(raw) != FILE_BYTES or not raw.startswith(_MAGIC):
        raise UsageError("this is no file of a moderators' key, or one of a later version")
    header = raw[:_HEADER_BYTES]
    try:
        wrap = derive_sign_in(_NAME, passphrase, community=header[len(_MAGIC) :]).wrap
        return decrypt(wrap, raw[_HEADER_BYTES:], bound=header)
    except (DecryptionError, UsageError) as error:
        raise WrongPassphraseError("the passphrase is wrong, or the file damaged") from error


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    seed: bytes
    day: int


class ModeratorsSeeds:
    """The moderators' seeds in one vault; former ones stay, for what is sealed to them."""

    def __init__(self, shelf: Shelf, *, clock: Clock) -> None:
        self._shelf = shelf
        self._clock = clock

    def list(self) -> tuple[bytes, ...]:
        """Return the seeds, 32 bytes each, newest first."""
        values = self._shelf.all(RECORD_KIND, _Value).values()
        return tuple(one.seed for one in sorted(values, key=lambda one: -one.day))

    def find(self, public: bytes) -> bytes:
        """Return the seed of the public key *public*, 1216 bytes.

        Raises:
            UsageError: it is not in this vault.
        """
        for seed in self.list():
            if sealing_public_key(seed) == public:
                return seed
        raise UsageError("your vault does not hold the key that your community publishes")

    async def keep(self, seed: bytes) -> None:
        """Return once *seed*, 32 bytes, is in the stored vault."""
        value = _Value(seed, day_of(self._clock.now()))
        self._shelf.put(RECORD_KIND, key_id(sealing_public_key(seed)), value)
        await self._shelf.save()

    def open(self, sealed: bytes, *, kind: int, community: bytes) -> bytes:
        """Return what was sealed to any of the seeds, as ``open_for_moderators`` does.

        Raises:
            DecryptionError: to none of them.
        """
        for seed in self.list():
            try:
                return open_for_moderators(seed, sealed, kind=kind, community=community)
            except DecryptionError:
                continue
        raise DecryptionError("it was sealed to a moderators' key that is not in your vault")
