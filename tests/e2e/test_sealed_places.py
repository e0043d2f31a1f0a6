"""Whether the places of rows tell who wrote to which box.

A member who writes stores their vault and hands in an envelope, one right after the other. The
vault lies in one file, the envelope's handle and the envelope in two others: whoever has all
three and can tell the order in which rows came knows who wrote to whom.
"""

import asyncio
import dataclasses
import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from kith_crypto.ed25519 import SigningKey
from kith_crypto.envelope import Unstamped
from kith_crypto.objects import box_address
from kith_crypto.vault import seal_chunk
from kith_node.http.route import MemberId
from kith_node.runtime.housekeeping import REBUILD_S
from kith_protocol.chance import shuffle
from kith_protocol.day import month_of
from kith_protocol.hand_in import HandIn, encode_hand_in
from kith_protocol.sealed_api import BoxBody
from kith_protocol.vault_upload import chunk_etag
from kith_testing.analyst import Clues, Finding, match, read_clues
from kith_testing.node import LocalNode, open_local_node
from kith_testing.sending import PAST_DELAYS_S

pytestmark = pytest.mark.e2e

MEMBERS = 120
FALSE_ALARM = 0.01
ENDINGS = ("rebuilt", "stopped")


@dataclasses.dataclass(frozen=True, slots=True)
class Quiet:
    """One node whose members wrote one after the other.

    Attributes:
        folder: holds ``killed``, ``rebuilt`` and ``stopped``.
        senders: the box that each wrote to, to their id.
        handles: the handle that each used, to their id.
        owners: the box of each, to their id.
        chunks: how the newest chunk of each vault begins, to their id.
    """

    folder: Path
    senders: Mapping[bytes, bytes]
    handles: Mapping[bytes, bytes]
    owners: Mapping[bytes, bytes]
    chunks: Mapping[bytes, bytes]

    def guess(self, ending: str, database: str, truth: Mapping[bytes, bytes]) -> Finding:
        """Return the best guess which things of *database* belong to whom."""
        members = {one: one for one in truth.values()}
        path = self.folder / ending / "members.db"
        vaults = read_clues(path, self.chunks)
        about = dict(read_clues(path, members))
        about.update((f"newest {name}", at) for name, at in vaults.items())
        finding = match(about, self._clues(ending, database, truth), truth)
        assert finding.tries > 5
        return finding

    def _clues(self, ending: str, database: str, truth: Mapping[bytes, bytes]) -> Clues:
        return read_clues(self.folder / ending / database, {one: one for one in truth})


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Quiet:
    return asyncio.run(be_quiet(tmp_path_factory.mktemp("quiet")))


async def be_quiet(folder: Path) -> Quiet:
    async with open_local_node(folder / "node", seed=7) as local:
        data = folder / "node" / "data"
        members = [await join(local, number) for number in range(MEMBERS)]
        owners = {box: member for member, box in members}
        # What follows is not the creation of anything that is asked for by a key.
        await local.node.housekeeping.run_rebuild()
        senders, handles, chunks = {}, {}, {}
        boxes = shuffle([box for _, box in members], local.rng)
        for (member, _), box in zip(shuffle(members, local.rng), boxes, strict=True):
            handle = local.rng.bytes(16)
            chunks[await write(local, member, box, handle)] = member
            senders[box], handles[handle] = member, member
        await local.node.housekeeping.run_checkpoint()
        shutil.copytree(data, folder / "killed")
        local.clock.advance(int(REBUILD_S))
        await local.node.housekeeping.run_rebuild()
        await local.node.housekeeping.run_checkpoint()
        shutil.copytree(data, folder / "rebuilt")
        await local.node.stop()
        shutil.copytree(data, folder / "stopped")
    return Quiet(folder, senders, handles, owners, chunks)


async def join(local: LocalNode, number: int) -> tuple[MemberId, bytes]:
    """Let somebody join and open a box; return their id and the box's address."""
    caller = number.to_bytes(16, "big")
    joined = await local.node.members.accounts.register(
        await local.registration(), caller=caller
    )
    member = (await local.node.members.sessions.open(joined.token)).member_id
    key = SigningKey.generate(local.rng).verify_key
    body = BoxBody("reply", month_of(local.today) + 3)
    await local.node.mailboxes.boxes.create(
        body, address=box_address(key), key=key, member=member
    )
    await local.node.members.vaults.write(member, {0: a_chunk(local)}, expected=None)
    return member, box_address(key)


def a_chunk(local: LocalNode) -> bytes:
    key, nonce = local.rng.bytes(32), local.rng.bytes(12)
    return seal_chunk(key, 0, b"records", nonce=nonce, at_least=16_384)


async def write(local: LocalNode, member: MemberId, box: bytes, handle: bytes) -> bytes:
    """Store the vault of *member*, which grows, and let an envelope arrive in *box*.

    Returns how the new chunk of the vault begins.
    """
    vaults = local.node.members.vaults
    known = chunk_etag(await vaults.read(member, 0))
    # What is only written anew stays in its place and tells nothing.
    new = a_chunk(local)
    await vaults.write(member, {0: a_chunk(local), 1: new}, expected=known)
    sealed = local.rng.bytes(4096)
    hand_in = HandIn(local.origin, False, Unstamped(box, local.rng.bytes(32), sealed))
    await local.node.envelopes.hand_in(member, handle, encode_hand_in(hand_in))
    local.clock.advance(PAST_DELAYS_S)
    await local.node.envelopes.run_queue()
    return new[:16]


@pytest.mark.parametrize("ending", ENDINGS)
def test_nobody_can_tell_who_wrote_to_which_box(quiet: Quiet, ending: str) -> None:
    finding = quiet.guess(ending, "objects.db", quiet.senders)
    assert abs(finding.correlation) < finding.chance(FALSE_ALARM), finding


@pytest.mark.parametrize("ending", ENDINGS)
def test_nobody_can_tell_whose_box_it_is(quiet: Quiet, ending: str) -> None:
    finding = quiet.guess(ending, "objects.db", quiet.owners)
    assert abs(finding.correlation) < finding.chance(FALSE_ALARM), finding


@pytest.mark.parametrize("ending", ENDINGS)
def test_nobody_can_tell_who_used_which_handle(quiet: Quiet, ending: str) -> None:
    finding = quiet.guess(ending, "catalogue.db", quiet.handles)
    assert abs(finding.correlation) < finding.chance(FALSE_ALARM), finding


def test_the_same_analyst_reads_what_came_since_the_last_rebuild(quiet: Quiet) -> None:
    senders = quiet.guess("killed", "objects.db", quiet.senders)
    assert abs(senders.correlation) > 0.9, senders
    handles = quiet.guess("killed", "catalogue.db", quiet.handles)
    assert abs(handles.correlation) > handles.chance(FALSE_ALARM), handles
