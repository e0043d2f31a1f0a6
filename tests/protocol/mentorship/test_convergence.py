"""Two people, two devices each, a bad line: in the end both see the same mentorship.

Hypothesis decides who does what, on which device, what becomes of each message, and when
devices sync. One of the two is honest: what they see is what they can act on, and it takes
effect. The other one also writes whatever they like. No reading ever fails, nobody is ever
taken to have agreed to what they did not agree to, and once everything has arrived both sides
see the same.

Messages are kept and ordered by the real ``History``; sealing them is tested elsewhere.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from kith_crypto.canonical import canonical_bytes
from kith_crypto.core import NO_PREVIOUS
from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_crypto.strict_json import JsonObject
from kith_protocol.conversation.bodies import Body, Close, Text, encode_body
from kith_protocol.conversation.history import History
from kith_protocol.conversation.records import Message
from kith_protocol.mentorship.blind import Answers, answers_of
from kith_protocol.mentorship.bodies import (
    AgreementAnswer,
    AgreementProposal,
    MentorshipBody,
    Note,
    Reveal,
    SessionPick,
    SessionProposal,
    Slot,
    Terms,
)
from kith_protocol.mentorship.legal import check_writable
from kith_protocol.mentorship.state import Mentorship, read_mentorship
from kith_testing.correspondence import CONVERSATION
from kith_testing.mentorship_acts import ACTS, Act, Acting, hostile_bodies, things_of
from kith_testing.mentorships import (
    BOTH,
    DAY,
    MENTEE,
    MENTOR,
    NOW_MINUTE,
    Scene,
    neutral,
    read_as,
)

HONEST, HOSTILE = 0, 1
SIDES = st.sampled_from([HONEST, HOSTILE])
DEVICES = st.sampled_from([0, 1])
ROLES = {HONEST: MENTEE, HOSTILE: MENTOR}
BROKEN: tuple[JsonObject, ...] = (
    {},
    {"type": "closing", "kept_until": -1},
    {"type": "session", "thing": 5, "slots": []},
    {"type": "agreement-answer", "accepted": True, "after": ""},
    {"type": "marriage", "after": "x"},
)


class Device:
    """One device of one person: what its vault holds, and its lane."""

    def __init__(self, role: int, name: bytes) -> None:
        self.role = role
        self.lane = name
        self.acting = Acting(role, name)
        self.messages: dict[bytes, Message] = {}
        self.history = History(role)

    def take(self, message: Message) -> None:
        if message.hash not in self.messages:
            self.messages[message.hash] = message
            self.history.add(message)
            self.history.settle()

    def write(self, body: JsonObject, minute: int, *, is_fork: bool = False) -> Message:
        """Write a message in the device's lane; a fork claims the place of the last one."""
        log = self.history.own(self.lane)
        seq = log.top if is_fork and log.top else log.top + 1
        text = canonical_bytes(body).decode()
        previous = log.messages[seq - 1][-1].hash if seq > 1 else NO_PREVIOUS
        head = self.lane + seq.to_bytes(4, "big") + previous + minute.to_bytes(4, "big")
        message = Message(
            role=self.role,
            lane=self.lane,
            seq=seq,
            previous=previous,
            minute=minute,
            body=text,
            hash=sha256(head + text.encode()),
            at=minute * 60,
        )
        self.take(message)
        return message

    def reads(self) -> Mentorship:
        return read_mentorship(
            self.history.entries(), conversation=CONVERSATION, role=self.role
        )


def as_written(device: Device, body: Body) -> JsonObject:
    """Return *body* as it stands in a core of this device."""
    return encode_body(body, ack=device.history.acknowledgement(), turn=None)


