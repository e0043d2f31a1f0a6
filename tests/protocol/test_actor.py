from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import KithError, MalformedError, SignatureError
from kith_crypto.multikey import encode_multikey
from kith_crypto.rsa import RsaSigningKey
from kith_crypto.strict_json import JsonObject
from kith_protocol.actor import Actor, ActorDraft, build_actor, parse_actor, verify_actor
from kith_protocol.contexts import ACTIVITY_STREAMS
from kith_protocol.errors import GoneError, WrongOwnerError
from kith_protocol.keyholders import sign_keyholders
from kith_protocol.urls import actor_url, node_key_url, rsa_key_url
from kith_testing.wire_documents import ASH, ASH_KEY, ELM, ELM_KEY, sign_as

PEM = RsaSigningKey.generate().public_pem()
KEYHOLDERS = sign_keyholders(ELM_KEY, sealing_key=b"s" * 1216, epoch=8107)
DRAFT = ActorDraft(
    origin=ASH,
    name="Ash",
    summary="People who write letters.",
    programme="adults",
    verify_key=ASH_KEY.verify_key,
    rsa_public_pem=PEM,
)
URL = actor_url(ASH)


def signed(draft: ActorDraft = DRAFT) -> JsonObject:
    return sign_as(ASH, ASH_KEY, build_actor(draft))


def read(document: JsonObject) -> Actor:
    return parse_actor(document, url=URL)


def plain(**changes: Any) -> JsonObject:
    """Return the actor of a server that is no Kith node."""
    return {
        "@context": [ACTIVITY_STREAMS, "https://w3id.org/security/v1"],
        "id": URL,
        "type": "Application",
        "inbox": f"{ASH}/inbox",
        **changes,
    }


def test_our_actor_reads_as_it_was_built() -> None:
    actor = read(signed())
    assert actor == Actor(
        id=URL,
        origin=ASH,
        name="Ash",
        summary="People who write letters.",
        inbox=f"{ASH}/inbox",
        outbox=f"{ASH}/outbox",
        followers=f"{ASH}/followers",
        batch=f"{ASH}/inbox/batch",
        keys={node_key_url(ASH): ASH_KEY.verify_key},
        rsa_keys={rsa_key_url(ASH): PEM},
        programme="adults",
        signs_rfc9421=True,
    )


def test_keyholders_and_moderators_stand_in_the_actor() -> None:
    draft = replace(DRAFT, keyholders=KEYHOLDERS, moderators_key=b"m" * 1216)
    actor = read(signed(draft))
    assert actor.keyholders == KEYHOLDERS
    assert actor.moderators_key == b"m" * 1216


def test_our_actor_has_what_other_servers_ask_for() -> None:
    document = build_actor(DRAFT)
    assert document["type"] == "Application"
    assert document["preferredUsername"] == "ash.example"
    public_key = document["publicKey"]
    assert isinstance(public_key, dict)  # one object, for some read only the first of a list
    assert public_key["owner"] == URL
    assert public_key.keys() == {"id", "owner", "publicKeyPem"}


def test_the_proof_is_verified_with_a_trusted_key() -> None:
    document = signed()
    actor = read(document)
    assert verify_actor(document, actor, actor.keys) == build_actor(DRAFT)
    with pytest.raises(SignatureError):
        verify_actor(document, actor, {node_key_url(ASH): ELM_KEY.verify_key})
    with pytest.raises(SignatureError):
        verify_actor({**document, "name": "Elm"}, actor, actor.keys)


def test_a_new_key_needs_the_word_of_a_trusted_one() -> None:
    known = read(signed()).keys
    taken_over = sign_as(
        ASH, ELM_KEY, build_actor(replace(DRAFT, verify_key=ELM_KEY.verify_key))
    )
    actor = read(taken_over)
    assert actor.keys[node_key_url(ASH)] == ELM_KEY.verify_key
    with pytest.raises(SignatureError):
        verify_actor(taken_over, actor, known)
    with pytest.raises(WrongOwnerError):
        verify_actor(taken_over, actor, {})
    rotated = sign_as(ASH, ASH_KEY, build_actor(replace(DRAFT, verify_key=ELM_KEY.verify_key)))
    verify_actor(rotated, read(rotated), known)


def test_the_proof_of_another_actor_counts_for_nothing() -> None:
    document = sign_as(ELM, ELM_KEY, build_actor(DRAFT))
    with pytest.raises(WrongOwnerError):
        verify_actor(document, read(document), {node_key_url(ELM): ELM_KEY.verify_key})


