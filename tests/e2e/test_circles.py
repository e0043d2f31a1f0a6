"""A circle of twelve over three communities, over real nodes.

One long story (see ``kith_testing.circle_scene``): twelve come together, plan a session, talk
while one community's node is down, remove somebody, and archive the circle. Whoever takes the
disks of all nodes finds nothing that is in anybody's vault, and no two envelopes of one message
have anything in common.
"""

from __future__ import annotations

import asyncio
import dataclasses
from functools import partial
from pathlib import Path

import pytest

from kith_client.circles.circle import Circle
from kith_crypto.errors import UsageError
from kith_testing.circle_scene import (
    CONVENER,
    PEOPLE,
    CircleScene,
    has_people,
    has_said,
    open_circle_scene,
    select,
)
from kith_testing.secret_book import SecretBook
from kith_testing.seized_folder import SeizedFolder

pytestmark = pytest.mark.e2e

REMOVED = "person-4"
SHARED_BYTES = 16
START = 30_000_000  # a minute in 2027


@dataclasses.dataclass(frozen=True, slots=True)
class Told:
    """What was seen.

    Attributes:
        folder: of what lay on the disks in the middle, and in the end.
        letters: the envelopes of one message, as they lay in the boxes of all nodes.
        removed: the vault of who was removed, as text.
        after: what was said after that.
        secrets: of all vaults, in the middle and in the end.
        boxes: of the circle, one for each person.
        attends: how many said that they come, as everybody saw it.
        farewell: how the circle stood with who was removed, and the words they got.
        refused: what happened when they went on writing.
        late: whether everybody at the node that was down read what was said meanwhile.
        ended: how the circle stands with everybody else in the end.
    """

    folder: Path
    letters: list[bytes]
    removed: str
    after: tuple[str, ...]
    secrets: dict[str, SecretBook]
    boxes: list[bytes]
    attends: set[int]
    farewell: tuple[str, str]
    refused: bool
    late: bool
    ended: set[str]


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    return asyncio.run(tell(tmp_path_factory.mktemp("circle")))


async def tell(folder: Path) -> Told:
    """Let everything happen and return what was seen."""
    async with open_circle_scene(folder / "nodes") as scene:
        await scene.fill()
        everybody = list(scene.people)
        boxes = [circle.links.box_key for circle in scene.circles.values()]
        attends = await _meet(scene, everybody)
        late = await _talk_while_a_node_is_down(scene)
        letters = await _letters_of_one_message(scene, folder / "middle")
        in_the_middle = scene.secrets()
        after = ("It is quieter now.", "And we go on.")
        refused = await _remove(scene, after)
        gone = scene.circles[REMOVED].view
        vault = _as_text(scene, REMOVED)
        await scene.convener.convener.archive()
        rest = [name for name in everybody if name != REMOVED]
        await scene.look_until(rest, "is over", partial(_is_over))
        ended: set[str] = {scene.circles[name].view.state for name in rest}
        await scene.wait_sent(scene.nodes)
        secrets = {"middle": in_the_middle, "end": scene.secrets()}
        for node in scene.nodes:
            await node.stop()
        scene.copy(folder / "end")
        return Told(
            folder=folder,
            letters=letters,
            removed=vault,
            after=after,
            secrets=secrets,
            boxes=[_address(key) for key in boxes],
            attends=attends,
            farewell=(gone.state, gone.farewell),
            refused=refused,
            late=late,
            ended=ended,
        )


async def _meet(scene: CircleScene, everybody: list[str]) -> set[int]:
    """Plan a session and let all say that they come; return how many everybody counts."""
    session = await scene.convener.convener.plan(START, 60, "The link comes that morning")
    others = [name for name in everybody if name != CONVENER]
    await scene.look_until(others, "sees the session", partial(_has_session))
    for name in others:
        await scene.circles[name].attend(session, "yes")
    await scene.look_until(everybody, "sees who comes", partial(_attended, count=len(others)))
    return {len(circle.find_meeting(session).attends) for circle in scene.circles.values()}


async def _talk_while_a_node_is_down(scene: CircleScene) -> bool:
    """Say something while the third node is down; return whether its people read it later."""
    down = scene.nodes[2]
    there = scene.at(down)
    here = [name for name in scene.people if name not in there]
    await down.kill()
    text = "Can everybody hear me?"
    await scene.circles[here[1]].say(text)
    await scene.look_until(here, "hears it", partial(has_said, text=text))
    await down.start()
    await scene.look_until(there, "hears it later", partial(has_said, text=text))
    return all(has_said(scene.circles[name], text=text) for name in there)


