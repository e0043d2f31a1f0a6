"""What the authoriser decides without a server: order of checks, and what it does not tell."""

from __future__ import annotations

import pytest

from kith_crypto.content_digest import content_digest
from kith_crypto.ed25519 import SigningKey
from kith_node.http.authorise import Authoriser
from kith_node.http.route import Access, Answer, Call, Route
from kith_protocol.capability import sign_capability
from kith_protocol.errors import (
    NotAPeerError,
    SessionNotWantedError,
    TooManyError,
    UnauthorizedError,
)
from kith_protocol.http_signature import Message
from kith_protocol.nonces import NonceMemory
from kith_testing.clock import FakeClock

ORIGIN = "https://node.example"
KEY = SigningKey.from_seed(b"k" * 32)
PASS = "today"


class Member:
    """The only member there is."""

    member_id = b"m" * 16
    role = "member"
    fresh_token = "fresh"


class Members:
    """Opens one session and takes one pass; counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def open(self, token: str) -> Member:
        self.asked += 1
        if token != "token":
            raise UnauthorizedError("session")
        return Member()

    def check(self, value: str) -> None:
        self.asked += 1
        if value != PASS:
            raise UnauthorizedError("pass")


class Peers:
    """Takes every signature as that of one node."""

    def __init__(self, *, is_peer: bool) -> None:
        self._is_peer = is_peer

    async def verify(self, message: Message) -> str:
        if "signature" not in message.headers:
            raise UnauthorizedError("signature")
        return "https://peer.example/actor"

    async def is_peer(self, actor: str) -> bool:
        assert actor == "https://peer.example/actor"
        return self._is_peer


async def handle(_: Call) -> Answer:
    return Answer()


def route(access: Access) -> Route:
    return Route("POST", "/thing", access, handle, "A thing")


def message(**headers: str) -> Message:
    return Message("POST", f"{ORIGIN}/thing", "node.example", headers)


def signed(sent: Message, *, nonce: bytes = b"n" * 16, clock: FakeClock) -> Message:
    fields = sign_capability(sent, key=KEY, created=clock.now(), nonce=nonce)
    lowered = {name.lower(): value for name, value in fields.items()}
    return message(**{**sent.headers, **lowered})


class Bench:
    """An authoriser and what it asks."""

    def __init__(self, *, is_peer: bool = True, capacity: int = 100) -> None:
        self.clock = FakeClock()
        self.members = Members()
        self.authoriser = Authoriser(
            sessions=self.members,
            reader_passes=self.members,
            peers=Peers(is_peer=is_peer),
            clock=self.clock,
            nonces=NonceMemory(capacity=capacity),
        )


@pytest.fixture
def bench() -> Bench:
    return Bench()


async def test_a_session_names_the_member_and_nothing_else(bench: Bench) -> None:
    found = await bench.authoriser.check(
        route(Access.SESSION), message(authorization="Kith token"), has_body=False
    )
    assert found.credential.member == Member.member_id
    assert found.credential.key is None
    assert found.fresh_token == "fresh"


async def test_a_capability_names_the_key_and_nobody(bench: Bench) -> None:
    sent = signed(message(), clock=bench.clock)
    found = await bench.authoriser.check(route(Access.CAPABILITY), sent, has_body=False)
    assert found.credential.key == KEY.verify_key
    assert found.credential.member is None
    assert bench.members.asked == 0


async def test_a_session_that_is_not_wanted_is_not_even_opened(bench: Bench) -> None:
    unwanted = set(Access) - {Access.SESSION, Access.SESSION_AND_CAPABILITY}
    for access in unwanted:
        with pytest.raises(SessionNotWantedError):
            await bench.authoriser.check(
                route(access), message(authorization="Kith token"), has_body=False
            )
    assert bench.members.asked == 0


@pytest.mark.parametrize(
    "value", ["", "token", "kith token", "Bearer token", "Kith", "Basic x"]
)
async def test_another_authorization_is_refused_everywhere(bench: Bench, value: str) -> None:
    for access in Access:
        with pytest.raises(UnauthorizedError):
            await bench.authoriser.check(
                route(access), message(authorization=value), has_body=False
            )


async def test_a_replay_and_a_bad_signature_are_one_refusal(bench: Bench) -> None:
    sent = signed(message(), clock=bench.clock)
    await bench.authoriser.check(route(Access.CAPABILITY), sent, has_body=False)
    broken = message(**{**sent.headers, "signature": "sig1=:AAAA:"})
    errors = []
    for again in (sent, broken, message()):
        with pytest.raises(UnauthorizedError) as caught:
            await bench.authoriser.check(route(Access.CAPABILITY), again, has_body=False)
        errors.append((type(caught.value), caught.value.code, caught.value.safe))
    assert len(set(errors)) == 1


async def test_a_nonce_counts_only_after_its_signature_is_verified(bench: Bench) -> None:
    sent = signed(message(), clock=bench.clock)
    other = signed(message(), nonce=b"o" * 16, clock=bench.clock)
    forged = message(**{**sent.headers, "signature": other.headers["signature"]})
    with pytest.raises(UnauthorizedError):
        await bench.authoriser.check(route(Access.CAPABILITY), forged, has_body=False)
    await bench.authoriser.check(route(Access.CAPABILITY), sent, has_body=False)


async def test_a_full_memory_of_nonces_refuses_and_does_not_forget() -> None:
    bench = Bench(capacity=1)
    first = signed(message(), clock=bench.clock)
    second = signed(message(), nonce=b"o" * 16, clock=bench.clock)
    await bench.authoriser.check(route(Access.CAPABILITY), first, has_body=False)
    with pytest.raises(TooManyError):
        await bench.authoriser.check(route(Access.CAPABILITY), second, has_body=False)
    with pytest.raises(UnauthorizedError):
        await bench.authoriser.check(route(Access.CAPABILITY), first, has_body=False)


async def test_both_credentials_are_needed_where_both_are_asked_for(bench: Bench) -> None:
    both = signed(message(authorization="Kith token"), clock=bench.clock)
    found = await bench.authoriser.check(
        route(Access.SESSION_AND_CAPABILITY), both, has_body=False
    )
    assert (found.credential.member, found.credential.key) == (
        Member.member_id,
        KEY.verify_key,
    )
    uncovered = signed(message(), nonce=b"o" * 16, clock=bench.clock)
    for sent in (
        message(authorization="Kith token"),
        uncovered,
        message(**{**uncovered.headers, "authorization": "Kith token"}),
        message(**{**both.headers, "authorization": "Kith other"}),
    ):
        with pytest.raises(UnauthorizedError):
            await bench.authoriser.check(
                route(Access.SESSION_AND_CAPABILITY), sent, has_body=False
            )


async def test_a_body_asks_for_a_signature_that_covers_it(bench: Bench) -> None:
    with pytest.raises(UnauthorizedError):
        await bench.authoriser.check(
            route(Access.CAPABILITY), signed(message(), clock=bench.clock), has_body=True
        )


@pytest.mark.parametrize(
    "access", [Access.CAPABILITY, Access.SESSION_AND_CAPABILITY, Access.PEER]
)
def test_a_signed_body_has_to_fit_its_digest(bench: Bench, access: Access) -> None:
    sent = message(**{"content-digest": content_digest(b"{}")})
    bench.authoriser.check_body(route(access), sent, b"{}")
    for body in (b"", b"[]"):
        with pytest.raises(UnauthorizedError):
            bench.authoriser.check_body(route(access), sent, body)
    with pytest.raises(UnauthorizedError):
        bench.authoriser.check_body(route(access), message(), b"{}")
    bench.authoriser.check_body(route(access), message(), b"")


async def test_a_node_that_is_no_peer_may_knock_and_not_enter() -> None:
    bench = Bench(is_peer=False)
    sent = message(signature="x")
    found = await bench.authoriser.check(route(Access.INBOX), sent, has_body=True)
    assert found.credential.actor == "https://peer.example/actor"
    with pytest.raises(NotAPeerError):
        await bench.authoriser.check(route(Access.PEER), sent, has_body=False)
