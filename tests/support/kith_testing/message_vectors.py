"""Makes ``crypto/vectors/kith_messages.json`` from fixed seeds.

Written from the rules, without the modules it is to test. A change in the file is a change of
format. ``python -m kith_testing.message_vectors`` prints it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from kith_crypto.words import WORDS
from kith_testing.envelopes_by_hand import (
    ACTOR,
    COMMUNITY,
    CONVERSATION,
    DAY,
    KEYHOLDERS,
    LANES,
    MEMBER,
    MENTEE,
    MENTEE_BOX,
    MENTEE_REPLY,
    MENTOR,
    MENTOR_BOX,
    MENTOR_REPLY,
    MESSAGE_BYTES,
    MINUTE,
    MODERATORS,
    NODE,
    OFFER,
    OFFER_ID,
    QUARTER,
    SALT,
    TO_MENTEE,
    TO_MENTOR,
    TO_OFFER,
    WEEK_KEY,
    WHO_KEY,
    WRAP_NONCE,
    Sealed,
    canonical,
    core,
    kid_of,
    public_of,
    text_of,
)
from kith_testing.sealing_by_hand import seal_by_hand


def _who() -> tuple[bytes, bytes]:
    tag = hmac.digest(WHO_KEY, b"kith/who/v1\0" + MEMBER + OFFER_ID, "sha256")[:16]
    day = DAY.to_bytes(4, "big")
    return tag, NODE.sign(b"kith/who/v1\0" + tag + OFFER_ID + public_of(MENTEE) + day)


def _knock_body(key: bytes) -> bytes:
    tag, signature = _who()
    return canonical(
        {
            "type": "knock",
            "key": text_of(key),
            "box": text_of(MENTEE_BOX),
            "text": "Grüezi — ich möchte nähen lernen 🧵",
            "who": {"day": DAY, "signature": text_of(signature), "tag": text_of(tag)},
        }
    )


def _knock_core(key: bytes) -> bytes:
    return core(_knock_body(key), role=1, seq=1, next_key=MENTEE_REPLY.public)


KNOCK = Sealed(_knock_core(public_of(MENTEE)), TO_OFFER, name="knock")


def _binding(mentor: bytes, by: Ed25519PrivateKey) -> bytes:
    knock_hash = sha256(KNOCK.core).digest()
    return by.sign(b"kith/bind/v1\0" + CONVERSATION + mentor + public_of(MENTEE) + knock_hash)


def _answer_core(binding: bytes, conversation: bytes = CONVERSATION) -> bytes:
    body = {
        "type": "answer",
        "ack": {text_of(LANES[1]): 1},
        "bind": text_of(binding),
        "box": text_of(MENTOR_BOX),
        "key": text_of(public_of(MENTOR)),
        "yes": True,
    }
    return core(
        canonical(body),
        role=2,
        seq=1,
        next_key=MENTOR_REPLY.public,
        conversation=conversation,
    )


ANSWER = Sealed(_answer_core(_binding(public_of(MENTOR), OFFER)), TO_MENTEE, name="answer")
TEXT = canonical({"type": "text", "ack": {text_of(LANES[2]): 1}, "text": "Danke!"})


def _message_core(body: bytes = TEXT, **parts: Any) -> bytes:
    chosen = {"role": 1, "seq": 2, "previous": sha256(KNOCK.core).digest(), **parts}
    return core(body, **chosen)


MESSAGE = Sealed(_message_core(), TO_MENTOR, name="message")


def _refused_messages() -> dict[str, Sealed]:
    good = _message_core()
    as_text = {
        "a body that is not in canonical form": _message_core(TEXT.replace(b":", b": ")),
        "a body that is no object": _message_core(b"[]"),
        "a repeated name": _message_core(b'{"type":"text","type":"text"}'),
        "no body": _message_core(b""),
        "another version of the core": b"\x02" + good[1:],
        "a role of three": good[:17] + b"\x03" + good[18:],
        "the recipient's own role": core(TEXT, role=2, seq=2),
        "a number of zero": _message_core(seq=0),
        "a flag of two": _message_core(flag=2),
        "a reply key that is missing": _message_core(flag=1),
        "another conversation": _message_core(conversation=bytes(16)),
    }
    spoilt: dict[str, Callable[[bytes], bytes]] = {
        "padding that is not zeros": lambda content: content[:-1] + b"\x01",
        "a length beyond the end": lambda content: (
            content[:96] + b"\xff\xff\xff\xff" + content[100:]
        ),
        "a length that cuts the core": lambda content: (
            content[:96] + (len(good) - 1).to_bytes(4, "big") + content[100:]
        ),
        "a signature with a changed bit": lambda content: (
            bytes((content[0] ^ 1,)) + content[1:]
        ),
    }
    zero_frank_key = bytes(32)
    return {
        **{name: Sealed(raw, TO_MENTOR, name=name) for name, raw in as_text.items()},
        **{name: Sealed(good, TO_MENTOR, name=name, spoil=s) for name, s in spoilt.items()},
        "a commitment to another core": Sealed(
            good, TO_MENTOR, name="other", commitment=KNOCK.commitment
        ),
        "a commitment under another key": Sealed(
            good,
            TO_MENTOR,
            name="zero",
            frank_key=zero_frank_key,
            commitment=MESSAGE.commitment,
        ),
        "another writer": Sealed(good, TO_MENTOR._replace(writer=MENTOR), name="writer"),
        "sealed for another box": Sealed(
            good, TO_MENTOR._replace(context=b"kith/msg/v1\0" + MENTEE_BOX), name="box"
        ),
        "sealed as a knock": Sealed(
            good, TO_MENTOR._replace(context=b"kith/knock/v1\0" + MENTOR_BOX), name="label"
        ),
    }


def _refused_knocks() -> dict[str, Sealed]:
    raw = _knock_core(public_of(MENTEE))
    no_key = core(canonical({"type": "knock"}), role=1, seq=1)
    return {
        "for another offer": Sealed(
            raw, TO_OFFER._replace(context=b"kith/knock/v1\0" + bytes(16)), name="offer"
        ),
        "of another size": Sealed(raw, TO_OFFER._replace(size=MESSAGE_BYTES), name="size"),
        "with another's key": Sealed(_knock_core(public_of(MENTOR)), TO_OFFER, name="key"),
        "with a key of small order": Sealed(
            _knock_core(b"\x01" + bytes(31)), TO_OFFER, name="small"
        ),
        "without a key": Sealed(no_key, TO_OFFER, name="none"),
    }


def _refused_answers() -> dict[str, Sealed]:
    bound = _binding(public_of(MENTOR), OFFER)
    no_binding = core(
        canonical({"type": "answer", "key": text_of(public_of(MENTOR))}), role=2, seq=1
    )
    cases = {
        "bound by another key": _answer_core(_binding(public_of(MENTOR), NODE)),
        "bound for another mentor": _answer_core(_binding(public_of(NODE), OFFER)),
        "not bound": no_binding,
        "a binding of another length": _answer_core(bound + b"\0"),
        "of another conversation": _answer_core(bound, conversation=bytes(16)),
    }
    return {name: Sealed(raw, TO_MENTEE, name=name) for name, raw in cases.items()}


def _reports() -> dict[str, Any]:
    good = MESSAGE.report
    other = sha256(b"other").digest()
    changed_day = good[:81] + (DAY + 1).to_bytes(4, "big") + good[85:]
    sealed = _seal_to_moderators(good)
    return {
        "report": good.hex(),
        "text": "Danke!",
        "refused": {
            "another core": (good[:-1] + b"]").hex(),
            "another frank key": (good[:1377] + other + good[1409:]).hex(),
            "a frank key of 31 bytes": (good[:1377] + good[1378:]).hex(),
            "another day": changed_day.hex(),
            "the postmark of another envelope": (KNOCK.postmark + good[1377:]).hex(),
            "another node's stamp": (
                good[:1313] + MENTOR.sign(good[:1313]) + good[1377:]
            ).hex(),
            "no core": good[:1409].hex(),
        },
        "moderators_seed": MODERATORS.seed.hex(),
        "moderators_key": MODERATORS.public.hex(),
        "sealed": sealed.hex(),
    }


def _seal_to_moderators(payload: bytes) -> bytes:
    info = b"kith/moderators/v1\0\x01" + COMMUNITY + kid_of(MODERATORS.public)
    framed = len(payload).to_bytes(4, "big") + payload
    return seal_by_hand(MODERATORS, framed + bytes(8192 - 1136 - len(framed)), info)


def _share() -> dict[str, Any]:
    outer, inner, seed = TO_OFFER.to, TO_MENTEE.to, sha256(b"keyholders' seed").digest()
    pair = kid_of(outer.public) + kid_of(inner.public) + QUARTER.to_bytes(4, "big")
    half_open = seal_by_hand(inner, seed, b"kith/share/v1\0\x02" + pair)
    share = seal_by_hand(outer, half_open, b"kith/share/v1\0\x01" + pair)
    return {
        "outer_seed": outer.seed.hex(),
        "inner_seed": inner.seed.hex(),
        "epoch": QUARTER,
        "seed": seed.hex(),
        "half_open": half_open.hex(),
        "share": share.hex(),
    }


def _safety_words() -> dict[str, Any]:
    told = public_of(MENTEE) + public_of(MENTOR) + CONVERSATION
    told += sha256(KNOCK.core).digest() + sha256(ANSWER.core).digest()
    salt = b"kith/sas/v1" + bytes(5)
    derived = Argon2id(salt=salt, length=9, iterations=3, lanes=1, memory_cost=65536).derive(
        told
    )
    bits = "".join(f"{byte:08b}" for byte in derived)
    places = [int(bits[start : start + 11], 2) for start in range(0, 66, 11)]
    return {
        "input": told.hex(),
        "salt": salt.hex(),
        "derived": derived.hex(),
        "words": [WORDS[place] for place in places],
        "numbers": [f"{place:04}" for place in places],
    }


def _keys() -> dict[str, Any]:
    keys = {"node": NODE, "offer": OFFER, "mentee": MENTEE, "mentor": MENTOR}
    return {
        name: {"seed": key.private_bytes_raw().hex(), "public": public_of(key).hex()}
        for name, key in keys.items()
    }


def make() -> dict[str, Any]:
    """Return the vectors."""
    tag, signature = _who()
    refused = {
        "knock": _refused_knocks(),
        "answer": _refused_answers(),
        "message": _refused_messages(),
    }
    return {
        "source": [
            {
                "name": "Kith",
                "section": "cores, envelopes, stamps, seals, who, bindings and reports",
                "address": "this project",
            }
        ],
        "checked": "Made by kith_testing.message_vectors from the written rules, with plain "
        "SHA-256, HMAC, AES-GCM, Argon2id and Ed25519 and the encapsulations published in "
        "xwing.json, not with the modules they test; sealed texts can only be opened, not "
        "made again.",
        "keys": _keys(),
        "actor": ACTOR,
        "community": COMMUNITY.hex(),
        "offer_id": OFFER_ID.hex(),
        "conversation": CONVERSATION.hex(),
        "lanes": {"mentee": LANES[1].hex(), "mentor": LANES[2].hex()},
        "day": DAY,
        "minute": MINUTE,
        "knock": KNOCK.described(),
        "answer": ANSWER.described(),
        "message": MESSAGE.described(),
        "binding": _binding(public_of(MENTOR), OFFER).hex(),
        "who": {
            "who_key": WHO_KEY.hex(),
            "member_id": MEMBER.hex(),
            "who": tag.hex(),
            "signature": signature.hex(),
        },
        "sender_seal": {
            "keyholders_seed": KEYHOLDERS.seed.hex(),
            "epoch": QUARTER,
            "member_id": MEMBER.hex(),
            "salt": SALT.hex(),
            "digest": MESSAGE.digest.hex(),
            "seal": MESSAGE.seal.hex(),
            "week_key": WEEK_KEY.hex(),
            "nonce": WRAP_NONCE.hex(),
            "wrapped": MESSAGE.wrapped.hex(),
            "postmark": MESSAGE.postmark.hex(),
        },
        "reports": _reports(),
        "share": _share(),
        "safety_words": _safety_words(),
        "refused": {
            kind: {name: one.envelope.hex() for name, one in cases.items()}
            for kind, cases in refused.items()
        },
    }


def render(vectors: dict[str, Any]) -> bytes:
    """Return *vectors* as they stand in the file."""
    return json.dumps(vectors, ensure_ascii=False, indent=1).encode() + b"\n"


if __name__ == "__main__":
    print(render(make()).decode(), end="")
