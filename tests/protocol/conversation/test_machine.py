"""One side of a conversation: order, gaps, forks, keys, ends."""

import pytest

from kith_crypto.core import core_hash
from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import DecryptionError, UsageError
from kith_crypto.report import Report, encode_report, parse_report, verify_report
from kith_crypto.safety_words import derive_safety_words
from kith_protocol.conversation.bodies import (
    Answer,
    Close,
    Freeze,
    Knock,
    Part,
    Rekey,
    Text,
    Unknown,
)
from kith_protocol.conversation.events import (
    Closed,
    Gap,
    Missing,
    Received,
    Sent,
    Shown,
)
from kith_protocol.conversation.machine import Conversation
from kith_protocol.conversation.parts import split_file
from kith_protocol.conversation.records import Lane, Record, Seed, encode_record, parse_record
from kith_testing.correspondence import NODE
from kith_testing.rng import SeededRng
from kith_testing.talking import DAY_S, HOME, NOW, a_pair, records_of, stamped

RNG = SeededRng(77)


def write(side: Conversation, text: str = "hello", now: int = NOW) -> Sent:
    return side.write(Text(text), now=now, rng=RNG)


def take(side: Conversation, sent: Sent, now: int = NOW) -> list[str]:
    events = side.receive(stamped(sent.unstamped, now), node=HOME, now=now)
    return [type(event).__name__ for event in events]


def texts(side: Conversation) -> list[str]:
    found = []
    for entry in side.messages():
        if isinstance(entry, Missing):
            found.append(f"{entry.count} missing")
        elif isinstance(entry.body, Text):
            found.append(entry.body.text)
    return found


def stored(side: Conversation) -> dict[tuple[str, str], Record]:
    return {
        (change.kind, change.id): change.record
        for change in side.take_changes()
        if change.record is not None
    }


def again(side: Conversation) -> Conversation:
    """Load the same conversation from its records, as JSON and back."""
    known = stored(side)
    records = [parse_record(kind, encode_record(record)) for (kind, _), record in known.items()]
    lane = next(record.lane for record in records if isinstance(record, Lane))
    return Conversation.load(records, lane=lane)


def test_begins_with_knock_and_answer_on_both_sides() -> None:
    mentee, mentor = a_pair()
    for side in (mentee, mentor):
        kinds = [type(entry.body) for entry in side.messages() if isinstance(entry, Shown)]
        assert kinds == [Knock, Answer]
    assert mentee.answer_hash == mentor.answer_hash != b""
    assert mentee.talk.knock_hash == mentor.talk.knock_hash


def test_both_sides_have_the_same_safety_words() -> None:
    mentee, mentor = a_pair()
    keys = {
        "mentee_key": mentor.talk.peer_key,
        "mentor_key": mentee.talk.peer_key,
    }
    assert SigningKey.from_seed(mentee.talk.seed).verify_key == keys["mentee_key"]
    assert SigningKey.from_seed(mentor.talk.seed).verify_key == keys["mentor_key"]
    words = [
        derive_safety_words(
            mentee_key=SigningKey.from_seed(mentee.talk.seed).verify_key,
            mentor_key=SigningKey.from_seed(mentor.talk.seed).verify_key,
            conversation=side.talk.conversation,
            knock_hash=side.talk.knock_hash,
            answer_hash=side.answer_hash,
        )
        for side in (mentee, mentor)
    ]
    assert words[0] == words[1]


def test_a_message_arrives_and_is_acknowledged_by_the_next_one_back() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee, "a question")
    assert take(mentor, sent) == ["Received"]
    take(mentee, write(mentor, "an answer"))
    assert texts(mentee) == texts(mentor) == ["a question", "an answer"]
    mine = next(e for e in mentee.messages() if isinstance(e, Shown) and e.hash == sent.hash)
    assert mine.is_own
    assert mine.is_acknowledged


def test_early_messages_wait_for_the_one_before_them() -> None:
    mentee, mentor = a_pair()
    first, second, third = (write(mentee, text) for text in "abc")
    assert take(mentor, third) == ["Waiting"]
    assert take(mentor, second) == ["Waiting"]
    assert texts(mentor) == []
    assert mentor.waiting == 2
    assert take(mentor, first) == ["Received"] * 3
    assert texts(mentor) == ["a", "b", "c"]


