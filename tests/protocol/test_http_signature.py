import base64
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, algorithms
from http_message_signatures.resolvers import MappingKeyResolver
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.content_digest import verify_content_digest
from kith_crypto.ed25519 import SigningKey, parse_verify_key
from kith_crypto.errors import KithError, MalformedError, SignatureError
from kith_crypto.rsa import RsaSigningKey, parse_rsa_public_pem
from kith_protocol import http_signature, signature_fields
from kith_protocol.errors import UnauthorizedError
from kith_protocol.http_date import format_http_date
from kith_protocol.http_signature import (
    ClaimedSignature,
    Message,
    check_window,
    default_components,
    make_message,
    read_signature,
    sign_message,
    sign_message_rsa,
    verify_claim,
)
from kith_protocol.limits import SIGNATURE_FUTURE_S, SIGNATURE_LIFE_S, SIGNATURE_PAST_S
from kith_protocol.urls import node_key_url, parse_url, rsa_key_url
from kith_testing.wire_documents import ASH, ASH_KEY, ELM, ELM_KEY, a_request, with_headers

NOW = 1_795_000_000
NONCE = bytes(range(16))
RSA_KEY = RsaSigningKey.generate()


def signed(message: Message, **changes: Any) -> Message:
    arguments: dict[str, Any] = {
        "key": ASH_KEY,
        "key_id": node_key_url(ASH),
        "created": NOW,
        "nonce": NONCE,
        **changes,
    }
    return with_headers(message, sign_message(message, **arguments))


def signed_rsa(message: Message) -> Message:
    dated = with_headers(message, {"date": format_http_date(NOW)})
    fields = sign_message_rsa(
        dated, key=RSA_KEY, key_id=rsa_key_url(ASH), created=NOW, nonce=NONCE
    )
    return with_headers(dated, fields)


def message_of(vector: dict[str, Any]) -> Message:
    """Return a message of the vector files, header lines joined as RFC 9421 §2.1 says."""
    headers: dict[str, str] = {}
    for name, value in vector["headers"]:
        lowered = name.lower()
        headers[lowered] = f"{headers[lowered]}, {value}" if lowered in headers else value
    target = vector.get("target_uri") or vector["url"]
    authority = vector.get("authority") or parse_url(target).authority
    return Message(vector["method"], target, authority, headers)


# --- what Kith writes ------------------------------------------------------------


def test_a_signed_request_verifies() -> None:
    claim = read_signature(signed(a_request()))
    assert verify_claim(claim, ASH_KEY.verify_key) is claim
    check_window(claim, now=NOW)
    assert claim.key_id == node_key_url(ASH)
    assert claim.tag == "kith"
    assert claim.expires == NOW + SIGNATURE_LIFE_S
    assert claim.components == (
        "@method",
        "@target-uri",
        "@authority",
        "content-digest",
        "content-type",
    )


def test_a_request_without_body_covers_its_target() -> None:
    message = a_request("GET", f"{ELM}/outbox?after=1", body=None)
    claim = read_signature(signed(message))
    verify_claim(claim, ASH_KEY.verify_key)
    assert claim.components == default_components(message) == claim.components[:3]
    assert claim.base.startswith(
        b'"@method": GET\n"@target-uri": https://elm.example/outbox?after=1\n'
        b'"@authority": elm.example\n"@signature-params": ('
    )


def test_an_rsa_signature_covers_the_date_too() -> None:
    claim = read_signature(signed_rsa(a_request()))
    verify_claim(claim, parse_rsa_public_pem(RSA_KEY.public_pem()))
    assert claim.tag is None
    assert claim.algorithm == "rsa-v1_5-sha256"
    assert claim.components[-1] == "date"


def test_signing_needs_what_it_covers() -> None:
    message = a_request(body=None)
    with pytest.raises(MalformedError):
        signed(message, components=("@method", "content-digest"))
    with pytest.raises(MalformedError):
        sign_message_rsa(message, key=RSA_KEY, key_id="k", created=NOW, nonce=NONCE)


@pytest.mark.parametrize(
    "change",
    [
        {"method": "PUT"},
        {"target_uri": f"{ELM}/inbox?x=1"},
        {"authority": "oak.example"},
        {"content-digest": "sha-256=:AAAA:"},
        {"content-type": "text/html"},
    ],
)
def test_a_changed_request_does_not_verify(change: dict[str, str]) -> None:
    message = signed(a_request())
    if change.keys() <= message.headers.keys():
        message = with_headers(message, change)
    else:
        message = replace(message, **change)
    with pytest.raises(SignatureError):
        verify_claim(read_signature(message), ASH_KEY.verify_key)


