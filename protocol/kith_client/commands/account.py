"""The account: ``kith me join``, ``sign-in``, ``recover``, ``passphrase``, ``leave``."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import click

from kith_client.account import get_community, parse_invite_link
from kith_client.commands.common import Place, count_of, member_command, run_async, short_id
from kith_client.errors import ProblemError
from kith_client.leaving import Withdrawn
from kith_client.means import Means
from kith_client.member import Member
from kith_client.recovery import recovery_qr
from kith_client.system import SystemRng
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import KithError, UsageError
from kith_crypto.passphrase import suggest_name, suggest_passphrase
from kith_protocol.api import CommunityAnswer

KEEP_RECOVERY = (
    "Write these twelve words on paper and keep them away from this device. They open your "
    "account if you forget the passphrase; whoever has them can do so too."
)

_JOIN_REFUSED = {
    "conflict": "there is an account with this name and passphrase: sign in with "
    "`kith me sign-in NODE`, or take another name",
    "malformed": "this is no whole invite; copy the link to its end",
    "unauthorized": "this invite is not open: it was used or revoked, or its time is over; "
    "ask for another one",
}
RECOVERY_REFUSED = {
    "conflict": "there is an account with this name and passphrase; take another name",
    "unauthorized": "this recovery code opens no account here; a newer one makes it void",
}


@click.command()
@click.argument("link")
@click.option("--node", help="The node's address, where LINK is a code alone.")
@click.option("--name", help="Login name; asked for by default. It never leaves this device.")
@click.option("--yes", "is_agreed", is_flag=True, help="Agree to the house rules in advance.")
@member_command
def join(place: Place, link: str, node: str | None, name: str | None, is_agreed: bool) -> None:
    """Join a community with an invite.

    Makes your keys on this device. You choose a login name and a passphrase, and get a
    recovery code to write down.

    Example: kith me join 'https://kith.example/#i=Zk3…'
    """
    place.refuse_old_keys()
    community = run_async(_look_at(link, node))
    _show_community(place, community)
    question = "Do you agree to these rules?" if community.rules else "Join this community?"
    place.confirm(question, is_agreed=is_agreed)
    chosen = name or ask_name()
    passphrase = place.ask_new_passphrase(suggest_passphrase(SystemRng()))
    recovery = run_async(_join(place, link, node, chosen, passphrase))
    place.say(f"You are a member of {community.name}. Your keys are in {place.home}.")
    show_recovery(place, recovery)
    place.answer({"community": community.actor, "recovery": recovery})


@click.command("sign-in")
@click.argument("node")
@click.option("--name", help="Your login name; asked for by default.")
@member_command
def sign_in(place: Place, node: str, name: str | None) -> None:
    """Sign in on a device that has no keys yet.

    Your vault is fetched and opened here: offers, profiles, conversations, everything. On a
    device that has keys, after another one has changed the passphrase: kith me devices again.

    Example: kith me sign-in https://kith.example
    """
    place.refuse_old_keys()
    chosen = name or click.prompt("Login name", err=True)
    actor = run_async(_sign_in(place, node, chosen, place.ask_passphrase()))
    place.say(f"You are signed in. Your keys are in {place.home}.")
    place.answer({"community": actor})


@click.command()
@click.argument("node")
@click.option("--name", help="The login name to use from now on; asked for by default.")
@member_command
def recover(place: Place, node: str, name: str | None) -> None:
    """Get back in with the recovery code, and choose a new passphrase.

    Opens the keys in the folder, too, if they are there. You get a new recovery code; the old
    one is void, and every other device is signed out.

    Example: kith me recover https://kith.example
    """
    words = click.prompt("The twelve words of your recovery code", hide_input=True, err=True)
    chosen = name or ask_name()
    passphrase = place.ask_new_passphrase(suggest_passphrase(SystemRng()))
    recovery = run_async(_recover(place, node, words, chosen, passphrase))
    place.say("You have a new passphrase.")
    show_recovery(place, recovery)
    place.answer({"recovery": recovery})


@click.command()
@click.option(
    "--accept-keyholders",
    is_flag=True,
    help="Take the keyholders shown for the right ones, after comparing with your stewards.",
)
@member_command
def whoami(place: Place, accept_keyholders: bool) -> None:
    """Show your community, your role, and what your keys own.

    Warns if those who hold the keys to sealed identities have changed since you joined.

    Example: kith me whoami
    """
    run_async(_whoami(place, place.ask_passphrase(), accept_keyholders))


@click.command("passphrase")
@click.option("--name", help="The login name to use from now on; asked for by default.")
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read the new passphrase from the first line of this file.",
)
@member_command
def change_passphrase(place: Place, name: str | None, new_passphrase_file: Path | None) -> None:
    """Choose a new passphrase, or a new login name.

    Everything on this device is encrypted anew. You get a new recovery code; the old one is
    void, and every other device is signed out.

    Example: kith me passphrase
    """
    old = place.ask_passphrase("Present passphrase")
    chosen = name or click.prompt("Login name from now on", err=True)
    asking = dataclasses.replace(place, passphrase_file=new_passphrase_file)
    new = asking.ask_new_passphrase(suggest_passphrase(SystemRng()))
    recovery = run_async(_change_passphrase(place, old, chosen, new))
    place.say("You have a new passphrase.")
    show_recovery(place, recovery)
    place.answer({"recovery": recovery})


@click.command("sign-out")
@member_command
def sign_out(place: Place) -> None:
    """End every session of yours, on all devices.

    Use this if a device was taken while signed in. It does not change your passphrase: do that
    as well if somebody may know it.

    Example: kith me sign-out
    """
    run_async(_sign_out(place, place.ask_passphrase()))
    place.say("All sessions are over.")
    place.answer({"signed_out": True})


@click.command()
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@click.option(
    "--forget",
    is_flag=True,
    help="Delete the keys on this device as well; pending receipts can't be seen any more.",
)
@member_command
def leave(place: Place, is_agreed: bool, forget: bool) -> None:
    """Leave: withdraw everything, tell peers, delete the account.

    Shows an erasure receipt for each community that had your offers. It says what that
    community confirmed; nobody can make people forget what they have read. Run it again later
    to see receipts that were pending, and with --forget to delete the keys here.

    Example: kith me leave
    """
    passphrase = place.ask_passphrase()
    place.confirm("Withdraw everything and delete the account?", is_agreed=is_agreed)
    withdrawn = run_async(_leave(place, passphrase, forget))
    _show_withdrawn(place, withdrawn)


async def _look_at(link: str, node: str | None) -> CommunityAnswer:
    invite = parse_invite_link(link, node=node)
    async with Means().connect(invite.node) as connection:
        return await get_community(connection)


async def _join(place: Place, link: str, node: str | None, name: str, passphrase: str) -> str:
    try:
        joined = await Member.join(
            link, name=name, passphrase=passphrase, node=node, home=place.home
        )
    except ProblemError as error:
        raise instead(error, _JOIN_REFUSED) from error
    await joined.member.close()
    return joined.recovery


async def _sign_in(place: Place, node: str, name: str, passphrase: str) -> str:
    async with await Member.sign_in(
        node, name=name, passphrase=passphrase, home=place.home
    ) as member:
        return member.community.actor


async def _recover(place: Place, node: str, words: str, name: str, passphrase: str) -> str:
    try:
        joined = await Member.recover(
            node, words=words, name=name, passphrase=passphrase, home=place.home
        )
    except ProblemError as error:
        raise instead(error, RECOVERY_REFUSED) from error
    place.watch(joined.member)
    await joined.member.close()
    return joined.recovery


async def _whoami(place: Place, passphrase: str, accept: bool) -> None:
    async with await place.open(passphrase) as member:
        community = await member.get_community()
        is_new = member.are_keyholders_new(community)
        if is_new and accept:
            member.accept_keyholders(community)
        elif is_new:
            place.warn(
                "the keyholders of this community are others than when you joined. Compare "
                "these words with your stewards, then run this with --accept-keyholders: "
                + (" ".join(community.keyholders_fingerprint) or "(none)")
            )
        account = await member.account.get()
        live = sum(offer.state == "live" for offer in member.keys.offers)
        _show_community(place, community)
        place.say(f"You are: {account.role}, {account.state}")
        profiles = count_of(len(member.keys.profiles), "profile")
        place.say(f"Your keys own {count_of(live, 'offer')} and {profiles}.")
        place.answer(
            {
                "community": community.actor,
                "node": member.community.node,
                "role": account.role,
                "state": account.state,
                "offers": live,
                "profiles": len(member.keys.profiles),
                "keyholders_changed": is_new and not accept,
            }
        )


async def _change_passphrase(place: Place, old: str, name: str, new: str) -> str:
    async with await place.open(old) as member:
        return await member.account.change_passphrase(name, new)


async def _sign_out(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        await member.account.sign_out_everywhere()


async def _leave(place: Place, passphrase: str, forget: bool) -> tuple[Withdrawn, ...]:
    async with await place.open(passphrase) as member:
        withdrawn = await member.leave()
        if forget:
            await member.forget()
        return withdrawn


def instead(error: ProblemError, sentences: Mapping[str, str]) -> KithError:
    """Return *error* as what it means in this place, where *sentences* has its code."""
    sentence = sentences.get(error.code)
    return error if sentence is None else UsageError(sentence)


def ask_name() -> str:
    """Return the login name that somebody chooses."""
    suggested = suggest_name(SystemRng())
    click.echo("A login name is only a key to your account; nobody ever sees it.", err=True)
    answer: str = click.prompt("Login name (write it down)", default=suggested, err=True)
    return answer


def _show_community(place: Place, community: CommunityAnswer) -> None:
    place.title(community.name)
    if community.summary:
        place.say(community.summary)
    place.say(f"Programme: {community.programme}. Languages: {', '.join(community.languages)}")
    place.say(f"Fingerprint: {' '.join(community.fingerprint)}")
    if community.keyholders_fingerprint:
        place.say(f"Keyholders: {' '.join(community.keyholders_fingerprint)}")
    if community.rules:
        place.say(f"House rules:\n{community.rules}")


def show_recovery(place: Place, words: str) -> None:
    """Print the recovery code, for people."""
    place.title("Your recovery code:")
    place.say(words)
    place.say(f"As a QR code, instead of or beside the words: {recovery_qr(words)}")
    place.say(KEEP_RECOVERY)


def _show_withdrawn(place: Place, withdrawn: tuple[Withdrawn, ...]) -> None:
    place.say("You have left.")
    place.say("Removed here: your boxes, profiles, offers, vault and account.")
    for one in withdrawn:
        said = ", ".join(f"{receipt.peer}: {receipt.state}" for receipt in one.receipts)
        place.say(f"Offer {short_id(one.offer)}: {said or 'no other community had it'}")
    if any(receipt.state == "pending" for one in withdrawn for receipt in one.receipts):
        place.say("Some have not answered yet; run `kith me leave` again to see.")
    place.answer(
        {
            "left": True,
            "offers": [
                {
                    "id": encode_base64url(one.offer),
                    "receipts": [
                        {"peer": receipt.peer, "state": receipt.state}
                        for receipt in one.receipts
                    ],
                }
                for one in withdrawn
            ],
        }
    )