def test_the_same_envelope_and_the_same_core_count_once() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee)
    take(mentor, sent)
    assert take(mentor, sent) == ["Duplicate"]
    assert take(mentor, mentee.resend(sent.hash, rng=RNG)) == ["Duplicate"]
    assert texts(mentor) == ["hello"]


def test_a_gap_is_asked_about_after_a_day_and_filled() -> None:
    mentee, mentor = a_pair()
    write(mentee, "lost")
    take(mentor, write(mentee, "found"))
    assert not mentor.tick(NOW + DAY_S - 1, is_emptied=True).ask_again
    due = mentor.tick(NOW + DAY_S, is_emptied=True)
    assert due.rekey
    assert due.ask_again
    asked = mentor.write(Rekey(again=True), now=NOW + DAY_S, rng=RNG)
    assert not mentor.tick(NOW + DAY_S + 60, is_emptied=True).ask_again
    assert "AskedAgain" in take(mentee, asked, NOW + DAY_S)
    resend = mentee.tick(NOW + DAY_S, is_emptied=True).resend
    assert mentee.tick(NOW + DAY_S, is_emptied=True).resend == ()
    for hashed in resend:
        take(mentor, mentee.resend(hashed, rng=RNG), NOW + DAY_S)
    assert texts(mentor) == ["lost", "found"]
    assert mentor.waiting == 0


def test_a_gap_is_given_up_after_seven_days_and_filled_late() -> None:
    mentee, mentor = a_pair()
    lost = write(mentee, "lost")
    take(mentor, write(mentee, "found"))
    assert mentor.tick(NOW + 7 * DAY_S - 1, is_emptied=True).events == ()
    events = mentor.tick(NOW + 7 * DAY_S, is_emptied=True).events
    assert events[0] == Gap(lost.lane, lost.seq, 1)
    assert isinstance(events[1], Received)
    assert texts(mentor) == ["1 missing", "found"]
    assert texts(again(mentor)) == ["1 missing", "found"]
    assert take(mentor, lost, NOW + 9 * DAY_S) == ["Received"]
    late = next(e for e in mentor.messages() if isinstance(e, Shown) and e.hash == lost.hash)
    assert late.is_late
    assert texts(mentor) == ["lost", "found"]


def test_at_most_64_messages_wait() -> None:
    mentee, mentor = a_pair()
    write(mentee, "lost")
    for number in range(64):
        assert take(mentor, write(mentee, str(number))) == ["Waiting"]
    assert mentor.waiting == 64
    events = take(mentor, write(mentee, "one more"))
    assert events == ["Waiting", "Gap"] + ["Received"] * 65
    assert texts(mentor)[0] == "1 missing"
    assert mentor.waiting == 0


def test_two_messages_in_one_place_are_a_fork_and_both_are_shown() -> None:
    mentee, mentor = a_pair()
    restored = again(mentee)
    records = records_of(restored)
    assert records == []
    copy = write(restored, "one")
    other = write(mentee, "two")
    assert copy.seq == other.seq
    take(mentor, copy)
    assert take(mentor, other) == ["Fork", "Received"]
    assert sorted(texts(mentor)) == ["one", "two"]
    forks = [entry for entry in mentor.messages() if isinstance(entry, Shown) and entry.is_fork]
    assert len(forks) == 2


def test_a_message_that_follows_another_one_than_is_known_is_a_fork() -> None:
    mentee, mentor = a_pair()
    copy = again(mentee)
    write(copy, "hidden")
    after = write(copy, "after it")
    take(mentor, write(mentee, "shown"))
    assert take(mentor, after) == ["Fork", "Received"]


def test_a_vault_older_than_its_lane_is_noticed_and_goes_on_in_a_new_one() -> None:
    mentee, mentor = a_pair()
    first = write(mentee, "kept")
    take(mentor, first)
    known = stored(mentee)
    old = Conversation.load(known.values(), lane=first.lane)
    take(mentor, write(mentee, "forgotten"))
    reply = write(mentor, "what did you say?")
    assert "Behind" in take(old, reply)
    assert old.needs_new_lane
    with pytest.raises(UsageError):
        write(old, "once more")
    assert not old.tick(NOW + 30 * DAY_S, is_emptied=True).rekey
    fresh = Conversation.load((known | stored(old)).values(), lane=b"new lane")
    assert take(mentor, write(fresh, "here again", NOW + 60), NOW + 60) == ["Received"]
    assert texts(mentor)[-1] == "here again"
    take(fresh, write(mentor, "welcome back", NOW + 60), NOW + 60)
    assert texts(fresh)[-1] == "welcome back"


