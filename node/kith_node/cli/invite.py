"""``kith invite``: make, list and revoke invites."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import segno

from kith_node.cli.output import print_json
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.runtime.wiring import Node
from kith_protocol.invite import ROLES, invite_link

MAX_COUNT = 1000


@click.group()
def invite() -> None:
    """Make, list and revoke invites.

    The node keeps only a hash of each: not who made it, not who used it, not when.

    \b
    Examples:
      kith invite new
      kith invite new --role moderator --days 3
      kith invite list
      kith invite revoke 1f0c2a9b
    """  # noqa: D301 - click reads the escape


@invite.command()
@config_option
@click.option("--role", type=click.Choice(ROLES), default="member", show_default=True)
@click.option("--days", default=14, show_default=True, help="How long it can be used.")
@click.option(
    "--count",
    type=click.IntRange(1, MAX_COUNT),
    default=1,
    show_default=True,
    help="How many to make.",
)
@json_option
def new(config_path: Path, *, role: str, days: int, count: int, as_json: bool) -> None:
    """Make invites and print their links, each good for one person."""

    async def work(node: Node) -> list[str]:
        made = [await node.members.invites.make(role, days=days) for _ in range(count)]
        return [invite_link(node.config.origin, one) for one in made]

    links = with_node(config_path, work)
    if as_json:
        print_json({"invites": links})
        return
    for link in links:
        click.echo(link)
    if len(links) == 1 and sys.stdout.isatty():
        segno.make(links[0]).terminal(compact=True)


@invite.command("list")
@config_option
@json_option
def list_open(config_path: Path, *, as_json: bool) -> None:
    """List open invites by the first 8 digits of their hash."""

    async def work(node: Node) -> tuple[str, ...]:
        return await node.members.invites.list_open()

    heads = with_node(config_path, work)
    if as_json:
        print_json({"invites": heads})
    elif heads:
        click.echo("\n".join(heads))
    else:
        click.echo("No invite is open. Make one with `kith invite new`.")


@invite.command()
@config_option
@click.argument("head", required=False)
@click.option("--all", "every", is_flag=True, help="Revoke all open invites.")
def revoke(config_path: Path, head: str | None, *, every: bool) -> None:
    """Close the invite HEAD (8 digits, as listed), or all of them."""
    if every == (head is not None):
        raise click.UsageError("name one invite, or say --all")

    async def work(node: Node) -> int:
        if head is None:
            return await node.members.invites.revoke_all()
        await node.members.invites.revoke(head)
        return 1

    click.echo(f"{with_node(config_path, work)} closed")
