"""Makes ``protocol/vectors/circle.json`` from fixed seeds.

Seats, terms and rosters with what names them, links between seats, the chain that follows from
sets of rosters, the order of texts, and what circles come to. The file is the contract with
other implementations; a change in it is a change of the protocol.
``python -m kith_testing.circle_vectors`` prints it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.circle.links import link_hash
from kith_protocol.circle.order import Said, rank_texts
from kith_protocol.circle.roster import (
    CircleTerms,
    Roster,
    chain_of,
    first_roster,
    next_roster,
    roster_hash,
    terms_hash,
)
from kith_protocol.circle.seat import Seat, SeatKeys, make_keys, make_seat, seat_hash
from kith_testing.circle_views import Cast, case_of, cases
from kith_testing.rng import SeededRng
from kith_testing.wire_vectors import render

CIRCLE = bytes(range(16))
TODAY = 20_780
NAMES = ("ann", "ben", "cleo", "dan")
TERMS = CircleTerms(
    purpose="Practising interviews, kindly",
    begins=TODAY,
    ends=TODAY + 60,
    rules="What is said here stays here.\nNobody is asked for a name.",
    rhythm="Every other Thursday",
)
OTHER_TERMS = msgspec.structs.replace(TERMS, rhythm="", purge_days=14)
TEXTS = {
    "question": Said(100, ""),
    "answer in the same minute": Said(100, "question"),
    "answer by a slow clock": Said(40, "answer in the same minute"),
    "said by somebody who was away": Said(90, "nothing that is known"),
    "later": Said(101, "question"),
}


def keys() -> dict[str, SeatKeys]:
    """Return everybody's keys."""
    return {name: make_keys(SeededRng(number)) for number, name in enumerate(NAMES)}


def seats() -> dict[str, Seat]:
    """Return everybody's seat."""
    return {
        name: make_seat(
            one,
            circle=CIRCLE,
            node=f"https://{name}.example",
            name=name.capitalize(),
            picture=f"{number:016x}",
        )
        for number, (name, one) in enumerate(keys().items())
    }


class _Maker:
    """Makes rosters by name."""

    def __init__(self) -> None:
        self._keys = {name: SigningKey.from_seed(one.seed) for name, one in keys().items()}
        self._seats = seats()
        first = first_roster(TERMS, self._seats["ann"], key=self._keys["ann"], day=TODAY)
        self.rosters: dict[str, Roster] = {"first": first}

    def next(
        self,
        name: str,
        after: str,
        people: Iterable[str],
        *,
        by: str = "ann",
        convener: str = "",
        terms: CircleTerms | None = None,
        is_archived: bool = False,
    ) -> None:
        """Make the roster *name*, which follows *after*."""
        self.rosters[name] = next_roster(
            self.rosters[after],
            key=self._keys[by],
            day=TODAY + 1,
            seats=[self._seats[one] for one in people],
            convener=self._seats[convener].key if convener else "",
            terms=terms,
            is_archived=is_archived,
        )


def rosters() -> dict[str, Roster]:
    """Return rosters by what they are for."""
    maker = _Maker()
    maker.next("ben comes", "first", ("ann", "ben"))
    maker.next("cleo comes", "ben comes", ("ann", "ben", "cleo"))
    maker.next("dan comes instead", "ben comes", ("ann", "ben", "dan"))
    maker.next("cleo is removed", "cleo comes", ("ann", "ben"))
    maker.next("nothing changes", "cleo comes", ("ann", "ben", "cleo"), terms=OTHER_TERMS)
    maker.next("ben convenes", "cleo comes", ("ann", "ben", "cleo"), convener="ben")
    maker.next("ann goes on", "cleo is removed", ("ann", "ben"))
    maker.next("ben archives", "ben convenes", ("ben", "cleo"), by="ben", is_archived=True)
    return maker.rosters