class Person:
    """Two devices, what their owner has consented to, and what they keep for themselves."""

    def __init__(self, side: int) -> None:
        self.side = side
        self.role = ROLES[side]
        self.devices = [Device(self.role, bytes([side, place] * 4)) for place in (0, 1)]
        self.terms: list[Terms] = []
        self.slots: list[Slot] = []
        self.answered: dict[int, list[Answers]] = {}
        self.skew = 0

    def sync(self) -> None:
        one, two = self.devices
        one.acting.answers |= two.acting.answers
        two.acting.answers |= one.acting.answers
        for message in list(one.messages.values()):
            two.take(message)
        for message in list(two.messages.values()):
            one.take(message)

    def note_consent(self, body: MentorshipBody, before: Mentorship) -> None:
        """Remember what the owner has said yes to, as they saw it."""
        match body:
            case AgreementProposal(terms=terms):
                self.terms.append(terms)
            case AgreementAnswer(accepted=True):
                assert before.agreement.proposed is not None
                self.terms.append(before.agreement.proposed)
            case SessionProposal(slots=slots):
                self.slots.extend(slots)
            case SessionPick(start=start):
                offered = [slot for one in before.sessions for slot in one.proposed]
                self.slots.extend(slot for slot in offered if slot.start == start)
            case Reveal():
                self.answered.setdefault(body.number, []).append(answers_of(body))
            case _:
                pass


