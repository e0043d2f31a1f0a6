"""The members room as the routes and the command line see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

from kith_crypto.randomness import Rng
from kith_node.members.accounts import Accounts, Limit
from kith_node.members.invites import Invites
from kith_node.members.reader_passes import ReaderPasses
from kith_node.members.sessions import Sessions
from kith_node.members.vaults import Vaults, WriteLimit
from kith_node.runtime.system import Clock
from kith_node.storage.database import Database
from kith_protocol.api import CommunityAnswer


@dataclasses.dataclass(frozen=True, slots=True)
class Members:
    """The parts of the room, made together by ``make_members``.

    ``community`` returns what anyone may know of it, as of now.
    """

    accounts: Accounts
    invites: Invites
    sessions: Sessions
    reader_passes: ReaderPasses
    vaults: Vaults
    community: Callable[[], CommunityAnswer]


def make_members(
    members: Database,
    keys_dir: Path,
    *,
    community: Callable[[], CommunityAnswer],
    limit: Limit,
    clock: Clock,
    rng: Rng,
    vault_factor: int = 1,
) -> Members:
    """Return the room over the open ``members.db`` and ``data_dir/keys``.

    *vault_factor* widens how much a member may write.

    Raises:
        OSError: a key file can be neither read nor written.
        ValueError: a key file is no key.
    """
    invites = Invites(members, clock=clock, rng=rng)
    sessions = Sessions(members, keys_dir, clock=clock, rng=rng)
    passes = ReaderPasses(keys_dir, clock=clock, rng=rng)
    vaults = Vaults(members, limit=WriteLimit(clock=clock, rng=rng, factor=vault_factor))
    accounts = Accounts(
        members,
        invites=invites,
        sessions=sessions,
        reader_passes=passes,
        vaults=vaults,
        limit=limit,
        rng=rng,
    )
    return Members(accounts, invites, sessions, passes, vaults, community)