def test_a_new_reply_key_goes_with_the_first_message_of_a_turn() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    before = len(mentor.live_seeds())
    sent = write(mentor)
    assert len(mentor.live_seeds()) == before + 1
    write(mentor)
    assert len(mentor.live_seeds()) == before + 1
    take(mentee, sent)
    take(mentor, write(mentee))
    write(mentor)
    assert len(mentor.live_seeds()) == before + 2


def test_a_device_with_a_new_lane_begins_with_a_new_reply_key() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    take(mentee, write(mentor))
    known = stored(mentor)
    phone = Conversation.load(known.values(), lane=b"my phone")
    before = set(phone.live_seeds())
    take(mentee, write(phone, now=NOW + 60), NOW + 60)
    new = set(phone.live_seeds()) - before
    assert len(new) == 1
    take(phone, write(mentee, "to the new key", NOW + 60), NOW + 60)
    phone.tick(NOW + 60, is_emptied=True)
    assert set(phone.live_seeds()) == new


def test_a_lost_first_message_of_a_turn_does_not_lose_the_key() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    write(mentor, "lost")
    take(mentee, write(mentor, "comes"))
    take(mentor, write(mentee, "to the new key"))
    mentor.tick(NOW, is_emptied=True)
    assert len(mentor.live_seeds()) == 1


def test_a_superseded_seed_dies_when_a_newer_one_was_used_and_the_box_is_empty() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    take(mentee, write(mentor))
    take(mentor, write(mentee))
    assert len(mentor.live_seeds()) == 2
    mentor.tick(NOW, is_emptied=False)
    assert len(mentor.live_seeds()) == 2
    mentor.take_changes()
    mentor.tick(NOW, is_emptied=True)
    assert len(mentor.live_seeds()) == 1
    assert [change.record for change in mentor.take_changes()] == [None]


def test_a_superseded_seed_lives_on_while_something_is_missing() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    lost = write(mentee, "slow")
    take(mentee, write(mentor))
    take(mentor, write(mentee))
    mentor.tick(NOW, is_emptied=True)
    assert len(mentor.live_seeds()) == 2
    assert take(mentor, lost) == ["Received"] * 2
    mentor.tick(NOW, is_emptied=True)
    assert len(mentor.live_seeds()) == 1


def test_a_superseded_seed_dies_after_45_days_once_the_newer_is_known_there() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    sent = write(mentor)
    mentor.tick(NOW + 60 * DAY_S, is_emptied=True)
    assert len(mentor.live_seeds()) == 2  # nobody knows whether the new key arrived
    late = NOW + 60 * DAY_S
    take(mentee, sent, late)
    take(mentor, write(mentee, now=late), late)
    mentor.tick(late, is_emptied=True)
    assert len(mentor.live_seeds()) == 1


def test_two_people_silent_for_sixty_days_go_on() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    take(mentee, write(mentor))
    late = NOW + 60 * DAY_S
    for side in (mentee, mentor):
        due = side.tick(late, is_emptied=True)
        assert not due.is_over
    assert take(mentor, write(mentee, "still there?", late), late) == ["Received"]
    assert take(mentee, write(mentor, "yes", late), late) == ["Received"]


def test_two_who_lost_each_others_new_keys_go_on_after_sixty_days() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    take(mentee, write(mentor))
    write(mentee, "lost")
    take(mentor, write(mentee, "comes"))
    write(mentor, "lost")
    late = NOW + 60 * DAY_S
    for side in (mentee, mentor):
        side.tick(late, is_emptied=True)
    assert take(mentee, write(mentor, "hello again", late), late)[0] == "Waiting"
    assert "Received" in take(mentor, write(mentee, "hello", late), late)


def test_a_key_that_took_messages_is_renewed_after_seven_days_and_others_never() -> None:
    mentee, mentor = a_pair()
    assert not mentor.tick(NOW + 30 * DAY_S, is_emptied=True).rekey
    take(mentor, write(mentee))
    assert not mentor.tick(NOW + 7 * DAY_S - 1, is_emptied=True).rekey
    due = mentor.tick(NOW + 7 * DAY_S, is_emptied=True)
    assert due.rekey
    assert not due.ask_again
    take(mentee, mentor.write(Rekey(), now=NOW + 7 * DAY_S, rng=RNG))
    assert not mentor.tick(NOW + 30 * DAY_S, is_emptied=True).rekey