class Meeting(RuleBasedStateMachine):
    """Two people and the line between them."""

    @initialize(skew=st.sampled_from([-3000, -60, 0, 0, 60, 3000]))
    def begin(self, skew: int) -> None:
        self.minute = NOW_MINUTE
        self.people = [Person(HONEST), Person(HOSTILE)]
        self.people[HOSTILE].skew = skew
        self.on_way: list[tuple[int, Message]] = []

    # --- what people do ----------------------------------------------------------

    @rule(side=SIDES, place=DEVICES, act=st.sampled_from(ACTS), number=st.integers(0, 9))
    def acts(self, side: int, place: int, act: Act, number: int) -> None:
        """Do something that one's view of the mentorship offers: it can be sent, and counts."""
        person = self.people[side]
        device = person.devices[place]
        before = device.reads()
        minute = self.minute + person.skew
        body = act(device.acting, before, number, minute)
        if body is None:
            return
        check_writable(
            body,
            device.history.entries(),
            conversation=CONVERSATION,
            role=person.role,
            minute=minute,
        )
        person.note_consent(body, before)
        written = self.send(person, device, body)
        is_put_away = isinstance(body, Note) and not body.text
        if hasattr(body, "after") and not is_put_away:
            after = device.reads()
            heads = [after.agreement.head, *(one.head for one in things_of(after))]
            assert written.hash in heads

    @rule(act=st.sampled_from(ACTS), number=st.integers(0, 9), other=st.integers(0, 9))
    def both_act(self, act: Act, number: int, other: int) -> None:
        """Both see the same and act before they hear of each other."""
        self.carries_all()
        self.acts(HONEST, 0, act, number)
        self.acts(HOSTILE, 0, act, other)

    @rule(place=DEVICES, is_fork=st.booleans(), data=st.data())
    def is_hostile(self, place: int, is_fork: bool, data: st.DataObject) -> None:
        """Write what no honest client would, also twice in one place."""
        person = self.people[HOSTILE]
        device = person.devices[place]
        seen = device.reads()
        body = data.draw(hostile_bodies(list(device.messages), seen), label="hostile")
        written = device.write(as_written(device, body), self.minute, is_fork=is_fork)
        self.on_way.append((HONEST, written))

    @rule(place=DEVICES, body=st.sampled_from(BROKEN))
    def is_broken(self, place: int, body: JsonObject) -> None:
        written = self.people[HOSTILE].devices[place].write(body, self.minute)
        self.on_way.append((HONEST, written))

    @rule(side=SIDES, place=DEVICES, chance=st.integers(0, 30))
    def chats(self, side: int, place: int, chance: int) -> None:
        person = self.people[side]
        self.send(person, person.devices[place], Close() if chance == 30 else Text("hello"))

    def send(self, person: Person, device: Device, body: Body) -> Message:
        written = device.write(as_written(device, body), self.minute + person.skew)
        self.on_way.append((1 - person.side, written))
        return written

    # --- what the line does --------------------------------------------------------

    @rule(which=st.integers(0, 50), place=DEVICES, copies=st.sampled_from([0, 1, 1, 1, 2]))
    def carries(self, which: int, place: int, copies: int) -> None:
        """Any message may be lost, overtake others, or come twice, on either device."""
        if not self.on_way:
            return
        side, message = self.on_way.pop(which % len(self.on_way))
        for copy in range(copies):
            self.people[side].devices[(place + copy) % 2].take(message)
        self.nobody_is_taken_at_a_word_not_given()

    @rule()
    def carries_all(self) -> None:
        for side, message in self.on_way:
            self.people[side].devices[0].take(message)
        self.on_way = []
        self.nobody_is_taken_at_a_word_not_given()

    @rule(side=SIDES)
    def syncs(self, side: int) -> None:
        self.people[side].sync()

    @rule(side=SIDES, place=DEVICES)
    def gives_up_waiting(self, side: int, place: int) -> None:
        history = self.people[side].devices[place].history
        names = {encode_base64url(lane): log.top for lane, log in history.peer_lanes.items()}
        history.give_up(names)

    @rule(minutes=st.sampled_from([1, 60, 24 * 60, 9 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.minute += minutes

    # --- what holds ------------------------------------------------------------------

    def nobody_is_taken_at_a_word_not_given(self) -> None:
        """Whatever the other side sent, the honest one has consented to what is in force."""
        honest = self.people[HONEST]
        for person in self.people:
            for device in person.devices:
                seen = device.reads()
                agreed = seen.agreement.terms
                assert agreed is None or agreed in honest.terms
                picked = [one.picked for one in seen.sessions if one.picked is not None]
                assert all(slot in honest.slots for slot in picked)
                self.only_true_answers_are_shown(person, seen)

    def only_true_answers_are_shown(self, person: Person, seen: Mentorship) -> None:
        if person.side == HONEST:
            return
        honest = self.people[HONEST]
        for one in seen.check_ins:
            if one.theirs is not None:
                assert one.theirs in honest.answered[one.number]

    def teardown(self) -> None:
        if not hasattr(self, "people"):
            return
        for person in self.people:
            person.sync()
        for person in self.people:
            other = self.people[1 - person.side]
            for message in list(person.devices[0].messages.values()):
                if message.role == person.role:
                    other.devices[0].take(message)
        for person in self.people:
            person.sync()
        self.nobody_is_taken_at_a_word_not_given()
        views = [
            neutral(device.reads(), person.role)
            for person in self.people
            for device in person.devices
        ]
        assert views[0] == views[1] == views[2] == views[3]


TestMeeting = Meeting.TestCase
TestMeeting.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)


# --- any part of what was said, in any order ---------------------------------------


def lived(data: st.DataObject) -> Scene:
    """Return what two people have said who do this and that, one of them also what is wrong."""
    scene = Scene()
    mine = {role: Acting(role, bytes([role])) for role in BOTH}
    for _ in range(data.draw(st.integers(1, 12), label="steps")):
        scene.minute += data.draw(st.sampled_from([0, 60, 2 * DAY]), label="minutes")
        act = data.draw(st.sampled_from(ACTS), label="act")
        unseen = data.draw(st.integers(0, 2), label="unseen")
        known = scene.said[: max(0, len(scene.said) - unseen)]
        roles = data.draw(st.sampled_from([BOTH, BOTH, (MENTEE,), (MENTOR,), ()]), label="who")
        for role in roles:  # who act at the same time see the same
            number = data.draw(st.integers(0, 9), label="number")
            body = act(mine[role], read_as(role, known), number, scene.minute)
            if body is not None:
                scene.says(role, body)
        if not roles:
            hashes = [one.hash for one in known]
            bodies = hostile_bodies(hashes, read_as(MENTOR, known))
            scene.says(MENTOR, data.draw(bodies, label="hostile"))
    return scene


@given(st.data())
def test_any_part_of_what_was_said_is_the_same_in_any_order_from_both_sides(
    data: st.DataObject,
) -> None:
    said = lived(data).said
    part = [one for one in said if data.draw(st.integers(0, 5), label="arrives")]
    mixed = data.draw(st.permutations([*part, *part[:2]]), label="order")
    views = {role: read_as(role, part) for role in BOTH}
    assert neutral(views[MENTEE], MENTEE) == neutral(views[MENTOR], MENTOR)
    for role in BOTH:
        assert read_as(role, mixed) == views[role]


@given(st.data())
def test_what_has_not_arrived_yet_is_made_up_for_when_it_comes(data: st.DataObject) -> None:
    """Each side reads along as messages come, in its own order: that leaves no trace."""
    said = lived(data).said
    orders = [data.draw(st.permutations(said)) for _ in BOTH]
    for role, order in zip(BOTH, orders, strict=True):
        for count in range(len(order)):
            read_as(role, order[:count])
    one, other = (
        neutral(read_as(role, order), role) for role, order in zip(BOTH, orders, strict=True)
    )
    assert one == other
