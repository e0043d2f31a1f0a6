"""Padding with zero bytes to a few sizes, so that a length says next to nothing.

What is padded is always encrypted afterwards: the zeros stand inside the AEAD and are checked
when it is opened. The length in front is four bytes, big-endian.
"""

from kith_crypto.errors import DecryptionError, TooLargeError
from kith_crypto.hashes import is_equal

LENGTH_BYTES = 4


def bucket_bytes(needed: int, *, smallest: int, largest: int) -> int:
    """Return *smallest*, doubled until it holds *needed* bytes.

    Args:
        needed: bytes to be held, everything counted.
        smallest: the smallest size, in bytes; a power of two.
        largest: the largest size, in bytes; *smallest* times a power of two.

    Raises:
        TooLargeError: *needed* is more than *largest*.
    """
    if needed > largest:
        raise TooLargeError(f"{needed} bytes, {largest} allowed")
    size = smallest
    while size < needed:
        size *= 2
    return size


def is_bucket(size: int, *, smallest: int, largest: int) -> bool:
    """Return whether *size* is one that ``bucket_bytes`` gives for these bounds."""
    return smallest <= size <= largest and size.bit_count() == 1


def frame(data: bytes, size: int) -> bytes:
    """Return ``length(4) ‖ data ‖ zeros``, *size* bytes.

    Raises:
        ValueError: *data* and its length do not fit; the caller has chosen the size.
    """
    zeros = size - LENGTH_BYTES - len(data)
    if zeros < 0:
        raise ValueError("does not fit its size")
    return len(data).to_bytes(LENGTH_BYTES, "big") + data + bytes(zeros)


def unframe(framed: bytes) -> bytes:
    """Return the data that ``frame`` put into *framed*, which has just been decrypted.

    Raises:
        DecryptionError: a length that does not fit, or padding that is not zeros.
    """
    end = LENGTH_BYTES + int.from_bytes(framed[:LENGTH_BYTES], "big")
    if not LENGTH_BYTES <= end <= len(framed):
        raise DecryptionError("cannot be opened")
    if not is_equal(framed[end:], bytes(len(framed) - end)):
        raise DecryptionError("cannot be opened")
    return framed[LENGTH_BYTES:end]
