"""``kith me circle …``: invitations: look at them, accept, decline."""

from __future__ import annotations

import click

from kith_client.circles.circles import Invitation
from kith_client.commands.circle_documents import circle_document, invitation_document
from kith_client.commands.circle_scene import with_member
from kith_client.commands.circle_words import WHO_LEARNS, safe, show_invitation
from kith_client.commands.common import Place, member_command, pick
from kith_client.commands.persona import pick_persona
from kith_client.commands.progress import waiting_for
from kith_client.commands.reader import reader_of
from kith_client.commands.scene import ask_first, send_or_keep
from kith_client.member import Member
from kith_client.personas import Persona
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError


@click.command("invitations")
@member_command
def list_invitations(place: Place) -> None:
    """Look for invitations and show what each is about, with the terms you would agree to.

    Example: kith me circle invitations
    """

    async def act(member: Member) -> None:
        await waiting_for("Looking for messages", member.conversations.check())
        found = member.circles.invitations
        for number, one in enumerate(found, 1):
            show_invitation(place, number, one)
            place.say(f"  Answer: kith me circle join {number} --name …, or decline {number}")
        if not found:
            place.say("No invitation waits for an answer.")
        place.answer({"invitations": [invitation_document(one) for one in found]})

    with_member(place, act)


@click.command("join")
@click.argument("number", metavar="INVITATION")
@click.option("--name", help="What the circle calls you; by default the name of --persona.")
@click.option("--persona", help="Whose picture to show: a number in `kith me persona list`.")
@click.option("--yes", "is_agreed", is_flag=True, help="You have read the terms; do not ask.")
@member_command
def join_circle(
    place: Place, number: str, name: str | None, persona: str | None, is_agreed: bool
) -> None:
    """Accept INVITATION, a number of `kith me circle invitations`, and acknowledge its terms.

    They are shown before you agree, with what the others learn of you. Each circle knows you by
    keys of its own: whoever is in two circles with you can tell that you are one person only by
    what you show and say. Take another name in each, and no persona, if they should not.

    Example: kith me circle join 1 --name Juniper
    """

    async def act(member: Member) -> None:
        one = _pick_invitation(member, number)
        chosen = pick_persona(member, persona)
        called = name_for(place, name, chosen)
        show_invitation(place, 1, one)
        for line in WHO_LEARNS:
            place.say(line)
        place.confirm("Do you acknowledge these terms and join?", is_agreed=is_agreed)
        joining = member.circles.join(one, name=called, persona=chosen)
        joined = await waiting_for("Sending", joining)
        place.say(f"They read that you come as {safe(called)}, and let you in when they look.")
        place.say("See whether they have: kith me circle list")
        place.answer(circle_document(member, joined))

    with_member(place, act)


@click.command("decline")
@click.argument("number", metavar="INVITATION")
@click.argument("words", default="")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def decline_invitation(place: Place, number: str, words: str, is_agreed: bool) -> None:
    """Say no to INVITATION, with WORDS if you like. Only who invited you reads it.

    Example: kith me circle decline 1 'Not this time. Thank you for asking!'
    """

    async def act(member: Member) -> None:
        one = _pick_invitation(member, number)
        ask_first(place, words, reader_of(), is_agreed=is_agreed)
        sending = member.circles.decline(one, words)
        await send_or_keep(place, sending, lambda: len(one.conversation.messages))
        place.say("They read that you do not come.")
        place.answer({"id": encode_base64url(one.circle), "declined": True})

    with_member(place, act)


def name_for(place: Place, name: str | None, persona: Persona | None) -> str:
    """Return what a circle is to call one: what was typed, or of the persona; or ask.

    Raises:
        UsageError: nobody can be asked, as the output is JSON.
    """
    if name is not None:
        return name
    if persona is not None:
        return persona.content.pseudonym
    if place.as_json:
        raise UsageError("with --json, say with --name what the circle is to call you")
    asked: str = click.prompt("What is the circle to call you?", err=True)
    return asked


def _pick_invitation(member: Member, number: str) -> Invitation:
    found = member.circles.invitations
    try:
        chosen = pick(number, tuple(one.circle for one in found), "invitation")
    except UsageError as error:
        raise UsageError(
            str(error).replace("kith me invitation list", "kith me circle invitations")
        ) from error
    return next(one for one in found if one.circle == chosen)
