"""Two people who talk over a bad line, each on two devices that sync now and then.

``Line`` carries real envelopes between real conversations; hypothesis decides who writes, what
becomes of each envelope, when devices sync, how much time passes and when somebody's vault is
put back to an older state. Whatever happens, nothing that arrived is lost without a sign; once
the line is good again, both sides agree and can talk.

A vault that was put back by more than a turn may hold none of the keys the other side still
uses, in both directions; then nothing opens any more. That cannot be mended without keeping
old keys, but it must not be silent.
"""

from __future__ import annotations

import msgspec
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kith_crypto.errors import DecryptionError, UsageError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.stamp import Stamped
from kith_protocol.conversation.bodies import Close, Freeze, Rekey, Text
from kith_protocol.conversation.events import AfterFreeze, Duplicate, Missing, Sent, Shown
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.records import Change, Record, encode_record, parse_record
from kith_testing.rng import SeededRng
from kith_testing.talking import DAY_S, HOME, NOW, a_pair, stamped

SIDES = st.sampled_from([0, 1])
DEVICES = st.sampled_from([0, 1])
BOX_DAYS = 30
ROUNDS = 12
"""Days after which everything that was asked for has come, or has been given up."""

Entries = dict[tuple[str, str], "Kept"]


class Kept(msgspec.Struct, frozen=True, order=True):
    """A vault record: the last writer wins on revision and device."""

    rev: int
    device: bytes
    value: bytes | None


