"""The open key file as the other parts use it: look up, put, save once per change or batch.

A key must be on the disk before the node hears of what it owns: whoever makes one puts its
record and commits before sending. Saving is a few milliseconds of writing and is done in place,
so that no cancelled task leaves half of it. Bringing the node's copy of the vault up to date is
``vault.py``'s part.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from kith_client.keyring import Keyring
from kith_client.records import CommunityRecord, OfferRecord, PassRecord, ProfileRecord
from kith_client.system import Clock
from kith_client.vault_copy import VaultCopy
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.randomness import Rng
from kith_crypto.strict_json import JsonObject
from kith_protocol.wire import convert

SEED_DAYS = 45  # a past week's seed is kept so long, for knocks that come late
WEEK_DAYS = 7

_OFFER: Literal["offer"] = "offer"
_PROFILE: Literal["profile"] = "profile"

T = TypeVar("T", OfferRecord, ProfileRecord)


class KeyStore:
    """A member's records, changed in memory and saved by ``commit``."""

    def __init__(self, keyring: Keyring, *, clock: Clock, rng: Rng) -> None:
        self._keyring = keyring
        self._batches = 0
        self._is_changed = False
        self.copy = VaultCopy(keyring.records.vault, clock=clock, rng=rng)
        self._read_at = -1
        self._offers: tuple[OfferRecord, ...] = ()
        self._profiles: tuple[ProfileRecord, ...] = ()

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
        self._read()
        return self._offers

    @property
    def profiles(self) -> tuple[ProfileRecord, ...]:
        """Return all own profiles, oldest first."""
        self._read()
        return self._profiles

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
        records = self._keyring.records
        self._keyring.records = msgspec.structs.replace(records, community=community)
        self._is_changed = True

    def put_pass(self, reader_pass: PassRecord | None) -> None:
        """Remember a reader pass; not worth a ``commit`` of its own."""
        records = self._keyring.records
        self._keyring.records = msgspec.structs.replace(records, reader_pass=reader_pass)
        self._is_changed = True

    def put_offer(self, record: OfferRecord) -> None:
        """Add *record*, or replace the one of the same id."""
        self._put(_OFFER, record, self.offers)

    def put_profile(self, record: ProfileRecord) -> None:
        """Add *record*, or replace the one of the same id."""
        self._put(_PROFILE, record, self.profiles)

    def drop(self, object_id: bytes) -> None:
        """Forget the offer or profile of this id."""
        for kind in (_OFFER, _PROFILE):
            self.copy.delete(kind, encode_base64url(object_id))
        self._is_changed = True

    def prune(self, today: int) -> None:
        """Forget seeds of weeks past for ``SEED_DAYS``, and what ended as long ago."""
        for offer in self.offers:
            kept = prune_offer(offer, today)
            if kept is None:
                self.drop(offer.id)
            elif kept != offer:
                self.put_offer(kept)
        for profile in self.profiles:
            if profile.end_day + SEED_DAYS <= today:
                self.drop(profile.id)

    # --- the keys of file and vault ----------------------------------------------------

    @property
    def vault_key(self) -> bytes:
        """Return the key that the vault is under, 32 bytes."""
        return (self.community and self.community.vault_key) or self._keyring.vault_key

    @property
    def next_vault_key(self) -> bytes:
        """Return the key that the vault may be under after a change that was cut off."""
        return self.community.next_vault_key if self.community else b""

    def take_next_vault_key(self) -> None:
        """Note that the node took the next key and sign-in; this file stays as it is."""
        assert self.community is not None
        self.put_community(
            msgspec.structs.replace(
                self.community,
                auth=self.community.next_auth,
                next_auth=b"",
                vault_key=self.next_vault_key,
                next_vault_key=b"",
            )
        )

    def change_lock(self, vault_key: bytes, passphrase: str) -> None:
        """Encrypt everything under a new vault key and passphrase at the next ``commit``.

        Blocks for the derivation: not for an event loop.
        """
        self._keyring.replace_vault_key(vault_key, passphrase=passphrase)
        self._is_changed = True

    # --- saving -----------------------------------------------------------------------

    def changed(self) -> None:
        """Note that the copy of the vault was changed."""
        self._is_changed = True

    def commit(self) -> None:
        """Save what was changed, unless a batch is open.

        Raises:
            UsageError: the file cannot be written.
        """
        if self._batches == 0 and self._is_changed:
            records = self._keyring.records
            if self._keyring.path is not None:
                state = self.copy.state()
                self._keyring.records = msgspec.structs.replace(records, vault=state)
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

    def _put(self, kind: str, record: T, present: tuple[T, ...]) -> None:
        if not record.number:
            numbers = {one.id: one.number for one in present}
            number = numbers.get(record.id) or max(numbers.values(), default=0) + 1
            record = msgspec.structs.replace(record, number=number)
        value: JsonObject = msgspec.to_builtins(record)
        self.copy.put(kind, encode_base64url(record.id), value)
        self._is_changed = True

    def _read(self) -> None:
        if self._read_at != self.copy.changes:
            self._offers = _in_order(self.copy.list(_OFFER), OfferRecord)
            self._profiles = _in_order(self.copy.list(_PROFILE), ProfileRecord)
            self._read_at = self.copy.changes


def prune_offer(offer: OfferRecord, today: int) -> OfferRecord | None:
    """Return *offer* without what is of no use any more on day *today*; None if nothing is."""
    if offer.end_day + SEED_DAYS <= today:
        return None
    weeks = tuple(week for week in offer.weeks if week.week + WEEK_DAYS + SEED_DAYS > today)
    return msgspec.structs.replace(offer, weeks=weeks)


def _in_order(values: dict[str, JsonObject], kind: type[T]) -> tuple[T, ...]:
    records = [convert(value, kind) for value in values.values()]
    return tuple(sorted(records, key=lambda one: (one.number, one.id)))
