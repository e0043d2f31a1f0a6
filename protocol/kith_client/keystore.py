"""The open keyring as the other parts use it: look up, put, save once per change or batch.

A key must be on the disk before the node hears of what it owns: whoever makes one puts its
record and commits before sending. Saving is a few milliseconds of writing and is done in place,
so that no cancelled task leaves half of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from kith_client.keyring import Keyring
from kith_client.records import (
    CommunityRecord,
    OfferRecord,
    PassRecord,
    ProfileRecord,
    Records,
)
from kith_crypto.errors import UsageError

SEED_DAYS = 45  # a past week's seed is kept so long, for knocks that come late
WEEK_DAYS = 7


class KeyStore:
    """A member's records, changed in memory and saved by ``commit``."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring
        self._batches = 0
        self._is_changed = False

    @property
    def path(self) -> Path | None:
        """Return where the keys are stored, or None if they live in memory only."""
        return self._keyring.path

    @property
    def community(self) -> CommunityRecord | None:
        """Return the community that was joined, or None in a new keyring."""
        return self._keyring.records.community

    @property
    def reader_pass(self) -> PassRecord | None:
        """Return the last reader pass."""
        return self._keyring.records.reader_pass

    @property
    def offers(self) -> tuple[OfferRecord, ...]:
        """Return all own offers, oldest first."""
        return self._keyring.records.offers

    @property
    def profiles(self) -> tuple[ProfileRecord, ...]:
        """Return all own profiles, oldest first."""
        return self._keyring.records.profiles

    def offer(self, offer_id: bytes) -> OfferRecord:
        """Return one's own offer.

        Raises:
            UsageError: these keys own no such offer.
        """
        for record in self.offers:
            if record.id == offer_id:
                return record
        raise UsageError("these keys own no such offer")

    def profile(self, profile_id: bytes) -> ProfileRecord:
        """Return one's own profile.

        Raises:
            UsageError: these keys own no such profile.
        """
        for record in self.profiles:
            if record.id == profile_id:
                return record
        raise UsageError("these keys own no such profile")

    def put_community(self, community: CommunityRecord | None) -> None:
        """Replace the community's record."""
        self._replace(msgspec.structs.replace(self._keyring.records, community=community))

    def put_pass(self, reader_pass: PassRecord | None) -> None:
        """Remember a reader pass; not worth a ``commit`` of its own."""
        self._replace(msgspec.structs.replace(self._keyring.records, reader_pass=reader_pass))

    def put_offer(self, record: OfferRecord) -> None:
        """Add *record*, or replace the one of the same id."""
        offers = {known.id: known for known in self.offers} | {record.id: record}
        self._replace(
            msgspec.structs.replace(self._keyring.records, offers=tuple(offers.values()))
        )

    def put_profile(self, record: ProfileRecord) -> None:
        """Add *record*, or replace the one of the same id."""
        profiles = {known.id: known for known in self.profiles} | {record.id: record}
        self._replace(
            msgspec.structs.replace(self._keyring.records, profiles=tuple(profiles.values()))
        )

    def drop(self, object_id: bytes) -> None:
        """Forget the offer or profile of this id."""
        records = self._keyring.records
        self._replace(
            msgspec.structs.replace(
                records,
                offers=tuple(known for known in records.offers if known.id != object_id),
                profiles=tuple(known for known in records.profiles if known.id != object_id),
            )
        )

    def prune(self, today: int) -> None:
        """Forget seeds of weeks past for ``SEED_DAYS``, and what ended as long ago."""
        kept = prune_records(self._keyring.records, today)
        if kept != self._keyring.records:
            self._replace(kept)

    def change_lock(self, vault_key: bytes, passphrase: str) -> None:
        """Encrypt everything under a new vault key and passphrase at the next ``commit``.

        Blocks for the derivation: not for an event loop.
        """
        self._keyring.replace_vault_key(vault_key, passphrase=passphrase)
        self._is_changed = True

    def commit(self) -> None:
        """Save what was changed, unless a batch is open.

        Raises:
            UsageError: the file cannot be written.
        """
        if self._batches == 0 and self._is_changed:
            self._keyring.save()
            self._is_changed = False

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Save once, when the outermost of such blocks ends, instead of at each change.

        If the program dies inside, what it made in the block exists on the node without
        anybody holding its keys, until it expires.
        """
        self._batches += 1
        try:
            yield
        finally:
            self._batches -= 1
            self.commit()

    def _replace(self, records: Records) -> None:
        self._keyring.records = records
        self._is_changed = True


def prune_records(records: Records, today: int) -> Records:
    """Return *records* without what is of no use any more on day *today*."""
    offers = tuple(
        msgspec.structs.replace(
            offer,
            weeks=tuple(
                week for week in offer.weeks if week.week + WEEK_DAYS + SEED_DAYS > today
            ),
        )
        for offer in records.offers
        if offer.end_day + SEED_DAYS > today
    )
    profiles = tuple(
        profile for profile in records.profiles if profile.end_day + SEED_DAYS > today
    )
    return msgspec.structs.replace(records, offers=offers, profiles=profiles)
