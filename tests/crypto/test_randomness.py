from kith_crypto.ed25519 import SigningKey
from kith_crypto.randomness import Rng


class _Constant:
    def bytes(self, size: int, /) -> bytes:
        return b"\x01" * size


def test_anything_that_gives_bytes_serves_as_a_source() -> None:
    source: Rng = _Constant()
    assert SigningKey.generate(source).seed == b"\x01" * 32