def test_every_parameter_is_signed() -> None:
    message = signed(a_request())
    text = message.headers["signature-input"]
    for old, new in (
        (str(NOW), str(NOW + 1)),
        (str(NOW + 300), str(NOW + 299)),
        ('nonce="A', 'nonce="B'),
        ("#ed25519-key", "#other-key"),
    ):
        assert old in text
        changed = with_headers(message, {"signature-input": text.replace(old, new)})
        with pytest.raises(SignatureError):
            verify_claim(read_signature(changed), ASH_KEY.verify_key)


# --- what has to be covered --------------------------------------------------------


@pytest.mark.parametrize(
    "missing", ["@method", "@target-uri", "@authority", "content-digest", "content-type"]
)
def test_a_kith_signature_covers_all_of_a_request(missing: str) -> None:
    message = a_request()
    components = [name for name in default_components(message) if name != missing]
    with pytest.raises(SignatureError):
        read_signature(signed(message, components=components))


def test_a_body_has_to_be_covered_wherever_there_is_one() -> None:
    message = signed(a_request("GET", body=None))
    read_signature(message)
    with pytest.raises(SignatureError):
        read_signature(message, has_body=True)
    read_signature(signed(a_request("POST", body=None)), has_body=False)
    with pytest.raises(SignatureError):
        read_signature(signed(a_request("POST", body=None)))


@pytest.mark.parametrize(
    ("components", "is_enough"),
    [
        ('"@method" "@target-uri" "content-digest"', True),
        ('"@method" "@authority" "@path" "@query" "content-digest"', True),
        ('"@method" "@authority" "@path" "content-digest"', False),
        ('"@method" "@target-uri"', False),
        ('"@target-uri" "content-digest"', False),
        ("", False),
    ],
)
def test_another_servers_signature_covers_target_and_content(
    components: str, is_enough: bool
) -> None:
    fields = {
        "signature-input": f'sig1=({components});created={NOW};keyid="https://ash.example/k"',
        "signature": "sig1=:" + "A" * 86 + "==:",
    }
    message = with_headers(a_request(), fields)
    if is_enough:
        assert read_signature(message).tag is None
    else:
        with pytest.raises(SignatureError):
            read_signature(message)


@pytest.mark.parametrize("missing", ["keyid", "created", "nonce", "expires"])
def test_a_kith_signature_states_all_its_parameters(missing: str) -> None:
    parameters = {
        "created": str(NOW),
        "expires": str(NOW + 60),
        "nonce": '"n"',
        "keyid": '"k"',
        "tag": '"kith"',
    }
    stated = "".join(f";{k}={v}" for k, v in parameters.items() if k != missing)
    fields = {
        "signature-input": f'sig1=("@method" "@target-uri" "@authority"){stated}',
        "signature": "sig1=:" + "A" * 86 + "==:",
    }
    with pytest.raises(SignatureError):
        read_signature(with_headers(a_request("GET", body=None), fields))


def test_a_nonce_has_an_end() -> None:
    fields = {
        "signature-input": 'sig1=("@method" "@target-uri" "@authority");created=1;expires=2'
        f';nonce="{"n" * 65}";keyid="k";tag="kith"',
        "signature": "sig1=:" + "A" * 86 + "==:",
    }
    with pytest.raises(SignatureError):
        read_signature(with_headers(a_request("GET", body=None), fields))


def test_a_request_without_signature_is_unauthorized() -> None:
    message = signed(a_request())
    for name in ("signature", "signature-input"):
        headers = {k: v for k, v in message.headers.items() if k != name}
        with pytest.raises(UnauthorizedError):
            read_signature(replace(message, headers=headers))


@pytest.mark.parametrize(
    "components",
    [
        '"@method" "@method"',
        '"@method" "x-absent"',
        '"@method" "@status"',
        '"@method" "@request-target"',
        '"@method" "Date"',
        '"@method" "a b"',
    ],
)
def test_refuses_components_that_cannot_be_covered(components: str) -> None:
    fields = {
        "signature-input": f'sig1=({components});created=1;keyid="k"',
        "signature": "sig1=:AA==:",
    }
    with pytest.raises(MalformedError):
        read_signature(with_headers(a_request("GET", body=None), fields))


@pytest.mark.parametrize("value", ["x\ny", 'x\r\n"@method": POST', "x\0", "é", "\x7f"])
def test_a_value_cannot_pass_for_another_component(value: str) -> None:
    with pytest.raises(MalformedError):
        signed(a_request(headers={"content-type": value}))


def test_a_method_is_upper_case_letters() -> None:
    for method in ("post", "GET\n", "", "G" * 21):
        with pytest.raises(MalformedError):
            signed(a_request(method, body=None))


# --- time and keys -----------------------------------------------------------------


def claim_of(**changes: Any) -> ClaimedSignature:
    return replace(read_signature(signed(a_request())), **changes)


