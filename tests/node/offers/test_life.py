"""Offers lead any life, with crashes between any two steps; peers end with what owners want."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import TypeVar

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kith_crypto.ed25519 import SigningKey
from kith_crypto.objects import offer_id
from kith_protocol.day import DAY_S
from kith_protocol.offer_content import OfferContent
from kith_testing.offers_room import (
    AT_ONCE,
    CONTENT,
    MEMBER,
    CrashError,
    OffersRoom,
    open_offers_room,
    url_of,
)

T = TypeVar("T")
CONTENTS = st.sampled_from(
    [
        msgspec.structs.replace(CONTENT, ways=(way,), room=room)
        for way in ("advise", "teach")
        for room in ("open", "full")
    ]
)
FAULTS = st.sampled_from(["", "", "", "before", "after"])


@dataclasses.dataclass
class Expected:
    """What an owner wants, what peers hold, and what a crash has left between the two."""

    content: OfferContent
    end_day: int
    held: OfferContent | None = None
    signed: OfferContent | None = None
    is_going: bool = False

    def settle(self) -> None:
        """An interrupted release has been finished."""
        if self.signed is not None:
            self.held, self.signed = self.signed, None

    def may_be_held(self) -> list[OfferContent | None]:
        """Return what peers may hold now, None for nothing."""
        now = [self.held]
        if self.signed is not None:
            now.append(self.signed)
        if self.is_going:
            now.append(None)
        return now


class Life(RuleBasedStateMachine):
    keys = Bundle("keys")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = contextlib.AsyncExitStack()
        self.live: dict[SigningKey, Expected] = {}
        self.gone: list[SigningKey] = []
        self.room: OffersRoom = self.run(self.open())

    async def open(self) -> OffersRoom:
        folder = Path(self.stack.enter_context(tempfile.TemporaryDirectory()))
        lifted = msgspec.structs.replace(AT_ONCE, new_offers=0)
        return await self.stack.enter_async_context(open_offers_room(folder, lifted))

    def run(self, work: Coroutine[object, object, T]) -> T:
        return self.runner.run(work)

    def attempt(self, work: Coroutine[object, object, object], fault: str = "") -> bool:
        """Run *work*; return whether it came to its end."""
        self.room.outbox.faults = [fault] if fault else []
        try:
            self.run(work)
        except CrashError:
            return False
        finally:
            self.room.outbox.faults = []
        return True

    def settle(self) -> None:
        for expected in self.live.values():
            expected.settle()

    def present(self, key: SigningKey) -> bool:
        """Return whether the owner can do anything with the offer."""
        return key in self.live and not self.live[key].is_going

    @rule(target=keys, content=CONTENTS, days=st.integers(1, 60))
    def publish(self, content: OfferContent, days: int) -> SigningKey:
        key = self.room.key()
        self.run(self.room.publish(key, content, days=days))
        self.live[key] = Expected(content, self.room.today + days)
        return key

    @rule(key=keys, content=CONTENTS, fault=FAULTS)
    def edit(self, key: SigningKey, content: OfferContent, fault: str) -> None:
        if not self.present(key):
            return
        one = offer_id(key.verify_key)
        if self.attempt(self.room.offers.editor.edit(one, content, if_match=None), fault):
            self.settle()
            self.live[key].content = content

    @rule(key=keys, days=st.integers(0, 30), fault=FAULTS)
    def extend(self, key: SigningKey, days: int, fault: str) -> None:
        if not self.present(key):
            return
        end_day = min(self.live[key].end_day + days, self.room.today + 90)
        one = offer_id(key.verify_key)
        if self.attempt(self.room.offers.editor.extend(one, end_day, member=MEMBER), fault):
            self.settle()
            self.live[key].end_day = end_day

    @rule(key=consumes(keys), fault=FAULTS)
    def withdraw(self, key: SigningKey, fault: str) -> None:
        if not self.present(key):
            return
        if self.attempt(self.room.offers.endings.withdraw(offer_id(key.verify_key)), fault):
            del self.live[key]
            self.gone.append(key)
        else:
            self.live[key].is_going = True

    @rule(fault=FAULTS)
    def release(self, fault: str) -> None:
        going = [key for key, expected in self.live.items() if expected.is_going]
        was_settled = all(expected.signed is None for expected in self.live.values())
        if self.attempt(self.room.release(), fault):
            for key in going:
                del self.live[key]
                self.gone.append(key)
            for expected in self.live.values():
                expected.signed, expected.held = None, expected.content
        elif not going and was_settled:
            for expected in self.live.values():
                if expected.held != expected.content:
                    expected.signed = expected.content

    @rule()
    def restart(self) -> None:
        self.room.restart()

    @rule(days=st.integers(1, 20))
    def let_days_pass(self, days: int) -> None:
        self.room.clock.advance(days * DAY_S)
        self.run(self.room.offers.endings.run_expiry())
        today = self.room.today
        for key in [key for key, expected in self.live.items() if expected.end_day <= today]:
            del self.live[key]  # peers drop it by its date

    @invariant()
    def peers_hold_what_was_released(self) -> None:
        held = self.room.outbox.contents()
        for key, expected in self.live.items():
            assert held.get(url_of(key)) in expected.may_be_held()
        for key in self.gone:
            assert url_of(key) not in held

    @invariant()
    def owners_see_what_they_want(self) -> None:
        for key, expected in self.live.items():
            if not expected.is_going:
                shown = self.run(self.room.offers.editor.get(offer_id(key.verify_key)))
                assert shown.draft.content == expected.content
                assert shown.draft.end_day == expected.end_day

    def teardown(self) -> None:
        try:
            self.release("")
            self.peers_hold_what_was_released()
            assert self.run(self.room.rows("unreleased")) == []
            ids = {offer_id(key.verify_key) for key in self.live}
            for table in ("offers", "seals"):
                assert {row[0] for row in self.run(self.room.rows(table))} == ids
        finally:
            self.run(self.stack.aclose())
            self.runner.close()


def test_peers_hold_what_owners_want_after_any_life() -> None:
    budget = settings(
        max_examples=30,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],  # each step waits for the disk
    )
    run_state_machine_as_test(Life, settings=budget)
