import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import SignatureError
from kith_crypto.objects import offer_id, profile_id
from kith_protocol.shown import shown_bytes, sign_shown, verify_shown

PROFILE = SigningKey.from_seed(bytes(range(32)))
OFFER = SigningKey.from_seed(bytes(range(32, 64)))


def test_both_keys_say_that_they_belong_together() -> None:
    by_profile, by_offer = sign_shown(PROFILE, OFFER)
    assert verify_shown(
        PROFILE.verify_key,
        OFFER.verify_key,
        profile_signature=by_profile,
        offer_signature=by_offer,
    ) == (profile_id(PROFILE.verify_key), offer_id(OFFER.verify_key))


def test_the_signed_bytes_begin_with_their_label() -> None:
    assert shown_bytes(b"p" * 16, b"o" * 16) == b"kith/shown/v1\0" + b"p" * 16 + b"o" * 16


def test_one_key_cannot_speak_for_the_other() -> None:
    by_profile, by_offer = sign_shown(PROFILE, OFFER)
    for signatures in ((by_profile, by_profile), (by_offer, by_offer), (by_offer, by_profile)):
        with pytest.raises(SignatureError):
            verify_shown(
                PROFILE.verify_key,
                OFFER.verify_key,
                profile_signature=signatures[0],
                offer_signature=signatures[1],
            )
