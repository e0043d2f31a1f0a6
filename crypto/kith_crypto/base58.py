"""base58btc, the text form of keys and signatures in Multikey and Data Integrity.

Both directions are quadratic in the length, so both are capped; multibase prefixes are the
caller's.

Source: draft-msporny-base58-03; CID 1.0 §2.4.
"""

from kith_crypto.errors import MalformedError

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
MAX_BYTES = 1024  # an RSA-4096 Multikey is about 530 bytes; Ed25519 values are below 70
MAX_CHARACTERS = 1400  # MAX_BYTES * log(256) / log(58), rounded up

_VALUE = {ord(character): value for value, character in enumerate(ALPHABET)}


def encode_base58btc(data: bytes) -> str:
    """Return *data*, at most ``MAX_BYTES`` long, in base58btc without a multibase prefix.

    Raises:
        ValueError: *data* is longer; that is a mistake in the program.
    """
    if len(data) > MAX_BYTES:
        raise ValueError("too long for base58btc")
    number = int.from_bytes(data, "big")
    characters: list[str] = []
    while number:
        number, digit = divmod(number, 58)
        characters.append(ALPHABET[digit])
    # Leading zero bytes vanish in the number; each is written as the digit 0, "1".
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(characters))


def parse_base58btc(text: str) -> bytes:
    """Return the bytes that *text* encodes.

    Args:
        text: base58btc without multibase prefix, at most ``MAX_CHARACTERS`` long.

    Raises:
        MalformedError: too long, or a character outside the alphabet.
    """
    if len(text) > MAX_CHARACTERS:
        raise MalformedError("base58btc text too long")
    number = 0
    try:
        for character in text:
            number = number * 58 + _VALUE[ord(character)]
    except KeyError as error:
        raise MalformedError("not base58btc") from error
    zeros = len(text) - len(text.lstrip("1"))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")
