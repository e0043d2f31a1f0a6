"""The records of a member's key file: what the device remembers, and what the vault keeps.

These are plain values; encrypting and storing them is ``keyring.py``'s part. Offers and
profiles are records of the vault, which every device of the member has; what else is here stays
on this device. All hold secrets, so their ``repr`` shows none.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from kith_protocol.offer_content import OfferContent, ProfileContent

State = Literal["making", "live", "withdrawn"]
"""``making``: the key is kept, but the node has not confirmed the object yet."""


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all records: immutable, unknown members refused, shows nothing."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class CommunityRecord(Record, frozen=True):
    """The community that was joined, pinned.

    Attributes:
        node: origin of the node, such as ``https://example.org``.
        actor: its actor id as it was at joining; derivations depend on it.
        auth: 32 bytes that are shown to the node to sign in, or nothing after leaving. The
            login name they come from is kept nowhere.
        next_auth: 32 bytes while a change of the passphrase is under way, else nothing; the
            node may or may not have taken it yet.
        vault_key: 32 bytes that the vault is under, where it is not the key of this file: a
            change of the passphrase was cut off after the node had taken it.
        next_vault_key: 32 bytes while such a change is under way, else nothing.
        keyholders: the keyholders' fingerprint as it was at joining; empty without any.
    """

    node: str
    actor: str
    auth: bytes
    next_auth: bytes = b""
    vault_key: bytes = b""
    next_vault_key: bytes = b""
    keyholders: tuple[str, ...] = ()


class PassRecord(Record, frozen=True):
    """A reader pass, the same for every member, so that searching needs no session.

    Attributes:
        day: on which it was handed out; it is valid on that day and the next.
    """

    value: str
    day: int


class WeekRecord(Record, frozen=True):
    """The seed of an offer's sealing key for one week.

    Attributes:
        week: its Monday, in days since 1970-01-01.
        seed: 32 bytes.
    """

    week: int
    seed: bytes


class OfferRecord(Record, frozen=True):
    """One's own offer.

    Attributes:
        id: 16 bytes, the hash of the key that grows from *seed*.
        seed: 32 bytes of the offer's capability.
        box_seed: 32 bytes of the key that owns its knock box.
        end_day: first day on which it is gone.
        content: as last sent.
        weeks: seeds of the weeks until its end; past ones are kept for another 45 days.
        bundled: the Mondays whose bundles the node has confirmed.
        number: which of one's offers it is, from 1; given when it is first kept.
    """

    id: bytes
    seed: bytes
    box_seed: bytes
    end_day: int
    content: OfferContent
    state: State = "making"
    weeks: tuple[WeekRecord, ...] = ()
    bundled: tuple[int, ...] = ()
    number: int = 0


class ProfileRecord(Record, frozen=True):
    """One's own published profile.

    Attributes:
        id: 16 bytes, the hash of the key that grows from *seed*.
        seed: 32 bytes of the profile's capability.
        end_day: first day on which it is gone.
        listed: whether members find it in the list, or by its link only.
        shown: ids of the offers that stand under it.
        number: which of one's profiles it is, from 1; given when it is first kept.
    """

    id: bytes
    seed: bytes
    end_day: int
    content: ProfileContent
    listed: bool
    state: State = "making"
    shown: tuple[bytes, ...] = ()
    number: int = 0


class VaultState(Record, frozen=True):
    """The device's copy of the vault.

    Attributes:
        device: 16 random bytes that stand for this device and never leave it as they are.
        lines: the records (``vault.records``), joined by line feeds.
        unsent: names ``kind/id`` of records that the node does not have yet.
        seen: the greatest version of the vault that this device has seen.
        seen_mark: SHA-256 of that version's index chunk.
        version: of the vault on the node when it was last read or written here.
        writer: 8 bytes of the device that wrote it.
        hashes: of its data chunks.
        mark: SHA-256 of its index chunk.
        sizes: bytes of its data chunks.
    """

    device: bytes = b""
    lines: bytes = b""
    unsent: tuple[str, ...] = ()
    seen: int = 0
    seen_mark: bytes = b""
    version: int = 0
    writer: bytes = b""
    hashes: tuple[bytes, ...] = ()
    mark: bytes = b""
    sizes: tuple[int, ...] = ()


class Records(Record, frozen=True):
    """Everything in one key file: what is this device's alone, and its copy of the vault."""

    community: CommunityRecord | None = None
    reader_pass: PassRecord | None = None
    vault: VaultState = VaultState()
