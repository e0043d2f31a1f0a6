from typing import Any

import pytest

from kith_crypto.errors import DecryptionError, KeyRefusedError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import seal, sealing_public_key
from kith_crypto.objects import key_id
from kith_crypto.shares import (
    HALF_OPEN_BYTES,
    PAIRS,
    SHARE_BYTES,
    open_inner_share,
    open_outer_share,
    seal_to_pairs,
)

SECRET = bytes(range(32))
SEEDS = [sha256(bytes((n,))) for n in range(3)]
KEYS = [sealing_public_key(seed) for seed in SEEDS]
EPOCH = 8107
SHARES = seal_to_pairs(SECRET, KEYS, epoch=EPOCH)
REFUSED = r"\Acannot be opened\Z"


def test_the_share_of_the_vectors_opens(load_vectors: Any) -> None:
    vector = load_vectors("kith_messages.json")["share"]
    outer, inner, share = (
        bytes.fromhex(vector[part]) for part in ("outer_seed", "inner_seed", "share")
    )
    epoch = vector["epoch"]
    half = open_outer_share(outer, share, inner_key=sealing_public_key(inner), epoch=epoch)
    assert half.hex() == vector["half_open"]
    seed = open_inner_share(inner, half, outer_key=sealing_public_key(outer), epoch=epoch)
    assert seed.hex() == vector["seed"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_any_two_of_three_open_the_seed_together(place: int) -> None:
    first, second = PAIRS[place]
    share = SHARES[place]
    half = open_outer_share(SEEDS[first], share, inner_key=KEYS[second], epoch=EPOCH)
    assert (len(share), len(half)) == (SHARE_BYTES, HALF_OPEN_BYTES) == (2304, 1168)
    seed = open_inner_share(SEEDS[second], half, outer_key=KEYS[first], epoch=EPOCH)
    assert seed == SECRET


def test_nobody_opens_anything_alone() -> None:
    for place, share in enumerate(SHARES):
        for alone in range(3):
            if alone != PAIRS[place][0]:
                with pytest.raises(DecryptionError, match=REFUSED):
                    open_outer_share(
                        SEEDS[alone], share, inner_key=KEYS[PAIRS[place][1]], epoch=EPOCH
                    )
        first, second = PAIRS[place]
        half = open_outer_share(SEEDS[first], share, inner_key=KEYS[second], epoch=EPOCH)
        with pytest.raises(DecryptionError, match=REFUSED):
            open_inner_share(SEEDS[first], half, outer_key=KEYS[first], epoch=EPOCH)


def test_a_share_is_of_one_pair_quarter_and_size() -> None:
    share = SHARES[0]
    half = open_outer_share(SEEDS[0], share, inner_key=KEYS[1], epoch=EPOCH)
    for text, key, epoch in [
        (share, KEYS[2], EPOCH),
        (share, KEYS[1], EPOCH + 1),
        (share[:-1], KEYS[1], EPOCH),
        (share + b"\0", KEYS[1], EPOCH),
        (share[:-1] + bytes((share[-1] ^ 1,)), KEYS[1], EPOCH),
    ]:
        with pytest.raises(DecryptionError, match=REFUSED):
            open_outer_share(SEEDS[0], text, inner_key=key, epoch=epoch)
    for text, key, epoch in [
        (half, KEYS[2], EPOCH),
        (half, KEYS[0], EPOCH + 1),
        (half[:-1], KEYS[0], EPOCH),
        (half + b"\0", KEYS[0], EPOCH),
    ]:
        with pytest.raises(DecryptionError, match=REFUSED):
            open_inner_share(SEEDS[1], text, outer_key=key, epoch=epoch)


def test_a_share_that_holds_something_else_is_refused() -> None:
    pair = key_id(KEYS[0]) + key_id(KEYS[1]) + EPOCH.to_bytes(4, "big")
    short = seal(KEYS[1], b"short", info=b"kith/share/v1\0\x02" + pair)
    with pytest.raises(DecryptionError, match=REFUSED):
        open_inner_share(SEEDS[1], short, outer_key=KEYS[0], epoch=EPOCH)
    share = seal(KEYS[0], short, info=b"kith/share/v1\0\x01" + pair)
    with pytest.raises(DecryptionError, match=REFUSED):
        open_outer_share(SEEDS[0], share, inner_key=KEYS[1], epoch=EPOCH)


def test_refuses_bad_keys_and_mistakes_in_the_program() -> None:
    for keys in (KEYS[:2], [*KEYS, KEYS[0]], [KEYS[0], KEYS[0], KEYS[1]]):
        with pytest.raises(ValueError, match="three keyholders"):
            seal_to_pairs(SECRET, keys, epoch=EPOCH)
    with pytest.raises(ValueError, match="32 bytes"):
        seal_to_pairs(bytes(31), KEYS, epoch=EPOCH)
    with pytest.raises(KeyRefusedError):
        seal_to_pairs(SECRET, [b"", *KEYS[1:]], epoch=EPOCH)
