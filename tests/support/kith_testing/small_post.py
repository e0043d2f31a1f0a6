"""Boxes, envelopes, ``who``, key pages and peers of the small node (``small_node.py``).

What is handed in is stamped and lies in the other node's box at once, or when a test says so.
Everything is in plain sight, so that tests can look at it, lose it and double it.
"""

from __future__ import annotations

import dataclasses
from typing import Protocol

from aiohttp import web

from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.envelope import WRAPPED_SEAL_BYTES, encode_envelope
from kith_crypto.errors import MalformedError
from kith_crypto.hashes import sha256
from kith_crypto.objects import box_address
from kith_crypto.recognition import derive_who, sign_who
from kith_crypto.stamp import stamp_envelope
from kith_protocol.box_page import BOX_PAGE_TYPE, MAX_PAGE_BYTES, BoxItem, encode_box_page
from kith_protocol.day import Day, day_of, week_of
from kith_protocol.errors import (
    ConflictError,
    NotFoundError,
    UnreachableNodeError,
    WrongOwnerError,
)
from kith_protocol.hand_in import HAND_IN_TYPE, HandIn, parse_hand_in
from kith_protocol.key_pages import build_page, encode_page, parse_prefix
from kith_protocol.sealed_api import (
    AcknowledgeBody,
    BoxBody,
    BoxMonthBody,
    EnvelopeAnswer,
    EnvelopeState,
    PeerAnswer,
    PeersAnswer,
    WhoAnswer,
    WhoBody,
)
from kith_testing.small_answers import json_answer, read_body
from kith_testing.small_state import Account, HeldOffer, Seen

PAGE_ITEMS = 3  # few, so that tests see several pages


class Clock(Protocol):
    """Where the time comes from."""

    def now(self) -> int:
        """Return seconds since the Unix epoch, UTC."""
        ...


@dataclasses.dataclass
class SmallBox:
    """One box.

    Attributes:
        items: by id, in the order of their coming.
    """

    kind: str
    renew_by: int
    items: dict[bytes, BoxItem] = dataclasses.field(default_factory=dict)


