import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError, TooLargeError
from kith_protocol import signature_fields
from kith_protocol.limits import MAX_SIGNATURE_HEADER_CHARACTERS
from kith_protocol.signature_fields import SignatureField, read_signature_field

COMPONENTS = '("@method" "@target-uri")'
PARAMETERS = (
    ';created=1700000000;expires=1700000300;nonce="abc";keyid="https://a.example/k";tag="kith"'
)
SIGNATURE = base64.b64encode(bytes(range(64))).decode()
OWN = f"sig1={COMPONENTS}{PARAMETERS}"
VALUE = f"sig1=:{SIGNATURE}:"
ANY_TAG = ("kith", None)


def read(signature_input: str, signature: str = VALUE, tags: Any = ANY_TAG) -> SignatureField:
    return read_signature_field(signature_input, signature, tags=tags)


def read_slowly(signature_input: str, signature: str = VALUE) -> SignatureField:
    return signature_fields._read_any(signature_input, signature, ANY_TAG)


def test_reads_what_kith_writes() -> None:
    field = read(OWN)
    assert field == SignatureField(
        label="sig1",
        components=("@method", "@target-uri"),
        text=COMPONENTS + PARAMETERS,
        signature=bytes(range(64)),
        created=1_700_000_000,
        expires=1_700_000_300,
        nonce="abc",
        key_id="https://a.example/k",
        tag="kith",
    )
    assert field == read_slowly(OWN)


def test_reads_what_others_write() -> None:
    text = '("@method" "date");alg="rsa-v1_5-sha256";keyid="k";created=1'
    field = read(f"x-1={text}", f"x-1=:{SIGNATURE}:")
    assert field.text == text
    assert field.components == ("@method", "date")
    assert (field.algorithm, field.key_id, field.created) == ("rsa-v1_5-sha256", "k", 1)
    assert (field.expires, field.nonce, field.tag) == (None, None, None)


def test_one_label_is_chosen_by_its_tag_and_no_other_is_tried() -> None:
    both = f'a=();created=1;tag="other", b=();created=2, c=();created=3;tag="kith", {OWN}'
    signatures = f"a=:AA==:, b=:AQ==:, c=:Ag==:, {VALUE}"
    assert read(both, signatures).label == "b"
    assert read(both, signatures, ("kith",)).label == "c"
    assert read(both, signatures, ("other",)).signature == b"\0"
    with pytest.raises(MalformedError):
        read(both, signatures, ("kith-capability",))
    # Joined without a blank, as some proxies do.
    assert read(both.replace(", ", ","), signatures.replace(", ", ",")).label == "b"


def test_the_text_is_the_one_received() -> None:
    for other in (
        OWN.replace('" "', '"  "'),
        OWN.replace("created=1700000000", "created=01700000000"),
        OWN.replace(";expires", "; expires"),
        OWN.replace('("@method"', '( "@method"'),
    ):
        with pytest.raises(MalformedError):
            read(other)


@pytest.mark.parametrize(
    "signature_input",
    [
        "",
        "sig1",
        "sig1=1",
        'sig1="text";created=1',
        "sig1=();created=1;created=2",
        f"{OWN}, {OWN}",
        f"{OWN};extra=1",
        "sig1=(@method);created=1",
        'sig1=("@method";req);created=1',
        'sig1=("date";sf);created=1',
        "sig1=(1 2);created=1",
        "sig1=();created=1.0",
        "sig1=();created=1e9",
        "sig1=();created=-1",
        "sig1=();created=?1",
        "sig1=();created=@1700000000",
        'sig1=();created="1"',
        "sig1=();created",
        "sig1=();keyid=token",
        'sig1=();keyid=""',
        "sig1=();nonce=:AA==:",
        "sig1=();alg=1",
        f'sig1=();keyid="{"k" * 2049}"',
        "sig1=(" + " ".join(['"a"'] * 25) + ");created=1",
        ", ".join(f"s{number}=();created=1" for number in range(5)),
        'sig1=("@method" "@method\n");created=1',
        'sig1=("ü");created=1',
        'sig1=("@method");created=1,',
        "Sig1=();created=1",
    ],
)
def test_refuses_fields_of_another_form(signature_input: str) -> None:
    with pytest.raises(MalformedError):
        read(signature_input)


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "sig2=:AA==:",
        "sig1=AA==",
        'sig1="AA=="',
        "sig1=(:AA==:)",
        "sig1=:A:",
        f"{VALUE}, {VALUE}",
        "sig1=:" + SIGNATURE[:-3] + "=:",
    ],
)
def test_refuses_a_signature_of_another_form(signature: str) -> None:
    with pytest.raises(MalformedError):
        read(OWN, signature)


def test_base64_has_one_spelling_on_the_short_way() -> None:
    spelled = SIGNATURE[:-3] + "x=="
    assert base64.b64decode(spelled) == base64.b64decode(SIGNATURE)
    assert signature_fields._read_own(OWN, f"sig1=:{spelled}:", ANY_TAG) is None


def test_refuses_fields_that_are_too_long() -> None:
    for fields in ((OWN + " " * MAX_SIGNATURE_HEADER_CHARACTERS, VALUE), (OWN, "a" * 9000)):
        with pytest.raises(TooLargeError):
            read(*fields)


def test_hostile_fields_take_little_time() -> None:
    size = MAX_SIGNATURE_HEADER_CHARACTERS
    for text in (
        'sig1=("' + "a" * (size - 10),
        "sig1=(" + '"a" ' * (size // 4 - 4),
        "sig1=()" + ";a" * (size // 2 - 6),
        "a=(),".ljust(size, ","),
        "(" * size,
        'sig1=("\\' + '\\"' * (size // 2 - 6),
    ):
        with pytest.raises(MalformedError):
            read(text[:size])


parts = st.sampled_from(
    [
        *("sig1=", "sig1", "(", ")", '"@method"', '"date"', " ", ";", ",", "=", "1", '"'),
        *(";created=1", ";expires=2", ';nonce="n"', ';keyid="k"', ';tag="kith"', ';alg="x"'),
        *("\\", "é", "?1", ":AA==:", "-", "0"),
    ]
)
near_own = st.lists(parts, max_size=12).map("".join) | st.tuples(
    st.integers(0, len(OWN)), st.integers(0, 3), parts
).map(lambda cut: OWN[: cut[0]] + cut[2] + OWN[cut[0] + cut[1] :])


@given(near_own)
def test_the_short_way_and_the_long_way_agree(signature_input: str) -> None:
    quick = signature_fields._read_own(signature_input, VALUE, ANY_TAG)
    try:
        slow = read_slowly(signature_input)
    except KithError:
        assert quick is None
        return
    assert quick in (None, slow)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_gives_a_field_or_a_refusal(signature_input: str, signature: str) -> None:
    try:
        field = read(signature_input, signature)
    except KithError:
        return
    assert field.label in signature_input
