"""``kith status``: how the node is doing, in numbers that name nobody."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from kith_node.catalogue import store as catalogue_store
from kith_node.cli.output import print_json, print_table
from kith_node.cli.peer import state_of
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.federation import peer_store
from kith_node.federation import store as federation_store
from kith_node.runtime.wiring import Node

MAX_AUTHORS = 100_000


class Status(msgspec.Struct, frozen=True):
    """What a steward wants to see first.

    Attributes:
        node: the actor id.
        members: number of accounts.
        open_invites: number of invites nobody has used.
        offers: own live offers that were released.
        unreleased: own offers and changes that wait for the next release.
        remote_offers: live offers of other communities.
        resources: live entries of this community's library.
        remote_resources: those of other communities that members may see.
        communities: how many communities those are of.
        peers: nodes with which an exchange goes on.
        waiting_peers: nodes that wait for a steward's decision.
        outbox: number of the last entry of the log.
        deliveries_waiting: peers to which something is still to be sent.
    """

    node: str
    members: int
    open_invites: int
    offers: int
    unreleased: int
    remote_offers: int
    resources: int
    remote_resources: int
    communities: int
    peers: int
    waiting_peers: int
    outbox: int
    deliveries_waiting: int


@click.command()
@config_option
@json_option
def status(config_path: Path, *, as_json: bool) -> None:
    """Print how many members, offers and peers there are, and what waits.

    \b
    Example:
      kith status --json
    """  # noqa: D301 - click reads the escape
    found = with_node(config_path, read_status)
    if as_json:
        print_json(found)
        return
    rows = [
        (name.replace("_", " "), str(value))
        for name, value in msgspec.to_builtins(found).items()
    ]
    print_table(("what", "how many"), rows)


async def read_status(node: Node) -> Status:
    """Return the figures of *node* from its databases."""
    views = [state_of(view) for view in await node.federation.peering.list()]
    async with node.stores.catalogue.read() as connection:
        live = await catalogue_store.count_by_author(connection, limit=MAX_AUTHORS)
        outbox = await federation_store.last_sequence(connection)
        waiting = {
            *await peer_store.list_addressees(connection),
            *await peer_store.list_behind(connection),
        }
    listed = [resource.author for resource in await node.library.all()]
    resources = listed.count(node.identity.actor)
    own = live.pop(node.identity.actor, 0)
    return Status(
        node=node.identity.actor,
        members=await node.members.accounts.count(),
        open_invites=len(await node.members.invites.list_open()),
        offers=own,
        unreleased=await node.offers.count_waiting(),
        remote_offers=sum(live.values()),
        resources=resources,
        remote_resources=len(listed) - resources,
        communities=len(live),
        peers=views.count("peer"),
        waiting_peers=views.count("waits for you"),
        outbox=outbox,
        deliveries_waiting=len(waiting),
    )
