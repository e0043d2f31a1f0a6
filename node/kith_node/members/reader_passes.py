"""The reader pass: one value a day for every member, so that reading names nobody.

It opens the catalogue, profiles and topics. Handing it out needs a session, showing it doesn't.
Source: docs/credentials.md.
"""

from __future__ import annotations

from pathlib import Path

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.hashes import is_equal
from kith_crypto.randomness import Rng
from kith_crypto.tokens import READER_PASS_BYTES, reader_pass
from kith_node.runtime.system import Clock
from kith_node.storage.key_files import open_key
from kith_protocol.day import day_of
from kith_protocol.errors import UnauthorizedError


class ReaderPasses:
    """Makes today's pass and checks those of today and yesterday."""

    def __init__(self, keys_dir: Path, *, clock: Clock, rng: Rng) -> None:
        """Take ``data_dir/keys``; its file ``reader`` is made where missing.

        Raises:
            OSError: the file can be neither read nor written.
            ValueError: the file is no key.
        """
        self._secret = open_key(keys_dir / "reader.key", rng)
        self._clock = clock

    def today(self) -> str:
        """Return the pass that is valid today and tomorrow (UTC)."""
        return encode_base64url(reader_pass(self._secret, day_of(self._clock.now())))

    def check(self, value: str) -> None:
        """Return if *value* is the pass of today or yesterday.

        Raises:
            UnauthorizedError: it is not.
        """
        try:
            shown = parse_base64url(value, size=READER_PASS_BYTES)
        except MalformedError as error:
            raise UnauthorizedError("no reader pass") from error
        today = day_of(self._clock.now())
        # Both are compared, whatever the first says: the time tells nothing.
        is_of_today = is_equal(shown, reader_pass(self._secret, today))
        is_of_yesterday = is_equal(shown, reader_pass(self._secret, today - 1))
        if not (is_of_today or is_of_yesterday):
            raise UnauthorizedError("no reader pass of these days")
