"""Joining, signing in, a new passphrase, recovery, leaving; and what the node gets to see."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kith_client.account import parse_invite_link, parse_node
from kith_client.errors import NodeUnreachableError, ProblemError, WrongPassphraseError
from kith_client.means import Means
from kith_client.member import Member
from kith_client.recovery import parse_recovery_words, recovery_words
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.objects import community_id
from kith_crypto.signin import derive_recovery, derive_sign_in, unwrap_vault_key
from kith_protocol.offer_content import OfferContent, ProfileContent
from kith_testing.rng import SeededRng
from kith_testing.small_node import SmallNode

NAME = "Wren Fold"
PASSPHRASE = "gravel-otter-lamp-violin-pear-moss"
NEW_PASSPHRASE = "barley-quartz-comet-tulip-anvil-fern"


async def join(node: SmallNode, means: Means, home: Path | None, invite: str = "one") -> str:
    joined = await Member.join(
        f"{node.origin}/#i=spring-invite-{invite}",
        name=NAME,
        passphrase=PASSPHRASE,
        home=home,
        means=means,
    )
    await joined.member.close()
    return joined.recovery


async def test_the_node_gets_verifiers_and_slots_that_only_the_device_opens(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    recovery = await join(node, means, tmp_path)
    account = node.accounts[0]
    community = community_id(f"{node.origin}/actor")
    secrets = derive_sign_in(NAME, PASSPHRASE, community=community)
    from_code = derive_recovery(parse_recovery_words(recovery), community=community)
    vault_key = unwrap_vault_key(parse_base64url(account.slots.passphrase), secrets.wrap)
    assert (
        unwrap_vault_key(parse_base64url(account.slots.recovery), from_code.rwrap) == vault_key
    )
    sent = b"".join(seen.body + seen.path.encode() for seen in node.seen)
    for secret in (NAME, "wren", PASSPHRASE, recovery.split()[0] + " "):
        assert secret.encode() not in sent
    for raw in (secrets.wrap, from_code.rwrap, vault_key):
        assert encode_base64url(raw).encode() not in sent


async def test_the_login_name_is_not_even_in_the_opened_keys(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    await join(node, means, tmp_path)
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        kept = msgspec.json.encode(member.community)
    assert b"wren" not in kept.lower()


async def test_keys_open_again_and_sign_in_when_first_needed(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    await join(node, means, tmp_path)
    node.seen.clear()
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        assert node.seen == []
        assert (await member.account.get()).role == "member"
        await member.account.get()
    assert [seen.path for seen in node.seen].count("/api/v1/session") == 1


async def test_an_invite_works_once(node: SmallNode, means: Means, tmp_path: Path) -> None:
    await join(node, means, tmp_path / "a")
    with pytest.raises(ProblemError) as caught:
        await join(node, means, tmp_path / "b")
    assert caught.value.code == "unauthorized"
    assert not (tmp_path / "b" / "keys").exists()


async def test_joining_overwrites_no_keys(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    await join(node, means, tmp_path)
    before = (tmp_path / "keys").read_bytes()
    with pytest.raises(UsageError, match="already"):
        await join(node, means, tmp_path, "two")
    assert (tmp_path / "keys").read_bytes() == before
    assert "spring-invite-two" in node.invites


async def test_a_lost_answer_to_joining_is_found_by_signing_in(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    node.breaks_after = ("POST", "members")
    with pytest.raises(NodeUnreachableError):
        await join(node, means, tmp_path)
    node.breaks_after = None
    async with await Member.sign_in(
        node.origin, name=NAME, passphrase=PASSPHRASE, home=tmp_path, means=means
    ) as member:
        assert (await member.account.get()).state == "active"


@pytest.mark.parametrize(("name", "passphrase"), [("wren", PASSPHRASE), (NAME, "x" * 20)])
async def test_a_wrong_name_and_a_wrong_passphrase_are_one_case(
    node: SmallNode, means: Means, tmp_path: Path, name: str, passphrase: str
) -> None:
    await join(node, means, None)
    with pytest.raises(ProblemError) as caught:
        await Member.sign_in(node.origin, name=name, passphrase=passphrase, means=means)
    assert caught.value.code == "unauthorized"


async def test_a_session_that_ended_is_opened_again_once(
    node: SmallNode, member: Member
) -> None:
    node.sessions.clear()
    assert (await member.account.get()).role == "member"
    node.sessions.clear()
    node.accounts.clear()
    with pytest.raises(ProblemError):
        await member.account.get()


async def test_a_fresh_token_replaces_the_old_one(node: SmallNode, member: Member) -> None:
    node.passes = {"pass-2"}  # the one handed out at joining is over
    node.fresh_token = "fresh"
    await member.search.topics()
    node.seen.clear()
    await member.account.get()
    assert node.seen[0].headers["authorization"] == "Kith fresh"


async def test_a_new_passphrase_replaces_everything(
    node: SmallNode, means: Means, tmp_path: Path, content: OfferContent
) -> None:
    old_code = await join(node, means, tmp_path)
    old_slots = node.accounts[0].slots
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        made = await member.offers.publish(content)
        new_code = await member.account.change_passphrase(NAME, NEW_PASSPHRASE)
        assert (await member.account.get()).slots != old_slots
    with pytest.raises(WrongPassphraseError):
        await Member.open(tmp_path, passphrase=PASSPHRASE, means=means)
    async with await Member.open(tmp_path, passphrase=NEW_PASSPHRASE, means=means) as member:
        assert (await member.offers.get(made.record.id)).answer is not None
        assert member.community.next_auth == b""
    assert new_code != old_code
    with pytest.raises(ProblemError):
        await Member.recover(
            node.origin, words=old_code, name=NAME, passphrase=PASSPHRASE, means=means
        )


async def test_a_lost_answer_to_a_new_passphrase_locks_nobody_out(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    await join(node, means, tmp_path)
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        node.breaks_after = ("PUT", "account")
        with pytest.raises(NodeUnreachableError):
            await member.account.change_passphrase(NAME, NEW_PASSPHRASE)
        node.breaks_after = None
    # The node has the new one, the file still opens by the old one.
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        assert (await member.account.get()).state == "active"
        await member.account.change_passphrase(NAME, NEW_PASSPHRASE)


async def test_the_recovery_code_opens_account_and_keys(
    node: SmallNode, means: Means, tmp_path: Path, content: OfferContent
) -> None:
    code = await join(node, means, tmp_path)
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        made = await member.offers.publish(content)
    recovered = await Member.recover(
        node.origin,
        words=code.upper().replace(" ", "\n"),
        name="other name",
        passphrase=NEW_PASSPHRASE,
        home=tmp_path,
        means=means,
    )
    async with recovered.member as member:
        assert [offer.id for offer in member.keys.offers] == [made.record.id]
        assert (await member.account.get()).state == "active"
    assert recovered.recovery != code
    async with await Member.open(tmp_path, passphrase=NEW_PASSPHRASE, means=means):
        pass


async def test_recovering_pins_no_new_keyholders(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    code = await join(node, means, tmp_path)
    node.keyholders = ("other", "words")
    recovered = await Member.recover(
        node.origin, words=code, name=NAME, passphrase=PASSPHRASE, home=tmp_path, means=means
    )
    async with recovered.member as member:
        assert member.are_keyholders_new(await member.get_community())


async def test_recovers_onto_an_empty_device(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    code = await join(node, means, None)
    recovered = await Member.recover(
        node.origin, words=code, name=NAME, passphrase=PASSPHRASE, home=tmp_path, means=means
    )
    await recovered.member.close()
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        assert (await member.account.get()).role == "member"


async def test_signing_out_everywhere_ends_all_sessions(
    node: SmallNode, member: Member
) -> None:
    await member.account.sign_out_everywhere()
    assert node.sessions == {}
    await member.account.get()  # opens a new one


async def test_new_keyholders_are_noticed_until_they_are_accepted(
    node: SmallNode, member: Member
) -> None:
    assert not member.are_keyholders_new(await member.get_community())
    node.keyholders = ("cabin", "dairy")
    community = await member.get_community()
    assert member.are_keyholders_new(community)
    member.accept_keyholders(community)
    assert not member.are_keyholders_new(await member.get_community())


async def test_another_community_at_the_same_address_is_refused(
    node: SmallNode, member: Member
) -> None:
    node.actor = f"{node.origin}/other"
    with pytest.raises(UsageError, match="another community"):
        await member.get_community()
    node.actor = "https://elsewhere.example/actor"
    with pytest.raises(MalformedError):
        await member.get_community()


async def test_leaving_withdraws_everything_then_deletes_the_account(
    node: SmallNode, means: Means, tmp_path: Path, content: OfferContent
) -> None:
    await join(node, means, tmp_path)
    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        made = await member.offers.publish(content)
        await member.profiles.publish(ProfileContent(pseudonym="Wren", picture="0" * 16))
        withdrawn = await member.leave()
    assert (node.offers, node.profiles, node.accounts) == ({}, {}, [])
    assert [one.offer for one in withdrawn] == [made.record.id]
    assert withdrawn[0].receipts[0].state == "confirmed"
    order = [f"{seen.method} {seen.path.split('/')[3]}" for seen in node.seen]
    assert order.index("DELETE account") > order.index("DELETE offers")

    async with await Member.open(tmp_path, passphrase=PASSPHRASE, means=means) as member:
        assert member.has_left
        assert (await member.leave())[0].receipts[0].state == "confirmed"  # looks again
        with pytest.raises(UsageError, match="left"):
            await member.account.get()
        await member.forget()
    assert list(tmp_path.iterdir()) == []


async def test_leaving_stops_before_the_account_where_a_withdrawal_fails(
    node: SmallNode, member: Member, content: OfferContent
) -> None:
    await member.offers.publish(content)
    node.breaks_after = ("DELETE", "offers")
    with pytest.raises(NodeUnreachableError):
        await member.leave()
    node.breaks_after = None
    assert len(node.accounts) == 1
    await member.leave()
    assert node.accounts == []


@pytest.mark.parametrize(
    ("text", "node", "expected"),
    [
        ("https://kith.example/#i=abc", None, ("https://kith.example", "abc")),
        (" https://kith.example/#i=abc\n", None, ("https://kith.example", "abc")),
        ("http://localhost:8080/#i=abc", None, ("http://localhost:8080", "abc")),
        ("abc", "kith.example", ("https://kith.example", "abc")),
        ("#i=abc", "https://kith.example/", ("https://kith.example", "abc")),
    ],
)
def test_reads_invites_as_people_paste_them(
    text: str, node: str | None, expected: tuple[str, str]
) -> None:
    found = parse_invite_link(text, node=node)
    assert (found.node, found.invite) == expected


@pytest.mark.parametrize(
    "text", ["https://kith.example/", "abc", "http://kith.example/#i=abc", "https:///#i=a"]
)
def test_says_what_is_wrong_with_an_invite(text: str) -> None:
    with pytest.raises(UsageError):
        parse_invite_link(text)


@pytest.mark.parametrize("text", ["", "kith", "https://kith.example/path", "https://[::2]"])
def test_says_what_an_address_looks_like(text: str) -> None:
    with pytest.raises(UsageError, match=r"https://kith\.example"):
        parse_node(text)


def test_recovery_words_come_back() -> None:
    rng = SeededRng(3)
    for code in (bytes(16), b"\xff" * 16, *(rng.bytes(16) for _ in range(50))):
        assert parse_recovery_words(recovery_words(code)) == code


def test_a_slip_in_the_recovery_words_is_mostly_noticed() -> None:
    words = recovery_words(bytes(16)).split()
    noticed = 0
    for nth in range(12):
        slipped = [*words[:nth], "zoom", *words[nth + 1 :]]
        try:
            parse_recovery_words(" ".join(slipped))
        except UsageError:
            noticed += 1
    assert noticed >= 9  # four check bits: one slip in sixteen passes
    with pytest.raises(UsageError, match="twelve words"):
        parse_recovery_words(" ".join(words[:11]))
    with pytest.raises(UsageError, match="word 1 "):
        parse_recovery_words(" ".join(["xyzzy", *words[1:]]))
