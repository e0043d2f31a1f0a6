"""What a circle is to its members: a function of what came, which nobody can bend."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from kith_protocol.circle.bodies import (
    CircleAcknowledge,
    CircleAttend,
    CircleGoodbye,
    CircleLeave,
    CircleSession,
)
from kith_protocol.circle.roster import Roster, roster_hash, terms_hash
from kith_protocol.circle.view import Circle, Heard
from kith_testing.circles import (
    CIRCLE_NAME,
    TERMS,
    TODAY,
    One,
    first,
    following,
    heard,
    seen_by,
    text,
)

ANN, BEN, CLEO = (One(number) for number in range(3))
PEOPLE = (ANN, BEN, CLEO)
FIRST = first(ANN)
TWO = following(FIRST, ANN, (ANN, BEN))
THREE = following(TWO, ANN, PEOPLE)
WITHOUT = following(THREE, ANN, (ANN, BEN))
HANDED = following(THREE, ANN, PEOPLE, convener=BEN)
ROSTERS = (FIRST, TWO, THREE)
THING = "A" * 22
NAMES = ("B" * 22, "C" * 22, "D" * 22)


def by_ben(
    *messages: Heard, rosters: tuple[Roster, ...] = ROSTERS, today: int = TODAY
) -> Circle:
    return seen_by(BEN, rosters, PEOPLE, messages, convener=ANN, today=today)


def texts(circle: Circle) -> list[str]:
    return [one.text for one in circle.words]


def under(roster: Roster) -> tuple[str, int, str]:
    return CIRCLE_NAME, roster.epoch, roster_hash(roster)


def session(roster: Roster, revision: int, start: int, thing: str = THING) -> CircleSession:
    return CircleSession(*under(roster), thing, NAMES[0], revision, start, 60)


def test_members_are_those_of_the_newest_roster() -> None:
    circle = by_ben()
    assert {place.seat.key for place in circle.places} == {one.seat.key for one in PEOPLE}
    assert [place.is_convener for place in circle.places].count(True) == 1
    assert circle.me.seat == BEN.seat
    assert {seat.key for seat in circle.recipients()} == {ANN.seat.key, CLEO.seat.key}


def test_a_seat_that_has_not_come_is_counted() -> None:
    circle = seen_by(BEN, ROSTERS, (ANN, BEN), convener=ANN)
    assert (circle.unknown, len(circle.places)) == (1, 2)


def test_until_a_roster_comes_one_is_joining_and_everything_waits() -> None:
    circle = seen_by(CLEO, (), PEOPLE, [heard(ANN, text(THREE, "hello"))], convener=ANN)
    assert (circle.state, circle.waiting, circle.recipients()) == ("joining", 1, ())


def test_nothing_goes_to_who_was_removed() -> None:
    circle = by_ben(rosters=(*ROSTERS, WITHOUT))
    assert {seat.key for seat in circle.recipients()} == {ANN.seat.key}


def test_what_they_say_under_a_roster_without_them_does_not_count() -> None:
    circle = by_ben(heard(CLEO, text(WITHOUT, "still here")), rosters=(*ROSTERS, WITHOUT))
    assert texts(circle) == []


def test_what_names_a_roster_to_come_waits_for_it() -> None:
    words = heard(ANN, text(WITHOUT, "only us"))
    assert (by_ben(words).waiting, texts(by_ben(words))) == (1, [])
    assert texts(by_ben(words, rosters=(*ROSTERS, WITHOUT))) == ["only us"]


def test_a_message_that_lies_about_its_epoch_does_not_count() -> None:
    assert texts(by_ben(heard(ANN, text(THREE, "hello", epoch=2)))) == []


def test_what_a_stranger_says_does_not_count() -> None:
    assert texts(by_ben(heard(One(7), text(THREE, "hello")))) == []


def test_what_names_another_circle_does_not_count() -> None:
    other = msgspec.structs.replace(text(THREE, "hello"), circle="A" * 22)
    assert texts(by_ben(heard(ANN, other))) == []


def test_an_unknown_roster_in_a_known_place_is_a_warning() -> None:
    secret = following(TWO, ANN, (ANN, CLEO))
    assert by_ben(heard(CLEO, text(secret, "without Ben"))).is_split
    # A stranger cannot make the convener look two-faced.
    assert not by_ben(heard(One(7), text(secret, "without Ben"))).is_split


def test_words_under_a_roster_that_lost_count_for_who_has_it() -> None:
    losing = max(THREE, following(TWO, ANN, (ANN, BEN, One(5))), key=roster_hash)
    winning = min(THREE, following(TWO, ANN, (ANN, BEN, One(5))), key=roster_hash)
    circle = by_ben(
        heard(ANN, text(losing, "from my phone")), rosters=(FIRST, TWO, losing, winning)
    )
    assert texts(circle) == ["from my phone"]
    assert circle.is_forked
    assert not circle.is_split


def test_one_text_in_many_links_is_one() -> None:
    said = text(THREE, "to all")
    own = [
        msgspec.structs.replace(heard(BEN, said), link=bytes([n]) * 16, is_seen=n == 1)
        for n in (1, 2)
    ]
    [words] = by_ben(*own).words
    assert (len(words.hashes), words.seen) == (2, 1)


def test_two_people_who_use_one_name_say_two_things() -> None:
    mine, theirs = text(THREE, "mine"), text(THREE, "theirs")
    theirs = msgspec.structs.replace(theirs, thing=mine.thing)
    circle = by_ben(heard(ANN, mine, minute=5), heard(CLEO, theirs, minute=1))
    assert texts(circle) == ["theirs", "mine"]


def test_only_the_convener_plans_and_the_one_who_follows_has_the_last_word() -> None:
    assert by_ben(heard(CLEO, session(THREE, 1, 500))).meetings == ()
    anns = heard(ANN, session(THREE, 9, 500))
    bens = heard(BEN, session(HANDED, 1, 900))
    late = heard(ANN, session(HANDED, 30, 100))
    circle = by_ben(anns, bens, late, rosters=(*ROSTERS, HANDED))
    assert [meeting.start for meeting in circle.meetings] == [900]


def test_the_last_answer_of_each_counts() -> None:
    def answer(revision: int, said: str, thing: str) -> CircleAttend:
        return msgspec.convert(
            {
                "type": "circle-attend",
                "circle": CIRCLE_NAME,
                "epoch": 3,
                "roster": roster_hash(THREE),
                "thing": thing,
                "session": NAMES[0],
                "revision": revision,
                "attends": said,
            },
            CircleAttend,
        )

    circle = by_ben(
        heard(ANN, session(THREE, 1, 500)),
        heard(CLEO, answer(2, "no", NAMES[1]), seq=1),
        heard(CLEO, answer(1, "yes", NAMES[2]), seq=2),
    )
    [meeting] = circle.meetings
    assert meeting.attends == {CLEO.seat.key: "no"}


def test_who_leaves_is_no_recipient_and_who_has_left_sees_so() -> None:
    leaving = CircleLeave(*under(THREE), THING)
    circle = by_ben(heard(CLEO, leaving))
    assert {seat.key for seat in circle.recipients()} == {ANN.seat.key}
    assert by_ben(heard(BEN, leaving)).state == "left"


def test_new_terms_are_acknowledged_by_each_for_themselves() -> None:
    terms = msgspec.structs.replace(TERMS, rhythm="Mondays")
    changed = following(THREE, ANN, PEOPLE, terms=terms)
    read = CircleAcknowledge(*under(changed), THING, terms_hash(terms))
    circle = by_ben(heard(CLEO, read), rosters=(*ROSTERS, changed))
    have = {place.seat.key: place.has_acknowledged for place in circle.places}
    assert have == {ANN.seat.key: True, BEN.seat.key: False, CLEO.seat.key: True}


def test_who_made_the_terms_knows_them_after_handing_over() -> None:
    terms = msgspec.structs.replace(TERMS, rhythm="Mondays")
    changed = following(THREE, ANN, PEOPLE, terms=terms)
    handed = following(changed, ANN, PEOPLE, convener=BEN)
    circle = by_ben(rosters=(*ROSTERS, changed, handed))
    have = {place.seat.key: place.has_acknowledged for place in circle.places}
    assert have == {ANN.seat.key: True, BEN.seat.key: True, CLEO.seat.key: False}


def test_only_the_convener_says_goodbye() -> None:
    goodbye = CircleGoodbye(CIRCLE_NAME, THREE.epoch, "Take care")
    assert by_ben(heard(CLEO, goodbye)).state == "open"
    gone = by_ben(heard(ANN, goodbye))
    assert (gone.state, gone.farewell, gone.recipients()) == ("removed", "Take care", ())
    # Nor one who convened it once, nor with one of a time that is over.
    handed = (*ROSTERS, HANDED)
    assert by_ben(heard(ANN, goodbye), rosters=handed).state == "open"
    early = CircleGoodbye(CIRCLE_NAME, TWO.epoch)
    assert by_ben(heard(ANN, early)).state == "open"


def test_it_is_over_on_its_day_or_when_it_is_archived() -> None:
    assert by_ben(today=TERMS.ends - 1).state == "open"
    assert by_ben(today=TERMS.ends).state == "over"
    end = following(THREE, ANN, PEOPLE, is_archived=True)
    circle = by_ben(rosters=(*ROSTERS, end))
    assert (circle.state, circle.recipients()) == ("over", ())
    assert circle.purge_day == TODAY + TERMS.purge_days


MESSAGES = (
    heard(ANN, text(THREE, "one"), minute=1),
    heard(CLEO, text(THREE, "two"), minute=1),
    heard(BEN, text(TWO, "three"), minute=2),
    heard(CLEO, text(WITHOUT, "four"), minute=3),
    heard(ANN, text(WITHOUT, "five"), minute=4),
    heard(ANN, session(THREE, 1, 500), minute=4, seq=2),
    heard(CLEO, CircleLeave(*under(THREE), THING), minute=5, seq=2),
)


@given(
    messages=st.lists(st.sampled_from(MESSAGES), max_size=12),
    rosters=st.lists(st.sampled_from((*ROSTERS, WITHOUT, HANDED)), max_size=8),
    people=st.permutations(PEOPLE),
)
def test_order_and_repetition_are_no_matter(
    messages: list[Heard], rosters: list[Roster], people: list[One]
) -> None:
    unique = {one.hash: one for one in messages}
    once = seen_by(
        BEN,
        list({roster_hash(one): one for one in rosters}.values())[::-1],
        people,
        [unique[name] for name in sorted(unique)],
        convener=ANN,
    )
    again = seen_by(BEN, rosters, PEOPLE, list(unique.values()), convener=ANN)
    assert once == again
    assert CLEO.seat not in once.recipients() or WITHOUT not in once.chain.rosters
