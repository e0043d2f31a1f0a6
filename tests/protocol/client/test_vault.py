"""The member's vault, nodes that fail or lie, and new keys in the middle of it."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest

from kith_client.errors import (
    NodeUnreachableError,
    ProblemError,
    VaultFullError,
    WrongPassphraseError,
)
from kith_client.keyring import Keyring
from kith_client.means import Means
from kith_client.member import Member
from kith_client.records import Records, VaultState
from kith_client.vault import Warning_
from kith_client.vault_copy import VaultCopy
from kith_crypto.errors import DecryptionError
from kith_protocol.vault.chest import Stored, open_data, open_index
from kith_protocol.vault.layout import chunk_of
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng
from kith_testing.small_node import SmallNode
from kith_testing.small_vault import SmallVault

NAME = "Wren Fold"
PASSPHRASE = "gravel-otter-lamp-violin-pear-moss"
NEW_PASSPHRASE = "barley-quartz-comet-tulip-anvil-fern"
VAULT = ("PUT", "vault")
CREDENTIALS = ("PUT", "account")


def vault_of(node: SmallNode) -> SmallVault:
    return node.vault_of(node.accounts[-1])


def other_device(node: SmallNode, member: Member, means: Means) -> Member:
    """Return another device of *member*, without the work of signing in."""
    keyring = Keyring.create(
        None, passphrase="", vault_key=member.keys.vault_key, rng=means.rng
    )
    keyring.records = Records(community=member.community)
    return Member(keyring, means, ExitStack())


def write_back(node: SmallNode, member: Member, chunks: dict[int, bytes]) -> None:
    vault_of(node).chunks = dict(chunks)


async def join(node: SmallNode, means: Means, home: Path, *, name: str = NAME) -> Member:
    joined = await Member.join(
        f"{node.origin}/#i={next(iter(node.invites))}",
        name=name,
        passphrase=PASSPHRASE,
        home=home,
        means=means,
    )
    return joined.member


async def reopen(home: Path, means: Means, passphrase: str = PASSPHRASE) -> Member:
    return await Member.open(home, passphrase=passphrase, means=means)


# --- what a node can answer ------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, 20_000, 16_384, 65_536])
async def test_a_chunk_that_is_anything_is_written_anew_in_its_old_size(
    node: SmallNode, member: Member, size: int
) -> None:
    member.vault.put("persona", "a", {"n": 1})
    await member.vault.sync()
    chunk = chunk_of(("persona", "a"), number=15)
    other_key = dict(vault_of(node).chunks)
    # The index is new, so that the device looks; the chunk does not fit it.
    async with other_device(node, member, Means(clock=node.clock, rng=SeededRng(9))) as other:
        await other.vault.sync()
        other.vault.put("persona", "a", {"n": 2})
        await other.vault.sync()
        vault_of(node).chunks[chunk] = bytes(size)
        await member.vault.sync()
        assert member.vault.warnings == {"damaged"}
        assert len(vault_of(node).chunks[chunk]) == 16_384
        await other.vault.sync()
        await member.vault.sync()
        assert member.vault.list("persona") == other.vault.list("persona") == {"a": {"n": 2}}
    assert other_key.keys() == vault_of(node).chunks.keys()


async def test_a_chunk_that_is_missing_is_written_anew(
    node: SmallNode, member: Member, means: Means
) -> None:
    async with other_device(node, member, means) as other:
        for one in range(40):
            other.vault.put("persona", f"p{one}", {})
        await member.vault.sync()
        await other.vault.sync()
        del vault_of(node).chunks[3]
        await member.vault.sync()
        assert member.vault.warnings == {"damaged"}
        assert sorted(vault_of(node).chunks) == list(range(16))


async def test_a_new_device_takes_no_vault_that_does_not_fit(
    node: SmallNode, member: Member, means: Means
) -> None:
    await member.vault.sync()
    before = dict(vault_of(node).chunks)
    vault_of(node).chunks[2] = bytes(16_384)
    async with other_device(node, member, means) as other:
        with pytest.raises(DecryptionError):
            await other.vault.sync()
    assert vault_of(node).chunks == before | {2: bytes(16_384)}


async def test_an_index_that_does_not_open_is_not_written_over(
    node: SmallNode, member: Member
) -> None:
    await member.vault.sync()
    vault_of(node).chunks[0] = bytes(16_384)
    member.vault.put("persona", "a", {})
    with pytest.raises(DecryptionError):
        await member.vault.sync()
    assert vault_of(node).chunks[0] == bytes(16_384)
    assert member.vault.is_behind


async def test_an_old_vault_with_a_new_version_is_seen_by_its_older_records(
    node: SmallNode, member: Member, means: Means
) -> None:
    member.vault.put("persona", "a", {"n": 1})
    await member.vault.sync()
    old = dict(vault_of(node).chunks)
    async with other_device(node, member, means) as other:
        await other.vault.sync()
        member.vault.put("persona", "a", {"n": 2})
        await member.vault.sync()
        # Set back; a device that has not seen the newer one writes on top of the older.
        write_back(node, member, old)
        for one in range(3):
            other.vault.put("persona", f"more-{one}", {})
            await other.vault.sync()
        told: list[Warning_] = []
        member.vault.tell = told.append
        await member.vault.sync()
        assert told == ["rolled-back"]
        assert member.vault.warnings == {"rolled-back"}
        await member.vault.sync()
        assert told == ["rolled-back"]
        await other.vault.sync()
        assert other.vault.list("persona") == member.vault.list("persona")
        assert member.vault.list("persona")["a"] == {"n": 2}
        assert not other.vault.warnings


async def test_devices_that_write_the_same_record_warn_of_nothing(
    node: SmallNode, member: Member, means: Means
) -> None:
    async with other_device(node, member, means) as other:
        for one in range(6):
            member.vault.put("persona", "a", {"member": one})
            other.vault.put("persona", "a", {"other": one})
            await member.vault.sync()
            await other.vault.sync()
            await member.vault.sync()
            assert member.vault.list("persona") == other.vault.list("persona")
        assert not member.vault.warnings | other.vault.warnings


# --- lines that break --------------------------------------------------------------


async def test_a_lost_answer_costs_one_look_and_no_second_writing(
    node: SmallNode, member: Member
) -> None:
    await member.vault.sync()
    device = member.vault.device
    member.vault.put("persona", "a", {"n": 1})
    node.breaks_after = VAULT
    with pytest.raises(NodeUnreachableError):
        await member.vault.sync()
    node.breaks_after = None
    stored = dict(vault_of(node).chunks)
    await member.vault.sync()
    assert vault_of(node).chunks == stored
    assert not member.vault.is_behind
    assert not member.vault.warnings
    assert member.vault.device == device


async def test_joining_shows_the_recovery_code_though_the_vault_is_not_stored(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    node.breaks_before = VAULT
    joined = await Member.join(
        f"{node.origin}/#i=spring-invite-one",
        name=NAME,
        passphrase=PASSPHRASE,
        home=tmp_path,
        means=means,
    )
    assert len(joined.recovery.split()) == 12
    await joined.member.close()  # no error either
    node.breaks_before = None
    async with await reopen(tmp_path, means) as member:
        assert member.vault.is_behind
    assert sorted(vault_of(node).chunks) == list(range(16))


async def test_signing_in_that_does_not_get_the_vault_can_be_repeated(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    await (await join(node, means, tmp_path / "one")).close()
    node.breaks_before = ("GET", "vault")
    home = tmp_path / "two"
    with pytest.raises(NodeUnreachableError):
        await Member.sign_in(
            node.origin, name=NAME, passphrase=PASSPHRASE, home=home, means=means
        )
    assert not (home / "keys").exists()
    node.breaks_before = None
    async with await Member.sign_in(
        node.origin, name=NAME, passphrase=PASSPHRASE, home=home, means=means
    ) as member:
        assert not member.vault.is_behind


# --- new keys ------------------------------------------------------------------------


async def test_a_second_try_of_a_new_passphrase_that_fails_locks_nobody_out(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    async with await join(node, means, tmp_path) as member:
        member.vault.put("persona", "a", {"n": 1})
        await member.vault.sync()
        node.breaks_after = CREDENTIALS
        with pytest.raises(NodeUnreachableError):
            await member.account.change_passphrase(NAME, NEW_PASSPHRASE)
        # The node has the new one; now nothing arrives at all.
        node.breaks_after, node.breaks_before = None, CREDENTIALS
        with pytest.raises(NodeUnreachableError):
            await member.account.change_passphrase(NAME, "a third one of many words")
        node.breaks_before = None
    async with await reopen(tmp_path, means) as member:
        member.vault.put("persona", "a", {"n": 2})
        await member.vault.sync()
        await member.account.change_passphrase(NAME, NEW_PASSPHRASE)
        assert not member.vault.warnings
    async with await reopen(tmp_path, means, NEW_PASSPHRASE) as member:
        assert member.community.vault_key == member.community.next_vault_key == b""
        await member.vault.sync()
        assert member.vault.list("persona") == {"a": {"n": 2}}


async def test_another_device_signs_in_again_and_loses_nothing(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    async with await join(node, means, one) as member:
        async with await Member.sign_in(
            node.origin, name=NAME, passphrase=PASSPHRASE, home=two, means=means
        ) as other:
            other.vault.put("persona", "only-here", {"n": 1})
            old_key = other.keys.vault_key
            node.breaks_before = VAULT
        node.breaks_before = None
        member.vault.put("persona", "a", {"n": 2})
        await member.account.change_passphrase(NAME, NEW_PASSPHRASE)
        new_key = member.keys.vault_key
    async with await reopen(two, means) as other:
        with pytest.raises(ProblemError) as caught:
            await other.vault.sync()
        assert caught.value.code == "unauthorized"
        with pytest.raises(ProblemError):
            await other.account.sign_in_again(NAME, "a wrong one of many words")
        await other.account.sign_in_again(NAME, NEW_PASSPHRASE)
        assert other.vault.list("persona") == {"a": {"n": 2}, "only-here": {"n": 1}}
        assert other.keys.vault_key == new_key != old_key
        assert not other.vault.warnings
    with pytest.raises(WrongPassphraseError):
        await reopen(two, means)
    async with await reopen(two, means, NEW_PASSPHRASE) as other:
        assert not other.vault.is_behind
    async with await reopen(one, means, NEW_PASSPHRASE) as member:
        await member.vault.sync()
        assert member.vault.list("persona")["only-here"] == {"n": 1}


async def test_a_new_key_leaves_no_chunk_that_the_old_one_opens(
    node: SmallNode, means: Means, tmp_path: Path
) -> None:
    async with await join(node, means, tmp_path) as member:
        member.vault.put("persona", "a", {"n": 1})
        await member.vault.sync()
        old_key, old = member.keys.vault_key, dict(vault_of(node).chunks)
        index = open_index(old_key, old[0])
        await member.account.change_passphrase(NAME, NEW_PASSPHRASE)
    new = vault_of(node).chunks
    assert not set(old.values()) & set(new.values())
    with pytest.raises(DecryptionError):
        open_index(old_key, new[0])
    for chunk in range(1, 16):
        with pytest.raises(DecryptionError):
            open_data(old_key, chunk, new[chunk], index=index)


# --- this device's copy ----------------------------------------------------------------


def copy_of(state: VaultState | None = None) -> VaultCopy:
    seed = 3 if state is None else 4  # one file never draws what another one drew
    return VaultCopy(state or VaultState(), clock=FakeClock(), rng=SeededRng(seed))


def take(copy: VaultCopy, record_of: VaultCopy, stored: Stored) -> bool:
    contents = dict(record_of.snapshot())
    return copy.take(contents, stored, fresh=range(1, stored.index.number + 1))


def test_a_restored_copy_that_wrote_the_same_revision_stands_for_a_new_device() -> None:
    first = copy_of()
    first.put("persona", "a", {"n": 0})
    state = first.state()
    # Whichever of the two would win: both are revision 2 of one device.
    for mine, theirs in ((1, 2), (2, 1)):
        lost, kept = copy_of(state), copy_of(state)
        lost.put("persona", "a", {"n": theirs})
        kept.put("persona", "a", {"n": mine})
        device = kept.device
        writing = lost.write(bytes(32))
        take(kept, lost, writing.stored)
        assert kept.device != device == first.device


def test_what_cannot_be_read_is_not_put() -> None:
    copy = copy_of()
    with pytest.raises(ValueError, match="record"):
        copy.put("persona", "a", {"w": [0] * 5000})
    assert copy.list("persona") == {}
    assert copy_of(copy.state()).list("persona") == {}


def test_true_is_another_value_than_1() -> None:
    copy = copy_of()
    copy.put("persona", "a", {"n": 1})
    copy.put("persona", "a", {"n": True})
    assert copy.list("persona")["a"]["n"] is True


def test_nothing_is_written_where_a_value_is_the_same() -> None:
    copy = copy_of()
    copy.put("persona", "a", {"b": 1, "a": [1, 2]})
    changes = copy.changes
    copy.put("persona", "a", {"a": [1, 2], "b": 1})
    assert copy.changes == changes


def test_a_full_vault_says_so_and_has_room_again_after_deleting() -> None:
    copy = copy_of()
    for one in range(18):
        copy.put("page", f"p{one}", {"t": "x" * 1_000_000})
    with pytest.raises(VaultFullError):
        copy.write(bytes(32))
    for one in range(12):
        copy.delete("page", f"p{one}")
    assert copy.write(bytes(32)).size_bytes <= 16 * 1024 * 1024


def test_chunks_that_were_large_are_made_small_before_a_vault_is_full() -> None:
    copy = copy_of()
    for one in range(12):
        copy.put("page", f"p{one}", {"t": "x" * 1_000_000})
    copy.written(copy.write(bytes(32)), copy.snapshot())
    for one in range(12):
        copy.delete("page", f"p{one}")
    for one in range(12):
        copy.put("page", f"q{one}", {"t": "x" * 1_000_000})
    writing = copy.write(bytes(32))
    assert writing.size_bytes <= 16 * 1024 * 1024
    assert writing.chunks.keys() == set(range(256))