def test_the_window_is_five_minutes_back_and_one_ahead() -> None:
    claim = claim_of(expires=None)
    for now in (NOW - SIGNATURE_FUTURE_S, NOW, NOW + SIGNATURE_PAST_S):
        check_window(claim, now=now)
    for now in (NOW - SIGNATURE_FUTURE_S - 1, NOW + SIGNATURE_PAST_S + 1):
        with pytest.raises(SignatureError):
            check_window(claim, now=now)
    check_window(claim, now=NOW + 3600, past_s=3600)


def test_a_signature_ends_when_it_says_so() -> None:
    check_window(claim_of(expires=NOW + 10), now=NOW + 10)
    with pytest.raises(SignatureError):
        check_window(claim_of(expires=NOW + 10), now=NOW + 11)
    with pytest.raises(SignatureError):
        check_window(claim_of(expires=NOW - 1), now=NOW - 2)


def test_only_other_servers_signatures_may_live_longer() -> None:
    long = NOW + SIGNATURE_LIFE_S + 1
    for tag in ("kith", "kith-capability"):
        with pytest.raises(SignatureError):
            check_window(claim_of(expires=long, tag=tag), now=NOW)
    check_window(claim_of(expires=long, tag=None), now=NOW)


def test_the_key_decides_the_algorithm() -> None:
    ours, rsa = claim_of(), read_signature(signed_rsa(a_request()))
    rsa_key = parse_rsa_public_pem(RSA_KEY.public_pem())
    verify_claim(replace(ours, algorithm="ed25519"), ASH_KEY.verify_key)
    for claim, key in (
        (replace(ours, algorithm="rsa-v1_5-sha256"), ASH_KEY.verify_key),
        (replace(ours, algorithm="hmac-sha256"), ASH_KEY.verify_key),
        (replace(rsa, algorithm="ed25519"), rsa_key),
        (replace(rsa, algorithm="rsa-pss-sha512"), rsa_key),
        (rsa, ASH_KEY.verify_key),
        (ours, rsa_key),
        (ours, ELM_KEY.verify_key),
    ):
        with pytest.raises(SignatureError):
            verify_claim(claim, key)


# --- published vectors and other implementations -----------------------------------


def test_reads_and_makes_the_bases_of_rfc_9421(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors("http_message_signatures.json")
    cases = [*vectors["transformations_B4"], *vectors["fediverse_profile"]]
    assert len(cases) >= 9
    pem = vectors["keys"]["test-key-rsa"]["public_pem"]
    rsa_key = parse_rsa_public_pem(pem)
    ed25519 = _ed25519_key(vectors)
    for case in cases:
        claim = _claim(case)
        assert claim.base.decode() == case["signature_base"]
        key = rsa_key if case.get("algorithm", "").startswith("rsa") else ed25519
        if case["expect"] == "valid":
            verify_claim(claim, key)
        else:
            with pytest.raises(SignatureError):
                verify_claim(claim, key)


def test_verifies_of_rfc_9421s_own_examples_the_ed25519_one(
    load_vectors: Callable[[str], Any],
) -> None:
    vectors = load_vectors("http_message_signatures.json")
    for case in vectors["cases"]:
        merged = {**case, "message": vectors[case["message"]]}
        if case["section"] not in ("B.2.3", "B.2.5", "B.2.6"):
            continue
        claim = _claim(merged)
        assert claim.base.decode() == case["signature_base"]
        if case["section"] == "B.2.6":
            verify_claim(claim, _ed25519_key(vectors))
        else:
            with pytest.raises(SignatureError):  # not algorithms that Kith takes
                verify_claim(claim, _ed25519_key(vectors))


def test_refuses_the_examples_of_rfc_9421_that_cover_too_little_or_use_parameters(
    load_vectors: Callable[[str], Any],
) -> None:
    vectors = load_vectors("http_message_signatures.json")
    for case in vectors["cases"]:
        message = vectors[case["message"]]
        if case["message"] != "request" or case["section"] == "B.2.3":
            continue  # B.2.3 covers enough; it fails by its algorithm
        with pytest.raises(KithError):
            read_signature(_with_signature(message_of(message), case))


def _ed25519_key(vectors: dict[str, Any]) -> Any:
    pem = vectors["keys"]["test-key-ed25519"]["public_pem"]
    # The raw key is the end of its SPKI wrapping (RFC 8410).
    return parse_verify_key(base64.b64decode(pem.splitlines()[1])[-32:])


def _with_signature(message: Message, case: dict[str, Any]) -> Message:
    return with_headers(
        message, {"signature-input": case["signature_input"], "signature": case["signature"]}
    )


def _claim(case: dict[str, Any]) -> ClaimedSignature:
    """Return the claim of a vector without asking what it covers, which is our own rule."""
    message = message_of(case["message"])
    field = signature_fields.read_signature_field(
        case["signature_input"], case["signature"], tags=(None,)
    )
    return ClaimedSignature(
        key_id=field.key_id or "",
        created=field.created or 0,
        expires=field.expires,
        nonce=field.nonce,
        tag=field.tag,
        algorithm=field.algorithm,
        components=field.components,
        base=http_signature._base(message, field.components, field.text),
        signature=field.signature,
    )


def test_takes_the_requests_that_fedify_makes(load_vectors: Callable[[str], Any]) -> None:
    vectors = load_vectors("interop_fedify.json")
    request = vectors["from_fedify"]["request_rfc9421"]
    message = message_of({"method": "POST", **request})
    claim = read_signature(message)
    check_window(claim, now=vectors["clock"])
    pem = vectors["actor"]["publicKey"]["publicKeyPem"]
    verify_claim(claim, parse_rsa_public_pem(pem))
    verify_content_digest(message.headers["content-digest"], request["body"].encode())


def test_takes_every_rfc_9421_request_of_the_interop_vectors(
    load_vectors: Callable[[str], Any],
) -> None:
    vectors = load_vectors("interop_fedify.json")
    rsa_key = parse_rsa_public_pem(vectors["actor"]["publicKey"]["publicKeyPem"])
    ed25519 = _ed25519_key(load_vectors("http_message_signatures.json"))
    taken = 0
    for request in vectors["to_fedify"]["requests"]:
        if not request["name"].startswith("9421"):
            continue
        claim = read_signature(message_of(request))
        # Fedify refuses one of them, since it looks for keys elsewhere; we take them all.
        verify_claim(claim, ed25519 if claim.algorithm == "ed25519" else rsa_key)
        taken += 1
    assert taken == 5


methods = st.sampled_from(["GET", "POST", "PUT", "DELETE"])
# A segment begins with a letter or digit: "." and ".." alone are no segments of an address.
paths = st.from_regex(r"/[a-z0-9][a-z0-9~._-]{0,11}(\?[a-z0-9=&]{0,12})?", fullmatch=True)
field_values = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)


