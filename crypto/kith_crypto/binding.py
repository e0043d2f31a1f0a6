"""Bindings: the owner of an offer vouches, once, for the mentor's key of a conversation.

The mentee knows the offer key from the bundle they knocked with. The binding ties the mentor's
new conversation key to it, to the mentee's key and to the very knock that is being answered,
so nobody can answer for the offer, and no answer fits another knock.
"""

from kith_crypto.core import CONVERSATION_BYTES, HASH_BYTES
from kith_crypto.ed25519 import SigningKey, VerifyKey, verify_ed25519
from kith_crypto.errors import SignatureError
from kith_crypto.hashes import is_equal

_LABEL = b"kith/bind/v1\0"


def sign_binding(
    offer_key: SigningKey,
    *,
    conversation: bytes,
    mentor_key: VerifyKey,
    mentee_key: VerifyKey,
    knock_hash: bytes,
) -> bytes:
    """Return the offer key's signature, 64 bytes.

    Args:
        offer_key: the capability that owns the offer.
        conversation: 16 bytes, from the knock.
        mentor_key: the mentor's conversation key.
        mentee_key: the mentee's, from the knock.
        knock_hash: ``core.core_hash`` of the knock, 32 bytes.

    Raises:
        ValueError: a part of another size, or equal keys.
    """
    if is_equal(mentor_key, mentee_key):
        raise ValueError("the two sides of a conversation have different keys")
    return offer_key.sign(_message(conversation, mentor_key, mentee_key, knock_hash))


def verify_binding(
    offer_key: VerifyKey,
    signature: bytes,
    *,
    conversation: bytes,
    mentor_key: VerifyKey,
    mentee_key: VerifyKey,
    knock_hash: bytes,
) -> None:
    """Return if *offer_key* bound *mentor_key* to this conversation.

    Args are those of ``sign_binding``; all but *mentor_key* and *signature* are what the mentee
    knows already.

    Raises:
        SignatureError: it did not, or the keys are equal.
        ValueError: a part of another size, which is a mistake in the program.
    """
    if is_equal(mentor_key, mentee_key):
        raise SignatureError("Ed25519 verification failed")
    message = _message(conversation, mentor_key, mentee_key, knock_hash)
    verify_ed25519(offer_key, signature, message)


def _message(
    conversation: bytes, mentor_key: VerifyKey, mentee_key: VerifyKey, knock_hash: bytes
) -> bytes:
    if (len(conversation), len(knock_hash)) != (CONVERSATION_BYTES, HASH_BYTES):
        raise ValueError("a conversation is named by 16 bytes, a knock by 32")
    return _LABEL + conversation + mentor_key + mentee_key + knock_hash
