"""``kith peer``: connect with other communities."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import click

from kith_crypto.errors import UnavailableError
from kith_node.cli.output import print_json, print_table
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.federation.peering import PeeringService, PeerView
from kith_node.runtime.wiring import Node

# Who works on the node's own machine may do everything.
ROLE = "admin"

_address = click.argument("address")


@click.group()
def peer() -> None:
    """Connect with other communities.

    Two nodes are peers when both have agreed. Compare the eight words with the other steward
    by a way you trust before you approve.

    \b
    Examples:
      kith peer add linden.example
      kith peer list
      kith peer approve linden.example
      kith peer block linden.example
    """  # noqa: D301 - click reads the escape


@peer.command()
@config_option
@_address
@json_option
def add(config_path: Path, address: str, *, as_json: bool) -> None:
    """Ask the node at ADDRESS (a domain) to become a peer."""

    async def work(node: Node) -> str:
        try:
            return await node.federation.peering.add(address, role=ROLE)
        except UnavailableError as error:
            raise UnavailableError(
                f"{address}: {error}; check the address, and whether that node is running",
                retry_after_s=error.retry_after_s,
            ) from error

    actor = with_node(config_path, work)
    if as_json:
        print_json({"actor": actor})
    else:
        click.echo(f"Asked {actor}. It is a peer when its stewards agree: kith peer list")


@peer.command("list")
@config_option
@json_option
def list_peers(config_path: Path, *, as_json: bool) -> None:
    """List all nodes that are known, and how they stand.

    \b
    peer           both agreed, offers go both ways
    limited        a peer whose offers are hidden until you approve it again
    waits for you  it asked: approve or reject it
    asked          you asked, it has not agreed yet
    said no        you asked, it refused
    paused         it shows a new key: compare the words, then trust it
    removed        you ended it, and it was told
    blocked        you cut it off, and it is not told
    no peer        nothing is agreed or asked
    """  # noqa: D301 - click reads the escape

    async def work(node: Node) -> list[PeerView]:
        return list(await node.federation.peering.list())

    views = with_node(config_path, work)
    if as_json:
        print_json({"peers": [_plain(view) for view in views]})
    elif views:
        rows = [(view.host, state_of(view), " ".join(view.fingerprint)) for view in views]
        print_table(("node", "state", "fingerprint"), rows)
    else:
        click.echo("No other node is known. Ask one with `kith peer add DOMAIN`.")


@peer.command()
@config_option
@_address
def approve(config_path: Path, address: str) -> None:
    """Accept a request that waits, or show a limited peer's offers again."""

    async def work(node: Node) -> None:
        await node.federation.peering.approve(address, role=ROLE)

    with_node(config_path, work)
    click.echo(f"{address}: approved")


def _command(
    name: str,
    summary: str,
    done: str,
    act: Callable[[PeeringService, str], Awaitable[None]],
) -> None:
    @peer.command(name, help=summary)
    @config_option
    @_address
    def command(config_path: Path, address: str) -> None:
        async def work(node: Node) -> None:
            await act(node.federation.peering, address)

        with_node(config_path, work)
        click.echo(f"{address}: {done}")


_command(
    "reject",
    "Refuse a request that waits; the other node is told. To end a peering, use remove.",
    "rejected",
    lambda peering, address: peering.reject(address, role=ROLE),
)
_command(
    "limit",
    "Keep what the peer sends, but hide it from members until you approve it again.",
    "limited",
    lambda peering, address: peering.limit(address, role=ROLE),
)
_command(
    "block",
    "Cut the node off without telling it, and drop everything it sent.",
    "blocked",
    lambda peering, address: peering.block(address, role=ROLE),
)
_command(
    "unblock",
    "Lift a block. The node hears that the exchange has ended; both may agree anew.",
    "no longer blocked",
    lambda peering, address: peering.unblock(address, role=ROLE),
)
_command(
    "remove",
    "End the exchange or take back a request; the node is told, what it sent is dropped.",
    "removed",
    lambda peering, address: peering.remove(address, role=ROLE),
)
_command(
    "trust",
    "Take a paused peer's new key, after you have compared the eight words.",
    "its present key is trusted",
    lambda peering, address: peering.trust(address, role=ROLE),
)


def state_of(view: PeerView) -> str:
    """Return in a word or two how a node stands, as ``kith peer list`` explains them."""
    peering = view.peering
    if peering.standing == "blocked":
        return "blocked"
    if view.is_paused:
        return "paused"
    if peering.is_peer:
        return "limited" if peering.standing == "limited" else "peer"
    if peering.their_follow == "waiting":
        return "waits for you"
    if peering.our_follow != "none":
        return "asked"
    if peering.standing == "removed":
        return "removed"
    return "said no" if peering.is_wanted else "no peer"


def _plain(view: PeerView) -> dict[str, object]:
    return {
        "actor": view.actor,
        "host": view.host,
        "name": view.name,
        "state": state_of(view),
        "fingerprint": view.fingerprint,
        "looked_day": view.looked_day,
    }
