import pytest

from kith_crypto.errors import KithError, MalformedError
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.errors import WrongOwnerError
from kith_protocol.tombstone import Tombstone, build_tombstone, parse_tombstone
from kith_protocol.urls import actor_url
from kith_testing.wire_documents import ASH, ASH_KEY, ELM, TODAY, an_offer, sign_as


def a_tombstone() -> JsonObject:
    return sign_as(ASH, ASH_KEY, build_tombstone(ASH, an_offer().id))


def test_a_tombstone_reads_as_it_was_built() -> None:
    document = a_tombstone()
    assert parse_tombstone(document) == Tombstone(an_offer().id, actor_url(ASH), TODAY)
    assert verify_document(document, ASH_KEY.verify_key) == build_tombstone(ASH, an_offer().id)


@pytest.mark.parametrize("name", sorted(a_tombstone()))
def test_refuses_a_tombstone_that_lacks_a_member(name: str) -> None:
    document = a_tombstone()
    del document[name]
    with pytest.raises(MalformedError):
        parse_tombstone(document)


@pytest.mark.parametrize(
    ("name", "value", "error"),
    [
        ("type", "Proposal", MalformedError),
        ("deleted", "2026-11-22T00:00:00Z", MalformedError),
        ("@context", "https://www.w3.org/ns/activitystreams", MalformedError),
        ("id", 1, MalformedError),
        ("attributedTo", f"{ELM}/actor", WrongOwnerError),
        ("id", f"{ELM}/offers/1", WrongOwnerError),
    ],
)
def test_refuses_a_tombstone_that_says_something_else(
    name: str, value: JsonValue, error: type[KithError]
) -> None:
    with pytest.raises(error):
        parse_tombstone({**a_tombstone(), name: value})


def test_refuses_the_proof_of_another_node() -> None:
    document = sign_as(ELM, ASH_KEY, build_tombstone(ASH, an_offer().id))
    with pytest.raises(WrongOwnerError):
        parse_tombstone(document)
