from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import DecryptionError, KithError, MalformedError, UsageError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_protocol.keyholders_private import (
    LASTING_EPOCH,
    PrivateKeys,
    encode_person,
    encode_person_public,
    encode_private,
    parse_person,
    parse_person_public,
    parse_private,
)
from kith_protocol.keyholders_shares import (
    complete,
    encode_half,
    encode_shares,
    half_open,
    identity_of,
    make_shares,
    parse_half,
    parse_shares,
)

IDENTITY = SigningKey.from_seed(sha256(b"lasting"))
SEEDS = {8107: sha256(b"autumn"), 8108: sha256(b"winter")}
PEOPLE = [sha256(name) for name in (b"wren", b"ash", b"elm")]
KEYS = [sealing_public_key(seed) for seed in PEOPLE]
SHARES = make_shares(IDENTITY, SEEDS, KEYS)
PURPOSE = sha256(b"case")
HALF = half_open(SHARES, PEOPLE[0], epochs=[8107], purpose=PURPOSE)
PRIVATE = PrivateKeys(IDENTITY, SEEDS)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (0, 2), (1, 2)])
def test_any_two_open_together(first: int, second: int) -> None:
    half = half_open(SHARES, PEOPLE[first], epochs=[8107], purpose=PURPOSE)
    handed_on = parse_half(encode_half(half))
    assert handed_on == half
    opened = complete(SHARES, handed_on, PEOPLE[second], purpose=PURPOSE)
    assert opened == {8107: SEEDS[8107]}


def test_one_alone_opens_nothing() -> None:
    for first in (0, 1):
        half = half_open(SHARES, PEOPLE[first], epochs=[8107], purpose=PURPOSE)
        with pytest.raises(UsageError):
            complete(SHARES, half, PEOPLE[first], purpose=PURPOSE)
        # Neither half of the pair's shares lets itself be opened by the first alone.
        passed_off = replace(half, halves={8107: dict.fromkeys((1, 2), half.halves[8107][2])})
        with pytest.raises((UsageError, DecryptionError)):
            complete(SHARES, passed_off, PEOPLE[first], purpose=PURPOSE)


def test_the_third_is_told_to_go_second() -> None:
    with pytest.raises(UsageError, match="goes first"):
        half_open(SHARES, PEOPLE[2], epochs=[8107], purpose=PURPOSE)


def test_strangers_and_mix_ups_are_refused() -> None:
    stranger = sha256(b"stranger")
    others = make_shares(SigningKey.from_seed(sha256(b"other")), SEEDS, KEYS)
    attempts: list[Callable[[], object]] = [
        lambda: half_open(SHARES, stranger, epochs=[8107], purpose=PURPOSE),
        lambda: half_open(SHARES, PEOPLE[0], epochs=[8000], purpose=PURPOSE),
        lambda: complete(SHARES, HALF, stranger, purpose=PURPOSE),
        lambda: complete(SHARES, HALF, PEOPLE[1], purpose=sha256(b"another case")),
        lambda: complete(others, HALF, PEOPLE[1], purpose=PURPOSE),
    ]
    for attempt in attempts:
        with pytest.raises(UsageError):
            attempt()


def test_shares_of_one_quarter_do_not_pass_for_another() -> None:
    moved = replace(HALF, halves={8108: HALF.halves[8107]})
    with pytest.raises(DecryptionError):
        complete(SHARES, moved, PEOPLE[1], purpose=PURPOSE)


def test_the_lasting_key_is_opened_by_two_and_only_for_renewing() -> None:
    half = half_open(SHARES, PEOPLE[1], epochs=[LASTING_EPOCH], purpose=PURPOSE)
    secrets = complete(SHARES, half, PEOPLE[2], purpose=PURPOSE)
    assert identity_of(SHARES, secrets).seed == IDENTITY.seed
    with pytest.raises(UsageError):
        identity_of(SHARES, complete(SHARES, HALF, PEOPLE[1], purpose=PURPOSE))
    with pytest.raises(DecryptionError):
        identity_of(SHARES, {LASTING_EPOCH: bytes(32)})


def test_nothing_in_clear_is_in_the_shares() -> None:
    raw = encode_shares(SHARES)
    assert parse_shares(raw) == SHARES
    for secret in (IDENTITY.seed, *SEEDS.values(), *PEOPLE):
        assert secret not in raw
        assert secret.hex().encode() not in raw
        assert encode_base64url(secret).encode() not in raw


def test_private_files_read_back_and_show_nothing_in_logs() -> None:
    read = parse_private(encode_private(PRIVATE))
    assert (read.identity.seed, read.seeds) == (IDENTITY.seed, SEEDS)
    assert parse_person(encode_person(PEOPLE[0])) == PEOPLE[0]
    assert parse_person_public(encode_person_public(KEYS[0])) == KEYS[0]
    assert (repr(PRIVATE), repr(HALF)) == ("PrivateKeys(...)", "HalfOpen(...)")


def test_one_kind_of_file_is_not_taken_for_another() -> None:
    files: dict[bytes, Callable[[bytes], object]] = {
        encode_private(PRIVATE): parse_private,
        encode_person(PEOPLE[0]): parse_person,
        encode_person_public(KEYS[0]): parse_person_public,
        encode_shares(SHARES): parse_shares,
        encode_half(HALF): parse_half,
    }
    for raw in files:
        for made_by, parse in files.items():
            if raw != made_by:
                with pytest.raises(MalformedError):
                    parse(raw)


RAWS = (encode_private(PRIVATE), encode_half(HALF), encode_shares(SHARES), b"{}")


@given(
    st.binary(max_size=60)
    | st.tuples(st.sampled_from(RAWS), st.integers(0, 2000)).map(lambda at: at[0][: at[1]])
    | st.tuples(st.sampled_from(RAWS), st.integers(0, 80), st.binary(max_size=3)).map(
        lambda at: at[0][: at[1]] + at[2] + at[0][at[1] + len(at[2]) :]
    )
)
def test_any_bytes_are_a_file_or_refused(raw: bytes) -> None:
    parsers: tuple[Callable[[bytes], object], ...] = (
        parse_private,
        parse_person,
        parse_person_public,
        parse_shares,
        parse_half,
    )
    for parse in parsers:
        try:
            parse(raw)
        except KithError:
            continue
