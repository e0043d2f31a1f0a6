import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.base58 import encode_base58btc, parse_base58btc
from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SigningKey, verify_ed25519
from kith_crypto.errors import KithError, MalformedError, SignatureError
from kith_crypto.hashes import sha256
from kith_crypto.multikey import parse_multikey
from kith_crypto.proof import read_proof, sign_document, verify_document
from kith_crypto.strict_json import JsonObject
from kith_testing.rng import SeededRng

KEY = SigningKey.generate(SeededRng(3))
METHOD = "https://node.example/actor#ed25519-key"
CREATED = "2026-11-22T00:00:00Z"
DOCUMENT: JsonObject = {
    "@context": ["https://www.w3.org/ns/activitystreams", {"kith": "https://kith.example/ns#"}],
    "id": "https://node.example/offers/1",
    "type": "Proposal",
    "attributedTo": "https://node.example/actor",
    "kith:revision": 1,
    "kith:room": True,
    "name": "C\u00f3mo tocar el la\u00fad",
}


def _sign(document: JsonObject = DOCUMENT) -> dict[str, Any]:
    return sign_document(document, KEY, verification_method=METHOD, created=CREATED)


def _refused(document: Any, key: SigningKey = KEY) -> bool:
    try:
        verify_document(document, key.verify_key)
    except SignatureError as error:
        return str(error) == "the proof does not verify"
    return False


def test_a_signed_document_verifies_and_comes_back_without_its_proof() -> None:
    signed = _sign()
    assert len(signed["proof"]) == 7
    assert verify_document(signed, KEY.verify_key) == DOCUMENT
    assert "proof" not in DOCUMENT


def test_the_w3c_vector_verifies_and_is_made_bit_by_bit(load_vectors: Any) -> None:
    case = load_vectors("eddsa_jcs_2022.json")["cases"][0]
    assert canonical_bytes(case["proof_config"]).decode() == case["proof_config_canonical"]
    assert canonical_bytes(case["document"]).decode() == case["document_canonical"]
    assert sha256(canonical_bytes(case["document"])).hex() == case["document_sha256"]
    key = parse_multikey(case["public_key_multibase"])
    assert verify_document(case["signed_document"], key) == case["document"]
    proof = read_proof(case["signed_document"])
    assert proof.signature.hex() == case["signature_hex"]
    assert proof.verification_method == case["proof_options"]["verificationMethod"]
    assert (proof.created, proof.created_at) == ("2023-02-24T23:36:38Z", 1677281798)


def test_the_w3c_private_key_signs_the_w3c_document_alike(load_vectors: Any) -> None:
    case = load_vectors("eddsa_jcs_2022.json")["cases"][0]
    seed = parse_base58btc(case["private_key_multibase"][1:])[2:]
    signed = sign_document(
        case["document"],
        SigningKey.from_seed(seed),
        verification_method=case["proof_options"]["verificationMethod"],
        created=case["proof_options"]["created"],
    )
    assert signed == case["signed_document"]


def test_refuses_the_published_proofs_outside_of_its_profile(load_vectors: Any) -> None:
    """Valid by their sources: one signs floating-point numbers, one has no context."""
    place, statement = load_vectors("eddsa_jcs_2022.json")["cases"][1:]
    for case in (place, statement):
        with pytest.raises(SignatureError):
            verify_document(
                case["signed_document"], parse_multikey(case["public_key_multibase"])
            )
    with pytest.raises(MalformedError, match="fraction"):
        canonical_bytes(place["document"])
    with pytest.raises(MalformedError, match="seven members"):
        read_proof(statement["signed_document"])


def test_the_fep_8b32_vectors_signature_is_over_the_hashes_it_prints(load_vectors: Any) -> None:
    for case in load_vectors("eddsa_jcs_2022.json")["cases"]:
        hashes = [
            sha256(case[part].encode())
            for part in ("proof_config_canonical", "document_canonical")
        ]
        assert b"".join(hashes).hex() == case["hash_data"]
        key = parse_multikey(case["public_key_multibase"])
        verify_ed25519(key, bytes.fromhex(case["signature_hex"]), b"".join(hashes))


