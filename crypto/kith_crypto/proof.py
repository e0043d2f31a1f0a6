"""Object integrity proofs: ``eddsa-jcs-2022`` in the one shape Kith writes and takes.

A verified proof says that the holder of a key signed this document. Finding the key, whether
it may speak for the document's owner, and whether ``created`` makes sense are the caller's
questions.

Kith is stricter than the suite: a proof has exactly seven members, and its ``@context``
equals the document's, so nobody can append a context that was not signed.

Source: FEP-8b32; Data Integrity EdDSA Cryptosuites v1.0 §3.3.
"""

import re
from datetime import datetime, timedelta

import msgspec

from kith_crypto.base58 import encode_base58btc, parse_base58btc
from kith_crypto.canonical import canonical_bytes
from kith_crypto.ed25519 import SIGNATURE_BYTES, SigningKey, VerifyKey, verify_ed25519
from kith_crypto.errors import CryptoError, MalformedError, RemoteError, SignatureError
from kith_crypto.hashes import sha256
from kith_crypto.strict_json import JsonObject, JsonValue

MAX_METHOD_CHARACTERS = 2048

_TYPE = "DataIntegrityProof"
_CRYPTOSUITE = "eddsa-jcs-2022"
_PURPOSE = "assertionMethod"
_MEMBERS = frozenset(
    {
        "@context",
        "type",
        "cryptosuite",
        "created",
        "verificationMethod",
        "proofPurpose",
        "proofValue",
    }
)
# XML Schema dateTime with a time zone. Written are only whole seconds with Z: other spellings
# of the same instant do not survive all receivers.
_DATE_AND_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
_CREATED = re.compile(_DATE_AND_TIME + r"(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})\Z")
_CREATED_AS_WRITTEN = re.compile(_DATE_AND_TIME + r"Z\Z")
_encode_sorted = msgspec.json.Encoder(order="sorted").encode
_UNIX_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00Z")
_MAX_PROOF_VALUE_CHARACTERS = 96  # "z" and at most 88 characters; base58 is quadratic


class Proof(msgspec.Struct, frozen=True):
    """A proof whose shape is right and whose signature nobody has checked yet.

    Attributes:
        verification_method: id of the key it claims, not resolved.
        created: the time it claims, as written.
        created_at: the same in whole seconds since the Unix epoch, UTC.
        signature: 64 bytes.
    """

    verification_method: str
    created: str
    created_at: int
    signature: bytes


def sign_document(
    document: JsonObject, key: SigningKey, *, verification_method: str, created: str
) -> JsonObject:
    """Return a copy of *document* with a ``proof`` by *key*.

    Args:
        document: what will be sent, ``@context`` included, without ``proof`` and
            ``signature``; nothing but member order and white space may change afterwards.
        key: the signing key.
        verification_method: id under which receivers find the public half.
        created: ``YYYY-MM-DDTHH:MM:SSZ``.

    Raises:
        ValueError: *document* lacks ``@context`` or is signed already, or *created* has
            another form; mistakes in the program.
        MalformedError: *document* is outside the profile of ``canonical_bytes``.
    """
    if "@context" not in document or "proof" in document or "signature" in document:
        raise ValueError("a document to sign has a @context and no proof or signature")
    if not _CREATED_AS_WRITTEN.match(created) or _parse_created(created) is None:
        raise ValueError("created is not of the form YYYY-MM-DDTHH:MM:SSZ")
    proof: JsonObject = {
        "@context": document["@context"],
        "type": _TYPE,
        "cryptosuite": _CRYPTOSUITE,
        "created": created,
        "verificationMethod": verification_method,
        "proofPurpose": _PURPOSE,
    }
    signature = key.sign(_hash_data(proof, document))
    proof["proofValue"] = "z" + encode_base58btc(signature)
    return {**document, "proof": proof}


