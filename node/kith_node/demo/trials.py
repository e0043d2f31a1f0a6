"""The second half of a run: wishes are asked, and things that must not work do not."""

from __future__ import annotations

import functools
import itertools

from kith_node.demo import endings, spoken, tamper
from kith_node.demo.asking import Asked, ask_all, make_judge
from kith_node.demo.errors import CheckError
from kith_node.demo.latency import SAMPLES, Spread, Stopwatch, is_visible
from kith_node.demo.plan import Plan
from kith_node.demo.stage import Stage
from kith_node.demo.waiting import patiently
from kith_node.demo.wishes import derive_wishes
from kith_node.runtime.config import load_config
from kith_protocol.vocabulary import Vocabulary

DAYS_AHEAD = 2  # past the end of what ends tomorrow


async def ask_wishes(stage: Stage, plan: Plan) -> list[Asked]:
    """Return the wishes derived from the plan's real lists, with their answers."""
    wishes = derive_wishes(plan.rows, seed=stage.options.seed)
    label = f"Asking {len(wishes)} wishes"
    with stage.progress.part("wishes", label, steps=len(wishes)) as tick:
        views = await stage.read_views()
        judge = make_judge(views.values(), stage.published, stage.actors)
        return await ask_all(wishes, stage.readers(), judge, tick=tick)


async def ask_spoken(stage: Stage, vocabulary: Vocabulary) -> float:
    """Return the share of wishes in free words that the nodes understood, 0 to 1.

    Args:
        stage: with filled nodes, which are asked in turn.
        vocabulary: whose labels are the words.
    """
    wishes = spoken.derive_spoken(vocabulary, seed=stage.options.seed)
    readers = itertools.cycle(stage.readers())
    understood = 0
    with stage.progress.part(
        "words", f"Asking {len(wishes)} times in free words", steps=len(wishes)
    ) as tick:
        for wish, reader in zip(wishes, readers, strict=False):
            query = spoken.query_of(wish)
            answer = await patiently(functools.partial(reader.search.find, query))
            understood += spoken.is_understood(wish, answer)
            tick()
    return round(understood / len(wishes), 4) if wishes else 0.0


async def measure_singles(stage: Stage) -> Spread | None:
    """Return how long single offers take to be visible at all peers, if there are any."""
    if len(stage.nodes) == 1:
        return None
    with stage.progress.part(
        "single", f"Publishing {SAMPLES} one by one", steps=SAMPLES
    ) as tick:
        watch = Stopwatch(stage.nodes, stage.filling, clock=stage.clock, tick=tick)
        spread, stage.singles = await watch.measure(samples=SAMPLES, seed=stage.options.seed)
    return spread


async def try_tampered(stage: Stage) -> int:
    """Return how many tampered announcements were refused; nothing of them is stored.

    Raises:
        CheckError: one was taken, or left a trace.
    """
    if len(stage.nodes) == 1:
        return 0
    sender, receiver = stage.nodes[:2]
    with stage.progress.part("tamper", "Announcing words that nobody signed"):
        views = await stage.read_views()
        config = load_config(sender.config, {})
        refused, invented = await tamper.send_tampered(
            sender, receiver, views[sender.actor], stage.means, config.data_dir
        )
        if await is_visible(stage.readers()[1], invented):
            raise CheckError(f"{receiver.community.name} took an offer that nobody signed")
        # The real offer must stand there with its real words: byte by byte.
        await stage.check_holdings()
    return refused


async def withdraw(stage: Stage) -> tuple[int, int]:
    """Return how many offers were withdrawn, and by how many receipts that is confirmed.

    Raises:
        CheckError: a peer did not confirm, or a node still shows one.
    """
    offers = endings.with_fate(stage.filling, "withdrawn")
    label = f"Withdrawing {len(offers)}"
    with stage.progress.part("withdraw", label, steps=len(offers)) as tick:
        receipts = await endings.withdraw(offers, peers=len(stage.nodes) - 1, tick=tick)
        stage.gone |= {offer.url for offer in offers}
        await endings.wait_until_gone(stage)
    return len(offers), receipts


async def expire(stage: Stage) -> int:
    """Return how many offers expired, once no node shows them any more.

    Raises:
        CheckError: one did not stand before, or a node still shows one.
    """
    offers = endings.with_fate(stage.filling, "expires")
    with stage.progress.part("expire", f"{DAYS_AHEAD} days later, {len(offers)} have expired"):
        await stage.check_holdings()
        await endings.move_clocks(stage, days_ahead=DAYS_AHEAD)
        stage.gone |= {offer.url for offer in offers}
        await endings.wait_until_gone(stage)
    return len(offers)


async def check_again(stage: Stage) -> None:
    """Check once more that every node holds exactly what stands.

    Raises:
        CheckError: one does not.
    """
    with stage.progress.part("verify", "Comparing everything once more"):
        await stage.check_holdings()