def test_every_derived_variant_is_refused(load_vectors: Any) -> None:
    """All but the invalid ones are valid by the W3C's steps and refused by this profile.

    Their document has coordinates with fractions, an appended or missing context, or a
    context that is a string in one place and a list in the other.
    """
    for case in load_vectors("eddsa_jcs_2022.json")["derived"]:
        key = parse_multikey(case["public_key_multibase"])
        with pytest.raises(SignatureError):
            verify_document(case["signed_document"], key)


def test_every_derived_variant_is_refused_for_its_own_reason_too(load_vectors: Any) -> None:
    """The same tricks on a document inside the profile, so that no float hides the result."""
    base = _sign()
    cases = {
        c["name"]: c["signed_document"] for c in load_vectors("eddsa_jcs_2022.json")["derived"]
    }
    proof_changes: dict[str, dict[str, Any]] = {
        "created changed": {"created": "2026-11-22T00:00:01Z"},
        "verificationMethod changed": {"verificationMethod": "https://evil.example/u#k"},
        "expires added after signing": {"expires": "2099-01-01T00:00:00Z"},
        "proofPurpose not assertionMethod": {"proofPurpose": "authentication"},
        "other cryptosuite label": {"cryptosuite": "eddsa-rdfc-2022"},
        "proofValue without multibase prefix": {"proofValue": base["proof"]["proofValue"][1:]},
        "proof @context reordered": {"@context": base["@context"][::-1]},
    }
    assert set(proof_changes) <= set(cases)
    for name, change in proof_changes.items():
        assert _refused({**base, "proof": {**base["proof"], **change}}), name
    for context in (
        [*base["@context"], "https://x.example/"],
        ["https://x.example/"],
        "x",
        None,
    ):
        assert _refused({**base, "@context": context})
    stripped = {k: v for k, v in base["proof"].items() if k != "@context"}
    assert _refused({**base, "proof": stripped})
    assert _refused({k: v for k, v in base.items() if k != "@context"})


def test_refuses_a_valid_signature_over_other_hashes() -> None:
    signed = _sign()
    configuration = {k: v for k, v in signed["proof"].items() if k != "proofValue"}
    first, second = sha256(canonical_bytes(configuration)), sha256(canonical_bytes(DOCUMENT))
    for message in (second + first, sha256(first + second), (first + second).hex().encode()):
        value = "z" + encode_base58btc(KEY.sign(message))
        assert _refused({**signed, "proof": {**configuration, "proofValue": value}})
    value = "z" + encode_base58btc(KEY.sign(first + second))
    assert not _refused({**signed, "proof": {**configuration, "proofValue": value}})


@pytest.mark.parametrize(
    "change",
    [{"expires": "2099-01-01T00:00:00Z"}, {"nonce": "x"}, {"proofPurpose": "authentication"}],
)
def test_refuses_a_proof_signed_with_other_members_or_purpose(change: JsonObject) -> None:
    signed = _sign()
    configuration = {k: v for k, v in signed["proof"].items() if k != "proofValue"} | change
    message = sha256(canonical_bytes(configuration)) + sha256(canonical_bytes(DOCUMENT))
    proof = {**configuration, "proofValue": "z" + encode_base58btc(KEY.sign(message))}
    assert _refused({**signed, "proof": proof})


def test_a_single_string_context_is_taken_when_equal() -> None:
    document: JsonObject = {**DOCUMENT, "@context": "https://www.w3.org/ns/activitystreams"}
    signed = _sign(document)
    assert verify_document(signed, KEY.verify_key) == document
    assert _refused({**signed, "@context": ["https://www.w3.org/ns/activitystreams"]})


def test_context_equality_tells_one_from_true() -> None:
    signed = _sign({**DOCUMENT, "@context": [1]})
    assert _refused({**signed, "@context": [True]})


@pytest.mark.parametrize(
    "change",
    [{"name": "other"}, {"bto": "x"}, {"kith:revision": 2}, {"kith:room": 1}, {"id": None}],
)
def test_refuses_a_changed_document(change: JsonObject) -> None:
    assert _refused({**_sign(), **change})


