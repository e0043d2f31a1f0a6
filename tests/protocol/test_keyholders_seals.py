from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.errors import KithError, MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.seals import KIND_ENVELOPE, KIND_OFFER, KIND_PROFILE
from kith_protocol.keyholders_seals import (
    OwnerSeal,
    SealsFile,
    encode_seals,
    epochs_of,
    find_owned,
    parse_seals,
    sweep_purpose,
)
from kith_protocol.urls import actor_url
from kith_testing.cases import EPOCH, SEEDS, owner_seal
from kith_testing.correspondence import DAY, MEMBER
from kith_testing.wire_documents import ASH

SOMEBODY = sha256(b"somebody else")[:16]
OFFERS = [sha256(bytes([at]))[:16] for at in range(4)]
MINE = OwnerSeal(OFFERS[0], KIND_OFFER, owner_seal(OFFERS[0]))
MINE_BEFORE = OwnerSeal(OFFERS[1], KIND_OFFER, owner_seal(OFFERS[1], epoch=EPOCH - 1))
THEIRS = OwnerSeal(OFFERS[2], KIND_OFFER, owner_seal(OFFERS[2], member=SOMEBODY))
FILE = SealsFile(actor=actor_url(ASH), day=DAY, seals=(MINE, THEIRS, MINE_BEFORE))
RAW = encode_seals(FILE)


def test_a_sweep_finds_what_one_member_owns_in_any_quarter_and_nothing_else() -> None:
    assert find_owned(FILE, MEMBER, SEEDS) == ((MINE, MINE_BEFORE), 0)
    assert find_owned(FILE, sha256(b"nobody")[:16], SEEDS) == ((), 0)


def test_seals_that_do_not_open_are_counted() -> None:
    moved = replace(THEIRS, object_id=OFFERS[3])
    wrong_kind = replace(MINE, kind=KIND_PROFILE)
    file = replace(FILE, seals=(MINE, moved, wrong_kind))
    assert find_owned(file, MEMBER, SEEDS) == ((MINE,), 2)
    assert find_owned(replace(FILE, actor="https://elm.example/actor"), MEMBER, SEEDS)[1] == 3


def test_the_quarters_of_a_year_are_tried_newest_first() -> None:
    assert epochs_of(FILE) == (EPOCH, EPOCH - 1, EPOCH - 2, EPOCH - 3, EPOCH - 4)


def test_a_sweep_is_named_by_file_and_member() -> None:
    names = {
        sweep_purpose(RAW, MEMBER),
        sweep_purpose(RAW, SOMEBODY),
        sweep_purpose(b"", MEMBER),
    }
    assert {len(name) for name in names} == {32}
    assert len(names) == 3


def test_the_file_reads_back() -> None:
    assert parse_seals(RAW) == FILE
    with pytest.raises(ValueError, match="owners"):
        encode_seals(replace(FILE, seals=(replace(MINE, kind=KIND_ENVELOPE),)))
    for other in (b"[]", RAW.replace(b'"version":1', b'"version":2'), RAW[:-1]):
        with pytest.raises(MalformedError):
            parse_seals(other)


@given(
    st.binary(max_size=60)
    | st.tuples(st.integers(0, 200), st.binary(max_size=3)).map(
        lambda at: RAW[: at[0]] + at[1] + RAW[at[0] + len(at[1]) :]
    )
)
def test_any_bytes_are_a_file_or_refused(raw: bytes) -> None:
    try:
        parse_seals(raw)
    except KithError:
        return