def test_reads_other_servers_actors(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors("interop_fedify.json")
    for name in ("actor", "actor_with_ed25519_pem"):
        actor = parse_actor(vectors[name], url="https://node.example/actor")
        assert actor.programme is None
        assert actor.batch is None
        assert actor.followers is None
        assert list(actor.keys) == ["https://node.example/actor#ed25519-key"]
        assert "https://node.example/actor#main-key" in actor.rsa_keys


def test_keys_that_do_not_conform_are_passed_over() -> None:
    good = {
        "id": node_key_url(ASH),
        "type": "Multikey",
        "controller": URL,
        "publicKeyMultibase": encode_multikey(ASH_KEY.verify_key),
    }
    others: list[Any] = [
        node_key_url(ASH),
        7,
        {**good, "type": "Ed25519VerificationKey2020"},
        {**good, "controller": actor_url(ELM)},
        {**good, "id": node_key_url(ELM)},
        {**good, "id": 7},
        {**good, "id": "not an address"},
        {**good, "publicKeyMultibase": "z6LSxxx"},
        {**good, "publicKeyMultibase": None},
    ]
    for other in others:
        assert read(plain(assertionMethod=[other])).keys == {}
    assert read(plain(assertionMethod=good)).keys == {node_key_url(ASH): ASH_KEY.verify_key}
    assert (
        len(read(plain(assertionMethod=[{**good, "id": f"{URL}#{n}"} for n in range(20)])).keys)
        == 8
    )


def test_rsa_keys_that_do_not_conform_are_passed_over() -> None:
    good = {"id": rsa_key_url(ASH), "owner": URL, "publicKeyPem": PEM}
    others: list[Any] = [
        rsa_key_url(ASH),
        {**good, "owner": actor_url(ELM)},
        {**good, "id": rsa_key_url(ELM)},
        {**good, "id": None},
        {**good, "publicKeyPem": None},
        {**good, "publicKeyPem": "x" * 5000},
    ]
    for other in others:
        assert read(plain(publicKey=other)).rsa_keys == {}
    assert read(plain(publicKey=[good])).rsa_keys == {rsa_key_url(ASH): PEM}


def test_an_id_stands_for_one_key() -> None:
    multikey = {
        "id": node_key_url(ASH),
        "type": "Multikey",
        "controller": URL,
        "publicKeyMultibase": encode_multikey(ASH_KEY.verify_key),
    }
    pem = {"id": rsa_key_url(ASH), "owner": URL, "publicKeyPem": PEM}
    for twice in (plain(assertionMethod=[multikey] * 2), plain(publicKey=[pem] * 2)):
        with pytest.raises(MalformedError):
            read(twice)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"id": actor_url(ELM)}, WrongOwnerError),
        ({"id": f"{URL}/"}, WrongOwnerError),
        ({"inbox": f"{ELM}/inbox"}, WrongOwnerError),
        ({"outbox": f"{ELM}/outbox"}, WrongOwnerError),
        ({"followers": f"{ELM}/followers"}, WrongOwnerError),
        ({"inbox": f"{ASH}/inbox?x=1"}, MalformedError),
        ({"inbox": "http://ash.example/inbox"}, MalformedError),
        ({"inbox": "https://user@ash.example/inbox"}, MalformedError),
        ({"inbox": None}, MalformedError),
        ({"inbox": [f"{ASH}/inbox"]}, MalformedError),
        ({"@context": "https://w3id.org/security/v1"}, MalformedError),
        ({"@context": None}, MalformedError),
        ({"type": ["Application", "Tombstone"]}, GoneError),
        ({"type": "Tombstone"}, GoneError),
        ({"kith:programme": "adults"}, MalformedError),
    ],
)
def test_refuses_an_actor_that_points_elsewhere(
    change: dict[str, Any], error: type[KithError]
) -> None:
    with pytest.raises(error):
        read(plain(**change))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("kith:programme", "all"),
        ("kith:programme", 1),
        ("kith:keyholders", "x"),
        ("kith:moderatorsKey", "AAAA"),
        ("kith:moderatorsKey", None),
        ("endpoints", {"kith:batch": f"{ASH}/inbox/batch?x"}),
        ("endpoints", {"kith:batch": f"{ELM}/inbox/batch"}),
    ],
)
def test_refuses_kith_members_of_another_form(name: str, value: Any) -> None:
    with pytest.raises(KithError):
        read({**signed(), name: value})


def test_batches_are_for_kith_nodes_only() -> None:
    assert read(plain(endpoints={"kith:batch": f"{ASH}/inbox/batch"})).batch is None
    assert read({**signed(), "endpoints": None}).batch is None


def test_names_are_cleaned_and_cut() -> None:
    actor = read(plain(name="A\u202esh\x00" + "h" * 500, summary=7))
    assert actor.name == "Ash" + "h" * 97
    assert actor.summary == ""


def test_what_it_can_read_is_a_hint() -> None:
    link = {"href": "https://datatracker.ietf.org/doc/html/rfc9421"}
    for generator, expected in (
        ({"implements": [link]}, True),
        ({"implements": link}, True),
        ({"implements": []}, False),
        ({}, False),
        ("x", False),
        (None, False),
    ):
        assert read(plain(generator=generator)).signs_rfc9421 is expected


def test_a_node_on_loopback_is_read_in_development_only() -> None:
    origin = "http://localhost:8001"
    key = SigningKey.from_seed(bytes(32))
    draft = replace(DRAFT, origin=origin, verify_key=key.verify_key)
    document = build_actor(draft)
    actor = parse_actor(document, url=actor_url(origin), development=True)
    assert actor.keys == {node_key_url(origin): key.verify_key}
    with pytest.raises(MalformedError):
        parse_actor(document, url=actor_url(origin))


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from([URL, f"{ELM}/x", "x"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "owner", "type", "kith:batch", "implements"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(st.sampled_from(sorted(signed(replace(DRAFT, keyholders=KEYHOLDERS)))), json)
def test_any_change_gives_an_actor_or_a_refusal(name: str, value: Any) -> None:
    try:
        actor = read({**signed(), name: value})
    except KithError:
        return
    assert actor.id == URL
    assert actor.inbox.startswith(f"{ASH}/")
