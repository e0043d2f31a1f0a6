from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.content_digest import DigestError, content_digest, verify_content_digest

BODY = b'{"hello": "world"}'
GOOD = "sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:"


def test_every_published_digest_verifies_and_is_made(load_vectors: Any) -> None:
    for vector in load_vectors("content_digest.json")["vectors"]:
        body = bytes.fromhex(vector["body_hex"])
        verify_content_digest(vector["content_digest"], body)
        if vector["algorithm"] == "sha-256":
            assert content_digest(body) == vector["content_digest"]
        with pytest.raises(DigestError):
            verify_content_digest(vector["content_digest"], body + b" ")


def test_every_field_case_gives_its_result(load_vectors: Any) -> None:
    seen = 0
    for case in load_vectors("content_digest.json")["cases_for_hello_world"]:
        header = case["header"]
        if header is None:
            continue  # whether the field must be there is decided by who reads the message
        joined = ", ".join(header) if isinstance(header, list) else header
        seen += 1
        if case["expect"].startswith("accept"):
            verify_content_digest(joined, BODY)
        else:
            with pytest.raises(DigestError):
                verify_content_digest(joined, BODY)
    assert seen == 11


@pytest.mark.parametrize(
    "header",
    [
        f'x="{GOOD}", sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:',
        f"x, {GOOD}, sha-512=?1",
        GOOD.replace("sha-256", "SHA-256"),
        GOOD + ",",
        GOOD + "\n",
        GOOD.replace("E=:", "F=:"),  # the same bytes with other trailing bits
        GOOD + " " * 2000,
        "sha-256=:é:",
        "sha-256",
    ],
)
def test_refuses_tricks_with_the_field(header: str) -> None:
    with pytest.raises(DigestError):
        verify_content_digest(header, BODY)


def test_ignores_unknown_algorithms_and_parameters_beside_a_good_one() -> None:
    verify_content_digest(f"{GOOD};q=1, unixsum=:AAA=:, x=(1 2)", BODY)


@given(
    st.text(max_size=60) | st.text('sha-256=:"(;,?@%1 AQ', max_size=60), st.binary(max_size=4)
)
def test_any_field_is_refused_unless_it_fits(header: str, body: bytes) -> None:
    try:
        verify_content_digest(header, body)
    except DigestError:
        return
    assert content_digest(body) in header


@given(st.binary(max_size=50))
def test_what_is_made_verifies(body: bytes) -> None:
    verify_content_digest(content_digest(body), body)
