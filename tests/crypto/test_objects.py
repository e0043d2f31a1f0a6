from hashlib import sha256
from typing import Any

import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.objects import box_address, community_id, key_id, offer_id, profile_id
from kith_testing.rng import SeededRng


def test_every_id_is_that_of_the_vectors(load_vectors: Any) -> None:
    vectors = load_vectors("kith_keys.json")
    assert len(vectors["objects"]) == 3
    for vector in vectors["objects"]:
        key = SigningKey.from_seed(bytes.fromhex(vector["seed"])).verify_key
        assert key.hex() == vector["public_key"]
        assert offer_id(key).hex() == vector["offer_id"]
        assert profile_id(key).hex() == vector["profile_id"]
        assert box_address(key).hex() == vector["box_address"]
    assert community_id(vectors["community"]["actor"]).hex() == vectors["community"]["id"]
    for vector in vectors["seals"]:
        assert key_id(bytes.fromhex(vector["public_key"])).hex() == vector["kid"]


def test_ids_of_one_key_differ_by_kind_and_are_labelled_hashes() -> None:
    key = SigningKey.generate(SeededRng()).verify_key
    ids = {offer_id(key), profile_id(key), box_address(key), key_id(key)}
    assert len(ids) == 4
    assert offer_id(key) == sha256(b"kith/offer-id/v1\0" + key).digest()[:16]


@pytest.mark.parametrize("actor", ["https://a.example/actor/", "https://A.example/actor"])
def test_a_community_is_its_actor_exactly_as_written(actor: str) -> None:
    assert community_id(actor) != community_id("https://a.example/actor")
