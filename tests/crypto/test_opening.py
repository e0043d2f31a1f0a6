from typing import Any

import pytest
from msgspec.structs import replace

from kith_crypto.core import ROLE_MENTEE
from kith_crypto.ed25519 import SigningKey, parse_verify_key
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import DecryptionError, SignatureError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import open_message
from kith_crypto.objects import community_id
from kith_crypto.opening import is_owner, open_offer_owner, open_sender
from kith_crypto.proof import sign_document
from kith_crypto.report import Report, make_report, parse_report
from kith_crypto.seals import KIND_OFFER, KIND_PROFILE, make_seal, quarter_of
from kith_crypto.sender_seal import unwrap_seal
from kith_crypto.strict_json import JsonObject
from kith_testing.correspondence import (
    COMMUNITY,
    CONVERSATION,
    DAY,
    KEYHOLDERS_SEED,
    MEMBER,
    MENTEE,
    MENTOR_SEED,
    NODE,
    WEEK_KEY,
    a_message,
    posted,
    seal_of,
)

KEYS = [NODE.verify_key]
EPOCH = quarter_of(DAY)
ACTOR = "https://ash.example/actor"
OFFER_ID = sha256(b"an offer")[:16]


def _report(text: str = "threat", *, day: int = DAY) -> Report:
    stamped = posted(a_message(text), day=day)
    opened = open_message(
        stamped,
        [MENTOR_SEED],
        writer=MENTEE.verify_key,
        conversation=CONVERSATION,
        role=ROLE_MENTEE,
    )
    return make_report(stamped, opened)


REPORT = _report()
SEAL = unwrap_seal(WEEK_KEY, REPORT.postmark, own_keys=KEYS)


def _open(
    report: Report = REPORT,
    seal: bytes = SEAL,
    *,
    seed: bytes = KEYHOLDERS_SEED,
    keys: Any = KEYS,
    community: bytes = COMMUNITY,
) -> bytes:
    return open_sender(seed, seal, report, node_keys=keys, community=community).member_id


def test_the_sender_of_the_vectors_is_opened(load_vectors: Any) -> None:
    vectors = load_vectors("kith_messages.json")
    vector = vectors["sender_seal"]
    sender = open_sender(
        bytes.fromhex(vector["keyholders_seed"]),
        bytes.fromhex(vector["seal"]),
        parse_report(bytes.fromhex(vectors["reports"]["report"])),
        node_keys=[parse_verify_key(bytes.fromhex(vectors["keys"]["node"]["public"]))],
        community=bytes.fromhex(vectors["community"]),
    )
    assert sender.member_id.hex() == vector["member_id"]
    assert sender.core.body["text"] == vectors["reports"]["text"]


def test_a_whole_proof_opens_its_sender_and_shows_the_text() -> None:
    sender = open_sender(KEYHOLDERS_SEED, SEAL, REPORT, node_keys=KEYS, community=COMMUNITY)
    assert sender.member_id == MEMBER
    assert sender.core.body["text"] == "threat"
    assert repr(sender) == "Sender(...)"


def test_nothing_is_opened_without_a_whole_valid_proof() -> None:
    other = SigningKey.from_seed(bytes(32)).verify_key
    attempts: list[tuple[Report, Any]] = [
        (REPORT, [other]),
        (REPORT, []),
        (replace(REPORT, frank_key=bytes(32)), KEYS),
        (replace(REPORT, core=_report("other").core), KEYS),
        (replace(REPORT, postmark=replace(REPORT.postmark, day=DAY + 1)), KEYS),
    ]
    for report, keys in attempts:
        with pytest.raises(SignatureError, match=r"\Athe report is not proven\Z"):
            _open(report, keys=keys)


def test_a_proof_of_one_message_opens_no_other_seal() -> None:
    for unstamped in (a_message("threat", seed=9), a_message("other")):
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            _open(seal=seal_of(unstamped))


def test_only_the_right_keyholders_key_and_community_open() -> None:
    for other in (
        {"seed": bytes(32)},
        {"community": bytes(16)},
        {"seal": SEAL[:-1]},
        {"seal": SEAL[:-1] + bytes((SEAL[-1] ^ 1,))},
        {
            "seal": REPORT.postmark.wrapped_seal[12:1212]
        },  # a keyholder's key alone: still wrapped
    ):
        arguments: dict[str, Any] = other
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            _open(**arguments)


