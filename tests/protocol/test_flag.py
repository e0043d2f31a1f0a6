import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, RemoteError, TooLargeError
from kith_crypto.strict_json import JsonValue
from kith_protocol.activity import FLAG_BYTES, Accept, Flag, Reject, parse_activity
from kith_protocol.flag import FlagDecision, build_flag, build_flag_answer
from kith_protocol.limits import MAX_ACTIVITY_BYTES
from kith_protocol.urls import Origin

ASH, ELM = Origin("https://ash.example"), Origin("https://elm.example")
TOKEN = b"t" * 16
OFFER = f"{ELM}/offers/{encode_base64url(bytes(16))}"


@pytest.mark.parametrize("size", FLAG_BYTES)
def test_a_flag_comes_back(size: int) -> None:
    document = build_flag(
        ASH, TOKEN, to=ELM, sealed=bytes(size), offer=OFFER, category="safety"
    )
    read = parse_activity(document)
    assert isinstance(read, Flag)
    assert (read.actor, read.object_id, read.category, read.sealed) == (
        f"{ASH}/actor",
        OFFER,
        "safety",
        bytes(size),
    )
    assert len(str(document)) < MAX_ACTIVITY_BYTES


def test_without_an_offer_neither_it_nor_the_category_leaves() -> None:
    document = build_flag(ASH, TOKEN, to=ELM, sealed=bytes(8192), category="safety")
    assert "kith:category" not in document
    assert document["object"] == f"{ELM}/actor"


@pytest.mark.parametrize("size", [0, 8191, 12_288, 65_536])
def test_other_sizes_do_not_leave_and_are_not_taken(size: int) -> None:
    with pytest.raises(TooLargeError):
        build_flag(ASH, TOKEN, to=ELM, sealed=bytes(size))
    document = build_flag(ASH, TOKEN, to=ELM, sealed=bytes(8192))
    with pytest.raises(MalformedError):
        parse_activity(document | {"kith:sealed": encode_base64url(bytes(size))})


@given(
    st.sampled_from(["object", "kith:sealed", "kith:category"]),
    st.one_of(st.none(), st.integers(), st.text(max_size=20), st.lists(st.text(max_size=5))),
)
def test_any_member_is_a_flag_or_a_remote_error(name: str, value: JsonValue) -> None:
    document = build_flag(ASH, TOKEN, to=ELM, sealed=bytes(8192), offer=OFFER)
    try:
        read = parse_activity(document | {name: value})
    except RemoteError:
        return
    assert isinstance(read, Flag)


@pytest.mark.parametrize(("word", "kind"), [("acted", Accept), ("no-action", Reject)])
def test_the_answer_says_the_decision(word: FlagDecision, kind: type[Accept | Reject]) -> None:
    flag_id = f"{ASH}/activities/{encode_base64url(TOKEN)}"
    document = build_flag_answer(ELM, flag_id, to=f"{ASH}/actor", decision=word)
    read = parse_activity(document)
    assert isinstance(read, kind)
    assert (read.object_id, read.decision) == (flag_id, word)
    assert document == build_flag_answer(ELM, flag_id, to=f"{ASH}/actor", decision=word)
    with pytest.raises(MalformedError):
        parse_activity(document | {"kith:decision": 3})
