"""What a conversation keeps in the vault: immutable records that no two devices both write.

Constant ones are the same whoever writes them; the others carry the lane of the device they
belong to, and only that device writes them. Any device may delete a seed or proofs, because
these only ever die. Everything a conversation knows is the union of its records, so devices
need not agree on an order of writing.

* ``talk``: what is fixed when a knock is accepted.
* ``lane``: what one device has noticed, see ``Lane``.
* ``page``: messages that one device wrote or received, at most 64 in each.
* ``seed``: one reply key. * ``proofs``: what proves the messages received on one day.
* ``knock``, ``knocked``: a knock sent, or received, as one device sees it.

Storing is left to the caller, and comes first: before anything is handed in or acknowledged.
"""

from __future__ import annotations

from typing import TypeAlias, TypeVar

import msgspec
from msgspec.structs import replace

from kith_crypto.canonical import canonical_bytes
from kith_crypto.core import Core
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.strict_json import JsonObject
from kith_protocol.conversation.bodies import Answer, Card
from kith_protocol.conversation.knock_machine import KnockState
from kith_protocol.wire import convert

MAX_PAGE_MESSAGES = 64
MAX_PAGE_BYTES = 48 * 1024  # of bodies; one that is longer has a page to itself

_LANE_LABEL = b"kith/lane/v1\0"


class _Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of all records; shows nothing."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(...)"


class ReplyKey(_Record, frozen=True):
    """A reply key of the other side. The greatest ``(turn, lane)`` is the newest.

    Attributes:
        turn: grows with each new key, see ``machine``.
        lane: that announced it, 8 bytes.
        key: 1216 bytes.
    """

    turn: int
    lane: bytes
    key: bytes


class Proof(_Record, frozen=True):
    """What proves one received message to moderators.

    The writer's signature is not needed for that, so it is not kept.

    Attributes:
        hash: of the core.
        frank_key: opens the commitment, 32 bytes.
        postmark: 1377 bytes.
        node: origin of the node that sent it.
        next_key: the reply key in its header, or nothing.
    """

    hash: bytes
    frank_key: bytes
    postmark: bytes
    node: str
    next_key: bytes = b""


class Message(_Record, frozen=True):
    """One message, as it is kept: the core without a reply key.

    Attributes:
        role: of its writer.
        lane: 8 bytes.
        seq: from 1.
        previous: hash of the lane's message before.
        minute: by the writer's clock.
        body: canonical JSON.
        hash: of the core.
        at: when this device wrote or received it, seconds by its own clock.
    """

    role: int
    lane: bytes
    seq: int
    previous: bytes
    minute: int
    body: str
    hash: bytes
    at: int


class Talk(_Record, frozen=True):
    """What is fixed when a knock is accepted; the same on every device of one side.

    Attributes:
        conversation: 16 bytes.
        role: one's own.
        offer: id of the offer that was knocked at, 16 bytes; zeros in a circle.
        seed: of one's own conversation key, 32 bytes.
        box_seed: of the key that owns one's own box, 32 bytes.
        peer_key: the other side's conversation key.
        peer_box: address of the other side's box.
        peer_node: origin of the other side's node.
        first: the reply key the other side began with.
        knock_hash: of the knock's core; in a circle the link's own (``circle.links``).
        circle: that it is a link of, 16 bytes; empty for a conversation that was knocked for.
    """

    conversation: bytes
    role: int
    offer: bytes
    seed: bytes
    box_seed: bytes
    peer_key: bytes
    peer_box: bytes
    peer_node: str
    first: ReplyKey
    knock_hash: bytes
    circle: bytes = b""


