"""``kith me goal …``: what one wants to reach, shared or for oneself."""

from __future__ import annotations

from typing import get_args

import click

from kith_client.commands.common import Place, member_command, pick, short_id
from kith_client.commands.reader import reader_of
from kith_client.commands.scene import Scene, ask_first, in_conversation
from kith_client.commands.topics import topic_names
from kith_client.mentorship.private import PrivateGoal
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import GoalState
from kith_protocol.mentorship.goals import SharedGoal


@click.group()
def goal() -> None:
    """Goals of a mentorship. They stay in your vault unless you share them.

    Shared ones both of you see and may change. A goal is named by its number in
    `kith me goal list`, or by the beginning of its id.
    """


@goal.command("list")
@click.argument("number")
@member_command
def list_goals(place: Place, number: str) -> None:
    """List the goals in conversation NUMBER of `kith me talk`: shared ones, then your own.

    Example: kith me goal list 1
    """

    async def act(scene: Scene) -> None:
        found = _goals(scene)
        for place_in_list, one in enumerate(found.values(), 1):
            _show(place, place_in_list, one)
        if not found:
            place.say("There is no goal yet.")
            place.say(f"Begin with: kith me goal new {number} TEXT --shared")
        place.answer({"goals": [_document(one) for one in found.values()]})

    in_conversation(place, number, act)


@goal.command("new")
@click.argument("number")
@click.argument("text")
@click.option("--shared", "is_shared", is_flag=True, help="Show it to the other side.")
@click.option("--topic", "-t", "topics", multiple=True, help="With --shared; up to 4.")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def new_goal(
    place: Place,
    number: str,
    text: str,
    is_shared: bool,
    topics: tuple[str, ...],
    is_agreed: bool,
) -> None:
    """Set a goal, for yourself unless --shared says otherwise.

    With topics, what was learned can be offered on by one command: `kith me pass-on`.

    Example: kith me goal new 1 'A CV of one page' --shared -t career.cv
    """
    if topics and not is_shared:
        raise UsageError("--topic goes with --shared: topics are for what you share")
    reader = reader_of()

    async def act(scene: Scene) -> None:
        if is_shared:
            ask_first(place, text, reader, is_agreed=is_agreed)
            names = await topic_names(scene.member.search) if topics else None
            ids = tuple(map(names.find, topics)) if names is not None else ()
            made = await scene.send(scene.mentorship.add_goal(text, ids))
        else:
            made = await scene.mentorship.keep_goal(text)
        _show_changed(scene, made)

    in_conversation(place, number, act)


@goal.command("edit")
@click.argument("number")
@click.argument("chosen", metavar="GOAL")
@click.argument("text")
@click.option("--yes", "is_agreed", is_flag=True, help="Send without asking.")
@member_command
def edit_goal(place: Place, number: str, chosen: str, text: str, is_agreed: bool) -> None:
    """Change the text of GOAL, whoever began it.

    Example: kith me goal edit 1 2 'A CV of two pages'
    """
    reader = reader_of()

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        if isinstance(one, SharedGoal):
            ask_first(place, text, reader, is_agreed=is_agreed)
            await scene.send(scene.mentorship.edit_goal(one.thing, text))
        else:
            await scene.mentorship.keep_goal(text, state=one.state, goal=one.id)
        _show_changed(scene, _id(one))

    in_conversation(place, number, act)


@goal.command("mark")
@click.argument("number")
@click.argument("chosen", metavar="GOAL")
@click.argument("state", type=click.Choice(get_args(GoalState)))
@member_command
def mark_goal(place: Place, number: str, chosen: str, state: GoalState) -> None:
    """Say that GOAL is reached, dropped, or open again.

    Example: kith me goal mark 1 2 reached
    """

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        if isinstance(one, SharedGoal):
            await scene.send(scene.mentorship.mark_goal(one.thing, state))
        else:
            await scene.mentorship.keep_goal(one.text, state=state, goal=one.id)
        _show_changed(scene, _id(one))

    in_conversation(place, number, act)


@goal.command("remove")
@click.argument("number")
@click.argument("chosen", metavar="GOAL")
@member_command
def remove_goal(place: Place, number: str, chosen: str) -> None:
    """Throw away GOAL of your own. A shared one can be marked as dropped.

    Example: kith me goal remove 1 3
    """

    async def act(scene: Scene) -> None:
        one = _pick(scene, chosen)
        if isinstance(one, SharedGoal):
            raise UsageError(
                "both of you see this goal; say so with "
                f"`kith me goal mark {number} {chosen} dropped`"
            )
        await scene.mentorship.drop_goal(one.id)
        place.say("It is gone.")
        place.answer({"removed": encode_base64url(one.id)})

    in_conversation(place, number, act)


def _goals(scene: Scene) -> dict[bytes, SharedGoal | PrivateGoal]:
    """Return all goals by id, in the order of the list."""
    goals: tuple[SharedGoal | PrivateGoal, ...]
    goals = (*scene.state.goals, *scene.mentorship.private_goals)
    return {_id(one): one for one in goals}


def _pick(scene: Scene, chosen: str) -> SharedGoal | PrivateGoal:
    found = _goals(scene)
    return found[pick(chosen, tuple(found), "goal")]


def _id(one: SharedGoal | PrivateGoal) -> bytes:
    return one.thing if isinstance(one, SharedGoal) else one.id


def _show_changed(scene: Scene, changed: bytes | None) -> None:
    found = _goals(scene)
    if changed is None or changed not in found:
        scene.place.answer({"id": None})
        return
    _show(scene.place, tuple(found).index(changed) + 1, found[changed])
    scene.place.answer(_document(found[changed]))


def _show(place: Place, place_in_list: int, one: SharedGoal | PrivateGoal) -> None:
    whose = "shared" if isinstance(one, SharedGoal) else "only you see it"
    place.title(f"{place_in_list:2}. {one.text}  [{one.state}, {whose}, {short_id(_id(one))}]")
    if isinstance(one, SharedGoal):
        if one.topics:
            place.say(f"    {', '.join(one.topics)}")
        for rival in one.rivals:
            place.say(f"    also written at the same time: {rival}")


def _document(one: SharedGoal | PrivateGoal) -> dict[str, object]:
    document: dict[str, object] = {
        "id": encode_base64url(_id(one)),
        "text": one.text,
        "state": one.state,
        "shared": isinstance(one, SharedGoal),
    }
    if isinstance(one, SharedGoal):
        document |= {"topics": one.topics, "mine": one.is_mine, "rivals": one.rivals}
    return document
