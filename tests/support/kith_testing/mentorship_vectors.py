"""Makes ``protocol/vectors/mentorship.json``: what two people said, and what that comes to.

Which message counts in each thing is written here by hand, from the specification; the rest of
each state is what the code makes of it. A change in the file is a change of the protocol.
``PYTHONPATH=tests/support python -m kith_testing.mentorship_vectors`` prints it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.encoding import encode_base64url
from kith_crypto.hashes import sha256
from kith_crypto.strict_json import JsonObject
from kith_protocol.conversation.bodies import Close, Text, Unknown, encode_body, read_body
from kith_protocol.mentorship.blind import (
    CLOSING_ROUND,
    Answers,
    BlindRound,
    commit_answers,
    reveal_of,
)
from kith_protocol.mentorship.bodies import (
    AgreementAnswer,
    AgreementProposal,
    CheckIn,
    Closing,
    Goal,
    Note,
    PassedOn,
    SessionEnd,
    SessionPick,
    SessionProposal,
    Slot,
    Terms,
    Thanks,
)
from kith_protocol.mentorship.state import Mentorship
from kith_testing.correspondence import CONVERSATION
from kith_testing.mentorships import (
    BOTH,
    DAY,
    MENTEE,
    MENTOR,
    OTHER_THING,
    THING,
    THURSDAY,
    TUESDAY,
    Said,
    Scene,
    neutral,
    read_as,
)
from kith_testing.message_vectors import render

TERMS = Terms(
    goals=("Une première exposition", "شجاعة"),
    cadence="fortnightly",
    sessions=6,
    minutes=60,
    channel="voice",
    boundaries="Nothing about family.\nNo photos.",
    confidentiality="Everything stays between us.",
    limits="Danger to life.",
    ending="We say so, and thank each other.",
    review_day=20_900,
)
OTHER_TERMS = Terms(cadence="weekly")
SLOTS = (TUESDAY, THURSDAY)
LATER = Slot(THURSDAY.start + 60, 30, -210)
OPENINGS = {MENTEE: sha256(b"opening 1"), MENTOR: sha256(b"opening 2")}
FELT = {
    MENTEE: Answers(1, "unsure", ("We could meet less often.",)),
    MENTOR: Answers(1, "fine"),
}
FOUND = {
    MENTEE: Answers(CLOSING_ROUND, words=("I learned to ask.", "")),
    MENTOR: Answers(CLOSING_ROUND, words=("我學會了聆聽。",)),
}

Heads = dict[str, str]
"""The message that counts, in base64url, by ``agreement`` or the name of the thing."""


def _commitment(role: int, answers: Answers) -> str:
    return encode_base64url(
        commit_answers(answers, opening=OPENINGS[role], conversation=CONVERSATION, role=role)
    )


def _says_raw(scene: Scene, role: int, body: JsonObject) -> None:
    """Write a body that no rule allows."""
    read = read_body(body).body
    assert isinstance(read, Unknown)
    lane = bytes([role, 9, *bytes(6)])
    seq = 1 + sum(one.lane == lane for one in scene.said)
    scene.said.append(
        Said(role, lane, seq, scene.minute, sha256(lane + canonical_bytes(body)), read)
    )


def _agreed(scene: Scene) -> str:
    first = scene.says(MENTEE, AgreementProposal(TERMS))
    scene.minute += 5
    return scene.says(MENTOR, AgreementAnswer(accepted=True, after=first))


def _picked(scene: Scene) -> tuple[str, str]:
    first = scene.says(MENTEE, SessionProposal(THING, SLOTS, "After work?"))
    return first, scene.says(MENTOR, SessionPick(THING, first, TUESDAY.start, offset=120))


# --- cases -----------------------------------------------------------------------


def _terms_are_agreed(scene: Scene) -> Heads:
    return {"agreement": _agreed(scene)}


def _terms_are_changed(scene: Scene) -> Heads:
    first = _agreed(scene)
    second = scene.says(MENTOR, AgreementProposal(OTHER_TERMS, after=first))
    scene.minute += DAY
    return {"agreement": scene.says(MENTEE, AgreementAnswer(accepted=True, after=second))}


def _terms_are_pending(scene: Scene) -> Heads:
    first = _agreed(scene)
    return {"agreement": scene.says(MENTOR, AgreementProposal(OTHER_TERMS, after=first))}


def _accepted_meanwhile(scene: Scene) -> Heads:
    first = scene.says(MENTEE, AgreementProposal(TERMS))
    accepted = scene.says(MENTOR, AgreementAnswer(accepted=True, after=first))
    second = scene.says(MENTEE, AgreementProposal(OTHER_TERMS, after=first))
    scene.says(MENTEE, AgreementProposal(Terms(), after=second))
    return {"agreement": accepted}


def _taken_back_meanwhile(scene: Scene) -> Heads:
    first = scene.says(MENTEE, AgreementProposal(TERMS))
    scene.says(MENTOR, AgreementAnswer(accepted=True, after=first))
    return {"agreement": scene.says(MENTEE, AgreementAnswer(accepted=False, after=first))}


def _accepted_by_the_proposer(scene: Scene) -> Heads:
    first = scene.says(MENTEE, AgreementProposal(TERMS))
    forged = scene.says(MENTEE, AgreementAnswer(accepted=True, after=first))
    scene.says(MENTEE, AgreementProposal(OTHER_TERMS, after=forged))
    return {"agreement": first}


def _two_first_proposals(scene: Scene) -> Heads:
    names = (
        scene.says(MENTEE, AgreementProposal(TERMS)),
        scene.says(MENTOR, AgreementProposal(OTHER_TERMS)),
    )
    # The same depth and rank: the greater hash, compared as bytes.
    hashes = {encode_base64url(one.hash): one.hash for one in scene.said}
    return {"agreement": max(names, key=lambda name: hashes[name])}


def _first_step_missing(scene: Scene) -> Heads:
    _agreed(scene)
    del scene.said[0]
    return {"agreement": ""}


def _session_is_picked(scene: Scene) -> Heads:
    return {THING: _picked(scene)[1]}


def _session_is_moved(scene: Scene) -> Heads:
    _, agreed = _picked(scene)
    move = scene.says(MENTOR, SessionProposal(THING, (LATER,), after=agreed))
    return {THING: scene.says(MENTEE, SessionPick(THING, move, LATER.start))}


def _move_is_declined(scene: Scene) -> Heads:
    _, agreed = _picked(scene)
    move = scene.says(MENTOR, SessionProposal(THING, (LATER,), after=agreed))
    return {THING: scene.says(MENTEE, SessionEnd(THING, move, "declined", "Sorry."))}


def _cancelled_while_it_was_moved(scene: Scene) -> Heads:
    _, agreed = _picked(scene)
    move = scene.says(MENTOR, SessionProposal(THING, (LATER,), after=agreed))
    scene.says(MENTEE, SessionPick(THING, move, LATER.start))
    return {THING: scene.says(MENTEE, SessionEnd(THING, agreed, "cancelled"), lane=1)}


def _picked_by_the_proposer(scene: Scene) -> Heads:
    first = scene.says(MENTEE, SessionProposal(THING, SLOTS))
    scene.says(MENTEE, SessionPick(THING, first, TUESDAY.start))
    scene.says(MENTOR, SessionPick(THING, first, LATER.start))
    scene.says(MENTOR, SessionProposal(OTHER_THING, SLOTS[::-1]))
    return {THING: first}


def _took_place_too_early(scene: Scene) -> Heads:
    _, agreed = _picked(scene)
    early = TUESDAY.start - 1
    scene.says(MENTOR, SessionEnd(THING, agreed, "took-place"), minute=early)
    return {THING: agreed}


def _took_place(scene: Scene) -> Heads:
    _, agreed = _picked(scene)
    noted = SessionEnd(THING, agreed, "took-place")
    name = scene.says(MENTOR, noted, minute=TUESDAY.start)
    scene.says(MENTOR, SessionProposal(THING, (LATER,), after=name))
    return {THING: name}


def _goal_is_changed_by_both(scene: Scene) -> Heads:
    first = scene.says(MENTEE, Goal(THING, "A portfolio", topics=("craft.writing",)))
    reached = Goal(THING, "A portfolio", "reached", ("craft.writing",), first)
    name = scene.says(MENTOR, reached)
    scene.says(MENTEE, Goal(THING, "A portfolio of ten pieces", after=first))
    return {THING: name}


def _notes(scene: Scene) -> Heads:
    first = scene.says(MENTEE, Note(THING, "What we said", session=OTHER_THING))
    scene.says(MENTOR, Note(THING, "", after=first))
    kept = scene.says(MENTEE, Note(THING, "What we said,\nand more", after=first))
    other = scene.says(MENTOR, Note(OTHER_THING, "Not for long"))
    scene.says(MENTEE, Note(OTHER_THING, "", after=other))
    return {THING: kept}


def _check_in(scene: Scene) -> Heads:
    for role in BOTH:
        scene.says(role, CheckIn(1, _commitment(role, FELT[role])))
    for role in BOTH:
        scene.says(role, reveal_of(FELT[role], opening=OPENINGS[role]))
    return {"agreement": ""}


def _check_in_of_one(scene: Scene) -> Heads:
    scene.says(MENTEE, CheckIn(1, _commitment(MENTEE, FELT[MENTEE])))
    scene.says(MENTEE, reveal_of(FELT[MENTEE], opening=OPENINGS[MENTEE]))
    return {"agreement": ""}


def _check_in_with_a_lie(scene: Scene) -> Heads:
    for role in BOTH:
        scene.says(role, CheckIn(1, _commitment(role, FELT[role])))
    scene.says(MENTEE, reveal_of(FELT[MENTEE], opening=OPENINGS[MENTEE]))
    scene.says(MENTOR, reveal_of(Answers(1, "unsure"), opening=OPENINGS[MENTOR]))
    return {"agreement": ""}


def _check_in_answered_twice(scene: Scene) -> Heads:
    for role in BOTH:
        scene.says(role, CheckIn(1, _commitment(role, FELT[role])))
    scene.says(MENTOR, CheckIn(1, _commitment(MENTOR, Answers(1, "help"))))
    scene.says(MENTOR, reveal_of(FELT[MENTOR], opening=OPENINGS[MENTOR]))
    return {"agreement": ""}


def _closed_by_both(scene: Scene) -> Heads:
    agreement = _agreed(scene)
    first, _ = _picked(scene)
    other = scene.says(MENTOR, SessionProposal(OTHER_THING, (LATER,)))
    days = {MENTEE: 20_930, MENTOR: 20_900}
    for role in BOTH:
        scene.minute = TUESDAY.start + role
        commitment = _commitment(role, FOUND[role])
        scene.says(role, Closing("Thank you.", days[role], commitment))
    for role in BOTH:
        scene.says(role, reveal_of(FOUND[role], opening=OPENINGS[role]))
    scene.says(MENTEE, Thanks("You made me braver.", may_show=True))
    scene.says(MENTOR, Thanks("I thank myself."))
    scene.says(MENTEE, PassedOn("I offer it now, too."))
    picked = next(
        encode_base64url(one.hash)
        for one in scene.said
        if isinstance(one.body, SessionPick) and one.body.after == first
    )
    return {"agreement": agreement, OTHER_THING: other, THING: picked}


def _closed_before_a_session(scene: Scene) -> Heads:
    _, agreed = _picked(scene)
    scene.says(MENTOR, Closing())
    return {THING: agreed}


def _ended_by_the_conversation(scene: Scene) -> Heads:
    _, agreed = _picked(scene)
    scene.says(MENTEE, Close("I have to go."))
    return {THING: agreed}


def _other_messages(scene: Scene) -> Heads:
    agreement = _agreed(scene)
    scene.says(MENTEE, Text("Hello"))
    for body in (
        {"type": "closing", "kept_until": -1},
        {"type": "session", "thing": THING, "slots": []},
        {"type": "agreement", "terms": {}, "after": ""},
        {"type": "goal", "thing": THING, "text": "a\u202eb"},
        {"type": "from a later version", "after": agreement},
    ):
        _says_raw(scene, MENTOR, body)  # type: ignore[arg-type]
    return {"agreement": agreement}


CASES: tuple[tuple[str, Callable[[Scene], Heads]], ...] = (
    ("terms are proposed and accepted", _terms_are_agreed),
    ("other terms are proposed and accepted", _terms_are_changed),
    ("other terms are proposed: those agreed stay in force", _terms_are_pending),
    ("accepted while two amendments were made: accepted", _accepted_meanwhile),
    ("accepted while it was taken back: taken back", _taken_back_meanwhile),
    ("accepted by the proposer: not accepted", _accepted_by_the_proposer),
    ("two first proposals: the greater hash", _two_first_proposals),
    ("an acceptance of what did not arrive: nothing yet", _first_step_missing),
    ("a session is picked", _session_is_picked),
    ("a session is moved", _session_is_moved),
    ("a move is declined: the agreed time stays", _move_is_declined),
    ("a session is cancelled while it is moved: cancelled", _cancelled_while_it_was_moved),
    ("times that cannot be picked, or proposed", _picked_by_the_proposer),
    ("a session is said to have taken place too early: no", _took_place_too_early),
    ("a session took place: nothing follows", _took_place),
    ("a goal is changed by both: reached, the other text beside it", _goal_is_changed_by_both),
    ("notes: text wins over putting away; one is put away", _notes),
    ("a check-in of both", _check_in),
    ("a check-in of one: its answer is not shown", _check_in_of_one),
    ("a check-in, opened otherwise than committed to", _check_in_with_a_lie),
    ("a check-in that one side has answered twice", _check_in_answered_twice),
    ("closed by both, with all that belongs to it", _closed_by_both),
    ("closed before an agreed time: cancelled", _closed_before_a_session),
    ("the conversation is closed: so is the mentorship", _ended_by_the_conversation),
    ("messages of other types, and broken ones, change nothing", _other_messages),
)


# --- how they stand in the file ----------------------------------------------------


def message_of(said: Said) -> dict[str, Any]:
    """Return a message as it stands in the file."""
    body = said.body.raw if isinstance(said.body, Unknown) else _written(said)
    return {
        "role": said.role,
        "lane": encode_base64url(said.lane),
        "seq": said.seq,
        "minute": said.minute,
        "hash": encode_base64url(said.hash),
        "body": body,
    }


def _written(said: Said) -> JsonObject:
    document = encode_body(said.body, ack={}, turn=None)
    del document["ack"]
    return document


def shown_of(seen: Mentorship) -> list[dict[str, Any]]:
    """Return what one side is shown of the other's answers."""
    last = () if seen.closing is None else (seen.closing.looking_back,)
    return [_round(one) for one in (*last, *seen.check_ins)]


