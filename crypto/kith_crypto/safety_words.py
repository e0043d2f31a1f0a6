"""Safety words: two people compare six words by voice and so rule out anybody in between.

They stand for both conversation keys, the knock and the answer. Argon2id makes it costly to
search for keys that give the same words: 66 bits of it are used. They are to be compared by
voice, video or face to face, never in the conversation they are about.

Source: RFC 9106, with the one profile of ``signin``.
"""

import msgspec
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kith_crypto.core import CONVERSATION_BYTES, HASH_BYTES
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import KeyRefusedError
from kith_crypto.hashes import is_equal
from kith_crypto.words import BITS_PER_WORD, WORDS

WORD_COUNT = 6

_SALT = b"kith/sas/v1" + bytes(5)
_BYTES = 9
_UNUSED_BITS = _BYTES * 8 - WORD_COUNT * BITS_PER_WORD
_MEMORY_KIB = 64 * 1024
_PASSES = 3
_LANES = 1


class SafetyWords(msgspec.Struct, frozen=True):
    """What two people compare. Its ``repr`` shows nothing.

    Attributes:
        words: six words of the list.
        numbers: the same as the places of these words in the list, four digits each, for
            people who share no language.
    """

    words: tuple[str, ...]
    numbers: tuple[str, ...]

    def __repr__(self) -> str:
        return "SafetyWords(...)"


def derive_safety_words(
    *,
    mentee_key: VerifyKey,
    mentor_key: VerifyKey,
    conversation: bytes,
    knock_hash: bytes,
    answer_hash: bytes,
) -> SafetyWords:
    """Return the words of a conversation, the same on both sides.

    Takes about a quarter of a second and 64 MiB; not for an event loop.

    Args:
        mentee_key: the mentee's conversation key.
        mentor_key: the mentor's.
        conversation: 16 bytes.
        knock_hash: ``core.core_hash`` of the knock, 32 bytes.
        answer_hash: ``core.core_hash`` of the answer, 32 bytes.

    Raises:
        KeyRefusedError: the keys are equal.
        ValueError: a part of another size.
    """
    if is_equal(mentee_key, mentor_key):
        raise KeyRefusedError("the two sides of a conversation have different keys")
    sizes = (len(conversation), len(knock_hash), len(answer_hash))
    if sizes != (CONVERSATION_BYTES, HASH_BYTES, HASH_BYTES):
        raise ValueError("a conversation is named by 16 bytes, its first messages by 32")
    derived = Argon2id(
        salt=_SALT, length=_BYTES, iterations=_PASSES, lanes=_LANES, memory_cost=_MEMORY_KIB
    ).derive(mentee_key + mentor_key + conversation + knock_hash + answer_hash)
    places = _places(int.from_bytes(derived, "big") >> _UNUSED_BITS)
    return SafetyWords(
        words=tuple(WORDS[place] for place in places),
        numbers=tuple(f"{place:04}" for place in places),
    )


def _places(number: int) -> list[int]:
    shifts = range((WORD_COUNT - 1) * BITS_PER_WORD, -1, -BITS_PER_WORD)
    return [number >> shift & (2**BITS_PER_WORD - 1) for shift in shifts]
