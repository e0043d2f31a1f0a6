import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import KithError, MalformedError
from kith_crypto.hashes import sha256
from kith_protocol.day import MAX_DAY, Day
from kith_protocol.errors import ExpiredError
from kith_protocol.invite import (
    ROLES,
    Invite,
    check_invite,
    encode_invite,
    invite_hash,
    invite_link,
    parse_invite,
)
from kith_testing.wire_documents import ASH, TODAY

invites = st.builds(
    Invite,
    code=st.binary(min_size=16, max_size=16),
    role=st.sampled_from(ROLES),
    expiry_day=st.integers(0, MAX_DAY).map(Day),
)


@given(invites)
def test_an_invite_parses_to_itself(invite: Invite) -> None:
    text = encode_invite(invite)
    assert len(text) == 28
    assert parse_invite(text) == invite


def test_a_node_keeps_the_hash_of_code_role_and_day() -> None:
    invite = Invite(bytes(16), "admin", Day(258))
    assert invite_hash(invite) == sha256(bytes(16) + b"\x05" + b"\x00\x00\x01\x02")


def test_a_link_holds_the_invite_in_its_fragment_only() -> None:
    invite = Invite(bytes(16), "member", TODAY)
    assert invite_link(ASH, invite) == f"{ASH}/#i={encode_invite(invite)}"


def test_an_invite_does_not_show_itself() -> None:
    assert repr(Invite(b"secretsecretsecr", "member", TODAY)) == "Invite(...)"


def test_an_invite_lasts_until_the_end_of_its_day() -> None:
    invite = Invite(bytes(16), "member", TODAY)
    check_invite(invite, today=TODAY)
    with pytest.raises(ExpiredError):
        check_invite(invite, today=Day(TODAY + 1))


@given(st.text(max_size=30) | st.text("AB_-w8", min_size=28, max_size=28))
def test_any_text_gives_an_invite_or_a_refusal(text: str) -> None:
    try:
        invite = parse_invite(text)
    except KithError:
        return
    assert encode_invite(invite) == text


def test_refuses_a_role_or_day_that_does_not_exist() -> None:
    good = encode_invite(Invite(bytes(16), "member", Day(0)))
    assert good == "A" * 28
    for text in ("A" * 21 + "YAAAAAA", "A" * 22 + "_____w", "A" * 27):
        with pytest.raises(MalformedError):
            parse_invite(text)