def read_proof(document: JsonObject) -> Proof:
    """Return the proof in *document*, its shape checked, its signature not.

    Raises:
        MalformedError: no proof, a list of them, other members than the seven, other fixed
            values, a ``created`` that is no time, a ``proofValue`` that is not 64 bytes in
            base58btc, or a ``@context`` that is not the document's.
    """
    proof = document.get("proof")
    if not isinstance(proof, dict) or proof.keys() != _MEMBERS:
        raise MalformedError("not one proof of the seven members", pointer="/proof")
    fixed = (proof["type"], proof["cryptosuite"], proof["proofPurpose"])
    if fixed != (_TYPE, _CRYPTOSUITE, _PURPOSE):
        raise MalformedError("not an eddsa-jcs-2022 assertion", pointer="/proof")
    if "@context" not in document or not _is_same(proof["@context"], document["@context"]):
        raise MalformedError("the proof has another context", pointer="/proof/@context")
    created = proof["created"]
    created_at = _parse_created(created)
    if not isinstance(created, str) or created_at is None:
        raise MalformedError("not a time", pointer="/proof/created")
    return Proof(
        verification_method=_parse_method(proof["verificationMethod"]),
        created=created,
        created_at=created_at,
        signature=_parse_proof_value(proof["proofValue"]),
    )


def verify_document(document: JsonObject, key: VerifyKey) -> JsonObject:
    """Return *document* as it was signed: without ``proof`` and legacy ``signature``.

    Only the returned document is to be used afterwards.

    Args:
        document: as parsed from the bytes received, nothing added or dropped.
        key: the key that the proof's ``verificationMethod`` stands for.

    Raises:
        SignatureError: the proof is missing, malformed, by another key or over another
            document; one error that does not say which.

    Source: Data Integrity EdDSA Cryptosuites v1.0 §3.3.2; FEP-8b32 for ``signature``.
    """
    try:
        proof = read_proof(document)
        configuration = _without(document["proof"], "proofValue")
        signed = _without(_without(document, "proof"), "signature")
        verify_ed25519(key, proof.signature, _hash_data(configuration, signed))
    except (RemoteError, CryptoError) as error:
        raise SignatureError("the proof does not verify") from error
    return signed


def _is_same(one: JsonValue, other: JsonValue) -> bool:
    # Compared as bytes, for in Python 1 equals True. Both are hashed in canonical form later.
    try:
        return _encode_sorted(one) == _encode_sorted(other)
    except UnicodeEncodeError as error:
        raise MalformedError("a lone surrogate", pointer="/proof/@context") from error


def _hash_data(configuration: JsonObject, document: JsonObject) -> bytes:
    # The configuration comes first, and the 64 bytes are signed as they are.
    return sha256(canonical_bytes(configuration)) + sha256(canonical_bytes(document))


def _without(value: JsonValue, name: str) -> JsonObject:
    assert isinstance(value, dict)
    return {key: member for key, member in value.items() if key != name}


def _parse_created(text: JsonValue) -> int | None:
    if not isinstance(text, str) or not _CREATED.match(text):
        return None
    try:
        return (datetime.fromisoformat(text) - _UNIX_EPOCH) // timedelta(seconds=1)
    except ValueError:
        return None


def _parse_method(text: JsonValue) -> str:
    if not isinstance(text, str) or not 0 < len(text) <= MAX_METHOD_CHARACTERS:
        raise MalformedError("not a key id", pointer="/proof/verificationMethod")
    return text


def _parse_proof_value(text: JsonValue) -> bytes:
    if (
        not isinstance(text, str)
        or not text.startswith("z")
        or len(text) > _MAX_PROOF_VALUE_CHARACTERS
    ):
        raise MalformedError("not base58btc", pointer="/proof/proofValue")
    signature = parse_base58btc(text[1:])
    if len(signature) != SIGNATURE_BYTES:
        raise MalformedError("not 64 bytes", pointer="/proof/proofValue")
    return signature
