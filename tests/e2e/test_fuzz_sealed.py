"""Damaged and hostile bytes for every door through which sealed things come in.

More than 20,000 cases, the same in every run but for ``make fuzz``; see
``kith_testing.fuzzed`` for what holds in each of them.
"""

from collections.abc import Callable, Iterator

import msgspec
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from kith_crypto.core import parse_core
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import (
    SEALED_SIZES,
    WRAPPED_SEAL_BYTES,
    Unstamped,
    encode_envelope,
    encode_unstamped,
    parse_envelope,
    parse_unstamped,
)
from kith_crypto.errors import KithError
from kith_crypto.hashes import sha256
from kith_crypto.message import open_message
from kith_crypto.objects import box_address, offer_id
from kith_crypto.report import encode_report, make_report, parse_report
from kith_crypto.stamp import encode_postmark, parse_postmark, postmark_of, stamp_envelope
from kith_crypto.vault import seal_chunk
from kith_node.http.bodies import decode_body
from kith_node.http.route import MemberId
from kith_protocol.api import CredentialsBody, Slots
from kith_protocol.box_page import BoxItem, encode_box_page, parse_box_page
from kith_protocol.bundle import encode_bundle, parse_bundle
from kith_protocol.conversation.bodies import read_body
from kith_protocol.day import Day, week_of
from kith_protocol.hand_in import HandIn, encode_hand_in, parse_hand_in
from kith_protocol.key_pages import build_page, encode_page, parse_page
from kith_protocol.reporting import (
    ReportPayload,
    encode_application,
    encode_payload,
    parse_application,
    parse_payload,
)
from kith_protocol.sealed_api import ApplicationBody, ReportBody
from kith_protocol.vault_upload import (
    chunk_etag,
    encode_chunks,
    encode_credentials,
    parse_chunks,
    parse_credentials,
)
from kith_testing.correspondence import (
    CONVERSATION,
    MENTEE,
    MENTOR_SEED,
    a_knock,
    a_message,
    posted,
)
from kith_testing.fuzzed import DAMAGE, Fuzzed, Step, damage
from kith_testing.node import LocalNode

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

OFFER = SigningKey.from_seed(sha256(b"fuzzed offer"))
BOX = SigningKey.from_seed(sha256(b"fuzzed box"))
KNOCK_BOX = SigningKey.from_seed(sha256(b"fuzzed knock box"))
LETTERS = st.integers(0, 2**128 - 1).map(lambda number: number.to_bytes(16, "big"))


def cases(count: int) -> settings:
    return settings(max_examples=count, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def fuzzed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fuzzed]:
    node = Fuzzed(tmp_path_factory.mktemp("fuzzed"))
    node.start()
    try:
        caller = node.run(node.local.join())
        node.run(node.local.publish(caller, key=OFFER))
        node.run(node.local.open_box(caller, "reply", key=BOX))
        node.run(node.local.open_box(caller, "knock", key=KNOCK_BOX))
        yield node
    finally:
        node.stop()


def new_member(node: Fuzzed) -> MemberId:
    """Return somebody who has nothing yet."""
    caller = node.run(node.local.join())
    return node.run(node.local.node.members.sessions.open(caller.token)).member_id


# --- envelopes -------------------------------------------------------------------------


def stamped(node: LocalNode, unstamped: Unstamped, *, day: int, wrapped: bytes) -> bytes:
    key = node.node.identity.signing_key
    sealed = stamp_envelope(unstamped, node_key=key, wrapped_seal=wrapped, day=day)
    return encode_envelope(sealed.envelope)


def an_envelope(node: LocalNode, box: SigningKey, *, size: int) -> bytes:
    unstamped = Unstamped(box_address(box.verify_key), sha256(b"commitment"), bytes(size))
    return stamped(node, unstamped, day=node.today, wrapped=bytes(WRAPPED_SEAL_BYTES))


