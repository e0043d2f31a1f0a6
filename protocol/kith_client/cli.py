"""``kith me …``: what a member does from a terminal."""

from __future__ import annotations

import re

import click

from kith_client.commands import (
    account,
    catalogue,
    circle_convene,
    circle_join,
    circle_session,
    topics,
)
from kith_client.commands.agreement import agreement
from kith_client.commands.apply import apply
from kith_client.commands.block import block
from kith_client.commands.check_in import check_in
from kith_client.commands.circles import circle
from kith_client.commands.closing import closing
from kith_client.commands.common import PLUS
from kith_client.commands.devices import devices, freeze, vault
from kith_client.commands.export import export
from kith_client.commands.goal import goal
from kith_client.commands.guide import guide
from kith_client.commands.inbox import answer, inbox
from kith_client.commands.knock import knock
from kith_client.commands.library import library
from kith_client.commands.moderate import moderate
from kith_client.commands.note import note
from kith_client.commands.offers import offer
from kith_client.commands.pass_on import pass_on
from kith_client.commands.persona import persona
from kith_client.commands.places import pause, places, resume
from kith_client.commands.profiles import profile
from kith_client.commands.proposals import proposal, propose
from kith_client.commands.report import report
from kith_client.commands.session import session
from kith_client.commands.talk import talk
from kith_client.commands.thanks import thanks
from kith_client.commands.wish import wish

# A whole id, of 16 or 32 bytes, that begins with a hyphen.
_HYPHENED_ID = re.compile(r"-([A-Za-z0-9_-]{21}|[A-Za-z0-9_-]{42})\Z")


class Me(click.Group):
    """The group of all commands, which takes ids that look like options for ids."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read *args*; what follows an option is left alone, as it may be its value."""
        before = ["", *args[:-1]]
        read = [
            f"{PLUS}{word[1:]}" if _HYPHENED_ID.match(word) and last[:1] != "-" else word
            for last, word in zip(before, args, strict=True)
        ]
        return super().parse_args(ctx, read)


@click.group(cls=Me)
def me() -> None:
    """Take part in a community: join, offer, find, ask, talk.

    Your keys are made on this device and stay in one encrypted file that your passphrase
    opens. No server can tell which offers are yours from what it stores.

    \b
    A beginning:
      kith me join 'https://kith.example/#i=Zk3…'
      kith me topics python
      kith me offer new -t software.python -l en --way teach --format chat
      kith me search -t career.cv -l en
      kith me knock new https://kith.example/offers/…
      kith me inbox
      kith me talk 1
      kith me agreement propose 1 --template
      kith me guide
    """  # noqa: D301 - click reads the escape: the lines after it are not to be joined


me.add_command(apply)
me.add_command(account.join)
me.add_command(account.sign_in)
me.add_command(account.recover)
me.add_command(account.whoami)
me.add_command(account.change_passphrase)
me.add_command(account.sign_out)
me.add_command(vault)
me.add_command(devices)
me.add_command(freeze)
me.add_command(account.leave)
me.add_command(account.leave, "delete")
me.add_command(profile)
me.add_command(offer)
offer.add_command(places)
offer.add_command(pause)
offer.add_command(resume)
me.add_command(catalogue.search)
me.add_command(wish)
me.add_command(library)
library.add_command(propose)
me.add_command(topics.find_topics)
me.add_command(persona)
me.add_command(knock)
me.add_command(inbox)
me.add_command(answer)
me.add_command(talk)
me.add_command(agreement)
me.add_command(session)
me.add_command(goal)
me.add_command(note)
me.add_command(check_in)
me.add_command(closing)
me.add_command(thanks)
me.add_command(circle)
circle.add_command(circle_join.list_invitations)
circle.add_command(circle_join.join_circle)
circle.add_command(circle_join.decline_invitation)
circle.add_command(circle_convene.convene)
circle.add_command(circle_convene.invite)
circle.add_command(circle_convene.change_rules)
circle.add_command(circle_convene.remove)
circle.add_command(circle_convene.hand_over)
circle.add_command(circle_convene.archive)
circle.add_command(circle_convene.announce)
circle.add_command(circle_convene.admit)
circle.add_command(circle_session.session)
me.add_command(pass_on)
me.add_command(guide)
me.add_command(block)
me.add_command(export)
me.add_command(report)
me.add_command(moderate)
moderate.add_command(proposal)
