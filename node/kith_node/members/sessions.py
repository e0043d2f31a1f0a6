"""Session tokens: made at sign-in, opened on every call, stored nowhere.

A token is sealed under the key of the day it was made. Keys are files in
``data_dir/keys/session/``, one for each UTC day on which a token was made, seven days kept,
older ones destroyed, never in backups: a seized node cannot read an old token. A token of an
earlier day is answered with a fresh one. Suspension, signing out everywhere and new credentials
raise the member's epoch, which ends every token made before.

Source: docs/credentials.md.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import DecryptionError, MalformedError
from kith_crypto.hashes import is_equal
from kith_crypto.randomness import Rng
from kith_crypto.tokens import TOKEN_BYTES, Session, open_session, seal_session
from kith_node.http.route import MemberId
from kith_node.members import store
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_node.storage.key_files import destroy_key, open_key
from kith_protocol.day import DAY_S, Day, day_of
from kith_protocol.errors import UnauthorizedError

KEPT_DAYS = 7
NONCE_BYTES = 12
_SUFFIX = ".key"


class SignedIn(msgspec.Struct, frozen=True):
    """Who calls. Its ``repr`` shows nothing.

    Attributes:
        member_id: 16 bytes.
        role: of that member.
        fresh_token: a token under today's key, where the shown one is of an earlier day.
    """

    member_id: MemberId
    role: str
    fresh_token: str | None

    def __repr__(self) -> str:
        return "SignedIn(...)"


class DayKeys:
    """The session keys of the last seven days."""

    def __init__(self, folder: Path, *, rng: Rng) -> None:
        self._folder = folder
        self._rng = rng
        self._keys: dict[Day, bytes] = {}

    def of_today(self, today: Day) -> bytes:
        """Return the key that seals on *today*; it is made where missing."""
        if today not in self._keys:
            self._keys[today] = open_key(self._path(today), self._rng)
        return self._keys[today]

    def all_kept(self, today: Day) -> tuple[tuple[Day, bytes], ...]:
        """Return the days that can still be opened on *today* with their keys, newest first."""
        return tuple(
            (day, self._keys[day])
            for day in sorted(self._keys, reverse=True)
            if today - KEPT_DAYS < day <= today
        )

    def turn(self, today: Day) -> None:
        """Destroy the keys of days that are over and read what else is there."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in self._folder.glob(f"*{_SUFFIX}"):
            day = _day_of_file(path)
            if day is None:
                continue  # not ours
            if day <= today - KEPT_DAYS:
                destroy_key(path)
            else:
                self._keys[day] = open_key(path, self._rng)
        self._keys = {day: key for day, key in self._keys.items() if day > today - KEPT_DAYS}
        self.of_today(today)

    def _path(self, day: Day) -> Path:
        return self._folder / f"{day}{_SUFFIX}"


class Sessions:
    """Makes and opens session tokens."""

    def __init__(self, members: Database, keys_dir: Path, *, clock: Clock, rng: Rng) -> None:
        """Take the open ``members.db`` and ``data_dir/keys``."""
        self._members = members
        self._keys = DayKeys(keys_dir / "session", rng=rng)
        self._clock = clock
        self._rng = rng
        self._turned_on: Day | None = None

    def make(self, member: store.Member, *, device: bytes) -> str:
        """Return a token for *member* on *device*, 8 bytes that the device chose."""
        today = self._turn()
        token = seal_session(
            self._keys.of_today(today),
            member_id=member.id,
            epoch=member.epoch,
            device=device,
            nonce=self._rng.bytes(NONCE_BYTES),
        )
        return encode_base64url(token)

    async def open(self, token: str) -> SignedIn:
        """Return who *token* was made for.

        Raises:
            UnauthorizedError: no whole token under a kept key, or its epoch is over, or the
                member is suspended or gone.
        """
        day, session = self._unseal(token)
        async with self._members.read() as connection:
            member = await store.get_member(connection, session.member_id)
        if (
            member is None
            or member.state != store.ACTIVE
            or not is_equal(member.epoch, session.epoch)
        ):
            raise UnauthorizedError("session is over")
        is_old = day != day_of(self._clock.now())
        fresh = self.make(member, device=session.device) if is_old else None
        return SignedIn(MemberId(member.id), member.role, fresh)

    async def run_keys(self) -> float:
        """Destroy keys of days that are over; return the seconds until the next day."""
        now = self._clock.now()
        self._turn()
        return float(DAY_S - now % DAY_S)

    def _unseal(self, token: str) -> tuple[Day, Session]:
        today = self._turn()
        try:
            raw = parse_base64url(token, size=TOKEN_BYTES)
        except MalformedError as error:
            raise UnauthorizedError("no session token") from error
        for day, key in self._keys.all_kept(today):
            try:
                return day, open_session(key, raw)
            except DecryptionError:
                continue
        raise UnauthorizedError("no session token")

    def _turn(self) -> Day:
        # The job does this at midnight; a call that comes first must not find yesterday's keys.
        today = day_of(self._clock.now())
        if self._turned_on != today:
            self._keys.turn(today)
            self._turned_on = today
        return today


def _day_of_file(path: Path) -> Day | None:
    return Day(int(path.stem)) if path.stem.isascii() and path.stem.isdecimal() else None