def test_what_cannot_be_opened_is_asked_for_and_sent_again() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee, "to a key that is gone")
    stale = Conversation.load(
        [record for record in stored(mentor).values() if not isinstance(record, Seed)],
        lane=b"a device",
    )
    with pytest.raises(DecryptionError):
        take(stale, sent)
    later = NOW + 60
    stale.note_unreadable(now=later)
    assert stale.unreadable_at == later
    assert stale.tick(later, is_emptied=True).ask_again
    asked = stale.write(Rekey(again=True), now=later, rng=RNG)
    assert "AskedAgain" in take(mentee, asked, later)
    due = mentee.tick(later, is_emptied=True)
    assert due.resend == (sent.hash,)
    assert take(stale, mentee.resend(sent.hash, rng=RNG), later) == ["Received"]


def test_nothing_after_a_freeze_is_shown_whatever_came_before_it() -> None:
    mentee, mentor = a_pair()
    earlier = write(mentee, "written before")
    frozen = mentee.write(Freeze(), now=NOW, rng=RNG)
    assert take(mentor, frozen) == ["Waiting", "Frozen"]
    assert mentor.state == "paused-by-peer"
    assert mentee.state == "paused-by-me"
    assert take(mentor, earlier) == ["AfterFreeze"]
    mentor = again(mentor)
    assert mentor.state == "paused-by-peer"
    mentor.tick(NOW + 8 * DAY_S, is_emptied=True)
    assert texts(mentor) == []
    for side in (mentee, mentor):
        with pytest.raises(UsageError):
            write(side)


def test_what_another_device_took_in_after_a_freeze_is_hidden() -> None:
    mentee, mentor = a_pair()
    known = stored(mentor)
    phone = Conversation.load(known.values(), lane=b"my phone")
    take(mentor, mentee.write(Freeze(), now=NOW, rng=RNG))
    thief = Conversation.load(stored(mentee).values(), lane=b"a thief!")
    assert thief.state == "paused-by-me"
    forged = a_pair()[0].write(Text("I am fine"), now=NOW, rng=RNG)
    take(phone, forged, NOW + 60)
    assert texts(phone) == ["I am fine"]
    merged = (known | stored(mentor) | stored(phone)).values()
    assert texts(Conversation.load(merged, lane=b"my phone")) == []


def test_closing_is_told_and_answered_by_closing() -> None:
    mentee, mentor = a_pair()
    closed = mentee.write(Close("Thank you!"), now=NOW, rng=RNG)
    events = mentor.receive(stamped(closed.unstamped), node=HOME, now=NOW)
    assert Closed("Thank you!") in events
    assert (mentee.state, mentor.state) == ("closed-by-me", "closed-by-peer")
    with pytest.raises(UsageError):
        write(mentor)
    take(mentee, mentor.write(Close(), now=NOW, rng=RNG))
    assert mentee.state == mentor.state == "closed"
    assert not mentee.tick(NOW, is_emptied=True).is_over
    assert mentee.tick(NOW + 7 * DAY_S, is_emptied=True).is_over
    assert mentee.live_seeds() == ()


def test_a_conversation_closed_by_one_side_is_over_after_45_days() -> None:
    mentee, _ = a_pair()
    mentee.write(Close(), now=NOW, rng=RNG)
    assert not mentee.tick(NOW + 45 * DAY_S - 1, is_emptied=True).is_over
    assert mentee.tick(NOW + 45 * DAY_S, is_emptied=True).is_over


def test_a_received_message_can_be_proven_for_thirty_days() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee, "something nasty")
    take(mentor, sent)
    mentor.tick(NOW + 30 * DAY_S, is_emptied=True)
    evidence = again(mentor).evidence(sent.hash)
    assert evidence is not None
    assert evidence.node == HOME
    report = Report(evidence.postmark, evidence.frank_key, evidence.core)
    proven = verify_report(parse_report(encode_report(report)), [NODE.verify_key])
    assert core_hash(evidence.core) == sent.hash
    assert proven.core.body["text"] == "something nasty"


def test_proofs_are_gone_after_thirty_days() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee)
    take(mentor, sent)
    mentor.tick(NOW + 31 * DAY_S, is_emptied=False)
    assert mentor.evidence(sent.hash) is None
    assert not any(
        change.kind == "proofs" and change.record for change in mentor.take_changes()
    )