@given(methods, paths, field_values, st.binary(max_size=40))
def test_the_base_is_the_one_another_implementation_makes(
    method: str, path: str, value: str, body: bytes
) -> None:
    url = parse_url(f"{ELM}{path}")
    fields = {"content-type": value, "date": format_http_date(NOW)}
    message = a_request(method, url.text, body=body, headers=fields)
    oracle = HTTPMessageSigner(signature_algorithm=algorithms.RSA_V1_5_SHA256)
    prepared = oracle.prepare(
        SimpleNamespace(method=method, url=url.text, headers=dict(message.headers)),
        key_id=rsa_key_url(ASH),
        created=datetime.fromtimestamp(NOW, tz=UTC),
        expires=datetime.fromtimestamp(NOW + SIGNATURE_LIFE_S, tz=UTC),
        nonce="AAECAwQFBgcICQoLDA0ODw",
        covered_component_ids=(*default_components(message), "date"),
        use_existing_digest=True,
    )
    read = read_signature(signed_rsa(message), has_body=True)
    assert read.base == prepared.signature_base


@given(paths, st.sets(st.sampled_from(["@path", "@query", "date", "accept", "host"])))
def test_takes_the_signatures_another_implementation_makes(path: str, more: set[str]) -> None:
    key = SigningKey.from_seed(bytes(32))
    url = f"{ELM}{path}"
    headers = {"date": "Sun, 22 Nov 2026 10:00:00 GMT", "accept": "a, b", "host": "elm.example"}
    request = SimpleNamespace(method="GET", url=url, headers=headers)
    resolver = MappingKeyResolver(public_keys={}, private_keys={"k": _library_key(key)})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=resolver).sign(
        request,
        key_id="k",
        created=datetime.fromtimestamp(NOW, tz=UTC),
        covered_component_ids=("@method", "@target-uri", *sorted(more)),
        label="other",
    )
    lowered = {name.lower(): value for name, value in request.headers.items()}
    message = Message("GET", url, "elm.example", lowered)
    claim = read_signature(message)
    assert claim.algorithm == "ed25519"
    verify_claim(claim, key.verify_key)


def _library_key(key: SigningKey) -> Any:
    return Ed25519PrivateKey.from_private_bytes(key.seed)


def test_a_message_is_made_of_an_address_and_fields() -> None:
    url = parse_url(f"{ELM}/a?b#c", allows_fragment=True)
    message = make_message("GET", url, {"Accept": "x"})
    assert message == Message("GET", f"{ELM}/a?b", "elm.example", {"accept": "x"})


@given(st.dictionaries(st.sampled_from(["signature", "signature-input", "date"]), st.text()))
def test_any_fields_give_a_claim_or_a_refusal(headers: dict[str, str]) -> None:
    with pytest.raises(KithError):
        read_signature(Message("POST", f"{ELM}/inbox", "elm.example", headers))
