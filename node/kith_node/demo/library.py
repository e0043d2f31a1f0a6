"""The libraries of the demonstration: filled, searched, changed and withdrawn across nodes.

Stewards use their commands (`kith library import`, `withdraw`), members their own devices. The
entries are made up (``resources.py``). A step counts only once every community's members see
what it did.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import msgspec

from kith_client.member import Member
from kith_node.demo.errors import CheckError
from kith_node.demo.nodes import DemoNode
from kith_node.demo.resources import make_resources
from kith_node.demo.stage import Stage
from kith_node.demo.waiting import patiently, run_together, wait_until
from kith_protocol.day import day_of
from kith_protocol.library_search import MAX_FOUND, ResourceQuery
from kith_protocol.query import primary_language
from kith_protocol.resource import Resource
from kith_protocol.resource_content import ResourceContent
from kith_protocol.resource_files import encode_json
from kith_protocol.vocabulary import LABEL_LANGUAGES

RESOURCES = 500
CHANGED = 5  # of each community
FOUND = 24  # entries that are looked for by their topic
CRISIS = {"en": "I want to die", "de": "Suizid", "ja": "死にたい", "ar": "أريد أن أموت"}
TIMEOUT_S = 60
POLL_S = 0.2

Held = dict[str, Resource]


async def share(stage: Stage) -> int:
    """Fill all libraries and return how many entries stand in the end, at every node.

    Raises:
        CheckError: a node does not hold what the stewards entered, still shows what was
            replaced or withdrawn, or a member does not find what is there.
        NodeFailedError: a steward's command failed.
    """
    made = make_resources(RESOURCES, stage.options.seed, today=day_of(stage.clock.now()))
    label = f"{RESOURCES} entries of libraries: announced, found, changed, withdrawn"
    with stage.progress.part("library", label, steps=4) as tick:
        await run_together(
            _enter(node, [("", content) for content in made[place :: len(stage.nodes)]])
            for place, node in enumerate(stage.nodes)
        )
        held = await _agree(stage, lambda held: len(held) == len(made))
        tick()
        await _find(stage.readers(), held)
        tick()
        changed = [await _change(node, held) for node in stage.nodes]
        gone = [await _withdraw(node, held, changed) for node in stage.nodes]
        tick()
        news = {url: content for changes in changed for url, content in changes}
        held = await _agree(
            stage,
            lambda held: (
                held.keys().isdisjoint(gone)
                and news == {url: held[url].content for url in news if url in held}
            ),
        )
        tick()
    return len(held)


async def _enter(node: DemoNode, entries: Sequence[tuple[str, ResourceContent]]) -> None:
    file = node.folder / "library.json"
    file.write_bytes(encode_json(entries))
    await node.run("library", "import", str(file))


async def _agree(stage: Stage, is_right: Callable[[Held], bool]) -> Held:
    """Return what every community's members see, once it is the same and right.

    Raises:
        CheckError: it was not in time.
    """
    seen: list[Held] = []

    async def is_done() -> bool:
        readers = stage.readers()
        seen[:] = await run_together(_look(reader) for reader in readers)
        return all(held == seen[0] for held in seen) and is_right(seen[0])

    if not await wait_until(is_done, timeout_s=TIMEOUT_S, every_s=POLL_S):
        counts = ", ".join(str(len(held)) for held in seen)
        raise CheckError(f"the libraries differ, or hold something else: {counts} entries")
    return seen[0]


async def _look(reader: Member) -> Held:
    found = await patiently(functools.partial(reader.library.list, LABEL_LANGUAGES))
    return {resource.id: resource for resource in found}


async def _find(readers: Sequence[Member], held: Held) -> None:
    """Check that members find entries of other communities, and help first in a crisis.

    Raises:
        CheckError: they do not.
    """
    wanted = list(held.values())[:: len(held) // FOUND]
    for number, resource in enumerate(wanted):
        content = resource.content
        query = ResourceQuery(
            languages=(primary_language(content.languages[0]),),
            topics=content.topics[:1],
            limit=MAX_FOUND,
        )
        reader = readers[number % len(readers)]
        found = await patiently(functools.partial(reader.library.find, query))
        if resource.id not in {one.resource.id for one in found}:
            raise CheckError(f"{resource.id} is not found by its topic")
    for language, words in CRISIS.items():
        query = ResourceQuery(languages=(language,), text=words)
        found = await patiently(functools.partial(readers[0].library.find, query))
        if not found or not found[0].resource.content.urgent:
            raise CheckError(f"words of a crisis in {language} do not lead to help")


async def _change(node: DemoNode, held: Held) -> list[tuple[str, ResourceContent]]:
    """Return what the stewards of *node* changed, with the ids."""
    own = _own(node, held)[:CHANGED]
    changed = [(one.id, msgspec.structs.replace(one.content, urgent=True)) for one in own]
    await _enter(node, changed)
    return changed


async def _withdraw(
    node: DemoNode, held: Held, changed: Sequence[Sequence[tuple[str, ResourceContent]]]
) -> str:
    """Return the id of what the stewards of *node* withdrew, nothing that they changed."""
    kept = {url for changes in changed for url, _ in changes}
    url = next(one.id for one in _own(node, held) if one.id not in kept)
    await node.tell("library", "withdraw", url)
    return url


def _own(node: DemoNode, held: Held) -> list[Resource]:
    # Urgent ones stay as they are, so that each language keeps one.
    return [
        one
        for _, one in sorted(held.items())
        if one.author == node.actor and not one.content.urgent
    ]
