"""Boxes, handing in, key pages and peers, against a small node that looks closely."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kith_client.boxes import Boxes
from kith_client.errors import NodeUnreachableError, NoKeysError, ProblemError
from kith_client.http import NodeConnection
from kith_client.means import Means
from kith_client.member import Member
from kith_client.patience import PAUSES_S, repeat
from kith_client.post import Peers, Post
from kith_client.session import Session
from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.encoding import parse_base64url
from kith_crypto.envelope import Unstamped, parse_envelope
from kith_crypto.errors import SignatureError
from kith_crypto.objects import box_address
from kith_crypto.recognition import verify_who
from kith_protocol.day import day_of, month_of
from kith_protocol.hand_in import HandIn
from kith_protocol.offer_content import OfferContent
from kith_protocol.urls import Origin
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng
from kith_testing.small_node import SmallNode


class Waits:
    """Remembers how long was waited, without waiting."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def key() -> SigningKey:
    return SigningKey.generate(SeededRng(9))


@pytest.fixture
async def connection(node: SmallNode, means: Means) -> AsyncIterator[NodeConnection]:
    async with means.connect(node.origin) as opened:
        yield opened


@pytest.fixture
def session(node: SmallNode, means: Means, connection: NodeConnection) -> Session:
    auth = means.rng.bytes(32)
    node.add_account(auth)
    return Session(
        connection,
        auths=[auth],
        reader_pass=None,
        keep_pass=lambda _: None,
        clock=means.clock,
        rng=means.rng,
    )


@pytest.fixture
def boxes(connection: NodeConnection, session: Session) -> Boxes:
    return Boxes(connection=connection, session=session, pause=Waits())


@pytest.fixture
def post(means: Means, session: Session) -> Post:
    return Post(session=session, clock=means.clock, pause=Waits())


def unstamped(key: SigningKey) -> Unstamped:
    return Unstamped(box_address(key.verify_key), bytes(32), bytes(4096))


async def test_a_box_is_opened_filled_emptied_and_closed(
    node: SmallNode, boxes: Boxes, post: Post, key: SigningKey
) -> None:
    await boxes.create(key, "reply", renew_by=700)
    await boxes.create(key, "reply", renew_by=700)
    for number in range(5):
        hand_in = HandIn(Origin(node.origin), False, unstamped(key))
        await post.hand_in(bytes([number] * 16), hand_in)
    first = await boxes.fetch(key)
    assert (len(first.items), first.has_more) == (3, True)
    await boxes.acknowledge(key, [item.id for item in first.items])
    second = await boxes.fetch(key)
    assert (len(second.items), second.has_more) == (2, False)
    assert await boxes.renew(key, renew_by=701)
    assert node.post.boxes[box_address(key.verify_key)].renew_by == 701
    await boxes.close(key)
    await boxes.close(key)
    assert node.post.boxes == {}
    assert (await boxes.fetch(key)).items == ()
    assert not await boxes.renew(key, renew_by=702)


async def test_only_opening_a_box_shows_a_session_and_handing_in_no_capability(
    node: SmallNode, boxes: Boxes, post: Post, key: SigningKey
) -> None:
    await boxes.create(key, "reply", renew_by=700)
    await post.hand_in(bytes(16), HandIn(Origin(node.origin), True, unstamped(key)))
    await post.ask_who(bytes(16), key.verify_key)
    assert await post.state(bytes(16)) == "delivered"
    page = await boxes.fetch(key)
    await boxes.acknowledge(key, [item.id for item in page.items])
    await boxes.renew(key, renew_by=701)
    await boxes.close(key)
    shown = {
        (seen.method, seen.path.split("/")[3]): (
            "authorization" in seen.headers,
            "signature" in seen.headers,
            "kith-reader" in seen.headers,
        )
        for seen in node.seen
    }
    del shown["POST", "session"]
    assert shown == {
        ("PUT", "mailboxes"): (True, True, False),
        ("PUT", "envelopes"): (True, False, False),
        ("POST", "who"): (True, False, False),
        ("GET", "envelopes"): (False, False, True),
        ("GET", "mailboxes"): (False, True, False),
        ("POST", "mailboxes"): (False, True, False),
        ("PATCH", "mailboxes"): (False, True, False),
        ("DELETE", "mailboxes"): (False, True, False),
    }


