"""Shares of the keyholders' keys, for any two of three people together.

With three people each makes a sealing key pair of their own (a *person's key*). The lasting
Ed25519 seed and the seed of each quarter are then sealed to each pair of them
(``kith_crypto.shares``; the lasting key stands there as epoch 0), and nothing is kept in clear:
the shares file is the same for all three and opens nothing alone. To open a case the first of a
pair half opens the shares of the quarters it needs, and the second completes them.

Reading and writing files, asking people and keeping logs is the caller's part.

Source: SPEC.md, section on keyholders.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Literal

import msgspec

from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import (
    CryptoError,
    DecryptionError,
    MalformedError,
    UsageError,
)
from kith_crypto.hpke import PUBLIC_KEY_BYTES, sealing_public_key
from kith_crypto.multikey import encode_multikey, parse_multikey
from kith_crypto.shares import (
    HALF_OPEN_BYTES,
    PAIRS,
    SHARE_BYTES,
    open_inner_share,
    open_outer_share,
    seal_to_pairs,
)
from kith_protocol.keyholders_file import MAX_QUARTERS
from kith_protocol.keyholders_private import (
    LASTING_EPOCH,
    decode_file,
    describe_epoch,
    encode_file,
    parse_epoch,
)

PURPOSE_BYTES = 32


class _SharesFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    verify_key: str
    people: tuple[str, str, str]
    shares: Annotated[dict[str, tuple[str, str, str]], msgspec.Meta(max_length=MAX_QUARTERS)]


class _HalfFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    verify_key: str
    purpose: str
    first: Annotated[int, msgspec.Meta(ge=0, le=1)]
    halves: Annotated[dict[str, dict[str, str]], msgspec.Meta(max_length=MAX_QUARTERS)]


class Shares(msgspec.Struct, frozen=True):
    """What any two of three people open together.

    Attributes:
        identity: the keyholders' lasting public key.
        people: the three people's public sealing keys, in the order of ``shares.PAIRS``.
        shares: epoch to a share for each of ``shares.PAIRS``; ``LASTING_EPOCH`` has the
            lasting key's.
    """

    identity: VerifyKey
    people: tuple[bytes, ...]
    shares: dict[int, tuple[bytes, ...]]


class HalfOpen(msgspec.Struct, frozen=True):
    """Shares that the first of a pair has opened for one purpose. Its ``repr`` shows nothing.

    Attributes:
        identity: the keyholders' lasting public key.
        purpose: SHA-256 of what it was opened for, 32 bytes; so that people notice a mix-up.
        first: the person who half opened them, 0 or 1.
        halves: epoch to second person to half-open share, 1168 bytes.
    """

    identity: VerifyKey
    purpose: bytes
    first: int
    halves: dict[int, dict[int, bytes]]

    def __repr__(self) -> str:
        return "HalfOpen(...)"


def make_shares(
    identity: SigningKey, seeds: Mapping[int, bytes], people: Sequence[bytes]
) -> Shares:
    """Return shares of the lasting key and of the quarters' seeds for three people.

    Args:
        identity: the keyholders' lasting key.
        seeds: epoch to 32-byte seed.
        people: their public sealing keys, 1216 bytes each.

    Raises:
        KeyRefusedError: one of *people* is not a sealing key.
        ValueError: not three different keys.
    """
    secrets = {LASTING_EPOCH: identity.seed, **seeds}
    return Shares(
        identity=identity.verify_key,
        people=tuple(people),
        shares={
            epoch: seal_to_pairs(secret, people, epoch=epoch)
            for epoch, secret in secrets.items()
        },
    )


def encode_shares(shares: Shares) -> bytes:
    """Return the shares file, the same for all three; it opens nothing alone."""
    first, second, third = map(encode_base64url, shares.people)
    entries: dict[str, tuple[str, str, str]] = {}
    for epoch, (one, two, three) in sorted(shares.shares.items()):
        parts = (encode_base64url(one), encode_base64url(two), encode_base64url(three))
        entries[str(epoch)] = parts
    verify_key = encode_multikey(shares.identity)
    return encode_file(_SharesFile(1, verify_key, (first, second, third), entries))


def parse_shares(raw: bytes) -> Shares:
    """Return what a shares file holds.

    Raises:
        MalformedError: it is none.
    """
    file = decode_file(raw, _SharesFile)
    return Shares(
        identity=_parse_identity(file.verify_key),
        people=tuple(parse_base64url(key, size=PUBLIC_KEY_BYTES) for key in file.people),
        shares={
            parse_epoch(epoch): tuple(parse_base64url(one, size=SHARE_BYTES) for one in parts)
            for epoch, parts in file.shares.items()
        },
    )


def half_open(
    shares: Shares, seed: bytes, *, epochs: Iterable[int], purpose: bytes
) -> HalfOpen:
    """Return what the first of a pair hands to the second.

    Args:
        shares: as made for these three.
        seed: own private seed of the first, 32 bytes.
        epochs: the quarters that are needed, and no more.
        purpose: SHA-256 of what it is for, 32 bytes.

    Raises:
        UsageError: the person is none of the three, or always the second of a pair, or there
            is no share of a quarter.
        DecryptionError: a share was not made for this key.
    """
    first = _place_of(shares, seed)
    pairs = [(place, inner) for place, (outer, inner) in enumerate(PAIRS) if outer == first]
    if not pairs:
        raise UsageError(
            "your key is the third: one of the other two goes first, then you go on with the "
            "file they hand you"
        )
    halves = {
        epoch: {
            inner: open_outer_share(
                seed,
                _shares_of(shares, epoch)[place],
                inner_key=shares.people[inner],
                epoch=epoch,
            )
            for place, inner in pairs
        }
        for epoch in epochs
    }
    return HalfOpen(shares.identity, purpose, first, halves)


def complete(
    shares: Shares, half: HalfOpen, seed: bytes, *, purpose: bytes
) -> dict[int, bytes]:
    """Return the secrets, 32 bytes each, by epoch: to be used once and kept nowhere.

    Args:
        shares: as made for these three.
        half: from the first of the pair.
        seed: own private seed of the second, 32 bytes.
        purpose: SHA-256 of what the second has in hand, 32 bytes.

    Raises:
        UsageError: the file is for something else, of other keyholders, or this person can't
            be the second to whoever made it.
        DecryptionError: a half-open share was not made for this key.
    """
    if half.identity != shares.identity:
        raise UsageError("the half-open file belongs to other keyholders")
    if half.purpose != purpose:
        raise UsageError("the half-open file was made for something else than you have in hand")
    second, outer_key = _place_of(shares, seed), shares.people[half.first]
    secrets = {}
    for epoch, parts in half.halves.items():
        if second not in parts:
            raise UsageError("whoever made the half-open file did not make it for you")
        secrets[epoch] = open_inner_share(seed, parts[second], outer_key=outer_key, epoch=epoch)
    return secrets


def identity_of(shares: Shares, secrets: Mapping[int, bytes]) -> SigningKey:
    """Return the lasting key that *secrets* of ``complete`` hold.

    Raises:
        UsageError: it is not among them.
        DecryptionError: it is another key than the published one.
    """
    if LASTING_EPOCH not in secrets:
        raise UsageError("the half-open file was not made for renewing")
    identity = SigningKey.from_seed(secrets[LASTING_EPOCH])
    if identity.verify_key != shares.identity:
        raise DecryptionError("cannot be opened")
    return identity


def encode_half(half: HalfOpen) -> bytes:
    """Return the file that the first of a pair hands to the second."""
    halves = {
        str(epoch): {str(place): encode_base64url(part) for place, part in parts.items()}
        for epoch, parts in half.halves.items()
    }
    purpose = encode_base64url(half.purpose)
    return encode_file(
        _HalfFile(1, encode_multikey(half.identity), purpose, half.first, halves)
    )


def parse_half(raw: bytes) -> HalfOpen:
    """Return what such a file holds.

    Raises:
        MalformedError: it is none.
    """
    file = decode_file(raw, _HalfFile)
    return HalfOpen(
        identity=_parse_identity(file.verify_key),
        purpose=parse_base64url(file.purpose, size=PURPOSE_BYTES),
        first=file.first,
        halves={
            parse_epoch(epoch): {
                _parse_place(place): parse_base64url(part, size=HALF_OPEN_BYTES)
                for place, part in parts.items()
            }
            for epoch, parts in file.halves.items()
        },
    )


def _place_of(shares: Shares, seed: bytes) -> int:
    key = sealing_public_key(seed)
    if key not in shares.people:
        raise UsageError("your key is none of the three that these shares were made for")
    return shares.people.index(key)


def _shares_of(shares: Shares, epoch: int) -> tuple[bytes, ...]:
    if epoch not in shares.shares:
        raise UsageError(f"there are no keys for {describe_epoch(epoch)}")
    return shares.shares[epoch]


def _parse_place(text: str) -> int:
    if text not in ("1", "2"):
        raise MalformedError("not the number of a second person")
    return int(text)


def _parse_identity(text: str) -> VerifyKey:
    try:
        return parse_multikey(text)
    except CryptoError as error:
        raise MalformedError("not a lasting key") from error
