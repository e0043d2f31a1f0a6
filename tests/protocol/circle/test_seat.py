"""A seat is its owner's own, and nobody who passes it on can change it."""

from __future__ import annotations

import msgspec
import pytest

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import KithError, MalformedError
from kith_protocol.circle.seat import Seat, check_seat, make_seat, seat_hash
from kith_testing.circles import CIRCLE, One

ANN, BEN = One(0), One(1)


def test_a_seat_stands_for_itself() -> None:
    assert check_seat(ANN.seat) == ANN.seat
    assert seat_hash(ANN.seat) != seat_hash(BEN.seat)


@pytest.mark.parametrize("name", [name for name in Seat.__struct_fields__ if name != "sign"])
def test_nothing_in_it_can_be_changed(name: str) -> None:
    other = One(10, circle=bytes(16)).seat
    changed = msgspec.structs.replace(
        ANN.seat,
        **{name: "f" * 16 if name == "picture" else getattr(other, name)},
    )
    assert changed != ANN.seat
    with pytest.raises(KithError):
        check_seat(changed)


def test_the_signature_is_no_part_of_its_name() -> None:
    unsigned = msgspec.structs.replace(ANN.seat, sign=encode_base64url(bytes(64)))
    assert seat_hash(unsigned) == seat_hash(ANN.seat)
    with pytest.raises(KithError):
        check_seat(unsigned)


@pytest.mark.parametrize("name", ["", " ", "x" * 41, "two\nlines", "turned \u202e round"])
def test_a_name_is_one_line_that_misleads_nobody(name: str) -> None:
    with pytest.raises(MalformedError):
        make_seat(
            ANN.keys, circle=CIRCLE, node="https://a.example", name=name, picture="0" * 16
        )


@pytest.mark.parametrize("node", ["https://a.example/path", "ftp://a.example", "a.example", ""])
def test_a_seat_is_at_a_node(node: str) -> None:
    with pytest.raises(KithError):
        make_seat(ANN.keys, circle=CIRCLE, node=node, name="Ann", picture="0" * 16)


def test_nothing_secret_is_shown() -> None:
    assert repr(ANN.keys) == "SeatKeys(...)"
    assert repr(ANN.own) == "OwnSeat(...)"