CHAINS: tuple[tuple[str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("all in a row", "ben", ("first", "ben comes", "cleo comes"), ("ben comes", "cleo comes")),
    (
        "who convenes",
        "ann",
        ("ben comes", "first"),
        ("first", "ben comes"),
    ),
    ("one was lost", "ben", ("ben comes", "ann goes on"), ("ben comes", "ann goes on")),
    (
        "fewer seats come before more",
        "ben",
        ("ben comes", "cleo comes", "nothing changes", "cleo is removed"),
        ("ben comes", "cleo comes", "cleo is removed"),
    ),
    (
        "the word by which somebody hands over comes first",
        "ben",
        ("ben comes", "cleo comes", "cleo is removed", "ann goes on", "ben convenes"),
        ("ben comes", "cleo comes", "ben convenes"),
    ),
    (
        "the end",
        "cleo",
        ("cleo comes", "ben convenes", "ben archives"),
        ("cleo comes", "ben convenes", "ben archives"),
    ),
    ("nobody has let one in", "dan", ("first", "ben comes", "cleo comes"), ()),
)


def make() -> JsonObject:
    """Return all vectors."""
    all_seats, all_rosters = seats(), rosters()
    return {
        "about": "Circles of Kith, from fixed seeds. Names of things are those of this file.",
        "checked": "Made by kith_testing.circle_vectors; read and verified by "
        "tests/protocol/circle/test_vectors.py. The keys are public: never use them.",
        "seats": {
            name: {
                "seed": one.seed.hex(),
                "box_seed": one.box_seed.hex(),
                "reply_seed": one.reply_seed.hex(),
                "seat": _plain(all_seats[name]),
                "hash": seat_hash(all_seats[name]),
            }
            for name, one in keys().items()
        },
        "terms": [
            {"terms": _plain(terms), "hash": terms_hash(terms)}
            for terms in (TERMS, OTHER_TERMS)
        ],
        "rosters": {
            name: {"roster": _plain(one), "hash": roster_hash(one)}
            for name, one in all_rosters.items()
        },
        "links": [
            {
                "between": [one, other],
                "hash": link_hash(
                    all_seats[one].circle, all_seats[one].key, all_seats[other].key
                ).hex(),
            }
            for one, other in (("ann", "ben"), ("ben", "ann"), ("cleo", "dan"))
        ],
        "chains": [_chain(*row, all_seats, all_rosters) for row in CHAINS],
        "texts": {
            "said": {
                name: {"minute": said.minute, "follows": said.follows}
                for name, said in TEXTS.items()
            },
            "shown": _shown(),
        },
        "circles": [
            case_of(case, cast, began=TODAY, plain=_plain)
            for cast in (Cast(all_seats, all_rosters),)
            for case in cases(cast)
        ],
    }


def _shown() -> list[JsonValue]:
    ranks = rank_texts(TEXTS)
    return [*sorted(TEXTS, key=lambda name: ranks[name])]


def _chain(
    about: str,
    member: str,
    known: tuple[str, ...],
    expected: tuple[str, ...],
    all_seats: dict[str, Seat],
    all_rosters: dict[str, Roster],
) -> JsonObject:
    chain = chain_of(
        [all_rosters[name] for name in known],
        circle=all_seats["ann"].circle,
        convener=all_seats["ann"].key,
        seat=seat_hash(all_seats[member]),
    )
    names = {roster_hash(one): name for name, one in all_rosters.items()}
    found = tuple(names[one] for one in chain.hashes)
    assert found == expected, (about, found)
    return {
        "about": about,
        "member": member,
        "invited_by": "ann",
        "known": list(known),
        "chain": list(found),
        "is_forked": chain.is_forked,
    }


def _plain(value: msgspec.Struct) -> JsonValue:
    raw = msgspec.json.encode(value)
    plain: JsonObject = msgspec.json.decode(raw)
    assert canonical_bytes(plain)
    return plain


if __name__ == "__main__":
    sys.stdout.buffer.write(render(make()))
