"""Several devices, lost and taken ones: ``kith me vault``, ``devices``, ``freeze``."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import click

from kith_client.commands.account import RECOVERY_REFUSED, ask_name, instead, show_recovery
from kith_client.commands.common import Place, count_of, member_command, run_async
from kith_client.commands.progress import waiting_for
from kith_client.errors import ProblemError
from kith_client.member import Member
from kith_client.system import SystemRng
from kith_crypto.passphrase import suggest_passphrase

_WHAT_THERE_IS = """\
Your community's node keeps no list of devices: it would be a list of when and where you were.
What you can do from any of yours:

  kith me sign-out      end every session, on all devices. Whoever has the keys of a device and
                        its passphrase can sign in again.
  kith me devices taken a new passphrase, a new recovery code, and everything encrypted anew.
                        A device that was taken opens nothing that is written from then on; what
                        is on it already it keeps.
  kith me devices again let this device in again, after another one did that.
  kith me freeze NODE   the same by the recovery code, from anywhere; and the people you talk
                        with read that you have paused, and nothing that follows."""


@click.command()
@member_command
def vault(place: Place) -> None:
    """Bring this device and your vault together, and show what is in it.

    Your node keeps the vault without being able to read it; every device of yours has a copy.
    This fetches what others wrote and sends what could not be sent.

    Example: kith me vault
    """
    run_async(_sync(place, place.ask_passphrase()))


@click.group(invoke_without_command=True)
@click.pass_context
def devices(context: click.Context) -> None:
    """What to do when a device was lost, sold or taken."""
    if context.invoked_subcommand is None:
        click.echo(_WHAT_THERE_IS)


@devices.command("taken")
@click.option("--name", help="The login name to use from now on; asked for by default.")
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read the new passphrase from the first line of this file.",
)
@member_command
def taken(place: Place, name: str | None, new_passphrase_file: Path | None) -> None:
    """A device of yours was taken: shut it out, from another one.

    Makes a new passphrase, vault key and recovery code, encrypts everything anew and ends every
    session. It does not delete what is on the device that was taken.

    Example: kith me devices taken
    """
    old = place.ask_passphrase("Present passphrase")
    chosen = name or ask_name()
    asking = dataclasses.replace(place, passphrase_file=new_passphrase_file)
    new = asking.ask_new_passphrase(suggest_passphrase(SystemRng()))
    recovery = run_async(_shut_out(place, old, chosen, new))
    place.say(
        "The device that was taken is shut out. Your other devices have to sign in again."
    )
    show_recovery(place, recovery)
    place.answer({"recovery": recovery})


@devices.command("again")
@click.option("--name", help="Your login name as it is now; asked for by default.")
@click.option(
    "--new-passphrase-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Read the new passphrase from the first line of this file.",
)
@member_command
def again(place: Place, name: str | None, new_passphrase_file: Path | None) -> None:
    """You changed the passphrase on another device: sign in again on this one.

    What only this device has goes into your vault; nothing of it is lost.

    Example: kith me devices again
    """
    old = place.ask_passphrase("Passphrase of this device until now")
    chosen = name or click.prompt("Login name as it is now", err=True)
    asking = dataclasses.replace(place, passphrase_file=new_passphrase_file)
    new = asking.ask_passphrase("New passphrase, as on the other device")
    run_async(_sign_in_again(place, old, chosen, new))
    place.say("This device is signed in again, and opens by the new passphrase.")
    place.answer({"signed_in": True})


@click.command()
@click.argument("node")
@click.option("--name", help="The login name to use from now on; asked for by default.")
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@member_command
def freeze(place: Place, node: str, name: str | None, is_agreed: bool) -> None:
    """Pause everything by the recovery code: for when somebody else may write as you.

    Shuts out every device, as `kith me devices taken` does, and tells everybody you talk with
    that you have paused. They see nothing that is written with the present keys after it, ever.
    To go on with somebody, knock anew and compare safety words; in a circle, ask to be invited
    anew. It does not take back what was read, and who holds your unlocked device keeps what is
    on it.

    Example: kith me freeze https://kith.example
    """
    words = click.prompt("The twelve words of your recovery code", hide_input=True, err=True)
    place.confirm("Pause every conversation for good?", is_agreed=is_agreed)
    chosen = name or ask_name()
    new = place.ask_new_passphrase(suggest_passphrase(SystemRng()))
    recovery, partners, letters = run_async(_freeze(place, node, words, chosen, new))
    place.say(f"Everything is paused; {count_of(partners, 'partner')} will read it.")
    if letters:
        place.say(f"So will those in your circles: {count_of(letters, 'letter')}.")
    show_recovery(place, recovery)
    place.answer({"recovery": recovery, "conversations": partners, "letters": letters})


async def _sync(place: Place, passphrase: str) -> None:
    async with await place.open(passphrase) as member:
        await waiting_for("Fetching your vault", member.vault.sync())
        counts = {
            "offer": len(member.keys.offers),
            "profile": len(member.keys.profiles),
            "persona": len(member.vault.list("persona")),
            "conversation": len(member.conversations.list()),
            "circle": len(member.circles.list()),
        }
        held = ", ".join(count_of(count, what) for what, count in counts.items())
        size = member.vault.size_bytes
        place.say(f"Up to date: {held}. It takes {size // 1024} KiB on your node.")
        place.answer({**counts, "bytes": size, "warnings": sorted(member.vault.warnings)})


async def _shut_out(place: Place, old: str, name: str, new: str) -> str:
    async with await place.open(old) as member:
        changing = member.account.change_passphrase(name, new)
        return await waiting_for("Encrypting everything anew", changing)


async def _sign_in_again(place: Place, old: str, name: str, new: str) -> None:
    async with await place.open(old) as member:
        signing_in = member.account.sign_in_again(name, new)
        await waiting_for("Fetching your vault", signing_in)


async def _freeze(
    place: Place, node: str, words: str, name: str, passphrase: str
) -> tuple[str, int, int]:
    try:
        joined = await Member.recover(
            node,
            words=words,
            name=name,
            passphrase=passphrase,
            home=place.home,
            means=place.means,
        )
    except ProblemError as error:
        raise instead(error, RECOVERY_REFUSED) from error
    place.watch(joined.member)
    async with joined.member as member:
        telling = member.conversations.freeze_all()
        partners = await waiting_for("Telling your partners", telling)
        # Letter by letter, as everything in circles; who was told first has stopped already.
        letters = await waiting_for("Telling your circles", member.circles.freeze_all())
        return joined.recovery, partners, letters