@cases(5000)
@given(
    steps=DAMAGE, box=st.sampled_from([BOX, KNOCK_BOX]), size=st.sampled_from(SEALED_SIZES[:3])
)
def test_damaged_envelopes(
    fuzzed: Fuzzed, steps: list[Step], box: SigningKey, size: int
) -> None:
    local = fuzzed.local
    whole, other = an_envelope(local, box, size=size), an_envelope(local, OFFER, size=8192)
    raw = damage(whole, steps, other)

    async def deliver() -> bool:
        await local.node.mailboxes.deliver(local.origin, raw)
        return True

    if fuzzed.offer(deliver):
        assert raw in (whole, other)


@cases(1500)
@given(
    box=st.sampled_from([BOX, KNOCK_BOX]),
    day=st.one_of(st.integers(-12, 4), st.integers(-20_000, 70_000)),
    wrapped=st.binary(min_size=WRAPPED_SEAL_BYTES, max_size=WRAPPED_SEAL_BYTES),
    commitment=st.binary(min_size=32, max_size=32),
    is_other=st.booleans(),
)
def test_stamped_nonsense(
    fuzzed: Fuzzed, box: SigningKey, day: int, wrapped: bytes, commitment: bytes, is_other: bool
) -> None:
    local = fuzzed.local
    shown = max(0, local.today + day)
    unstamped = Unstamped(box_address(box.verify_key), commitment, bytes(4096))
    raw = stamped(local, unstamped, day=shown, wrapped=wrapped)
    sender = "http://localhost:1" if is_other else local.origin

    async def deliver() -> bool:
        await local.node.mailboxes.deliver(sender, raw)
        return True

    is_taken = fuzzed.offer(deliver)
    assert bool(is_taken) == (not is_other and -8 <= shown - local.today <= 1)


@cases(2500)
@given(steps=DAMAGE, handle=LETTERS, is_slow=st.booleans(), is_elsewhere=st.booleans())
def test_damaged_hand_ins(
    fuzzed: Fuzzed, steps: list[Step], handle: bytes, is_slow: bool, is_elsewhere: bool
) -> None:
    local = fuzzed.local
    to = "http://localhost:1" if is_elsewhere else local.origin
    unstamped = Unstamped(box_address(BOX.verify_key), bytes(32), bytes(4096))
    raw = damage(encode_hand_in(HandIn(to, is_slow, unstamped)), steps, bytes(8192))
    # Whoever it is has a share of their own.
    state = fuzzed.offer(lambda: local.node.envelopes.hand_in(MemberId(handle), handle, raw))
    assert state in {None, "queued"}
    assert state is None or parse_hand_in(raw, development=True).to == local.origin


# --- bundles ---------------------------------------------------------------------------


@cases(3500)
@given(
    steps=DAMAGE,
    text_steps=st.one_of(st.just([]), DAMAGE),
    count=st.integers(0, 3),
    weeks=st.integers(-3, 8),
    key=st.binary(min_size=32, max_size=32),
    is_own=st.booleans(),
)
def test_damaged_bundles(
    fuzzed: Fuzzed,
    steps: list[Step],
    text_steps: list[Step],
    count: int,
    weeks: int,
    key: bytes,
    is_own: bool,
) -> None:
    local, own = fuzzed.local, offer_id(OFFER.verify_key)
    whole = encode_bundle(
        OFFER if is_own else BOX,
        week=Day(week_of(local.today) + 7 * weeks),
        sealing_key=key * 38,
        knock_box=key[:16],
    )
    raw = damage(whole, steps, whole[::-1])
    text = damage(encode_base64url(raw).encode(), text_steps).decode("latin-1")
    texts = [text, *[encode_base64url(whole)] * count]

    async def put() -> bool:
        await local.node.offers.bundles.put(own, texts)
        return True

    if fuzzed.offer(put):
        assert is_own
        assert weeks >= 0
        assert (raw, count) == (whole, 0)


# --- vaults ----------------------------------------------------------------------------


