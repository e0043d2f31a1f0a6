"""Makes ``protocol/vectors/conversation.json``: knocks, and what devices of two people do next.

All randomness that can be handed in comes from ``SeededRng`` with the seed that is written
beside each step, so another implementation gets the same records, byte for byte. What is sealed
cannot be made again; see ``conversation_script.Tape``. A change in the file is a change of the
protocol. ``python -m kith_testing.conversation_vectors`` prints it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import msgspec

from kith_crypto.core import NO_PREVIOUS, ROLE_MENTOR, Core
from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_crypto.message import seal_message
from kith_crypto.strict_json import JsonObject
from kith_protocol.conversation.bodies import (
    Answer,
    Card,
    Close,
    Freeze,
    Rekey,
    Text,
)
from kith_protocol.conversation.records import KnockWords, Lane, Talk, lane_of
from kith_testing.conversation_knocks import HOUR_S, Knocks
from kith_testing.conversation_script import (
    Post,
    Script,
    Table,
    Tape,
    Vault,
    known_texts,
    parsed,
)
from kith_testing.correspondence import CONVERSATION, NODE, OFFER, OFFER_ID, WEEK_SEED
from kith_testing.rng import SeededRng
from kith_testing.talking import AWAY, DAY_S, HOME, MENTEE_DEVICE, MENTOR_DEVICE, NOW
from kith_testing.wire_vectors import render

FILE = Path(__file__).parents[3] / "protocol" / "vectors" / "conversation.json"
PHONE = b"mentee's phone.."
RESTORED = b"mentor restored."
ODD_LANE = b"odd lane"
CARD = Card(pseudonym="Rowan", picture="0123456789abcdef", languages=("en", "de"))
WORDS = KnockWords(
    words="May I ask you about welding?",
    hopes="To mend a bicycle.",
    times="evenings",
    card=CARD,
)
TAKEN_BACK = sha256(b"a knock that is taken back")[:16]
DECLINED = sha256(b"a knock that is declined")[:16]


class Scene:
    """All scripts, one after the other."""

    def __init__(self, post: Post, table: Table) -> None:
        self._post = post
        self._table = table
        self.knocks = Knocks(post, table)
        self.scripts: list[Script] = []
        self.laptop_lane = lane_of(MENTEE_DEVICE, CONVERSATION)
        self.mentor_lane = lane_of(MENTOR_DEVICE, CONVERSATION)

    def play(self) -> None:
        """Do everything."""
        mentee, mentor = self._knock()
        self._knocks_that_lead_nowhere()
        mentor, mentee = self._talk(mentor, mentee)
        phone = self._second_device(mentor, mentee)
        self._pause(mentor, mentee)
        self._fork(mentor, mentee, phone)
        self._end(mentor, mentee)

    def _knock(self) -> tuple[Vault, Vault]:
        written = self.knocks.sends("knock", CONVERSATION, WORDS)
        knock = self.knocks.reads("knock", None, NOW + 60)
        assert knock is not None
        self.knocks.reads("knock", knock, NOW + 120)
        answer = Answer(accepted=True, words="Gladly.", times="after six")
        mentor = self.knocks.answers("answer", knock, answer)
        return self.knocks.reads_answer("answer", written), mentor

    def _knocks_that_lead_nowhere(self) -> None:
        words = KnockWords(words="Would you look at my plans?")
        sent = self.knocks.sends("knock that is taken back", TAKEN_BACK, words)
        knock = self.knocks.reads("knock that is taken back", None, NOW + 60)
        assert knock is not None
        self.knocks.takes_back("withdrawal", sent.knock, NOW + HOUR_S)
        self.knocks.reads("withdrawal", None, NOW + HOUR_S + 60)
        gone = self.knocks.reads("withdrawal", knock, NOW + HOUR_S + 60)
        self.knocks.reads("withdrawal", gone, NOW + HOUR_S + 120)
        sent = self.knocks.sends("knock that is declined", DECLINED, words)
        knock = self.knocks.reads("knock that is declined", None, NOW + 60)
        assert knock is not None
        answer = Answer(
            accepted=False, words="Not now, sorry.", suggestions=("craft.wood", "craft.metal")
        )
        self.knocks.answers("answer that declines", knock, answer)
        self.knocks.reads_answer("answer that declines", sent)

    def _script(self, about: str, vault: Vault, lane: bytes, node: str) -> Script:
        post, table = self._post, self._table
        self.scripts.append(Script(about, vault, lane=lane, post=post, node=node, table=table))
        return self.scripts[-1]

    def _talk(self, mentor: Vault, mentee: Vault) -> tuple[Vault, Vault]:
        now = NOW + DAY_S
        writer = self._script("the mentor writes", mentor, self.mentor_lane, HOME)
        for number, text in enumerate(("one", "two", "three")):
            writer.writes(text, Text(text), now + 60 * number, 10 + number)
        reader = self._script("out of order, twice", mentee, self.laptop_lane, AWAY)
        for name in ("three", "one", "one", "two", "two"):
            reader.receives(name, now + HOUR_S)
        reader.receives("knock", now + HOUR_S)
        reader.writes("four", Text("four\nΩ 🧵"), now + 2 * HOUR_S, 20)
        reader.writes("five", Text("five"), now + 2 * HOUR_S + 60, 21)
        reader.ticks(now + 2 * HOUR_S + 120)
        writer = self._script("a first message is lost", writer.vault, self.mentor_lane, HOME)
        writer.receives("five", now + 3 * HOUR_S)
        writer.ticks(now + 3 * HOUR_S)
        writer.ticks(now + DAY_S + 4 * HOUR_S)
        writer.writes("asks again", Rekey(again=True), now + DAY_S + 4 * HOUR_S, 22)
        reader = self._script("sends again", reader.vault, self.laptop_lane, AWAY)
        reader.receives("asks again", now + DAY_S + 5 * HOUR_S)
        for hashed in reader.ticks(now + DAY_S + 5 * HOUR_S):
            reader.resends("again", hashed, now + DAY_S + 5 * HOUR_S, 23)
        writer = self._script("what was lost comes", writer.vault, self.mentor_lane, HOME)
        writer.receives("again", now + DAY_S + 6 * HOUR_S)
        writer.receives("four", now + DAY_S + 6 * HOUR_S)
        writer.ticks(now + DAY_S + 6 * HOUR_S)
        return writer.vault, reader.vault

    def _second_device(self, mentor: Vault, mentee: Vault) -> Vault:
        now = NOW + 5 * DAY_S
        phone = self._script("a second device", mentee, lane_of(PHONE, CONVERSATION), AWAY)
        phone.writes("by phone", Text("by phone"), now, 30)
        writer = self._script("two lanes", mentor, self.mentor_lane, HOME)
        writer.receives("by phone", now + HOUR_S)
        writer.writes("to both", Text("to both"), now + 2 * HOUR_S, 31)
        self._odd(writer.vault, now + 2 * HOUR_S)
        phone.receives("to both", now + 3 * HOUR_S)
        phone.receives("odd", now + 3 * HOUR_S)
        phone.receives("odd again", now + 3 * HOUR_S)
        phone.notes_unreadable(now + 3 * HOUR_S)
        phone.ticks(now + 3 * HOUR_S)
        # A gap that is never filled.
        writer.writes("never comes", Text("never comes"), now + 4 * HOUR_S, 32)
        writer.writes("after it", Text("after it"), now + 4 * HOUR_S, 33)
        phone.receives("after it", now + 5 * HOUR_S)
        phone.ticks(now + 7 * DAY_S, is_emptied=False)
        phone.ticks(now + 8 * DAY_S)
        phone.writes("asks", Rekey(again=True), now + 8 * DAY_S, 34)
        phone.receives("never comes", now + 16 * DAY_S)
        phone.ticks(now + 52 * DAY_S)
        return phone.vault

    def _odd(self, mentor: Vault, now: int) -> None:
        """Write what no client of today writes: an unknown type, and a text that misleads."""
        records = parsed(mentor)
        talk = next(record for record in records if isinstance(record, Talk))
        peer = next(record.peer_key for record in records if isinstance(record, Lane))
        bodies: dict[str, JsonObject] = {
            "odd": {"type": "game", "move": "e4", "ack": {}},
            "odd again": {"type": "text", "text": "\u202eturned", "ack": {"AA": 1}},
        }
        for seq, (name, body) in enumerate(bodies.items(), start=1):
            core = Core(
                conversation=talk.conversation,
                role=ROLE_MENTOR,
                lane=ODD_LANE,
                seq=seq,
                previous=NO_PREVIOUS,
                minute=now // 60,
                next_key=None,
                body=body,
            )
            unstamped = seal_message(
                core,
                writer=SigningKey.from_seed(talk.seed),
                sealing_key=(peer or talk.first).key,
                box=talk.peer_box,
                rng=SeededRng(40 + seq),
            )
            self._post.put(name, unstamped, now)

    def _pause(self, mentor: Vault, mentee: Vault) -> None:
        now = NOW + 6 * DAY_S
        writer = self._script("the mentor pauses everything", mentor, self.mentor_lane, HOME)
        writer.writes("before the pause", Text("before the pause"), now, 50)
        writer.writes("pause", Freeze(), now, 51)
        writer.writes("after the pause", Text("after the pause"), now, 52)
        reader = self._script("paused by the other side", mentee, self.laptop_lane, AWAY)
        reader.receives("pause", now + 60)
        reader.receives("before the pause", now + 120)
        reader.writes("to nobody", Text("to nobody"), now + 180, 53)
        reader.ticks(now + 46 * DAY_S)

    def _fork(self, mentor: Vault, mentee: Vault, phone: Vault) -> None:
        now = NOW + 7 * DAY_S
        first = self._script("before the restore", mentor, self.mentor_lane, HOME)
        first.writes("last one kept", Text("last one kept"), now, 60)
        older = dict(first.vault)
        first.writes("first branch", Text("first branch"), now, 65)
        reader = self._script("a fork", mentee, self.laptop_lane, AWAY)
        reader.receives("last one kept", now + 60)
        reader.receives("first branch", now + 60)
        reader.writes("has seen it", Text("has seen it"), now + 120, 61)
        second = self._script("an older vault", older, self.mentor_lane, HOME)
        second.writes("second branch", Text("second branch"), now + 180, 62)
        reader.receives("second branch", now + 240)
        second = self._script("an older vault learns of it", older, self.mentor_lane, HOME)
        second.receives("has seen it", now + 300)
        second.writes("too late", Text("too late"), now + 360, 63)
        anew = lane_of(RESTORED, CONVERSATION)
        third = self._script("on in a new lane", second.vault, anew, HOME)
        third.writes("in a new lane", Text("in a new lane"), now + 420, 64)
        reader.receives("in a new lane", now + 480)
        both = self._script("both devices", {**phone, **reader.vault}, self.laptop_lane, AWAY)
        both.ticks(now + 600)

    def _end(self, mentor: Vault, mentee: Vault) -> None:
        now = NOW + 8 * DAY_S
        writer = self._script("the mentor closes", mentor, self.mentor_lane, HOME)
        writer.writes("goodbye", Close("Thank you."), now, 70)
        writer.writes("no more", Text("no more"), now, 71)
        reader = self._script("both close", mentee, self.laptop_lane, AWAY)
        reader.receives("goodbye", now + 60)
        reader.writes("farewell", Close(), now + 120, 72)
        reader.ticks(now + 180)
        reader.ticks(now + 8 * DAY_S)
        writer.receives("farewell", now + 240)
        writer.ticks(now + 300, is_emptied=False)


def make() -> JsonObject:
    """Return all vectors."""
    known: Any = msgspec.json.decode(FILE.read_bytes()) if FILE.exists() else {}
    tape = Tape(known_texts(known))
    with patch("kith_crypto.content.seal", tape.seal):
        post, table = Post(tape), Table()
        scene = Scene(post, table)
        scene.play()
    return {
        "about": "Conversations of Kith. rng is the seed of a stream of SHA-256(seed(8) ‖ "
        "counter(8)); sealed names what is sealed: SHA-256 of the three SHA-256 of sealing "
        "key, info and plaintext.",
        "checked": "Made by kith_testing.conversation_vectors; read by "
        "tests/protocol/conversation/test_vectors.py. The keys are public: never use them.",
        "node_seed": NODE.seed.hex(),
        "offer": {
            "seed": OFFER.seed.hex(),
            "id": encode_base64url(OFFER_ID),
            "week_seed": WEEK_SEED.hex(),
            "sealing_key": encode_base64url(scene.knocks.bundle.sealing_key),
            "knock_box": encode_base64url(scene.knocks.bundle.knock_box),
        },
        "mentee": {"node": HOME, "device": encode_base64url(MENTEE_DEVICE)},
        "mentor": {"node": AWAY, "device": encode_base64url(MENTOR_DEVICE)},
        "envelopes": post.envelopes,
        "records": table.records,
        "knocks": scene.knocks.steps,
        "scripts": [script.described() for script in scene.scripts],
    }


if __name__ == "__main__":
    sys.stdout.buffer.write(render(make()))
