"""``kith me …``: what a member does from a terminal."""

from __future__ import annotations

import click

from kith_client.commands import account, catalogue, topics
from kith_client.commands.offers import offer
from kith_client.commands.profiles import profile


@click.group()
def me() -> None:
    """Take part in a community: join, offer, find.

    Your keys are made on this device and stay in one encrypted file that your passphrase
    opens. No server can tell which offers are yours from what it stores.

    \b
    A beginning:
      kith me join 'https://kith.example/#i=Zk3…'
      kith me topics python
      kith me offer new -t software.python -l en --way teach --format chat
      kith me search -t career.cv -l en
    """  # noqa: D301 - click reads the escape: the lines after it are not to be joined


me.add_command(account.join)
me.add_command(account.sign_in)
me.add_command(account.recover)
me.add_command(account.whoami)
me.add_command(account.change_passphrase)
me.add_command(account.sign_out)
me.add_command(account.leave)
me.add_command(profile)
me.add_command(offer)
me.add_command(catalogue.search)
me.add_command(topics.find_topics)
