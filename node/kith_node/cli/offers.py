"""``kith offers``: what this community's members offer, without who they are."""

from __future__ import annotations

from pathlib import Path

import click

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.objects import ID_BYTES
from kith_node.cli.output import print_json, print_table
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.offers import store
from kith_node.runtime.wiring import Node
from kith_protocol.api import OwnOfferAnswer


@click.group()
def offers() -> None:
    """List and remove this node's offers.

    The node doesn't know whose they are: only the keyholders can open an owner's seal.

    \b
    Examples:
      kith offers list
      kith offers remove 4mYc1m0wJrQG3mBqk2p0Ew
    """  # noqa: D301 - click reads the escape


@offers.command("list")
@config_option
@json_option
def list_offers(config_path: Path, *, as_json: bool) -> None:
    """List all own offers, released or waiting."""

    async def work(node: Node) -> list[OwnOfferAnswer]:
        found: list[OwnOfferAnswer] = []
        after = store.FIRST
        while page := await node.offers.list_offers(after=after):
            found += page
            after = parse_base64url(page[-1].id, size=ID_BYTES)
        return found

    found = with_node(config_path, work)
    if as_json:
        print_json({"offers": found})
        return
    if not found:
        click.echo("No member of this community has an offer.")
        return
    rows = [
        (
            offer.id,
            "released" if offer.released else "waits",
            ", ".join(offer.content.topics),
            ", ".join(offer.content.languages),
        )
        for offer in found
    ]
    print_table(("id", "state", "topics", "languages"), rows)


@offers.command()
@config_option
@click.argument("offer")
def remove(config_path: Path, offer: str) -> None:
    """Remove OFFER (its id or address) here and at every peer, at once."""
    try:
        offer_id = parse_base64url(offer.rpartition("/")[2], size=ID_BYTES)
    except MalformedError as error:
        raise UsageError(f"{offer} is no id of an offer; see `kith offers list`") from error

    async def work(node: Node) -> None:
        await node.offers.endings.remove(offer_id)

    with_node(config_path, work)
    click.echo("Removed; peers are told. Who made it can publish again until suspended.")
