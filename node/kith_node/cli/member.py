"""``kith member``: suspend and reinstate by id, and how many there are."""

from __future__ import annotations

from pathlib import Path

import click

from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import MalformedError, UsageError
from kith_node.cli.output import print_json
from kith_node.cli.settings import config_option, json_option, with_node
from kith_node.http.route import MemberId
from kith_node.members.accounts import ID_BYTES
from kith_node.runtime.wiring import Node

# Who works on the node's own machine may do everything.
ROLE = "admin"


@click.group()
def member() -> None:
    """Suspend and reinstate members.

    Nobody can list members, and the node cannot say who owns an offer. A member's id comes
    from `kith keyholder open`, with a proven report in hand.

    \b
    Examples:
      kith member suspend 3q2-7wAAAAAAAAAAAAAAAA
      kith member reinstate 3q2-7wAAAAAAAAAAAAAAAA
      kith member count
    """  # noqa: D301 - click reads the escape


@member.command()
@config_option
@click.argument("member_id", metavar="ID")
def suspend(config_path: Path, member_id: str) -> None:
    """End all sessions of the member ID and refuse new ones, until reinstated.

    Their offers stay: `kith keyholder sweep` finds them, `kith offers remove` removes them.
    """
    known = _parse_id(member_id)

    async def work(node: Node) -> None:
        await node.members.accounts.suspend(known)
        await node.moderation.audit.note(ROLE, "member-suspended")

    with_node(config_path, work)
    click.echo("Suspended: no more signing in, publishing or sending.")


@member.command()
@config_option
@click.argument("member_id", metavar="ID")
def reinstate(config_path: Path, member_id: str) -> None:
    """Let the member ID sign in again."""
    known = _parse_id(member_id)

    async def work(node: Node) -> None:
        await node.members.accounts.reinstate(known)
        await node.moderation.audit.note(ROLE, "member-reinstated")

    with_node(config_path, work)
    click.echo("Reinstated.")


@member.command()
@config_option
@json_option
def count(config_path: Path, *, as_json: bool) -> None:
    """Say how many members there are. Only a band of it ever leaves the node."""

    async def work(node: Node) -> int:
        return await node.members.accounts.count()

    found = with_node(config_path, work)
    if as_json:
        print_json({"members": found})
    else:
        click.echo(str(found))


def _parse_id(text: str) -> MemberId:
    try:
        return MemberId(parse_base64url(text, size=ID_BYTES))
    except MalformedError as error:
        raise UsageError(
            f"{text} is no member's id, as `kith keyholder open` prints it"
        ) from error
