"""``kith me apply``: asking to join a community without knowing anybody in it."""

from __future__ import annotations

import sys

import click

from kith_client.applying import apply_to_join
from kith_client.commands.common import Place, member_command, run_async


@click.command()
@click.argument("node")
@click.option("--text", prompt=True, help="Why you would like to join; '-' reads the input.")
@member_command
def apply(place: Place, node: str, text: str) -> None:
    """Ask a community to let you in.

    What you write is sealed to its moderators on this device. The link that is printed is an
    invite that your device made: it works once they have said yes, at the latest after two
    weeks. Nobody tells you; try it. Their node sees the address that you write from, as it does
    with everybody, unless you use Tor.

    Example: kith me apply https://kith.example --text 'I would like to learn, and I can sew.'
    """
    words = sys.stdin.read().strip() if text == "-" else text
    link = run_async(apply_to_join(node, words))
    place.say("Your application is sealed and sent. Keep this link; it is in no other place:")
    place.say(link)
    place.say(f"Once they have said yes: kith me join '{link}'")
    place.answer({"invite": link})