def test_a_message_of_another_quarter_opens_with_that_quarters_number() -> None:
    later = _report(day=DAY + 92)
    seal = unwrap_seal(WEEK_KEY, later.postmark, own_keys=KEYS)
    assert _open(later, seal) == MEMBER
    with pytest.raises(DecryptionError):
        _open(later, seal_of(a_message("threat"), day=DAY))


# --- owner seals ------------------------------------------------------------------


def _offer(id_: Any = None, **more: Any) -> JsonObject:
    document: JsonObject = {
        "@context": ["https://www.w3.org/ns/activitystreams"],
        "id": f"https://ash.example/offers/{encode_base64url(OFFER_ID)}"
        if id_ is None
        else id_,
        "attributedTo": ACTOR,
        **more,
    }
    return sign_document(
        document, NODE, verification_method=f"{ACTOR}#key", created="2026-11-23T00:00:00Z"
    )


def _owner_seal(object_id: bytes = OFFER_ID, *, kind: int = KIND_OFFER) -> bytes:
    return make_seal(
        sealing_public_key(KEYHOLDERS_SEED),
        member_id=MEMBER,
        digest=sha256(object_id),
        salt=bytes(16),
        kind=kind,
        community=community_id(ACTOR),
        epoch=EPOCH,
    )


def _open_offer(
    document: JsonObject, seal: bytes, *, node: SigningKey = NODE, epoch: int = EPOCH
) -> bytes:
    return open_offer_owner(
        KEYHOLDERS_SEED, seal, document, node_key=node.verify_key, epoch=epoch
    )


def test_a_signed_offer_opens_its_owner() -> None:
    assert _open_offer(_offer(), _owner_seal()) == MEMBER


def test_an_offer_without_a_valid_proof_opens_nothing() -> None:
    signed = _offer()
    unsigned = {name: value for name, value in signed.items() if name != "proof"}
    for document in (unsigned, {**signed, "summary": "changed"}):
        with pytest.raises(SignatureError):
            _open_offer(document, _owner_seal())
    with pytest.raises(SignatureError):
        _open_offer(signed, _owner_seal(), node=MENTEE)


@pytest.mark.parametrize(
    "document",
    [
        _offer(1),
        _offer("https://ash.example/resources/AAAAAAAAAAAAAAAAAAAAAA"),
        _offer("https://elm.example/offers/AAAAAAAAAAAAAAAAAAAAAA"),
        _offer("https://ash.example/offers/AAAA"),
        _offer("https://ash.example/offers/"),
        _offer("/offers/AAAAAAAAAAAAAAAAAAAAAA"),
        _offer(attributedTo=["https://ash.example/actor"]),
        _offer("AAAAAAAAAAAAAAAAAAAAAA", attributedTo="/actor"),
    ],
)
def test_a_signed_document_that_is_no_offer_of_its_author_opens_nothing(
    document: JsonObject,
) -> None:
    with pytest.raises(SignatureError):
        _open_offer(document, _owner_seal())


def test_an_offer_opens_no_other_seal() -> None:
    seals = [_owner_seal(bytes(16)), _owner_seal(kind=KIND_PROFILE), SEAL]
    for seal in seals:
        with pytest.raises(DecryptionError, match=r"\Acannot be opened\Z"):
            _open_offer(_offer(), seal)
    with pytest.raises(DecryptionError):
        _open_offer(_offer(), _owner_seal(), epoch=EPOCH + 1)


@pytest.mark.parametrize("kind", [KIND_OFFER, KIND_PROFILE])
def test_a_sweep_tells_a_match_and_nothing_else(kind: int) -> None:
    def owns(member_id: bytes, object_id: bytes) -> bool:
        return is_owner(
            KEYHOLDERS_SEED,
            _owner_seal(kind=kind),
            member_id,
            object_id=object_id,
            kind=kind,
            community=community_id(ACTOR),
            epoch=EPOCH,
        )

    assert owns(MEMBER, OFFER_ID)
    assert not owns(bytes(16), OFFER_ID)
    with pytest.raises(DecryptionError):
        owns(MEMBER, bytes(16))
