"""A mentee, a mentor and their two nodes, for tests of what passes between them."""

from __future__ import annotations

from typing import Any

from kith_crypto.binding import sign_binding
from kith_crypto.core import NO_PREVIOUS, ROLE_MENTEE, ROLE_MENTOR, Core, core_hash
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.envelope import Unstamped
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.message import seal_answer, seal_knock, seal_message
from kith_crypto.objects import box_address, community_id, offer_id
from kith_crypto.posting import post_envelope
from kith_crypto.sender_seal import make_sender_seal
from kith_crypto.stamp import Stamped
from kith_crypto.strict_json import JsonObject
from kith_testing.rng import SeededRng

DAY = 20_780
NODE = SigningKey.from_seed(sha256(b"node"))
OFFER = SigningKey.from_seed(sha256(b"offer"))
MENTEE = SigningKey.from_seed(sha256(b"mentee"))
MENTOR = SigningKey.from_seed(sha256(b"mentor"))
OFFER_ID = offer_id(OFFER.verify_key)
CONVERSATION = sha256(b"conversation")[:16]
COMMUNITY = community_id("https://ash.example/actor")
MEMBER = sha256(b"member")[:16]
WEEK_KEY = sha256(b"node's key of the week")
KEYHOLDERS_SEED = sha256(b"keyholders")
WEEK_SEED, MENTEE_SEED, MENTOR_SEED = (
    sha256(name) for name in (b"week", b"mentee's reply", b"mentor's reply")
)
KNOCK_BOX, MENTEE_BOX, MENTOR_BOX = (
    box_address(SigningKey.from_seed(sha256(name)).verify_key)
    for name in (b"knock box", b"mentee's box", b"mentor's box")
)
_PUBLIC = {seed: sealing_public_key(seed) for seed in (WEEK_SEED, MENTEE_SEED, MENTOR_SEED)}
KEYHOLDERS_KEY = sealing_public_key(KEYHOLDERS_SEED)


def a_core(body: JsonObject, **parts: Any) -> Core:
    """Return the mentee's first message, but for what is said otherwise."""
    chosen = {
        "conversation": CONVERSATION,
        "role": ROLE_MENTEE,
        "lane": bytes(8),
        "seq": 1,
        "previous": NO_PREVIOUS,
        "minute": 29_923_200,
        "next_key": None,
        **parts,
    }
    return Core(body=body, **chosen)


def a_knock_core(writer: SigningKey = MENTEE, **more: Any) -> Core:
    """Return a knock's core; *more* goes into its body."""
    body = {"type": "knock", "key": encode_base64url(writer.verify_key), **more}
    return a_core(body, next_key=_PUBLIC[MENTEE_SEED])


def a_knock(
    core: Core | None = None, *, writer: SigningKey = MENTEE, seed: int = 0
) -> Unstamped:
    """Return a sealed knock."""
    return seal_knock(
        core or a_knock_core(writer),
        writer=writer,
        offer_id=OFFER_ID,
        sealing_key=_PUBLIC[WEEK_SEED],
        box=KNOCK_BOX,
        rng=SeededRng(seed),
    )


def an_answer_core(knock_hash: bytes, **more: Any) -> Core:
    """Return an answer's core; *more* goes into its body."""
    binding = sign_binding(
        OFFER,
        conversation=CONVERSATION,
        mentor_key=MENTOR.verify_key,
        mentee_key=MENTEE.verify_key,
        knock_hash=knock_hash,
    )
    body = {
        "type": "answer",
        "key": encode_base64url(MENTOR.verify_key),
        "bind": encode_base64url(binding),
        **more,
    }
    return a_core(body, role=ROLE_MENTOR, next_key=_PUBLIC[MENTOR_SEED])


def an_answer(knock: bytes, core: Core | None = None) -> Unstamped:
    """Return a sealed answer to the knock with this encoded core."""
    return seal_answer(
        core or an_answer_core(core_hash(knock)),
        writer=MENTOR,
        sealing_key=_PUBLIC[MENTEE_SEED],
        box=MENTEE_BOX,
        rng=SeededRng(1),
    )


def a_message(
    text: str = "hello", *, seed: int = 0, at_least: int = 4096, **parts: Any
) -> Unstamped:
    """Return a sealed text from mentee to mentor."""
    return seal_message(
        a_core({"type": "text", "text": text}, **{"seq": 2, **parts}),
        writer=MENTEE,
        sealing_key=_PUBLIC[MENTOR_SEED],
        box=MENTOR_BOX,
        rng=SeededRng(seed),
        at_least=at_least,
    )


def seal_of(unstamped: Unstamped, *, day: int = DAY) -> bytes:
    """Return the sender seal that the mentee's node makes."""
    return make_sender_seal(
        KEYHOLDERS_KEY,
        unstamped,
        member_id=MEMBER,
        salt=bytes(16),
        community=COMMUNITY,
        day=day,
    )


def posted(unstamped: Unstamped, *, day: int = DAY, seed: int = 0) -> Stamped:
    """Return the envelope as it leaves the node."""
    return post_envelope(
        unstamped,
        member_id=MEMBER,
        day=day,
        community=COMMUNITY,
        node_key=NODE,
        keyholders_key=KEYHOLDERS_KEY,
        week_key=WEEK_KEY,
        rng=SeededRng(seed),
    )
