"""A conversation of two people, for either side and any number of devices.

It is loaded from all its records, and everything it believes is their union: messages by lane
and number, the newest reply keys, what was given up. What it writes and reads changes records
that the caller stores before handing in or acknowledging (``take_changes``).

* A new reply key goes with the first message of a turn, and again with later ones of that turn
  until the other side has seen it, where that does not need a larger envelope.
* What cannot be opened, or is missing for a day, is asked for again with a ``Rekey``; the
  other side then sends the same cores again. After seven days a gap is shown as such.
* After a ``Freeze`` of the other side nothing more is taken in.

Fetching, handing in, verifying stamps and the clock are left to the caller.

Source: SPEC.md, section on conversations.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from kith_crypto.content import Opened
from kith_crypto.core import ROLE_MENTEE, ROLE_MENTOR, core_hash
from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.envelope import LARGEST_SEALED_BYTES, SMALLEST_SEALED_BYTES, Unstamped
from kith_crypto.errors import DecryptionError, UsageError
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import open_message, seal_answer, seal_message
from kith_crypto.objects import box_address
from kith_crypto.randomness import Rng
from kith_crypto.stamp import Stamped
from kith_protocol.conversation.bodies import (
    Answer,
    Body,
    Close,
    Freeze,
    Knock,
    Part,
    Rekey,
)
from kith_protocol.conversation.due import (
    MAX_RESENT,
    give_up_gaps,
    is_over,
    mortal_seeds,
    must_ask,
    must_rekey,
    settle,
    to_resend,
)
from kith_protocol.conversation.events import (
    AfterFreeze,
    AskedAgain,
    Behind,
    Closed,
    Due,
    Duplicate,
    Entry,
    Event,
    Evidence,
    Fork,
    Frozen,
    Received,
    Sent,
    Waiting,
)
from kith_protocol.conversation.history import History, State
from kith_protocol.conversation.proofs import PROOF_DAYS, evidence_of, proof_of, reply_key_of
from kith_protocol.conversation.records import (
    Change,
    Message,
    Proof,
    Record,
    Seed,
    Talk,
    change_of,
    message_of,
)
from kith_protocol.conversation.seeds import newest_first, order_of
from kith_protocol.conversation.shelf import Shelf
from kith_protocol.conversation.writing import Around, Draft, check_may_write, compose, core_of
from kith_protocol.day import MAX_DAY, day_of
from kith_protocol.mentorship.bodies import MENTORSHIP_BODIES
from kith_protocol.mentorship.legal import check_writable

ALL_DAYS = MAX_DAY + 1


class Conversation:
    """One side of a conversation, on one device."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._history = History(shelf.talk.role)
        for message in sorted(shelf.messages, key=lambda message: message.at):
            self._history.add(message)
        for lane in shelf.lanes:
            self._history.give_up(lane.given_up)
        self._history.settle()
        self._commitments = {
            proof.postmark[17:49] for kept in shelf.proofs for proof in kept.proofs
        }
        self._key = SigningKey.from_seed(shelf.talk.seed)
        self.box_key = SigningKey.from_seed(shelf.talk.box_seed)
        self._box = box_address(self.box_key.verify_key)

    @classmethod
    def load(cls, records: Iterable[Record], *, lane: bytes) -> Conversation:
        """Return the conversation that *records* hold.

        Args:
            records: all of one conversation, of every device; those of its knock may be there.
            lane: of this device, 8 bytes; see ``records.lane_of``.

        Raises:
            UsageError: not the records of exactly one conversation that has begun.
        """
        return cls(Shelf.load(records, lane))

    @classmethod
    def begin(
        cls,
        talk: Talk,
        *,
        lane: bytes,
        messages: Sequence[Message],
        seeds: Sequence[Seed],
        proofs: Sequence[Proof],
        now: int,
    ) -> Conversation:
        """Return a conversation that has just begun, with all its records to be stored.

        Args:
            talk: what is fixed.
            lane: of this device.
            messages: knock and answer.
            seeds: own reply keys so far.
            proofs: of the message that was received.
            now: seconds.
        """
        shelf = Shelf(talk, lane)
        shelf.change(change_of(talk))
        announced = _announced(talk.role, messages, seeds)
        shelf.note(replace(shelf.own, peer_key=talk.first, announced=announced))
        for message in messages:
            shelf.add_message(message)
        for seed in seeds:
            shelf.add_seed(seed)
        for proof in proofs:
            shelf.add_proof(proof, now=now)
        return cls(shelf)

    # --- what there is ---------------------------------------------------------

    @property
    def talk(self) -> Talk:
        """What is fixed: roles, keys, boxes, the other side's node."""
        return self._shelf.talk

    @property
    def state(self) -> State:
        """Whether it goes on, and who ended it."""
        return self._history.state

    @property
    def needs_new_lane(self) -> bool:
        """Whether the other side has seen more of this lane than this vault holds."""
        lane = self._shelf.own.lane
        return self._history.acked.get(lane, 0) > self._history.own(lane).top

    @property
    def waiting(self) -> int:
        """How many messages wait for earlier ones."""
        return sum(len(log.waiting) for log in self._history.peer_lanes.values())

    @property
    def unreadable_at(self) -> int:
        """When something came last that could not be opened; 0 for never."""
        return max(lane.unreadable_at for lane in self._shelf.lanes)

    @property
    def answer_hash(self) -> bytes:
        """Hash of the answer's core, for the safety words; the same on both sides.

        Two devices of the mentor may have answered; then it is the smallest one.
        """
        return self._history.answer_hash

    def messages(self) -> tuple[Entry, ...]:
        """Return everything that can be shown, in the order in which it is shown."""
        return self._history.entries()

    def live_seeds(self) -> tuple[bytes, ...]:
        """Return the own reply keys that live, newest first."""
        return tuple(seed.seed for seed in newest_first(self._shelf.seeds))

    def take_changes(self) -> tuple[Change, ...]:
        """Return what is to be stored; each change is given once."""
        return self._shelf.take_changes()

    # --- writing ---------------------------------------------------------------

    def write(self, body: Body, *, now: int, rng: Rng) -> Sent:
        """Return *body*, sealed for the other side.

        Args:
            body: of any type that may follow a knock and its answer.
            now: seconds.
            rng: for keys.

        Raises:
            UsageError: the conversation is over or paused, or needs another lane; or it is a
                step of the mentorship that is not possible now.
            MalformedError: *body* breaks a rule.
            TooLargeError: it does not fit an envelope.
            KeyRefusedError: the other side's reply key is not one.
        """
        if self.needs_new_lane:
            raise UsageError("this vault is older than its lane: go on in a new one")
        check_may_write(body, self.state)
        if isinstance(body, MENTORSHIP_BODIES):
            check_writable(
                body,
                self.messages(),
                conversation=self.talk.conversation,
                role=self.talk.role,
                minute=now // 60,
            )
        draft = self._compose(body, now, rng)
        unstamped = self._seal(draft, body, rng)
        self._keep_own(draft, body, now)
        return Sent(
            unstamped=unstamped,
            is_slow=False,
            lane=draft.core.lane,
            seq=draft.core.seq,
            hash=core_hash(draft.raw),
        )

    def resend(self, message: bytes, *, rng: Rng) -> Sent:
        """Return an own message sealed again: the same core, for the newest reply key.

        Args:
            message: its hash.
            rng: for keys.

        Raises:
            UsageError: there is no such message, or it cannot be made again.
        """
        found = self._history.find(message)
        if found is None or found.role != self.talk.role:
            raise UsageError("no such message of one's own")
        core = core_of(self.talk.conversation, found, self._announced(message))
        if core is None:
            raise UsageError("its reply key is gone, so it cannot be made again")
        draft = Draft(core=core, raw=b"", seed=None)
        body = self._history.said(found).body
        if isinstance(body, Knock):
            raise UsageError("a knock goes to the offer, not to the conversation")
        return Sent(
            unstamped=self._seal(draft, body, rng),
            is_slow=isinstance(body, Answer),
            lane=core.lane,
            seq=core.seq,
            hash=message,
        )

    def _compose(self, body: Body, now: int, rng: Rng) -> Draft:
        shelf, history = self._shelf, self._history
        around = Around(
            talk=self.talk,
            lane=shelf.own.lane,
            log=history.own(shelf.own.lane),
            seeds=shelf.seeds,
            heard=history.heard,
            acked=history.acked,
            ack=history.acknowledgement(),
        )
        return compose(body, around, now=now, rng=rng)

    def _seal(self, draft: Draft, body: Body, rng: Rng) -> Unstamped:
        talk, key = self.talk, self._shelf.peer_key.key
        if isinstance(body, Answer):
            return seal_answer(
                draft.core, writer=self._key, sealing_key=key, box=talk.peer_box, rng=rng
            )
        is_part = isinstance(body, Part)
        return seal_message(
            draft.core,
            writer=self._key,
            sealing_key=key,
            box=talk.peer_box,
            rng=rng,
            at_least=LARGEST_SEALED_BYTES if is_part else SMALLEST_SEALED_BYTES,
        )

    def _announced(self, message: bytes) -> bytes | None:
        """Return the reply key that an own message carried, while it is known."""
        name = encode_base64url(message)
        keys = [lane.announced[name] for lane in self._shelf.lanes if name in lane.announced]
        return parse_base64url(keys[0]) if keys else None

    def _keep_own(self, draft: Draft, body: Body, now: int) -> None:
        shelf, hashed = self._shelf, core_hash(draft.raw)
        if draft.seed is not None:
            shelf.add_seed(draft.seed)
        own = shelf.own
        if draft.core.next_key is not None:
            key = encode_base64url(draft.core.next_key)
            known = [*own.announced.items(), (encode_base64url(hashed), key)]
            own = replace(own, announced=dict(known[-MAX_RESENT:]))
        if isinstance(body, Rekey) and body.again:
            own = replace(own, asked_at=now)
        shelf.note(own)
        message = message_of(draft.core, raw_hash=hashed, at=now)
        shelf.add_message(message)
        self._history.add(message)
        self._history.settle()

    # --- reading ---------------------------------------------------------------

    def receive(self, stamped: Stamped, *, node: str, now: int) -> tuple[Event, ...]:
        """Take in what came to one's box; return what there is to tell.

        Args:
            stamped: an envelope of that box, its stamp verified with the keys of *node*.
            node: origin of the node that delivered it.
            now: seconds.

        Raises:
            DecryptionError: it does not open with what this vault holds now. After loading
                the newest vault has not helped either: ``note_unreadable``.
        """
        envelope = stamped.envelope
        if envelope.box != self._box:
            raise DecryptionError("cannot be opened")
        if envelope.commitment in self._commitments:
            return (Duplicate(),)
        seeds = newest_first(self._shelf.seeds)
        opened = open_message(
            stamped,
            [seed.seed for seed in seeds],
            writer=VerifyKey(self.talk.peer_key),
            conversation=self.talk.conversation,
            role=self._peer_role,
        )
        message = message_of(opened.core, raw_hash=core_hash(opened.raw), at=now)
        if self._history.find(message.hash) is not None:
            return (Duplicate(),)
        if self._history.frozen_at is not None:
            return (AfterFreeze(),)
        self._keep_received(stamped, opened, message, node)
        self._note_keys(opened, seeds[opened.place])
        return (*self._events_of_order(message), *self._events_of_body(message))

    def note_unreadable(self, *, now: int) -> None:
        """Remember that something came which cannot be opened, so that it is asked for."""
        self._shelf.note(replace(self._shelf.own, unreadable_at=now))

    @property
    def _peer_role(self) -> int:
        return ROLE_MENTEE + ROLE_MENTOR - self.talk.role

    def _keep_received(
        self, stamped: Stamped, opened: Opened, message: Message, node: str
    ) -> None:
        self._commitments.add(stamped.envelope.commitment)
        self._shelf.add_proof(proof_of(stamped, opened, node=node), now=message.at)
        self._shelf.add_message(message)
        self._history.add(message)

    def _note_keys(self, opened: Opened, seed: Seed) -> None:
        shelf, own = self._shelf, self._shelf.own
        key, newest = reply_key_of(opened.core), self._shelf.peer_key
        if key is not None and (key.turn, key.lane) > (newest.turn, newest.lane):
            own = replace(own, peer_key=key)
        own = replace(own, opened=max(own.opened, order_of(seed)))
        unseen = self._history.unseen(own.lane)
        kept = {name: text for name, text in own.announced.items() if name in unseen}
        shelf.note(replace(own, announced=kept))

    def _events_of_order(self, message: Message) -> list[Event]:
        log = self._history.peer_lanes[message.lane]
        is_in_place, is_early = message.seq <= log.seen, message.seq > log.seen + 1
        events: list[Event] = []
        if log.is_fork_around(message):
            events.append(Fork(message.lane, message.seq))
        if is_in_place:
            events.append(Received(self._history.shown(message)))
        if is_early:
            events.append(Waiting(message.lane, message.seq))
        return events + settle(self._shelf, self._history)

    def _events_of_body(self, message: Message) -> list[Event]:
        said, lane = self._history.said(message), self._shelf.own.lane
        events: list[Event] = []
        if isinstance(said.body, Freeze):
            events.append(Frozen())
        if isinstance(said.body, Close):
            events.append(Closed(said.body.words))
        if isinstance(said.body, Rekey) and said.body.again:
            events.append(AskedAgain())
        if self.needs_new_lane:
            events.append(Behind(lane, said.ack.get(lane, 0)))
        return events

    # --- as time passes --------------------------------------------------------

    def tick(self, now: int, *, is_emptied: bool) -> Due:
        """Return what is due, and let die what has lived long enough.

        Args:
            now: seconds.
            is_emptied: the box has been fetched to its end since this was loaded, and all
                that came was taken in.
        """
        shelf, history = self._shelf, self._history
        events = give_up_gaps(shelf, history, now=now)
        is_closed = self.state == "closed"
        shelf.drop_proofs(ALL_DAYS if is_closed else day_of(now) - PROOF_DAYS)
        over = is_over(history, is_closed=is_closed, now=now)
        if is_emptied:
            shelf.drop_seeds(shelf.seeds if over else mortal_seeds(shelf, history, now=now))
        is_open = self.state == "open" and not self.needs_new_lane
        ask_again = is_open and must_ask(shelf, history, now=now)
        resend = to_resend(shelf, history, now=now)
        if resend:
            shelf.note(replace(shelf.own, resent_at=now))
        return Due(
            events=tuple(events),
            rekey=ask_again or (is_open and must_rekey(shelf, history, now=now)),
            ask_again=ask_again,
            resend=resend,
            is_over=over,
        )

    def drop_proofs(self) -> None:
        """Delete what proves received messages: the conversation ends in peace."""
        self._shelf.drop_proofs(ALL_DAYS)

    def evidence(self, message: bytes) -> Evidence | None:
        """Return what a report of a received message needs, for 30 days.

        Args:
            message: its hash.
        """
        proof, found = self._shelf.find_proof(message), self._history.find(message)
        if proof is None or found is None:
            return None
        return evidence_of(self.talk.conversation, found, proof)


def _announced(role: int, messages: Sequence[Message], seeds: Sequence[Seed]) -> dict[str, str]:
    """Return the reply keys in own messages, by hash, as ``Lane.announced`` holds them."""
    keys = {(seed.lane, seed.seq): sealing_public_key(seed.seed) for seed in seeds}
    return {
        encode_base64url(message.hash): encode_base64url(keys[message.lane, message.seq])
        for message in messages
        if message.role == role and (message.lane, message.seq) in keys
    }