class Lane(_Record, frozen=True):
    """What one device has noticed that messages alone do not say.

    Attributes:
        conversation: 16 bytes.
        lane: of the device, 8 bytes.
        peer_key: the newest reply key of the other side it has seen.
        opened: order of the newest own seed it has opened a message with: turn and lane.
        given_up: by lane of the other side, up to which number it no longer waits.
        announced: reply keys that own messages carried and that may have to be sent again,
            by hash of the message; both base64url.
        unreadable_at: when something came that could not be opened.
        asked_at: when it last asked for what did not arrive.
        resent_at: when it last sent again what it was asked for.
    """

    conversation: bytes
    lane: bytes
    peer_key: ReplyKey | None = None
    opened: tuple[int, bytes] = (0, b"")
    given_up: dict[str, int] = {}
    announced: dict[str, str] = {}
    unreadable_at: int = 0
    asked_at: int = 0
    resent_at: int = 0


class Page(_Record, frozen=True):
    """Messages that one device wrote or received, in that order.

    Attributes:
        conversation: 16 bytes.
        lane: of the device, 8 bytes.
        number: from 0.
        messages: at most 64.
    """

    conversation: bytes
    lane: bytes
    number: int
    messages: tuple[Message, ...]


class Seed(_Record, frozen=True):
    """One own reply key.

    Attributes:
        conversation: 16 bytes.
        lane: of the device that made it, 8 bytes.
        turn: its order, see ``machine``.
        seed: 32 bytes.
        made_at: seconds, own clock.
        heard: how many messages of the other side were known when it was made.
        seq: number of the message in *lane* that announced it.
    """

    conversation: bytes
    lane: bytes
    turn: int
    seed: bytes
    made_at: int
    heard: int
    seq: int


class Proofs(_Record, frozen=True):
    """What proves the messages that one device received on one day.

    Attributes:
        conversation: 16 bytes.
        lane: of the device, 8 bytes.
        day: days since 1970-01-01, own clock.
        proofs: one for each message.
    """

    conversation: bytes
    lane: bytes
    day: int
    proofs: tuple[Proof, ...]


class KnockWords(_Record, frozen=True):
    """What a mentee writes in a knock; bounds are those of ``bodies.Knock``."""

    words: str
    hopes: str = ""
    tried: str = ""
    rhythm: str = ""
    times: str = ""
    card: Card | None = None


class OutgoingKnock(_Record, frozen=True):
    """A knock on the mentee's side, as one device sees it.

    Attributes:
        conversation: 16 bytes.
        lane: of the device whose copy this is, 8 bytes.
        offer: 16 bytes.
        node: origin of the offer's node.
        seed: of the conversation key, 32 bytes.
        box_seed: of the key that owns the new box, 32 bytes.
        words: what is written.
        state: see ``knock_machine``.
        changed_at: when the state was entered, seconds.
        attempt: how often it was sent.
        sent_at: when it was first sent, seconds; 0 for a draft.
        offer_key: owner of the offer, from the bundle; empty for a draft.
        core: as it was sent; empty for a draft.
        answer: the mentor's, once there is one.
        wish: what the mentee looks for with it, 16 bytes, or empty; never sent.
    """

    conversation: bytes
    lane: bytes
    offer: bytes
    node: str
    seed: bytes
    box_seed: bytes
    words: KnockWords
    state: KnockState
    changed_at: int
    attempt: int = 0
    sent_at: int = 0
    offer_key: bytes = b""
    core: bytes = b""
    answer: Answer | None = None
    wish: bytes = b""


class IncomingKnock(_Record, frozen=True):
    """A knock on the mentor's side, as one device sees it.

    Attributes:
        conversation: 16 bytes.
        lane: of the device whose copy this is, 8 bytes.
        offer: of one's own, 16 bytes.
        node: origin of the mentee's node.
        mentee_key: their conversation key.
        box: address of their new box.
        who: the same for the same member at this offer while their node's key lives.
        core: as it was received.
        state: see ``knock_machine``.
        read_at: when it was opened, seconds.
        expires_at: first second at which it can no longer be accepted.
        changed_at: when the state was entered, seconds.
        proof: for 30 days, then nothing.
        answer: as it was sent, once there is one.
        answer_core: likewise, the whole core.
    """

    conversation: bytes
    lane: bytes
    offer: bytes
    node: str
    mentee_key: bytes
    box: bytes
    who: bytes
    core: bytes
    state: KnockState
    read_at: int
    expires_at: int
    changed_at: int
    proof: Proof | None = None
    answer: Answer | None = None
    answer_core: bytes = b""


