from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError, SignatureError
from kith_protocol.keyholders import (
    encode_keyholders,
    parse_keyholders,
    sign_keyholders,
    verify_keyholders,
)
from kith_testing.wire_documents import ASH_KEY, ELM_KEY

KEYS = sign_keyholders(ASH_KEY, sealing_key=b"s" * 1216, epoch=8107)


def test_the_lasting_key_vouches_for_the_quarters() -> None:
    assert verify_keyholders(KEYS) is KEYS
    assert parse_keyholders(encode_keyholders(KEYS)) == KEYS


def test_another_quarters_key_needs_another_signature() -> None:
    encoded = encode_keyholders(KEYS)
    for name, value in (
        ("kith:epoch", 8108),
        ("kith:sealingKey", "A" * 1622),
        (
            "kith:verifyKey",
            encode_keyholders(sign_keyholders(ELM_KEY, sealing_key=b"s" * 1216, epoch=1))[
                "kith:verifyKey"
            ],
        ),
    ):
        with pytest.raises((SignatureError, MalformedError)):
            parse_keyholders({**encoded, name: value})


@pytest.mark.parametrize(
    "change",
    [
        {"kith:epoch": "8107"},
        {"kith:epoch": True},
        {"kith:epoch": -1},
        {"kith:epoch": 2**32},
        {"kith:sealingKey": "AAAA"},
        {"kith:signature": "AAAA"},
        {"kith:verifyKey": "z6LS"},
        {"kith:verifyKey": None},
    ],
)
def test_refuses_keys_of_another_form(change: dict[str, Any]) -> None:
    with pytest.raises(KithError):
        parse_keyholders({**encode_keyholders(KEYS), **change})


@given(st.none() | st.integers() | st.text() | st.lists(st.integers()))
def test_refuses_what_is_no_object(value: Any) -> None:
    with pytest.raises(MalformedError):
        parse_keyholders(value)
