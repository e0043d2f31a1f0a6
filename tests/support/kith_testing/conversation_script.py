"""Writes down what one device does in a conversation, so that others can do the same.

A script begins with the records of a vault, does one thing after the other with everything it
needs spelt out, and ends with the records, what is shown and what state that is. Sealing draws
randomness that nobody can hand in, so sealed texts are taken from the file that exists as long
as the same text is sealed to the same key (``Tape``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.envelope import Unstamped, encode_envelope
from kith_crypto.errors import KithError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import seal
from kith_crypto.stamp import Stamped
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.conversation.bodies import Body, Unknown
from kith_protocol.conversation.events import Entry, Event, Missing, Received, Sent
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.records import (
    Change,
    Record,
    encode_record,
    parse_record,
    record_id,
    record_kind,
)
from kith_testing.rng import SeededRng
from kith_testing.talking import stamped

Vault = dict[tuple[str, str], JsonObject]
"""Values of records by kind and id."""


class Table:
    """All records of the file, each once.

    Attributes:
        records: by the name under which the rest of the file speaks of them.
    """

    def __init__(self) -> None:
        self.records: dict[str, JsonValue] = {}

    def name(self, record: Record) -> str:
        """Return the name of *record*."""
        return self._named(record_kind(record), record_id(record), encode_record(record))

    def names(self, vault: Vault) -> list[JsonValue]:
        """Return the names of all records in *vault*."""
        return [self._named(*key, value) for key, value in sorted(vault.items())]

    def _named(self, kind: str, name: str, value: JsonObject) -> str:
        record: JsonObject = {"kind": kind, "id": name, "value": value}
        known_as = f"{kind} {sha256(msgspec.json.encode(record))[:6].hex()}"
        assert self.records.setdefault(known_as, record) == record
        return known_as


class Tape:
    """Seals as ``hpke.seal`` does, but what was sealed before comes out the same.

    Attributes:
        texts: sealed texts by what was sealed.
    """

    def __init__(self, texts: dict[str, bytes]) -> None:
        self._known = texts
        self.texts: dict[str, bytes] = {}

    def seal(self, public_key: bytes, plaintext: bytes, *, info: bytes) -> bytes:
        """Return *plaintext*, sealed."""
        parts = (public_key, info, plaintext)
        name = sha256(b"".join(sha256(part) for part in parts)).hex()
        if name not in self._known:
            self._known[name] = seal(public_key, plaintext, info=info)
        self.texts[name] = self._known[name]
        return self.texts[name]

    def name_of(self, sealed: bytes) -> str:
        """Return the name of what is sealed in *sealed*."""
        return next(name for name, text in self.texts.items() if text == sealed)


def known_texts(document: Any) -> dict[str, bytes]:
    """Return the sealed texts in vectors that were made before."""
    envelopes = document.get("envelopes", {}).values()
    return {one["sealed"]: parse_base64url(one["envelope"])[1345:] for one in envelopes}


class Post:
    """The envelopes that travel, by name."""

    def __init__(self, tape: Tape) -> None:
        self._tape = tape
        self.envelopes: dict[str, JsonValue] = {}
        self._stamped: dict[str, Stamped] = {}

    def put(self, name: str, unstamped: Unstamped, now: int) -> None:
        """Stamp what is handed in."""
        self._stamped[name] = stamped(unstamped, now)
        raw = encode_envelope(self._stamped[name].envelope)
        self.envelopes[name] = {
            "sealed": self._tape.name_of(unstamped.sealed),
            "envelope": encode_base64url(raw),
        }

    def get(self, name: str) -> Stamped:
        """Return the envelope with this name."""
        return self._stamped[name]


class Script:
    """One device of one side, and what it does."""

    def __init__(
        self, about: str, vault: Vault, *, lane: bytes, post: Post, node: str, table: Table
    ) -> None:
        self._table = table
        self.vault = dict(vault)
        self._about = about
        self._start = dict(vault)
        self._lane = lane
        self._post = post
        self._node = node
        self._steps: list[JsonValue] = []
        self._side = Conversation.load(parsed(vault), lane=lane)

    def receives(self, name: str, now: int) -> None:
        """Take in an envelope."""
        step: JsonObject = {"do": "receive", "envelope": name, "node": self._node, "now": now}
        received = self._post.get(name)
        step["events"] = self._tried(
            lambda: [
                plain_event(event)
                for event in self._side.receive(received, node=self._node, now=now)
            ]
        )
        self._note(step)

    def writes(self, name: str, body: Body, now: int, rng: int) -> None:
        """Write *body*, which goes out as the envelope *name*; *rng* is the seed of one."""
        step: JsonObject = {"do": "write", "body": plain_body(body), "now": now, "rng": rng}
        step["sent"] = self._tried(
            lambda: self._sent(name, self._side.write(body, now=now, rng=SeededRng(rng)), now)
        )
        self._note(step)

    def resends(self, name: str, hashed: bytes, now: int, rng: int) -> None:
        """Send a message again."""
        step: JsonObject = {"do": "resend", "hash": encode_base64url(hashed), "rng": rng}
        step["sent"] = self._tried(
            lambda: self._sent(name, self._side.resend(hashed, rng=SeededRng(rng)), now)
        )
        self._note(step)

    def notes_unreadable(self, now: int) -> None:
        """Remember that something does not open."""
        self._side.note_unreadable(now=now)
        self._note({"do": "note-unreadable", "now": now})

    def ticks(self, now: int, *, is_emptied: bool = True) -> tuple[bytes, ...]:
        """Do what time demands; return what is to be sent again."""
        due = self._side.tick(now, is_emptied=is_emptied)
        step: JsonObject = {"do": "tick", "now": now, "is_emptied": is_emptied}
        step["due"] = {
            "events": [plain_event(event) for event in due.events],
            "rekey": due.rekey,
            "ask_again": due.ask_again,
            "resend": [encode_base64url(hashed) for hashed in due.resend],
            "is_over": due.is_over,
        }
        self._note(step)
        return due.resend

    def hash_of(self, text: str) -> bytes:
        """Return the hash of the own message with this text."""
        return next(
            entry.hash
            for entry in self._side.messages()
            if not isinstance(entry, Missing) and getattr(entry.body, "text", None) == text
        )

    def described(self) -> JsonObject:
        """Return the script."""
        return {
            "about": self._about,
            "lane": encode_base64url(self._lane),
            "records": self._table.names(self._start),
            "steps": self._steps,
            "end": {
                "state": self._side.state,
                "waiting": self._side.waiting,
                "needs_new_lane": self._side.needs_new_lane,
                "unreadable_at": self._side.unreadable_at,
                "answer_hash": encode_base64url(self._side.answer_hash),
                "live_seeds": [encode_base64url(seed) for seed in self._side.live_seeds()],
                "shown": [plain_entry(entry) for entry in self._side.messages()],
                "records": self._table.names(self.vault),
            },
        }

    def _sent(self, name: str, sent: Sent, now: int) -> JsonObject:
        self._post.put(name, sent.unstamped, now)
        return {
            "envelope": name,
            "box": encode_base64url(sent.unstamped.box),
            "commitment": encode_base64url(sent.unstamped.commitment),
            "bytes": len(sent.unstamped.sealed),
            "is_slow": sent.is_slow,
            "lane": encode_base64url(sent.lane),
            "seq": sent.seq,
            "hash": encode_base64url(sent.hash),
        }

    def _tried(self, act: Callable[[], JsonValue]) -> JsonValue:
        try:
            return act()
        except KithError as error:
            return {"error": error.code}

    def _note(self, step: JsonObject) -> None:
        changes = self._side.take_changes()
        keep(self.vault, changes)
        step["changes"] = [
            f"{'store' if change.record else 'delete'} {change.kind} {change.id}"
            for change in changes
        ]
        self._steps.append(step)


def keep(vault: Vault, changes: Iterable[Change]) -> None:
    """Store *changes* in *vault*."""
    for change in changes:
        if change.record is None:
            vault.pop((change.kind, change.id), None)
        else:
            vault[change.kind, change.id] = encode_record(change.record)


def parsed(vault: Vault) -> list[Record]:
    """Return the records in *vault*."""
    return [parse_record(kind, value) for (kind, _), value in vault.items()]


def plain_body(body: Body) -> JsonValue:
    """Return what is said, as it is written."""
    if isinstance(body, Unknown):
        return {"unknown": body.type, "raw": body.raw}
    plain: JsonValue = msgspec.json.decode(msgspec.json.encode(body))
    return plain


def plain_entry(entry: Entry) -> JsonValue:
    """Return what is shown in one place."""
    if isinstance(entry, Missing):
        return {
            "missing": entry.count,
            "first": entry.first,
            "lane": encode_base64url(entry.lane),
        }
    return {
        "is_own": entry.is_own,
        "lane": encode_base64url(entry.lane),
        "seq": entry.seq,
        "minute": entry.minute,
        "hash": encode_base64url(entry.hash),
        "is_fork": entry.is_fork,
        "is_late": entry.is_late,
        "is_acknowledged": entry.is_acknowledged,
        "body": plain_body(entry.body),
    }


_EVENTS = {"AfterFreeze": "after-freeze", "AskedAgain": "asked-again"}


def plain_event(event: Event) -> JsonValue:
    """Return what is told."""
    name = type(event).__name__
    plain: JsonObject = {"event": _EVENTS.get(name, name.lower())}
    if isinstance(event, Received):
        return plain | {"hash": encode_base64url(event.message.hash)}
    for member in event.__struct_fields__:
        value = getattr(event, member)
        plain[member] = encode_base64url(value) if isinstance(value, bytes) else value
    return plain
