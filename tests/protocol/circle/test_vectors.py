"""The vectors of circles are what the code makes, and stand for themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_protocol.circle.order import Said, rank_texts
from kith_protocol.circle.roster import (
    CircleTerms,
    Roster,
    chain_of,
    roster_hash,
    terms_hash,
)
from kith_protocol.circle.seat import Seat, check_seat, seat_hash
from kith_testing.circle_vectors import make
from kith_testing.wire_vectors import render

FILE = Path(__file__).parents[3] / "protocol" / "vectors" / "circle.json"


@pytest.fixture(scope="module")
def vectors() -> Any:
    return msgspec.json.decode(FILE.read_bytes())


def test_the_file_is_what_the_code_makes() -> None:
    assert FILE.read_bytes() == render(make()), "see kith_testing.circle_vectors"


def test_seats_are_signed_by_their_keys_and_known_by_their_hashes(vectors: Any) -> None:
    for one in vectors["seats"].values():
        seat = check_seat(msgspec.convert(one["seat"], Seat))
        key = SigningKey.from_seed(bytes.fromhex(one["seed"]))
        assert seat.key == encode_base64url(key.verify_key)
        assert seat_hash(seat) == one["hash"]


def test_terms_and_rosters_are_known_by_their_hashes(vectors: Any) -> None:
    for one in vectors["terms"]:
        assert terms_hash(msgspec.convert(one["terms"], CircleTerms)) == one["hash"]
    for one in vectors["rosters"].values():
        assert roster_hash(msgspec.convert(one["roster"], Roster)) == one["hash"]


def test_the_same_rosters_in_any_order_give_the_chain(vectors: Any) -> None:
    rosters = {
        name: msgspec.convert(one["roster"], Roster) for name, one in vectors["rosters"].items()
    }
    seats = {name: one["seat"] for name, one in vectors["seats"].items()}
    for case in vectors["chains"]:
        chain = chain_of(
            [rosters[name] for name in reversed(case["known"])],
            circle=seats["ann"]["circle"],
            convener=seats[case["invited_by"]]["key"],
            seat=vectors["seats"][case["member"]]["hash"],
        )
        assert list(chain.rosters) == [rosters[name] for name in case["chain"]], case["about"]
        assert chain.is_forked == case["is_forked"]


def test_texts_stand_in_the_order_told(vectors: Any) -> None:
    texts = {name: msgspec.convert(one, Said) for name, one in vectors["texts"]["said"].items()}
    ranks = rank_texts(texts)
    assert sorted(texts, key=lambda name: ranks[name]) == vectors["texts"]["shown"]