def _round(one: BlindRound) -> dict[str, Any]:
    answers = None if one.theirs is None else msgspec.to_builtins(one.theirs)
    if answers is not None:
        answers["words"] = list(answers["words"])
    return {"number": one.number, "answers": answers, "is_false": one.is_theirs_false}


def state_of(said: list[Said]) -> dict[str, Any]:
    """Return what messages come to, the same from both sides but for blind answers."""
    seen = {role: read_as(role, said) for role in BOTH}
    states = [neutral(seen[role], role) for role in BOTH]
    assert states[0] == states[1]
    return states[0] | {"shown_to": {str(role): shown_of(seen[role]) for role in BOTH}}


def _case(name: str, play: Callable[[Scene], Heads]) -> dict[str, Any]:
    scene = Scene()
    heads = play(scene)
    return {
        "name": name,
        "messages": [message_of(one) for one in scene.said],
        "heads": heads,
        "state": state_of(scene.said),
    }


def _commitments() -> list[dict[str, Any]]:
    return [
        {
            "role": role,
            "number": answers.number,
            "feeling": answers.feeling,
            "words": list(answers.words),
            "opening": encode_base64url(OPENINGS[role]),
            "commitment": _commitment(role, answers),
        }
        for role in BOTH
        for answers in (FELT[role], FOUND[role])
    ]


def make() -> dict[str, Any]:
    """Return the vectors."""
    return {
        "source": [
            {
                "name": "Kith",
                "section": "mentorships",
                "address": "this project, protocol/SPEC.md",
            }
        ],
        "checked": "Made by kith_testing.mentorship_vectors. Messages, and which of them count "
        "(heads), are written by hand; commitments are computed again with plain HMAC.",
        "conversation": encode_base64url(CONVERSATION),
        "cases": [_case(name, play) for name, play in CASES],
        "commitments": _commitments(),
    }


if __name__ == "__main__":
    print(render(make()).decode(), end="")
