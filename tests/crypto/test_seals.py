from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import DecryptionError, KeyRefusedError
from kith_crypto.hpke import seal, sealing_public_key
from kith_crypto.seals import (
    KIND_ENVELOPE,
    KIND_OFFER,
    KIND_PROFILE,
    SEAL_BYTES,
    Opened,
    make_seal,
    open_seal,
    quarter_of,
)

SEED = bytes(range(32))
PUBLIC = sealing_public_key(SEED)
COMMUNITY = b"c" * 16


def _make(
    kind: int = KIND_OFFER,
    epoch: int = 8107,
    sizes: tuple[int, int, int] = (16, 32, 16),
    public: bytes = PUBLIC,
) -> bytes:
    return make_seal(
        public,
        member_id=b"m" * sizes[0],
        digest=b"d" * sizes[1],
        salt=b"s" * sizes[2],
        kind=kind,
        community=COMMUNITY,
        epoch=epoch,
    )


def test_every_seal_of_the_vectors_opens(load_vectors: Any) -> None:
    vectors = load_vectors("kith_keys.json")
    community = bytes.fromhex(vectors["community"]["id"])
    kinds = []
    for vector in vectors["seals"]:
        seed, sealed = bytes.fromhex(vector["seed"]), bytes.fromhex(vector["seal"])
        assert sealing_public_key(seed).hex() == vector["public_key"]
        opened = open_seal(
            seed, sealed, kind=vector["kind"], community=community, epoch=vector["epoch"]
        )
        assert opened.member_id.hex() == vector["member_id"]
        assert opened.digest.hex() == vector["digest"]
        assert opened.salt.hex() == vector["salt"]
        kinds.append(vector["kind"])
    assert kinds == [KIND_OFFER, KIND_PROFILE, KIND_ENVELOPE]


@pytest.mark.parametrize("kind", [KIND_OFFER, KIND_PROFILE, KIND_ENVELOPE])
def test_a_seal_opens_for_its_own_key_kind_community_and_quarter(kind: int) -> None:
    sealed = _make(kind)
    assert len(sealed) == SEAL_BYTES == 1200
    opened = open_seal(SEED, sealed, kind=kind, community=COMMUNITY, epoch=8107)
    assert opened == Opened(b"m" * 16, b"d" * 32, b"s" * 16)


def test_a_seal_opens_for_nothing_else() -> None:
    sealed = _make()
    others = [(KIND_ENVELOPE, COMMUNITY, 8107), (KIND_OFFER, b"x" * 16, 8107)]
    for kind, community, epoch in [*others, (KIND_OFFER, COMMUNITY, 8108)]:
        with pytest.raises(DecryptionError):
            open_seal(SEED, sealed, kind=kind, community=community, epoch=epoch)
    for seed, text in [(bytes(32), sealed), (SEED, sealed[:-1]), (SEED, sealed + b"\0")]:
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            open_seal(seed, text, kind=KIND_OFFER, community=COMMUNITY, epoch=8107)


def test_a_shorter_sealed_text_is_no_seal() -> None:
    info = b"kith/seal/v1\0\x01" + COMMUNITY + (8107).to_bytes(4, "big")
    with pytest.raises(DecryptionError):
        open_seal(
            SEED,
            seal(PUBLIC, b"x", info=info),
            kind=KIND_OFFER,
            community=COMMUNITY,
            epoch=8107,
        )


@given(st.binary(max_size=20) | st.binary(min_size=1200, max_size=1200))
def test_any_bytes_are_refused(sealed: bytes) -> None:
    with pytest.raises(DecryptionError):
        open_seal(SEED, sealed, kind=KIND_OFFER, community=COMMUNITY, epoch=8107)


@pytest.mark.parametrize("sizes", [(0, 32, 16), (16, 31, 16), (16, 32, 17)])
def test_parts_of_another_size_are_mistakes_in_the_program(sizes: tuple[int, int, int]) -> None:
    with pytest.raises(ValueError, match="a seal holds"):
        _make(sizes=sizes)


def test_unknown_kinds_and_communities_are_mistakes_in_the_program() -> None:
    with pytest.raises(ValueError, match="kind"):
        _make(kind=4)
    with pytest.raises(ValueError, match="16 bytes"):
        open_seal(SEED, _make(), kind=KIND_OFFER, community=b"c", epoch=8107)


def test_refuses_a_bad_keyholders_key() -> None:
    with pytest.raises(KeyRefusedError):
        _make(public=PUBLIC[1:])


def test_what_a_seal_says_shows_nothing_when_printed() -> None:
    assert repr(Opened(b"m" * 16, b"d" * 32, b"s" * 16)) == "Opened(...)"


def test_quarters_are_those_of_the_vectors(load_vectors: Any) -> None:
    for vector in load_vectors("kith_keys.json")["quarters"]:
        assert quarter_of(vector["day"]) == vector["epoch"]


@given(st.dates(min_value=date(1970, 1, 1)))
def test_a_quarter_names_its_year_and_months(on: date) -> None:
    quarter = quarter_of((on - date(1970, 1, 1)).days)
    assert quarter // 4 == on.year
    assert on.month in range(quarter % 4 * 3 + 1, quarter % 4 * 3 + 4)
