"""Everything in a member's vault that nobody else may read, written into a book.

Nothing is chosen by hand: every text and every value of at least 8 bytes in every record counts
as a secret, and so do the names of records, unless the caller says that it is public. A record
of a kind that comes later is therefore looked for without anybody thinking of it.
"""

from __future__ import annotations

import contextlib
from base64 import b64decode, urlsafe_b64decode
from collections.abc import Collection, Iterator

from kith_client.member import Member
from kith_crypto.ed25519 import SigningKey
from kith_crypto.hpke import PUBLIC_KEY_BYTES, sealing_public_key
from kith_crypto.strict_json import JsonValue
from kith_protocol.conversation.records import RECORD_KINDS
from kith_testing.secret_book import SecretBook

MIN_BYTES = 8
MIN_KEY_BYTES = 15  # shorter ones in base64 look like words
SEED_BYTES = 32

# Words of the format, the same in every vault.
_WORDS = frozenset(
    {
        "accepted",
        "career.cv",
        "declined",
        "delivered",
        "harassment",
        "message",
        "practise",
        "withdrawn",
    }
)


def keep_vault(
    book: SecretBook, member: Member, *, public: Collection[str | bytes] = ()
) -> None:
    """Write what is in the vault of *member* into *book*, and the key of the vault itself.

    Args:
        book: where to write.
        member: open.
        public: texts and values that may be known: addresses of nodes, ids of offers, boxes.
    """
    book.keep("vault key", member.keys.vault_key)
    book.keep("device", member.vault.device)
    if member.community.auth:
        book.keep("auth", member.community.auth)
    for record in member.keys.copy.snapshot().values():
        if record.value is None:
            continue
        for part in record.id.split("."):
            _keep(book, f"name of a record of {record.kind}", part, public)
        for name, text in _texts(record.value, record.kind):
            _keep(book, name, text, public)
    keep_conversation_keys(book, member)


def keep_conversation_keys(book: SecretBook, member: Member) -> None:
    """Write the public halves, too, of keys that only the two in a conversation know."""
    for kind in RECORD_KINDS:
        for value in member.vault.list(kind).values():
            seed = value.get("seed")
            if not isinstance(seed, str):
                continue
            raw = b64decode(seed)
            if kind == "seed":
                public = sealing_public_key(raw)
                assert len(public) == PUBLIC_KEY_BYTES
                book.keep("reply key", public)
            else:
                book.keep("conversation key", SigningKey.from_seed(raw).verify_key)


def _keep(book: SecretBook, what: str, text: str, public: Collection[str | bytes]) -> None:
    if text in public or text in _WORDS or len(text.encode()) < MIN_BYTES:
        return
    if not text.strip("A"):
        return  # zeros in base64
    raws = [raw for raw in _decode(text) if len(raw) >= MIN_KEY_BYTES]
    if not all(map(any, raws)):
        return  # zeros stand for nothing, and are everywhere
    if any(raw in public for raw in raws):
        return
    book.keep(what, text)
    for raw in raws:
        book.keep(what, raw)


def _decode(text: str) -> Iterator[bytes]:
    """Yield what *text* may stand for, if it is base64 of either kind."""
    padded = text + "=" * (-len(text) % 4)
    with contextlib.suppress(ValueError):
        yield b64decode(padded, validate=True)
    with contextlib.suppress(ValueError):
        yield urlsafe_b64decode(padded)


def _texts(value: JsonValue, name: str) -> Iterator[tuple[str, str]]:
    """Yield every text in *value* with where it stands; keys of objects are texts, too."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one, name)
    elif isinstance(value, dict):
        for key, one in value.items():
            if len(key.encode()) > MIN_KEY_BYTES:
                yield f"{name} key", key
                yield from _texts(one, name)
            else:
                yield from _texts(one, f"{name}.{key}")
