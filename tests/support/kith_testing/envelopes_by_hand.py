"""A small world of fixed keys, and envelopes in it that are written from the rules.

With plain SHA-256, HMAC, AES-GCM and Ed25519 and without the modules that are to be tested, so
that vectors made of it are a second opinion. Each step can be spoilt on purpose.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kith_testing.sealing_by_hand import Recipient, published_recipients, seal_by_hand

FIRST_BYTES = 8192
MESSAGE_BYTES = 4096
DAY = 20_780  # 2026-11-23, in the last quarter of that year
QUARTER = 2026 * 4 + 3
ACTOR = "https://ash.example/actor"
COMMUNITY = sha256(ACTOR.encode()).digest()[:16]


def seeded(name: str, size: int = 32) -> bytes:
    return sha256(f"vectors of kith: {name}".encode()).digest()[:size]


def seeded_key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(seeded(name))


def public_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def text_of(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def kid_of(public: bytes) -> bytes:
    return sha256(b"kith/kid/v1\0" + public).digest()[:16]


NODE = seeded_key("node")
OFFER = seeded_key("offer")
MENTEE = seeded_key("mentee")
MENTOR = seeded_key("mentor")
WEEK, MENTEE_REPLY, MENTOR_REPLY = published_recipients()
KEYHOLDERS, MODERATORS = WEEK, MENTEE_REPLY  # other labels, hence other keys inside
OFFER_ID = sha256(b"kith/offer-id/v1\0" + public_of(OFFER)).digest()[:16]
CONVERSATION = seeded("conversation", 16)
KNOCK_BOX, MENTEE_BOX, MENTOR_BOX = (
    seeded(f"{name} box", 16) for name in ("knock", "mentee", "mentor")
)
LANES = {1: seeded("mentee lane", 8), 2: seeded("mentor lane", 8)}
MEMBER = seeded("member", 16)
SALT = seeded("salt", 16)
WHO_KEY = seeded("who key")
WEEK_KEY = seeded("node week key")
WRAP_NONCE = seeded("wrap nonce", 12)
MINUTE = DAY * 24 * 60 + 1234


def canonical(body: dict[str, Any]) -> bytes:
    # RFC 8785 for ASCII names and whole numbers, which is all there is here.
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def core(
    body: bytes,
    *,
    role: int,
    seq: int,
    previous: bytes = bytes(32),
    next_key: bytes = b"",
    conversation: bytes = CONVERSATION,
    flag: int | None = None,
) -> bytes:
    """Return header ‖ body."""
    header = b"\x01" + conversation + bytes((role,)) + LANES[role] + seq.to_bytes(4, "big")
    has_next = bytes((bool(next_key) if flag is None else flag,))
    return header + previous + MINUTE.to_bytes(4, "big") + has_next + next_key + body


class Way(NamedTuple):
    """Where an envelope goes, and by whom and how it is sealed."""

    to: Recipient
    box: bytes
    writer: Ed25519PrivateKey
    context: bytes
    size: int


class Sealed:
    """One envelope with everything that went into it; each step can be spoilt."""

    def __init__(
        self,
        raw: bytes,
        way: Way,
        *,
        name: str,
        spoil: Callable[[bytes], bytes] = bytes,
        commitment: bytes | None = None,
        frank_key: bytes | None = None,
    ) -> None:
        self.to, self.box, self.core = way.to, way.box, raw
        self.frank_key = seeded(f"{name} frank key") if frank_key is None else frank_key
        honest = hmac.digest(self.frank_key, b"kith/frank/v1\0" + raw, "sha256")
        self.commitment = honest if commitment is None else commitment
        self.kid = kid_of(way.to.public)
        self.info = way.context + self.kid + self.commitment
        self.signature = way.writer.sign(
            b"kith/msg-sig/v1\0" + way.box + self.kid + self.commitment + raw
        )
        content = self.signature + self.frank_key + len(raw).to_bytes(4, "big") + raw
        content = spoil(content + bytes(way.size - 1136 - len(content)))
        self.sealed = seal_by_hand(way.to, content, self.info)
        self._post()

    def _post(self) -> None:
        sealed_hash = sha256(self.sealed).digest()
        self.digest = sha256(self.box + self.commitment + sealed_hash).digest()
        info = b"kith/seal/v1\0\x03" + COMMUNITY + QUARTER.to_bytes(4, "big")
        self.seal = seal_by_hand(KEYHOLDERS, MEMBER + self.digest + SALT, info)
        self.wrapped = WRAP_NONCE + AESGCM(WEEK_KEY).encrypt(WRAP_NONCE, self.seal, b"")
        day = DAY.to_bytes(4, "big")
        what = self.box + self.commitment
        self.stamp = NODE.sign(
            b"kith/stamp/v1\0" + what + sealed_hash + sha256(self.wrapped).digest() + day
        )
        self.envelope = b"\x01" + what + day + self.wrapped + self.stamp + self.sealed
        self.postmark = b"\x01" + what + sealed_hash + day + self.wrapped + self.stamp
        self.report = self.postmark + self.frank_key + self.core

    def described(self) -> dict[str, Any]:
        """Return every intermediate value."""
        return {
            "recipient_seed": self.to.seed.hex(),
            "recipient_key": self.to.public.hex(),
            "kid": self.kid.hex(),
            "box": self.box.hex(),
            "core": self.core.hex(),
            "core_hash": sha256(self.core).hexdigest(),
            "frank_key": self.frank_key.hex(),
            "commitment": self.commitment.hex(),
            "signature": self.signature.hex(),
            "info": self.info.hex(),
            "envelope": self.envelope.hex(),
        }


TO_OFFER = Way(WEEK, KNOCK_BOX, MENTEE, b"kith/knock/v1\0" + OFFER_ID, FIRST_BYTES)
TO_MENTEE = Way(MENTEE_REPLY, MENTEE_BOX, MENTOR, b"kith/msg/v1\0" + MENTEE_BOX, FIRST_BYTES)
TO_MENTOR = Way(MENTOR_REPLY, MENTOR_BOX, MENTEE, b"kith/msg/v1\0" + MENTOR_BOX, MESSAGE_BYTES)
