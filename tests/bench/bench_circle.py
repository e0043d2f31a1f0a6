"""What a circle costs its members: time to say something and to read, and room in the vault.

Twelve and thirty people of two communities (small nodes in this process, over real HTTP) have
said some things. Told are milliseconds to write and hand in one message to all, without the
pauses between letters; beside it, in the same run, one message of one conversation, so
``letters`` says how many of those it is; milliseconds to read the whole circle from the vault
and to look into its box; and the bytes that the convener's vault holds, and a guest's.

``run`` returns figures by name. ``python tests/bench/bench_circle.py`` prints them.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import sys
import time
from collections.abc import Awaitable, Callable

from kith_client.circles.circle import Circle
from kith_client.conversation import Conversation
from kith_protocol.circle.roster import CircleTerms
from kith_protocol.day import day_of
from kith_testing.clock import FakeClock
from kith_testing.correspondents import Correspondents, Device, open_correspondents
from kith_testing.small_node import SmallNode, serve_small_node

Figures = dict[str, float]

SIZES = (12, 30)
MESSAGES = 60
ROUNDS = 5
LETTERS = 200  # characters of a message


async def run(sizes: tuple[int, ...] = SIZES) -> dict[str, Figures]:
    """Return the figures of a circle of each size."""
    return {f"circle {size}": await _measure(size) for size in sizes}


async def _measure(size: int) -> Figures:
    clock = FakeClock()
    with serve_small_node(clock) as here, serve_small_node(clock) as there:
        here.post.connect(there.post)
        async with open_correspondents(clock) as people:
            return await _measure_with(people, (here, there), size, clock)


async def _measure_with(
    people: Correspondents, nodes: tuple[SmallNode, SmallNode], size: int, clock: FakeClock
) -> Figures:
    convener = await people.member(nodes[0])
    today = day_of(clock.now())
    terms = CircleTerms("Measuring", today, today + 60, places=size)
    circle = await convener.member.circles.convene(terms, name="Convener")
    guests = [await people.member(nodes[number % 2]) for number in range(size - 1)]
    talks = [await _bring(convener, circle, guest) for guest in guests]
    everybody = [convener, *guests]
    for one in everybody:
        await _look(one)
    for number in range(MESSAGES):
        writer = everybody[number % size]
        await writer.member.circles.open(circle.id).say("x" * LETTERS)
        if number % size == size - 1:
            for one in everybody:
                await _look(one)
    say_ms = await _timed(lambda: circle.say("x" * LETTERS))
    one_ms = await _timed(lambda: talks[0].say("x" * LETTERS))
    return {
        "say_ms": round(say_ms, 1),
        "one_letter_ms": round(one_ms, 1),
        "letters": round(say_ms / one_ms, 1),
        "read_ms": round(await _timed(lambda: _read(circle)), 1),
        "look_ms": round(await _timed(circle.receive), 1),
        "convener_vault_kib": _vault_kib(convener),
        "guest_vault_kib": _vault_kib(guests[-1]),
    }


async def _bring(convener: Device, circle: Circle, guest: Device) -> Conversation:
    """Let *guest* into *circle*; return the conversation in which they were invited."""
    knock = await convener.member.knocks.knock(await guest.offer(), "Hello")
    (came,) = (await guest.member.knocks.check()).knocks
    await guest.member.knocks.accept(came, "Welcome")
    await convener.member.knocks.check()
    talk = convener.member.conversations.open(knock.conversation)
    await circle.convener.invite(talk)
    await _look(guest)
    (invitation,) = guest.member.circles.invitations
    await guest.member.circles.join(invitation, name="Guest")
    return talk


async def _look(device: Device) -> None:
    await device.member.conversations.check()
    await device.member.circles.check()


async def _read(circle: Circle) -> None:
    assert circle.view.words


async def _timed(work: Callable[[], Awaitable[object]]) -> float:
    """Return the median of a few rounds, in milliseconds."""
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        await work()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def _vault_kib(device: Device) -> int:
    records = device.member.keys.copy.snapshot().values()
    return round(sum(len(json.dumps(record.value)) for record in records) / 1024)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run()), indent=2), file=sys.stdout)
