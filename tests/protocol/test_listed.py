import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import MalformedError
from kith_protocol.day import Day
from kith_protocol.listed import Listed, read_listed
from kith_protocol.offer import Offer, build_offer
from kith_protocol.offer_content import OfferContent
from kith_testing.catalogue import document_of, listed, listed_offers, raw_of


@given(listed_offers())
def test_reads_what_search_needs_from_signed_bytes(offer: Listed) -> None:
    named = replace(offer, id="https://ash.example/offers/x")
    assert read_listed(raw_of(named)) == named


def test_reads_what_the_protocol_builds() -> None:
    offer = Offer(
        id="https://ash.example/offers/r1Vw9aGBC3r3jK9LxwpmDw",
        author="https://ash.example/actor",
        published=Day(20_779),
        updated=Day(20_780),
        end_day=Day(20_800),
        revision=2,
        content=OfferContent(
            topics=("a.b", "f"),
            languages=("pt-BR", "en"),
            ways=("teach", "listen"),
            formats=("chat",),
            when=("evenings",),
            level=("some", "starting"),
            room="full",
            answers="week",
        ),
    )
    assert read_listed(canonical_bytes(build_offer(offer))) == Listed(
        id=offer.id,
        community=offer.author,
        updated=20_780,
        end_day=20_800,
        topics=("a.b", "f"),
        languages=("pt-BR", "en"),
        ways=("teach", "listen"),
        formats=("chat",),
        when=("evenings",),
        level=("some", "starting"),
        room="full",
        answers="week",
    )
    plain = replace(
        offer, content=OfferContent(("a",), ("en",), ("teach",), ("chat",), when=())
    )
    read = read_listed(canonical_bytes(build_offer(plain)))
    assert (read.when, read.level, read.room, read.answers) == ((), (), "open", None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", None),
        ("attributedTo", 5),
        ("endTime", "soon"),
        ("updated", ""),
        ("kith:topics", "a"),
        ("kith:ways", ["shout"]),
        ("kith:room", "some"),
    ],
)
def test_other_bytes_are_malformed(name: str, value: str | int | list[str] | None) -> None:
    document = document_of(listed())
    document[name] = value
    with pytest.raises(MalformedError):
        read_listed(canonical_bytes(document))


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'{"id":"\xff"}', b"null"])
def test_what_is_no_object_is_malformed(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        read_listed(raw)


@given(st.binary(max_size=100))
def test_any_bytes_give_an_offer_or_a_malformed_error(raw: bytes) -> None:
    with pytest.raises(MalformedError):
        read_listed(raw)