def test_the_other_side_cannot_make_proofs_vanish_by_closing() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee)
    take(mentor, sent)
    take(mentor, mentee.write(Close(), now=NOW, rng=RNG))
    mentor.tick(NOW, is_emptied=True)
    assert mentor.evidence(sent.hash) is not None
    mentor.write(Close(), now=NOW, rng=RNG)
    mentor.tick(NOW, is_emptied=True)
    assert mentor.evidence(sent.hash) is None


def test_proofs_can_be_dropped_at_once() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee)
    take(mentor, sent)
    mentor.drop_proofs()
    assert mentor.evidence(sent.hash) is None
    assert mentor.evidence(bytes(32)) is None


def test_own_messages_prove_nothing() -> None:
    mentee, _ = a_pair()
    assert mentee.evidence(write(mentee).hash) is None


def test_two_devices_write_in_lanes_of_their_own() -> None:
    mentee, mentor = a_pair()
    known = stored(mentee)
    own = next(record.lane for record in known.values() if isinstance(record, Lane))
    laptop = Conversation.load(known.values(), lane=own)
    phone = Conversation.load(known.values(), lane=b"my phone")
    one, two = write(laptop, "from the laptop"), write(phone, "from the phone")
    assert (one.seq, two.seq) == (2, 1)
    assert take(mentor, two) == ["Received"]
    assert take(mentor, one) == ["Received"]
    from_laptop, from_phone = stored(laptop), stored(phone)
    assert not from_laptop.keys() & from_phone.keys()
    merged = (known | from_laptop | from_phone).values()
    sides = [Conversation.load(merged, lane=lane) for lane in (own, b"my phone", b"another!")]
    assert sides[0].messages() == sides[1].messages() == sides[2].messages()
    assert sorted(texts(mentor)) == sorted(texts(sides[0]))
    for side in sides:
        with_answer = Conversation.load(merged, lane=b"another!")
        assert side.live_seeds() == with_answer.live_seeds()
    take(sides[2], write(mentor, "to you both"))


def test_long_things_travel_in_parts_of_the_largest_size() -> None:
    mentee, mentor = a_pair()
    data = RNG.bytes(100_000)
    for part in split_file(data, name="a plan.pdf", media="application/pdf", rng=RNG):
        sent = mentee.write(part, now=NOW, rng=RNG)
        assert len(sent.unstamped.sealed) == 65536
        take(mentor, sent)
    parts = [
        e.body for e in mentor.messages() if isinstance(e, Shown) and isinstance(e.body, Part)
    ]
    assert [part.number for part in parts] == [1, 2, 3]


def test_messages_of_all_kinds_have_only_the_sizes_of_envelopes() -> None:
    mentee, mentor = a_pair()
    take(mentor, write(mentee))
    sizes = {len(write(mentor, "x" * length).unstamped.sealed) for length in (1, 500, 9000)}
    assert sizes == {4096, 16384}
    assert len(mentor.write(Rekey(), now=NOW, rng=RNG).unstamped.sealed) == 4096


def test_knocks_answers_and_unknown_types_are_not_written_later() -> None:
    mentee, _ = a_pair()
    for body in (Answer(accepted=True), Unknown("game", {})):
        with pytest.raises(UsageError):
            mentee.write(body, now=NOW, rng=RNG)
    assert texts(mentee) == []


def test_only_own_messages_are_sent_again() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee)
    take(mentor, sent)
    for hashed in (sent.hash, bytes(32), mentor.talk.knock_hash):
        with pytest.raises(UsageError):
            mentor.resend(hashed, rng=RNG)
    with pytest.raises(UsageError):
        mentee.resend(mentee.talk.knock_hash, rng=RNG)


def test_an_answer_sent_again_is_the_same_answer() -> None:
    mentee, mentor = a_pair()
    sent = mentor.resend(mentor.answer_hash, rng=RNG)
    assert sent.is_slow
    assert len(sent.unstamped.sealed) == 8192
    assert take(mentee, sent) == ["Duplicate"]


def test_refuses_what_came_to_another_box() -> None:
    mentee, mentor = a_pair()
    sent = write(mentee)
    with pytest.raises(DecryptionError):
        take(mentee, sent)
    with pytest.raises(UsageError):
        Conversation.load(records_of(mentor)[1:], lane=bytes(8))


def test_shows_nothing_of_itself() -> None:
    mentee, _ = a_pair()
    for entry in mentee.messages():
        assert repr(entry) == "Shown(...)"
    for record in records_of(mentee):
        assert repr(record) == f"{type(record).__name__}(...)"