def a_chunk(number: int, text: bytes = b"") -> bytes:
    return seal_chunk(bytes(32), number, text, nonce=bytes(12))


_CHUNKS = st.dictionaries(
    st.integers(1, 20), st.sampled_from([b"", b"x", b"x" * 2000]), max_size=3
)


@pytest.fixture(scope="module")
def member(fuzzed: Fuzzed) -> MemberId:
    return new_member(fuzzed)


def index_of(node: Fuzzed, member: MemberId) -> str | None:
    """Return the tag of the index that the node holds."""

    async def read() -> str | None:
        try:
            return chunk_etag(await node.local.node.members.vaults.read(member, 0))
        except KithError:
            return None

    return node.run(read())


def expect(kind: str, right: str | None) -> str | None:
    return {"right": right, "wrong": '"AAAA"', "none": None}[kind]


@cases(3000)
@given(steps=DAMAGE, more=_CHUNKS, kind=st.sampled_from(["right", "right", "wrong", "none"]))
def test_damaged_vaults(
    fuzzed: Fuzzed, member: MemberId, steps: list[Step], more: dict[int, bytes], kind: str
) -> None:
    vaults = fuzzed.local.node.members.vaults
    whole = {0: a_chunk(0)} | {
        number: text and a_chunk(number, text) for number, text in more.items()
    }
    raw = damage(encode_chunks(whole), steps, a_chunk(1))
    before = index_of(fuzzed, member)
    expected = expect(kind, before)

    async def write() -> str:
        fuzzed.local.clock.advance(1)
        return await vaults.write(member, parse_chunks(raw), expected=expected)

    tag = fuzzed.offer(write)
    assert tag is None or expected == before
    assert index_of(fuzzed, member) == (tag or before)


@cases(2000)
@given(
    steps=DAMAGE,
    more=_CHUNKS,
    kind=st.sampled_from(["right", "right", "wrong", "none"]),
    secret=st.binary(min_size=32, max_size=32),
)
def test_damaged_credentials(
    fuzzed: Fuzzed,
    member: MemberId,
    steps: list[Step],
    more: dict[int, bytes],
    kind: str,
    secret: bytes,
) -> None:
    body = CredentialsBody(
        auth=encode_base64url(secret),
        recovery_auth=encode_base64url(sha256(secret)),
        slots=Slots(passphrase="cGFzc3BocmFzZQ", recovery="cmVjb3Zlcnk"),
        device="AAAAAAAAAAA",
    )
    whole = {0: a_chunk(0)} | {n: a_chunk(n, text) for n, text in more.items() if text}
    raw = damage(encode_credentials(body, whole), steps, a_chunk(1))
    before = index_of(fuzzed, member)
    expected = expect(kind, before)

    async def replace() -> str:
        fuzzed.local.clock.advance(1)
        accounts, (parsed, chunks) = fuzzed.local.node.members.accounts, parse_credentials(raw)
        _, tag = await accounts.replace_credentials(member, parsed, chunks, expected=expected)
        return tag

    tag = fuzzed.offer(replace)
    assert tag is None or expected == before
    assert index_of(fuzzed, member) == (tag or before)


# --- reports ---------------------------------------------------------------------------


@cases(2500)
@given(
    steps=DAMAGE,
    sealed_steps=DAMAGE,
    name=LETTERS,
    is_application=st.booleans(),
    size=st.sampled_from([8192, 16384]),
)
def test_damaged_reports_and_applications(
    fuzzed: Fuzzed,
    steps: list[Step],
    sealed_steps: list[Step],
    name: bytes,
    is_application: bool,
    size: int,
) -> None:
    room = fuzzed.local.node.moderation
    sealed = encode_base64url(damage(bytes(size), sealed_steps, sha256(name) * 1000))
    body: msgspec.Struct = ReportBody("spam", sealed)
    if is_application:
        body = ApplicationBody(encode_base64url(sha256(name)), sealed)
    raw = damage(msgspec.json.encode(body), steps, sealed.encode())

    async def hand_in() -> bool:
        fuzzed.local.clock.advance(60)
        if is_application:
            parsed = decode_body(raw, ApplicationBody)
            return await room.applications.hand_in(name, parsed, caller=name)
        return await room.reports.hand_in(name, decode_body(raw, ReportBody), caller=name)

    fuzzed.offer(hand_in)


