"""``kith keyholder``: keys that can reveal who is behind a reported offer, off the server."""

from __future__ import annotations

import click

from kith_node.cli.keyholder_make import new, person, renew
from kith_node.cli.keyholder_open import open_report, sweep
from kith_node.cli.keyholder_server import install, seals


@click.group()
def keyholder() -> None:
    """Make and use the keyholders' keys, on a machine that is no server.

    A node seals who made an offer or sent a message to the keyholders' public key. It can't
    open such a seal itself: only who holds the private keys can, with a proven report in hand.

    \b
    One person:
      kith keyholder new keys            (then bring keys/keyholders.json to the node)
    Three people, any two of whom open together, which is better:
      kith keyholder person wren.key     (each of the three, on a machine of their own)
      kith keyholder new keys --for wren.pub --for ash.pub --for elm.pub
    With a case from the moderators:
      kith keyholder open case.json --key keys/keyholders-private.json
    On the server:
      kith keyholder install keyholders.json
      kith keyholder seals seals.json
    """  # noqa: D301 - click reads the escape


for _command in (person, new, renew, open_report, sweep, install, seals):
    keyholder.add_command(_command)