async def test_the_same_envelope_may_be_handed_in_again(
    node: SmallNode, boxes: Boxes, post: Post, key: SigningKey
) -> None:
    await boxes.create(key, "reply", renew_by=700)
    hand_in = HandIn(Origin(node.origin), False, unstamped(key))
    assert await post.hand_in(bytes(16), hand_in) == "delivered"
    assert await post.hand_in(bytes(16), hand_in) == "delivered"
    assert len((await boxes.fetch(key)).items) == 1
    other = HandIn(Origin(node.origin), True, unstamped(key))
    with pytest.raises(ProblemError) as caught:
        await post.hand_in(bytes(16), other)
    assert caught.value.code == "conflict"


async def test_a_handle_that_the_node_forgot_has_no_state(post: Post) -> None:
    assert await post.state(bytes(16)) is None


async def test_who_is_signed_for_this_offer_and_key(
    node: SmallNode, post: Post, key: SigningKey
) -> None:
    answer = await post.ask_who(bytes(16), key.verify_key)
    verify_who(
        [node.post.key.verify_key],
        parse_base64url(answer.signature, size=64),
        parse_base64url(answer.who, size=16),
        offer_id=bytes(16),
        mentee_key=key.verify_key,
        day=answer.day,
    )


async def test_finds_the_keys_of_an_offer_among_others(
    node: SmallNode, member: Member, post: Post, content: OfferContent
) -> None:
    made = await member.offers.publish(content)
    await member.offers.publish(content)
    bundle = await post.find_bundle(node.origin, made.record.id)
    assert bundle.knock_box == box_address(
        SigningKey.from_seed(made.record.box_seed).verify_key
    )
    asked = [seen for seen in node.seen if "/keys/" in seen.path]
    assert [(seen.path, seen.query) for seen in asked] == [
        ("/api/v1/keys/", {"node": node.origin})
    ]
    with pytest.raises(NoKeysError):
        await post.find_bundle(node.origin, bytes(16))


async def test_a_stamp_is_verified_with_the_keys_of_the_node_that_delivered(
    node: SmallNode, boxes: Boxes, post: Post, means: Means, session: Session, clock: FakeClock
) -> None:
    key = SigningKey.generate(SeededRng(10))
    await boxes.create(key, "reply", renew_by=700)
    await post.hand_in(bytes(16), HandIn(Origin(node.origin), False, unstamped(key)))
    item = (await boxes.fetch(key)).items[0]
    peers = Peers(session=session, clock=means.clock, pause=Waits())
    envelope = parse_envelope(item.envelope)
    stamped, keys = await peers.verify(envelope, item.node)
    assert stamped.envelope.day == day_of(clock.now())
    assert keys == (node.post.key.verify_key,)

    # A key the list does not have yet: it is fetched once more, but not each time.
    node.post.key = SigningKey.from_seed(bytes([7] * 32))
    await post.hand_in(bytes([1] * 16), HandIn(Origin(node.origin), False, unstamped(key)))
    newer = parse_envelope((await boxes.fetch(key)).items[1].envelope)
    with pytest.raises(SignatureError):
        await peers.verify(newer, item.node)
    clock.advance(61)
    await peers.verify(newer, item.node)
    with pytest.raises(SignatureError):
        await peers.verify(envelope, item.node)
    assert await peers.get("https://nobody.example") is None


async def test_trying_again_is_quiet_and_ends(node: SmallNode, means: Means) -> None:
    waits = Waits()
    calls = 0

    async def breaks() -> VerifyKey:
        nonlocal calls
        calls += 1
        raise NodeUnreachableError("no answer")

    with pytest.raises(NodeUnreachableError):
        await repeat(breaks, pause=waits)
    assert calls == len(PAUSES_S) + 1
    assert waits.seconds == list(PAUSES_S)


@pytest.mark.parametrize(("status", "tries"), [(503, 4), (429, 4), (409, 1), (404, 1)])
async def test_only_what_may_pass_is_tried_again(status: int, tries: int) -> None:
    calls = 0

    async def refuses() -> None:
        nonlocal calls
        calls += 1
        raise ProblemError("x", "no", status=status, retry_after_s=900)

    waits = Waits()
    with pytest.raises(ProblemError):
        await repeat(refuses, pause=waits)
    assert calls == tries
    assert all(seconds <= 30 for seconds in waits.seconds)


def test_months_are_counted_from_1970(clock: FakeClock) -> None:
    assert month_of(day_of(0)) == 0
    assert month_of(day_of(31 * 86_400)) == 1
    assert month_of(day_of(clock.now())) == (2026 - 1970) * 12 + 10