Record: TypeAlias = "Talk | Lane | Page | Seed | Proofs | OutgoingKnock | IncomingKnock"

AnyKnock = TypeVar("AnyKnock", OutgoingKnock, IncomingKnock)

_KINDS: dict[str, type[Record]] = {
    "talk": Talk,
    "lane": Lane,
    "page": Page,
    "seed": Seed,
    "proofs": Proofs,
    "knock": OutgoingKnock,
    "knocked": IncomingKnock,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
RECORD_KINDS = frozenset(_KINDS)


class Change(msgspec.Struct, frozen=True):
    """What is to be stored.

    Attributes:
        kind: of the vault record.
        id: within that kind.
        record: its value, or ``None`` to delete it.
    """

    kind: str
    id: str
    record: Record | None


def record_kind(record: Record) -> str:
    """Return the kind of vault record that *record* becomes."""
    return _NAMES[type(record)]


def record_id(record: Record) -> str:
    """Return the id of *record* within its kind."""
    parts = [encode_base64url(record.conversation)]
    if isinstance(record, IncomingKnock):
        parts.append(encode_base64url(sha256(record.core)[:16]))
    if isinstance(record, Seed):
        # Not the seed's own hash: an id is stored longer than the seed is.
        parts.append(str(record.turn))
    if not isinstance(record, Talk):
        parts.append(encode_base64url(record.lane))
    if isinstance(record, Page):
        parts.append(str(record.number))
    if isinstance(record, Proofs):
        parts.append(str(record.day))
    return ".".join(parts)


def change_of(record: Record) -> Change:
    """Return the change that stores *record*."""
    return Change(kind=record_kind(record), id=record_id(record), record=record)


def deletion_of(record: Record) -> Change:
    """Return the change that deletes *record*."""
    return Change(kind=record_kind(record), id=record_id(record), record=None)


def encode_record(record: Record) -> JsonObject:
    """Return *record* as JSON, bytes as base64."""
    document: JsonObject = msgspec.json.decode(msgspec.json.encode(record))
    return document


def parse_record(kind: str, value: JsonObject) -> Record:
    """Return the record of this kind in *value*.

    Raises:
        MalformedError: no such kind, or another form.
    """
    known = _KINDS.get(kind)
    if known is None:
        raise MalformedError("not a record of a conversation")
    record: Record = convert(value, known)
    return record


def lane_of(device: bytes, conversation: bytes) -> bytes:
    """Return the 8 bytes that stand for a device in one conversation.

    They differ in every conversation, so two partners cannot tell that they talk to one
    device.

    Args:
        device: at least 8 random bytes, new for each device and after every restore or
            conflict of the vault.
        conversation: 16 bytes.
    """
    return sha256(_LANE_LABEL + conversation + device)[:8]


def knock_for_lane(knock: AnyKnock, lane: bytes) -> AnyKnock:
    """Return this device's copy of *knock*, to be changed in place of another device's.

    Args:
        knock: as merged.
        lane: of this device in this conversation.
    """
    return replace(knock, lane=lane)


def message_of(core: Core, *, raw_hash: bytes, at: int) -> Message:
    """Return *core* as it is kept.

    Args:
        core: as it was written or opened.
        raw_hash: its ``core_hash``.
        at: when this device wrote or received it, seconds.
    """
    return Message(
        role=core.role,
        lane=core.lane,
        seq=core.seq,
        previous=core.previous,
        minute=core.minute,
        body=canonical_bytes(core.body).decode(),
        hash=raw_hash,
        at=at,
    )
