"""Recognition: a mentor can tell that a knock comes from somebody they have blocked before.

The sending node derives ``who`` from the member and the offer under a key it destroys after a
year, and signs it for one offer, one conversation key and one day. It differs for every offer,
so it says only "the same member as before, at this offer". Nodes store none.

Source: HMAC (RFC 2104) as a pseudorandom function, cut to 128 bits.
"""

from collections.abc import Sequence

from kith_crypto.ed25519 import SigningKey, VerifyKey, verify_ed25519
from kith_crypto.envelope import MAX_DAY
from kith_crypto.errors import SignatureError
from kith_crypto.hashes import hmac_sha256
from kith_crypto.objects import ID_BYTES

KEY_BYTES = 32
WHO_BYTES = 16

# The tag and the signature are made with different kinds of keys, so one label serves both.
_LABEL = b"kith/who/v1\0"


def derive_who(who_key: bytes, *, member_id: bytes, offer_id: bytes) -> bytes:
    """Return the 16 bytes that stand for the member at this offer.

    Args:
        who_key: the node's "who" key, 32 bytes.
        member_id: 16 bytes.
        offer_id: of the offer knocked at, 16 bytes.

    Raises:
        ValueError: a part of another size.
    """
    if (len(who_key), len(member_id), len(offer_id)) != (KEY_BYTES, ID_BYTES, ID_BYTES):
        raise ValueError("who takes a key (32), a member id (16) and an offer id (16)")
    return hmac_sha256(who_key, _LABEL + member_id + offer_id)[:WHO_BYTES]


def sign_who(
    node_key: SigningKey, who: bytes, *, offer_id: bytes, mentee_key: VerifyKey, day: int
) -> bytes:
    """Return the node's signature, 64 bytes, for one knock.

    Args:
        node_key: the sending node's identity.
        who: 16 bytes.
        offer_id: 16 bytes.
        mentee_key: the mentee's conversation key of this knock.
        day: whole days since 1970-01-01 UTC.

    Raises:
        ValueError: a part of another size.
    """
    return node_key.sign(_message(who, offer_id, mentee_key, day))


def verify_who(
    node_keys: Sequence[VerifyKey],
    signature: bytes,
    who: bytes,
    *,
    offer_id: bytes,
    mentee_key: VerifyKey,
    day: int,
) -> None:
    """Return if one of *node_keys* signed *who* for this offer, key and day.

    Args:
        node_keys: the sending node's present and lately retired keys.
        signature: 64 bytes, from the knock.
        who: 16 bytes, from the knock.
        offer_id: of one's own offer, 16 bytes.
        mentee_key: the key that signed the knock.
        day: from the knock; how far it may be from that of the envelope, which is stamped a
            little later, is the caller's part.

    Raises:
        SignatureError: none of them did, *who* is not 16 bytes, or the day is out of range.
    """
    if len(who) != WHO_BYTES or not 0 <= day <= MAX_DAY:
        raise SignatureError("Ed25519 verification failed")
    message = _message(who, offer_id, mentee_key, day)
    for key in node_keys:
        try:
            return verify_ed25519(key, signature, message)
        except SignatureError:
            continue
    raise SignatureError("Ed25519 verification failed")


def _message(who: bytes, offer_id: bytes, mentee_key: VerifyKey, day: int) -> bytes:
    if (len(who), len(offer_id), len(mentee_key)) != (WHO_BYTES, ID_BYTES, 32):
        raise ValueError("who is signed with an offer id (16) and a key (32)")
    return _LABEL + who + offer_id + mentee_key + day.to_bytes(4, "big")