class Device:
    """One device: its copy of the vault, and what it has fetched and not yet read."""

    def __init__(self, name: bytes, entries: Entries) -> None:
        self.name = name
        self.entries = dict(entries)
        self.fetched: list[Stamped] = []

    def load(self) -> Conversation:
        records: list[Record] = []
        for (kind, _), kept in self.entries.items():
            if kept.value is not None:
                records.append(parse_record(kind, msgspec.json.decode(kept.value)))
        return Conversation.load(records, lane=self.name)

    def keep(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            known = self.entries.get((change.kind, change.id))
            record = change.record
            value = None if record is None else msgspec.json.encode(encode_record(record))
            rev = 1 if known is None else known.rev + 1
            self.entries[change.kind, change.id] = Kept(rev, self.name, value)


class Person:
    """A vault on a node, a box, and devices."""

    def __init__(self, side: int, conversation: Conversation) -> None:
        first = Device(conversation._shelf.own.lane, {})
        first.keep(conversation.take_changes())
        self.side = side
        self.vault: Entries = dict(first.entries)
        self.devices = [first, Device(self._name(1), first.entries)]
        self.box: list[tuple[int, Stamped]] = []
        self.snapshot = dict(self.vault)
        self.taken: set[bytes] = set()
        self.taken_at_snapshot: set[bytes] = set()
        self.count = 1
        self.written = 0

    def _name(self, count: int) -> bytes:
        return f"lane{self.side}{count:03}".encode()

    def sync(self, device: Device) -> None:
        for key in self.vault.keys() | device.entries.keys():
            both = [found[key] for found in (self.vault, device.entries) if key in found]
            newest = max(both, key=lambda kept: (kept.rev, kept.device))
            self.vault[key] = device.entries[key] = newest

    def restore(self) -> None:
        """Put the vault back; every device starts again from it, under a new name."""
        self.vault = dict(self.snapshot)
        self.taken = set(self.taken_at_snapshot)
        for place in (0, 1):
            self.count += 1
            self.devices[place] = Device(self._name(self.count), self.vault)

    def whole(self) -> Conversation:
        return Device(b"onlooker", self.vault).load()


class Line(RuleBasedStateMachine):
    """The line between them, and the people."""

    @initialize(seed=st.integers(0, 2**32))
    def begin(self, seed: int) -> None:
        self.rng = SeededRng(seed)
        self.now = NOW
        self.people = [Person(side, talk) for side, talk in enumerate(a_pair())]
        self.on_way: list[tuple[int, int, Stamped]] = []
        self.is_ended = False
        self.was_restored = False

    # --- what people and devices do ---------------------------------------------

    def hand_in(self, person: Person, sent: Sent) -> None:
        envelope = stamped(sent.unstamped, self.now)
        self.on_way.append((1 - person.side, self.now, envelope))

    def renamed(self, person: Person, place: int) -> Device:
        """A device whose lane is behind what the other side saw goes on in a new one."""
        device = person.devices[place]
        if device.load().needs_new_lane:
            person.count += 1
            device.name = person._name(person.count)
        return device

    def write(self, person: Person, place: int, body: Text | Rekey | Close | Freeze) -> bool:
        device = self.renamed(person, place)
        talk = device.load()
        try:
            sent = talk.write(body, now=self.now, rng=self.rng)
        except UsageError:
            assert self.is_ended or talk.state != "open"
            return False
        device.keep(talk.take_changes())
        person.sync(device)
        self.hand_in(person, sent)
        return True

    @rule(side=SIDES, place=DEVICES, length=st.sampled_from([3, 3, 2000]))
    def says(self, side: int, place: int, length: int) -> None:
        person = self.people[side]
        person.written += 1
        self.write(person, place, Text(f"{side}:{person.written} " + "x" * length))

    @rule(side=SIDES, place=DEVICES)
    def fetches(self, side: int, place: int) -> None:
        person = self.people[side]
        person.devices[place].fetched = [envelope for _, envelope in person.box]

    @rule(side=SIDES, place=DEVICES)
    def reads(self, side: int, place: int) -> None:
        """Read what was fetched; store; acknowledge."""
        person = self.people[side]
        device = person.devices[place]
        talk = device.load()
        fetched, device.fetched = device.fetched, []
        for envelope in fetched:
            talk = self.take_in(person, device, talk, envelope)
        is_emptied = bool(fetched) and len(fetched) == len(person.box)
        self.does_what_is_due(person, device, talk, is_emptied=is_emptied)
        device.keep(talk.take_changes())
        person.sync(device)
        person.box = [item for item in person.box if item[1] not in fetched]
        self.nothing_that_arrived_is_lost(person)

    def take_in(
        self, person: Person, device: Device, talk: Conversation, envelope: Stamped
    ) -> Conversation:
        try:
            events = talk.receive(envelope, node=HOME, now=self.now)
        except DecryptionError:
            device.keep(talk.take_changes())
            person.sync(device)
            talk = device.load()
            try:
                events = talk.receive(envelope, node=HOME, now=self.now)
            except DecryptionError:
                talk.note_unreadable(now=self.now)
                return talk
        if not isinstance(events[0], AfterFreeze | Duplicate):
            person.taken.add(envelope.envelope.commitment)
        return talk

    def does_what_is_due(
        self, person: Person, device: Device, talk: Conversation, *, is_emptied: bool
    ) -> None:
        due = talk.tick(self.now, is_emptied=is_emptied)
        sent: list[Sent] = []
        for hashed in due.resend:
            try:
                sent.append(talk.resend(hashed, rng=self.rng))
            except UsageError:
                continue
        if due.rekey:
            body = Rekey(again=due.ask_again)
            sent.append(talk.write(body, now=self.now, rng=self.rng))
        device.keep(talk.take_changes())
        person.sync(device)
        for one in sent:
            self.hand_in(person, one)

    @rule(side=SIDES, place=DEVICES)
    def syncs(self, side: int, place: int) -> None:
        self.people[side].sync(self.people[side].devices[place])

    @rule(side=SIDES)
    def backs_up(self, side: int) -> None:
        person = self.people[side]
        person.snapshot = dict(person.vault)
        person.taken_at_snapshot = set(person.taken)

    @rule(side=SIDES, chance=st.integers(0, 5))
    def restores(self, side: int, chance: int) -> None:
        if chance == 0:
            self.was_restored = True
            self.people[side].restore()

    @rule(side=SIDES, place=DEVICES, chance=st.integers(0, 40))
    def ends(self, side: int, place: int, chance: int) -> None:
        if chance < 2:
            self.is_ended |= self.write(
                self.people[side], place, (Close("Thanks."), Freeze())[chance]
            )

    # --- what the line does ---------------------------------------------------

    @rule(which=st.integers(0, 50), copies=st.sampled_from([0, 1, 1, 1, 1, 2]))
    def carries(self, which: int, copies: int) -> None:
        """Any envelope may be lost, arrive late, or arrive twice."""
        if self.on_way:
            side, at, envelope = self.on_way.pop(which % len(self.on_way))
            self.people[side].box += [(self.now, envelope)] * min(copies, 1)
            if copies == 2:
                self.on_way.append((side, at, envelope))

    @rule()
    def carries_all(self) -> None:
        for side, _, envelope in self.on_way:
            self.people[side].box.append((self.now, envelope))
        self.on_way = []

    @rule()
    def a_turn(self) -> None:
        """Both say something, and it arrives."""
        for side in (0, 1):
            self.says(side, 0, 3)
            self.carries_all()
            self.fetches(1 - side, 0)
            self.reads(1 - side, 0)

    @rule(days=st.sampled_from([0, 0, 1, 1, 3, 8, 60]), seconds=st.integers(0, DAY_S))
    def time_passes(self, days: int, seconds: int) -> None:
        self.now += days * DAY_S + seconds
        oldest = self.now - BOX_DAYS * DAY_S
        self.on_way = [item for item in self.on_way if item[1] >= self.now - 7 * DAY_S]
        for person in self.people:
            person.box = [item for item in person.box if item[0] >= oldest]

    # --- what holds -------------------------------------------------------------

    def nothing_that_arrived_is_lost(self, person: Person) -> None:
        talk = person.whole()
        kept = {
            proof.postmark[17:49] for proofs in talk._shelf.proofs for proof in proofs.proofs
        }
        if talk.state != "closed" and self.now - NOW < 30 * DAY_S:
            assert person.taken <= kept
        shown = [
            entry for entry in talk.messages() if isinstance(entry, Shown) and not entry.is_own
        ]
        logs = talk._history.peer_lanes.values()
        known = sum(len(found) for log in logs for found in log.messages.values())
        waiting = sum(len(log.messages[seq]) for log in logs for seq in log.waiting)
        if talk._history.frozen_at is None:
            assert len(shown) + waiting == known

    def teardown(self) -> None:
        if not hasattr(self, "people"):
            return
        could_talk = self.is_linked(0) or self.is_linked(1)
        recent = [self.recent(person) for person in self.people]
        for _ in range(ROUNDS):
            self.good_day()
        self.devices_agree()
        self.gaps_are_told()
        if self.is_ended:
            return
        if could_talk:
            self.both_hear_each_other(recent)
        else:
            assert self.was_restored
            assert any(person.whole().unreadable_at for person in self.people)

    def recent(self, person: Person) -> set[bytes]:
        """Return own messages that can still be asked for before they are given up."""
        history = person.whole()._history
        return {
            message.hash
            for log in history.own_lanes.values()
            for found in log.messages.values()
            for message in found
            if message.at > self.now - 4 * DAY_S
        }

    def is_linked(self, side: int) -> bool:
        """Return whether what this person writes can be opened by the other one now."""
        person, other = self.people[side], self.people[1 - side]
        for device in person.devices:
            person.sync(device)
        for device in other.devices:
            other.sync(device)
        key = person.whole()._shelf.peer_key.key
        return key in {sealing_public_key(seed) for seed in other.whole().live_seeds()}

    def good_day(self) -> None:
        for side in (0, 1):
            self.people[side].sync(self.people[side].devices[0])
            self.says(side, 0, 3)
        for _ in range(2):
            self.carries_all()
            for side in (0, 1):
                for place in (1, 0):
                    self.fetches(side, place)
                    self.reads(side, place)
        self.now += DAY_S

    def devices_agree(self) -> None:
        for person in self.people:
            for device in person.devices:
                person.sync(device)
            one, two = (device.load().messages() for device in person.devices)
            assert one == two

    def gaps_are_told(self) -> None:
        """Every number of every lane of the other side is shown, waits, or is missing."""
        for person in self.people:
            talk = person.whole()
            if talk._history.frozen_at is not None:
                continue
            entries = talk.messages()
            for lane, log in talk._history.peer_lanes.items():
                told = [
                    entry.count if isinstance(entry, Missing) else 1
                    for entry in entries
                    if entry.lane == lane
                ]
                assert sum(told) >= log.seen

    def both_hear_each_other(self, recent: list[set[bytes]]) -> None:
        """What was said lately has been heard, and all that is not missing; so will be more."""
        for side, person in enumerate(self.people):
            other = self.people[1 - side].whole()
            heard = {entry.hash for entry in other.messages() if isinstance(entry, Shown)}
            if not self.was_restored:
                assert recent[side] <= heard
            assert other.waiting == 0
            said = [
                entry
                for entry in person.whole().messages()
                if isinstance(entry, Shown) and entry.is_own
            ]
            assert all(entry.hash in heard for entry in said[-4:])
            missing = [entry for entry in other.messages() if isinstance(entry, Missing)]
            if not self.was_restored:
                for entry in said:
                    assert (
                        entry.hash in heard
                        or not entry.is_acknowledged  # its writer sees that
                        or any(is_within(entry, gap) for gap in missing)
                    )


def is_within(entry: Shown, gap: Missing) -> bool:
    return entry.lane == gap.lane and gap.first <= entry.seq < gap.first + gap.count


Line.TestCase.settings = settings(
    max_examples=max(20, settings().max_examples // 5),
    stateful_step_count=25,
    # Making a failing run smaller takes minutes; a failing one is short enough.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
TestLine = Line.TestCase
