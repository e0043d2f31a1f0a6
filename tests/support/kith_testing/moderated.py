"""People of two nodes with moderators, with everything that reporting and moderating need."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from kith_client.means import Means
from kith_client.moderation import Moderation
from kith_client.post import Peers
from kith_client.reports import Reports, make_application
from kith_client.search import Search
from kith_client.session import Session
from kith_client.shelf import Shelf
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.hashes import sha256
from kith_protocol import api
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import actor_url, offer_url
from kith_testing.clock import FakeClock
from kith_testing.memory_vault import MemoryVault, StoredVault
from kith_testing.rng import SeededRng
from kith_testing.small_moderation import ModeratedNode
from kith_testing.small_node import serve_small_node
from kith_testing.small_state import HeldOffer


class Person:
    """A member with everything that reporting and moderating need."""

    def __init__(self, node: ModeratedNode, clock: FakeClock, number: int) -> None:
        means = Means(clock=clock, rng=SeededRng(number))
        self.stored = StoredVault()
        self.connection = means.connect(node.origin)
        auth = sha256(bytes([number]))
        node.add_account(auth)
        self.session = Session(
            self.connection,
            auths=[auth],
            reader_pass=None,
            keep_pass=lambda _: None,
            clock=clock,
            rng=means.rng,
        )
        actor = actor_url(node.origin)
        peers = Peers(session=self.session, clock=clock)
        shelf = Shelf(MemoryVault(self.stored, bytes([number])))
        self.reports = Reports(
            session=self.session,
            peers=peers,
            search=Search(session=self.session, actor=actor, clock=clock),
            shelf=shelf,
            actor=actor,
            clock=clock,
            rng=means.rng,
        )
        self.moderation = Moderation(
            connection=self.connection,
            session=self.session,
            peers=peers,
            shelf=shelf,
            actor=actor,
            clock=clock,
            rng=means.rng,
        )


class World:
    """Two nodes, and their people as they are needed."""

    def __init__(self, stack: ExitStack, clock: FakeClock) -> None:
        self.clock = clock
        self.ours, self.theirs = (stack.enter_context(served(clock)) for _ in range(2))
        self.ours.connect(self.theirs)
        self.theirs.connect(self.ours)
        self.people: list[Person] = []

    def person(self, node: ModeratedNode | None = None) -> Person:
        """Return a new member of our node, or of *node*."""
        self.people.append(Person(node or self.ours, self.clock, len(self.people) + 1))
        return self.people[-1]

    async def apply(self, words: str) -> bytes:
        """Apply to join our node; return the hash of the applicant's invite."""
        rng = SeededRng(100 + len(self.ours.seen))
        invite = rng.bytes(32)
        call = make_application(
            words,
            invite=invite,
            moderators_key=parse_base64url(self.ours.moderators_key),
            actor=actor_url(self.ours.origin),
            rng=rng,
        )
        await self.person().connection.send(call)
        return invite


@contextmanager
def served(clock: FakeClock) -> Iterator[ModeratedNode]:
    """Run a small node with moderators while the block runs."""
    node = ModeratedNode(clock=clock)
    with serve_small_node(clock, node):
        yield node


def put_offer(node: ModeratedNode, content: OfferContent) -> str:
    """Let the node have an offer; return its URL."""
    name = encode_base64url(bytes(range(16)))
    body = api.OfferBody(content, 20_900)
    node.offers[name] = HeldOffer(node.post.key.verify_key, body)
    return offer_url(node.origin, bytes(range(16)))
