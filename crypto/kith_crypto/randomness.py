"""The seam through which random bytes arrive.

This package owns no random source; whoever needs keys or nonces hands one in. (HPKE sealing
and RSA key generation draw theirs inside the ``cryptography`` library, which offers no seam.)
"""

from typing import Protocol


class Rng(Protocol):
    """A source of bytes fit for secrets."""

    def bytes(self, size: int, /) -> bytes:
        """Return *size* fresh random bytes."""
        ...