async def _letters_of_one_message(scene: CircleScene, folder: Path) -> list[bytes]:
    """Say something and return the envelopes as they lie in everybody's box, unread."""
    await scene.look_until(list(scene.people), "has read everything")
    await scene.wait_sent(scene.nodes)
    known = set(_envelopes(scene))
    await scene.circles["person-7"].say("One message, eleven letters.")
    await scene.wait_sent(scene.nodes)
    letters = [raw for raw in _envelopes(scene) if raw not in known]
    scene.copy(folder)
    return letters


async def _remove(scene: CircleScene, after: tuple[str, ...]) -> bool:
    """Remove somebody, go on talking, and return whether they could not go on writing."""
    circle = scene.convener
    await circle.convener.remove(circle.find_member(REMOVED), "This was not kind enough.")
    rest = [name for name in scene.people if name != REMOVED]
    await scene.look_until(rest, "are fewer", partial(has_people, count=PEOPLE - 1))
    await circle.say(after[0])
    await scene.circles["person-5"].say(after[1])
    for text in after:
        await scene.look_until(rest, "goes on", partial(has_said, text=text))
    await scene.look_until([REMOVED], "is told", partial(_is_removed))
    try:
        await scene.circles[REMOVED].say("I am still here.")
    except UsageError:
        return True
    return False


def _envelopes(scene: CircleScene) -> list[bytes]:
    sql = "SELECT bytes FROM envelopes"
    return [raw for node in scene.nodes for raw in select(node.data, "objects.db", sql)]


def _address(key: object) -> bytes:
    from kith_crypto.ed25519 import SigningKey
    from kith_crypto.objects import box_address

    assert isinstance(key, SigningKey)
    return box_address(key.verify_key)


def _as_text(scene: CircleScene, name: str) -> str:
    records = scene.people[name].keys.copy.snapshot().values()
    return "\n".join(str(record.value) for record in records)


def _is_over(circle: Circle) -> bool:
    return circle.view.state == "over"


def _is_removed(circle: Circle) -> bool:
    return circle.view.state == "removed"


def _has_session(circle: Circle) -> bool:
    return bool(circle.view.meetings)


def _attended(circle: Circle, *, count: int) -> bool:
    return any(len(meeting.attends) == count for meeting in circle.view.meetings)


# --- what was seen -----------------------------------------------------------------------


def test_everybody_sees_who_comes_to_the_session(told: Told) -> None:
    assert told.attends == {PEOPLE - 1}


def test_what_was_said_while_a_node_was_down_is_read_there_later(told: Told) -> None:
    assert told.late


def test_who_was_removed_is_told_kindly_and_cannot_go_on(told: Told) -> None:
    assert told.farewell == ("removed", "This was not kind enough.")
    assert told.refused


def test_who_was_removed_holds_nothing_of_what_followed(told: Told) -> None:
    assert "One message, eleven letters." in told.removed  # looking finds what was before
    for text in told.after:
        assert text not in told.removed


def test_the_archive_closes_the_circle_for_everybody(told: Told) -> None:
    assert told.ended == {"over"}


def test_no_two_envelopes_of_one_message_share_sixteen_bytes(told: Told) -> None:
    assert len(told.letters) == PEOPLE - 1
    seen: dict[bytes, int] = {}
    for number, letter in enumerate(told.letters):
        for start in range(len(letter) - SHARED_BYTES + 1):
            piece = letter[start : start + SHARED_BYTES]
            assert seen.setdefault(piece, number) == number


@pytest.mark.parametrize("when", ["middle", "end"])
def test_no_disk_holds_anything_of_the_circle(told: Told, when: str) -> None:
    for number in range(3):
        folder = SeizedFolder(told.folder / when / str(number))
        assert folder.find(told.secrets[when]) == set()


def test_the_search_knows_the_circle_and_finds_boxes_where_they_are(told: Told) -> None:
    kinds = told.secrets["end"].kinds()
    assert {
        "circle.own.keys.seed",
        "circle.own.seat.name",
        "circle-roster.roster.sign",
    } <= kinds
    present = SecretBook()
    for box in told.boxes:
        present.keep("box", box)
    found = set()
    for number in range(3):
        found |= SeizedFolder(told.folder / "middle" / str(number)).find(present)
    assert ("values of objects.db", "box (raw)") in found
