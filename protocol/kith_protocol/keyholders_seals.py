"""Finding what a suspended member still owns: live owner seals, tested away from the server.

The node writes all its owner seals into one file; keyholders test each against one member and
say only which objects match. Who the others belong to is told to nobody. Reading the file, and
that the member is suspended, is the caller's part.

Source: SPEC.md, section on keyholders.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal

import msgspec

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import DecryptionError, MalformedError, TooLargeError
from kith_crypto.hashes import sha256
from kith_crypto.objects import ID_BYTES, community_id
from kith_crypto.opening import is_owner
from kith_crypto.seals import KIND_OFFER, KIND_PROFILE, SEAL_BYTES, quarter_of

MAX_SEALS_BYTES = 1024 * 1024 * 1024
OLDEST_QUARTERS = 4
"""Nothing owned stands for more than a year, so no live seal is older."""

_PURPOSE_LABEL = b"kith/sweep/v1\0"


class OwnerSeal(msgspec.Struct, frozen=True):
    """A live owner seal.

    Attributes:
        object_id: of the offer or profile, 16 bytes.
        kind: ``KIND_OFFER`` or ``KIND_PROFILE``.
        seal: 1200 bytes.
    """

    object_id: bytes
    kind: int
    seal: bytes


class SealsFile(msgspec.Struct, frozen=True):
    """All live owner seals of a node.

    Attributes:
        actor: the node's actor id.
        day: on which it was written.
        seals: in the order of their objects' ids, which are hashes.
    """

    actor: str
    day: int
    seals: tuple[OwnerSeal, ...]


class _Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    object_id: str
    kind: Literal[1, 2]
    seal: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: Literal[1]
    actor: Annotated[str, msgspec.Meta(max_length=300)]
    day: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    seals: tuple[_Entry, ...]


def encode_seals(file: SealsFile) -> bytes:
    """Return the file that the node writes for keyholders.

    Raises:
        ValueError: a kind that has no owner.
    """
    entries = []
    for one in file.seals:
        if one.kind not in (KIND_OFFER, KIND_PROFILE):
            raise ValueError("only offers and profiles have owners")
        kind: Literal[1, 2] = 1 if one.kind == KIND_OFFER else 2
        sealed = encode_base64url(one.seal)
        entries.append(_Entry(encode_base64url(one.object_id), kind, sealed))
    document = _File(1, file.actor, file.day, tuple(entries))
    return msgspec.json.encode(document, order="sorted")


def parse_seals(raw: bytes) -> SealsFile:
    """Return the seals in *raw*.

    Raises:
        TooLargeError: longer than such a file can be.
        MalformedError: it is none.
    """
    if len(raw) > MAX_SEALS_BYTES:
        raise TooLargeError(f"{len(raw)} bytes")
    try:
        file = msgspec.json.decode(raw, type=_File)
    except (ValueError, RecursionError) as error:  # msgspec's errors are ValueErrors
        raise MalformedError(f"not a file of owner seals: {error}") from error
    return SealsFile(
        actor=file.actor,
        day=file.day,
        seals=tuple(
            OwnerSeal(
                object_id=parse_base64url(entry.object_id, size=ID_BYTES),
                kind=entry.kind,
                seal=parse_base64url(entry.seal, size=SEAL_BYTES),
            )
            for entry in file.seals
        ),
    )


def epochs_of(file: SealsFile) -> tuple[int, ...]:
    """Return the quarters in which the live seals of *file* were made, newest first."""
    last = quarter_of(file.day)
    return tuple(range(last, max(0, last - OLDEST_QUARTERS) - 1, -1))


def sweep_purpose(raw: bytes, member_id: bytes) -> bytes:
    """Return 32 bytes by which half-open shares name this sweep.

    Args:
        raw: the seals file.
        member_id: 16 bytes.
    """
    return sha256(_PURPOSE_LABEL + member_id + sha256(raw))


def find_owned(
    file: SealsFile, member_id: bytes, seeds: Mapping[int, bytes]
) -> tuple[tuple[OwnerSeal, ...], int]:
    """Return what *member_id* owns, and how many seals did not open.

    Args:
        file: all live seals.
        member_id: of the suspended member, 16 bytes.
        seeds: epoch to the keyholders' 32-byte seed.
    """
    community = community_id(file.actor)
    newest_first = sorted(seeds.items(), reverse=True)
    owned: list[OwnerSeal] = []
    unopened = 0
    for one in file.seals:
        owns = _owns(one, member_id, newest_first, community)
        if owns is None:
            unopened += 1
        elif owns:
            owned.append(one)
    return tuple(owned), unopened


def _owns(
    one: OwnerSeal,
    member_id: bytes,
    seeds: Sequence[tuple[int, bytes]],
    community: bytes,
) -> bool | None:
    """Return whether the seal names the member, or None where none of the keys opens it."""
    for epoch, seed in seeds:
        try:
            return is_owner(
                seed,
                one.seal,
                member_id,
                object_id=one.object_id,
                kind=one.kind,
                community=community,
                epoch=epoch,
            )
        except DecryptionError:
            continue
    return None
