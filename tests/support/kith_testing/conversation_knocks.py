"""Knocks of one mentee at one offer, written down for ``conversation_vectors``."""

from __future__ import annotations

import msgspec

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import KithError
from kith_crypto.strict_json import JsonObject, JsonValue
from kith_protocol.bundle import Bundle
from kith_protocol.conversation.bodies import Answer
from kith_protocol.conversation.incoming import read_knock, write_answer
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.outgoing import (
    Who,
    WrittenKnock,
    draft_knock,
    read_answer,
    write_knock,
    write_withdrawal,
)
from kith_protocol.conversation.records import (
    IncomingKnock,
    KnockWords,
    OutgoingKnock,
    lane_of,
)
from kith_testing.conversation_script import Post, Table, Vault, keep, plain_body
from kith_testing.correspondence import NODE, OFFER, OFFER_ID, WEEK_SEED
from kith_testing.rng import SeededRng
from kith_testing.talking import (
    AWAY,
    HOME,
    MENTEE_DEVICE,
    MENTOR_DEVICE,
    NOW,
    a_bundle,
    who_of,
)

HOUR_S = 3600


class Knocks:
    """Knocks of one mentee at one offer, and what both sides keep of them."""

    def __init__(self, post: Post, table: Table) -> None:
        self._post = post
        self._table = table
        self.steps: list[JsonValue] = []
        self.bundle: Bundle = a_bundle(NOW)

    def sends(self, name: str, conversation: bytes, words: KnockWords) -> WrittenKnock:
        """Draft and send a knock."""
        draft = draft_knock(
            words,
            offer=OFFER_ID,
            node=AWAY,
            conversation=conversation,
            lane=lane_of(MENTEE_DEVICE, conversation),
            now=NOW,
            rng=SeededRng(1),
        )
        who = who_of(draft)
        written = write_knock(draft, bundle=self.bundle, who=who, now=NOW, rng=SeededRng(2))
        assert written.seed is not None
        self._post.put(name, written.unstamped, NOW)
        self._note(
            "send",
            envelope=name,
            now=NOW,
            rng=[1, 2],
            words=msgspec.json.decode(msgspec.json.encode(words)),
            conversation=encode_base64url(conversation),
            who=_plain_who(who),
            records=[
                self._table.name(draft),
                self._table.name(written.knock),
                self._table.name(written.seed),
            ],
        )
        return written

    def takes_back(self, name: str, knock: OutgoingKnock, now: int) -> OutgoingKnock:
        """Take a knock back."""
        written = write_withdrawal(
            knock, bundle=self.bundle, words="Found somebody.", now=now, rng=SeededRng(3)
        )
        self._post.put(name, written.unstamped, now)
        self._note(
            "take-back",
            envelope=name,
            now=now,
            rng=3,
            words="Found somebody.",
            before=self._table.name(knock),
            records=[self._table.name(written.knock)],
        )
        return written.knock

    def reads(self, name: str, known: IncomingKnock | None, now: int) -> IncomingKnock | None:
        """Read what came to the knock box; nothing if it is refused."""
        knocks = {} if known is None else {known.conversation: known}
        step: JsonObject = {
            "envelope": name,
            "now": now,
            "known": [self._table.name(knock) for knock in knocks.values()],
        }
        try:
            read = read_knock(
                self._post.get(name),
                [WEEK_SEED],
                offer=OFFER_ID,
                node=HOME,
                node_keys=[NODE.verify_key],
                knocks=knocks,
                device=MENTOR_DEVICE,
                now=now,
            )
        except KithError as error:
            self._note("read", **step, error=error.code)
            return None
        self._note("read", **step, records=[self._table.name(read)])
        return read

    def answers(self, name: str, knock: IncomingKnock, answer: Answer) -> Vault:
        """Answer a knock; return the conversation that begins."""
        now = NOW + HOUR_S
        written = write_answer(knock, answer, offer_key=OFFER, now=now, rng=SeededRng(4))
        self._post.put(name, written.unstamped, now)
        begun = _begun(written.conversation)
        self._note(
            "answer",
            envelope=name,
            now=now,
            rng=4,
            answer=plain_body(answer),
            before=self._table.name(knock),
            records=[self._table.name(written.knock), *self._table.names(begun)],
        )
        return begun

    def reads_answer(self, name: str, written: WrittenKnock) -> Vault:
        """Read an answer; return the conversation that begins."""
        now = NOW + 2 * HOUR_S
        assert written.seed is not None
        read = read_answer(
            written.knock, self._post.get(name), seeds=[written.seed], node=AWAY, now=now
        )
        begun = _begun(read.conversation)
        self._note(
            "read-answer",
            envelope=name,
            now=now,
            before=[self._table.name(written.knock), self._table.name(written.seed)],
            records=[self._table.name(read.knock), *self._table.names(begun)],
        )
        return begun

    def _note(self, do: str, **step: JsonValue) -> None:
        self.steps.append({"do": do, **step})


def _begun(conversation: Conversation | None) -> Vault:
    vault: Vault = {}
    if conversation is not None:
        keep(vault, conversation.take_changes())
    return vault


def _plain_who(who: Who) -> JsonValue:
    return {
        "who": encode_base64url(who.who),
        "signature": encode_base64url(who.signature),
        "day": who.day,
    }