# --- readers ---------------------------------------------------------------------------


def _a_bundle(number: int) -> bytes:
    return encode_bundle(
        SigningKey.from_seed(bytes([number]) * 32),
        week=Day(20_780),
        sealing_key=bytes(1216),
        knock_box=bytes(16),
    )


def _readers() -> dict[str, tuple[bytes, Callable[[bytes], bytes]]]:
    """Return whole bytes of each format, and what reads and writes them again."""
    message = posted(a_message("Good morning"))
    opened = open_message(
        message,
        [MENTOR_SEED],
        writer=MENTEE.verify_key,
        conversation=CONVERSATION,
        role=1,
    )
    report = encode_report(make_report(message, opened))
    item = BoxItem(
        bytes(16), Day(20_780), "https://ash.example", encode_envelope(message.envelope)
    )
    bundles = {
        offer_id(SigningKey.from_seed(bytes([n]) * 32).verify_key): _a_bundle(n)
        for n in range(1, 4)
    }
    payload = ReportPayload(
        kind="message",
        category="spam",
        words="Look at this",
        may_pass_on=True,
        node="https://ash.example",
        proof=report,
    )

    def read_page(raw: bytes) -> bytes:
        return encode_page(parse_page(raw, prefix=""))

    def read_box(raw: bytes) -> bytes:
        page = parse_box_page(raw)
        return encode_box_page(page.items, has_more=page.has_more)

    def read_bundle(raw: bytes) -> bytes:
        parse_bundle(raw)
        return raw

    def read_core(raw: bytes) -> bytes:
        read_body(parse_core(raw).body)
        return raw

    return {
        "envelope": (
            encode_envelope(message.envelope),
            lambda raw: encode_envelope(parse_envelope(raw)),
        ),
        "unstamped": (
            encode_unstamped(a_knock()),
            lambda raw: encode_unstamped(parse_unstamped(raw)),
        ),
        "hand-in": (
            encode_hand_in(HandIn("https://ash.example", True, a_knock())),
            lambda raw: encode_hand_in(parse_hand_in(raw)),
        ),
        "postmark": (
            encode_postmark(postmark_of(message.envelope)),
            lambda raw: encode_postmark(parse_postmark(raw)),
        ),
        "report": (report, lambda raw: encode_report(parse_report(raw))),
        "payload": (encode_payload(payload), lambda raw: encode_payload(parse_payload(raw))),
        "application": (
            encode_application("I would like to join"),
            lambda raw: encode_application(parse_application(raw)),
        ),
        "box page": (encode_box_page([item, item], has_more=True), read_box),
        "key page": (encode_page(build_page(bundles, "", week=Day(20_780))), read_page),
        "bundle": (_a_bundle(1), read_bundle),
        "chunks": (
            encode_chunks({0: a_chunk(0), 3: b"", 9: a_chunk(9)}),
            lambda raw: encode_chunks(parse_chunks(raw)),
        ),
        "core": (opened.raw, read_core),
    }


READERS = _readers()


@cases(7000)
@given(
    name=st.sampled_from(sorted(READERS)),
    steps=DAMAGE,
    other=st.sampled_from(sorted(READERS)),
    noise=st.one_of(st.none(), st.binary(max_size=200)),
)
def test_readers_take_what_has_the_one_right_form_and_refuse_the_rest(
    name: str, steps: list[Step], other: str, noise: bytes | None
) -> None:
    whole, reread = READERS[name]
    raw = noise if noise is not None else damage(whole, steps, READERS[other][0])
    try:
        again = reread(raw)
    except KithError as error:
        event(error.code)
        return
    event("taken")
    assert again == raw