class SmallPost:
    """What the node does about envelopes, with switches for tests.

    Attributes:
        boxes: by address.
        states: of envelopes, by handle.
        handed_in: by handle, as it came.
        waiting: handles of envelopes that were not delivered yet.
        is_holding: whether envelopes wait until ``deliver_all``.
        refused: origins for which nothing is taken any more.
        network: the posts of all nodes that exchange, by origin.
    """

    def __init__(self, clock: Clock) -> None:
        self.boxes: dict[bytes, SmallBox] = {}
        self.states: dict[str, EnvelopeState] = {}
        self.handed_in: dict[str, bytes] = {}
        self.waiting: list[str] = []
        self.is_holding = False
        self.refused: set[str] = set()
        self.network: dict[str, SmallPost] = {}
        self.delivered = 0
        self._clock = clock
        self._who_key = bytes(32)
        self._offers: dict[str, HeldOffer] = {}
        self.origin = ""
        self.key = SigningKey.from_seed(bytes(32))

    def start(self, origin: str) -> None:
        """Take the address that the node listens at."""
        self.origin = origin
        self.key = SigningKey.from_seed(sha256(origin.encode()))
        self.network[origin] = self

    def connect(self, other: SmallPost) -> None:
        """Exchange envelopes with *other*."""
        self.network[other.origin] = other
        other.network[self.origin] = self

    def deliver_all(self) -> None:
        """Deliver what waits."""
        for handle in self.waiting:
            self._deliver(handle)
        self.waiting.clear()

    # --- boxes -------------------------------------------------------------------

    def mailbox(self, seen: Seen, key: VerifyKey, parts: list[str]) -> web.Response:
        """Answer a call about a box, the capability verified."""
        address = parse_base64url(parts[1], size=16)
        if address != box_address(key):
            raise WrongOwnerError("box")
        if (seen.method, len(parts)) == ("PUT", 2):
            body = read_body(seen, BoxBody)
            is_new = address not in self.boxes
            self.boxes.setdefault(address, SmallBox(body.kind, body.renew_by))
            return web.Response(status=201 if is_new else 200)
        if address not in self.boxes:
            raise NotFoundError("box")
        return self._own_box(seen, address, parts)

    def _own_box(self, seen: Seen, address: bytes, parts: list[str]) -> web.Response:
        box = self.boxes[address]
        match (seen.method, *parts[2:]):
            case ("GET",):
                items = tuple(box.items.values())
                page = encode_box_page(items[:PAGE_ITEMS], has_more=len(items) > PAGE_ITEMS)
                assert len(page) <= MAX_PAGE_BYTES
                return web.Response(body=page, content_type=BOX_PAGE_TYPE)
            case ("PATCH",):
                box.renew_by = read_body(seen, BoxMonthBody).renew_by
            case ("POST", "acknowledgements"):
                for text in read_body(seen, AcknowledgeBody).ids:
                    box.items.pop(parse_base64url(text), None)
            case ("DELETE",):
                del self.boxes[address]
            case _:
                raise NotFoundError(seen.path)
        return web.Response(status=204)

    # --- sending -----------------------------------------------------------------

    def send(self, seen: Seen, account: Account, parts: list[str]) -> web.Response:
        """Answer a call with a session: an envelope that is handed in, or ``who``."""
        if parts[0] == "who":
            return json_answer(self._who(read_body(seen, WhoBody), account))
        if seen.headers["content-type"] != HAND_IN_TYPE:
            raise MalformedError("media type")
        handle = parts[1]
        if parse_hand_in(seen.body, development=True).to in self.refused:
            raise UnreachableNodeError("refused")
        if self.handed_in.setdefault(handle, seen.body) != seen.body:
            raise ConflictError("other bytes")
        if handle not in self.states:
            self.states[handle] = "queued"
            self.waiting.append(handle)
            if not self.is_holding:
                self.deliver_all()
        return json_answer(EnvelopeAnswer(self.states[handle]), status=202)

    def read(self, seen: Seen, parts: list[str], offers: dict[str, HeldOffer]) -> web.Response:
        """Answer a call with the reader pass."""
        match parts:
            case ["peers"]:
                return json_answer(self._peers())
            case ["keys", prefix]:
                if seen.query["node"] != self.origin:
                    return self.network[seen.query["node"]].own_keys(parse_prefix(prefix))
                return self._keys_of(offers, parse_prefix(prefix))
            case ["envelopes", handle] if handle in self.states:
                return json_answer(EnvelopeAnswer(self.states[handle]))
            case _:
                raise NotFoundError(seen.path)

    def inside(self, handle: str) -> HandIn:
        """Return what was handed in under *handle*."""
        return parse_hand_in(self.handed_in[handle], development=True)

    def _deliver(self, handle: str) -> None:
        hand_in = self.inside(handle)
        if hand_in.to not in self.network:
            self.states[handle] = "failed"
            return
        stamped = stamp_envelope(
            hand_in.unstamped,
            node_key=self.key,
            wrapped_seal=bytes(WRAPPED_SEAL_BYTES),
            day=day_of(self._clock.now()),
        )
        self.network[hand_in.to].take(encode_envelope(stamped.envelope), self.origin)
        self.states[handle] = "delivered"

    def take(self, raw: bytes, node: str) -> None:
        """Put an envelope that *node* delivers into its box, if there is such a box."""
        self.delivered += 1
        item_id = sha256(raw + self.delivered.to_bytes(4, "big"))[:16]
        box = self.boxes.get(raw[1:17])
        if box is not None:
            box.items[item_id] = BoxItem(item_id, day_of(self._clock.now()), node, raw)

    def _who(self, body: WhoBody, account: Account) -> WhoAnswer:
        offer = parse_base64url(body.offer, size=16)
        who = derive_who(self._who_key, member_id=account.auth[:16], offer_id=offer)
        today = day_of(self._clock.now())
        mentee_key = VerifyKey(parse_base64url(body.mentee_key, size=32))
        signature = sign_who(self.key, who, offer_id=offer, mentee_key=mentee_key, day=today)
        return WhoAnswer(encode_base64url(who), encode_base64url(signature), today)

    def _peers(self) -> PeersAnswer:
        others = [one for one in self.network.values() if one is not self]
        mine = PeerAnswer(self.origin, "Small", "self", (self._public(),))
        return PeersAnswer(
            (mine, *(PeerAnswer(o.origin, "Other", "open", (o._public(),)) for o in others))
        )

    def _public(self) -> str:
        return encode_base64url(self.key.verify_key)

    # --- key pages ---------------------------------------------------------------

    def share_offers(self, offers: dict[str, HeldOffer]) -> None:
        """Let other nodes fetch key pages of *offers*."""
        self._offers = offers

    def own_keys(self, prefix: str) -> web.Response:
        """Answer another node's request for key pages."""
        return self._keys_of(self._offers, prefix)

    def _keys_of(self, offers: dict[str, HeldOffer], prefix: str) -> web.Response:
        week = Day(week_of(day_of(self._clock.now())))
        bundles = {
            parse_base64url(name): held.bundles[week]
            for name, held in offers.items()
            if week in held.bundles
        }
        return web.Response(body=encode_page(build_page(bundles, prefix, week=week)))