def test_refuses_another_key() -> None:
    assert _refused(_sign(), SigningKey.generate(SeededRng(4)))


def test_a_legacy_signature_member_is_left_out() -> None:
    verified = verify_document(
        {**_sign(), "signature": {"type": "RsaSignature2017"}}, KEY.verify_key
    )
    assert verified == DOCUMENT


@pytest.mark.parametrize(
    "proof", [None, [], "https://node.example/proof", 1, {}, {"type": "x"}]
)
def test_refuses_what_is_not_one_proof(proof: Any) -> None:
    with pytest.raises(MalformedError):
        read_proof({**DOCUMENT, "proof": proof})
    assert _refused({**DOCUMENT, "proof": proof})


def test_refuses_a_list_of_one_good_proof() -> None:
    signed = _sign()
    assert _refused({**signed, "proof": [signed["proof"]]})


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("created", 1),
        ("created", "yesterday"),
        ("created", "2026-13-01T00:00:00Z"),
        ("created", "2026-11-22T00:00:00"),
        ("created", "2026-11-22T00:00:00Z\n"),
        ("created", "2026-11-22T00:00:00+99:00"),
        ("created", "0000-01-01T00:00:00Z"),
        ("verificationMethod", ""),
        ("verificationMethod", None),
        ("verificationMethod", "x" * 2049),
        ("proofValue", None),
        ("proofValue", "u" + "A" * 86),
        ("proofValue", "z"),
        ("proofValue", "z0OIl"),
        ("proofValue", "z" + "1" * 63),
        ("proofValue", "z" + "z" * 100_000),
    ],
)
def test_refuses_a_malformed_member(member: str, value: Any) -> None:
    signed = _sign()
    broken = {**signed, "proof": {**signed["proof"], member: value}}
    with pytest.raises(MalformedError):
        read_proof(broken)
    assert _refused(broken)


@pytest.mark.parametrize(
    ("created", "seconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2026-11-22T00:00:00.999Z", 1795305600),
        ("2026-11-22T00:00:00.123456789Z", 1795305600),
        ("2026-11-22T01:00:00+01:00", 1795305600),
    ],
)
def test_reads_other_spellings_of_a_time(created: str, seconds: int) -> None:
    signed = _sign()
    proof = read_proof({**signed, "proof": {**signed["proof"], "created": created}})
    assert (proof.created, proof.created_at) == (created, seconds)


@pytest.mark.parametrize(
    ("document", "created"),
    [
        ({"id": "x"}, CREATED),
        ({**DOCUMENT, "proof": {}}, CREATED),
        ({**DOCUMENT, "signature": {}}, CREATED),
        (DOCUMENT, "2026-11-22T00:00:00.0Z"),
        (DOCUMENT, "2026-99-22T00:00:00Z"),
    ],
)
def test_signing_refuses_mistakes_in_the_program(document: JsonObject, created: str) -> None:
    with pytest.raises(ValueError, match=r"document|created"):
        sign_document(document, KEY, verification_method=METHOD, created=created)


def test_signing_refuses_a_document_outside_the_profile() -> None:
    weight: Any = 0.5
    with pytest.raises(MalformedError):
        _sign({**DOCUMENT, "weight": weight})


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(sorted(_sign()["proof"])),
    _json,
    st.sampled_from([*sorted(DOCUMENT), "extra"]),
    _json,
)
def test_any_json_in_any_member_is_refused(
    member: str, inside: Any, name: str, outside: Any
) -> None:
    signed = _sign()
    tampered = {**signed, "proof": {**signed["proof"], member: inside}}
    if tampered != signed:
        assert _refused(tampered)
    assert _refused({**signed, name: outside}) or {**signed, name: outside} == signed


@given(st.dictionaries(st.sampled_from(["@context", "proof", "id"]), _json))
def test_any_document_is_read_or_an_error(document: Any) -> None:
    try:
        read_proof(document)
    except KithError:
        return
    raise AssertionError(json.dumps(document))
