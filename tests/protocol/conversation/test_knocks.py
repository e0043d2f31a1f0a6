"""Knock and answer between two sides, by their own clocks, on several devices."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from kith_crypto.ed25519 import SigningKey
from kith_crypto.errors import (
    DecryptionError,
    MalformedError,
    SignatureError,
    TooLargeError,
    UsageError,
)
from kith_crypto.report import Report, verify_report
from kith_protocol.conversation.bodies import Answer, Card
from kith_protocol.conversation.incoming import (
    evidence_of_knock,
    expire_incoming,
    merge_incoming,
    read_knock,
    resend_answer,
    without_old_proof,
    words_of,
    write_answer,
)
from kith_protocol.conversation.knock_machine import KnockState
from kith_protocol.conversation.outgoing import (
    WrittenKnock,
    expire_outgoing,
    find_superseded,
    is_seed_dead,
    knock_moved,
    merge_outgoing,
    read_answer,
    resend_knock,
    write_knock,
    write_withdrawal,
)
from kith_protocol.conversation.records import (
    IncomingKnock,
    KnockWords,
    OutgoingKnock,
    knock_for_lane,
)
from kith_protocol.errors import ReplayedError
from kith_testing.correspondence import NODE, OFFER, OFFER_ID, WEEK_SEED
from kith_testing.rng import SeededRng
from kith_testing.talking import (
    AWAY,
    DAY_S,
    HOME,
    NOW,
    a_bundle,
    a_draft,
    a_sent_knock,
    answer_taken_in,
    answered,
    stamped,
    taken_in,
    who_of,
)

RNG = SeededRng(9)
STRANGER = SigningKey.from_seed(bytes(32))
CARD = Card(pseudonym="Rowan", picture="0123456789abcdef")


def withdrawn(written: WrittenKnock, now: int = NOW) -> WrittenKnock:
    return write_withdrawal(written.knock, bundle=a_bundle(), now=now, rng=RNG)


def read_withdrawal(back: WrittenKnock, knock: IncomingKnock) -> IncomingKnock:
    return taken_in(back, knocks={knock.conversation: knock})


def test_a_knock_says_what_was_written_and_no_more_than_needed() -> None:
    words = KnockWords(words="May I ask?", hopes="courage", card=CARD)
    knock = taken_in(a_sent_knock(a_draft(words)))
    body = words_of(knock)
    assert (body.words, body.hopes, body.card) == ("May I ask?", "courage", CARD)
    assert knock.state == "delivered"
    assert knock.who == b"the same member."
    assert knock.node == HOME


def test_all_first_messages_have_one_size() -> None:
    short = a_sent_knock(a_draft(KnockWords(words="Hi")))
    long = a_sent_knock(a_draft(KnockWords(words="ä" * 800, card=CARD)))
    knock = taken_in(short)
    sizes = {
        len(unstamped.sealed)
        for unstamped in (
            short.unstamped,
            long.unstamped,
            withdrawn(short).unstamped,
            answered(knock).unstamped,
            answered(knock, accepted=False).unstamped,
        )
    }
    assert sizes == {8192}


def test_words_that_do_not_fit_together_are_refused() -> None:
    words = KnockWords(
        words="語" * 800,
        hopes="語" * 200,
        tried="語" * 200,
        rhythm="語" * 200,
        times="語" * 200,
        card=replace(CARD, about="語" * 300),
    )
    with pytest.raises(TooLargeError):
        a_sent_knock(a_draft(words))
    with pytest.raises(MalformedError):
        a_sent_knock(a_draft(KnockWords(words="")))
    with pytest.raises(MalformedError):
        a_sent_knock(a_draft(KnockWords(words="turned \u202e round")))


def test_an_acceptance_begins_a_conversation() -> None:
    written = a_sent_knock()
    answer = answered(taken_in(written))
    read = answer_taken_in(written, answer)
    assert read.knock.state == answer.knock.state == "accepted"
    assert read.answer.words == "Gladly."
    assert read.conversation is not None
    assert answer.conversation is not None
    assert answer.box_key is not None
    assert read.conversation.talk.peer_node == AWAY
    assert answer.conversation.talk.peer_node == HOME


def test_a_decline_begins_nothing() -> None:
    written = a_sent_knock()
    answer = answered(taken_in(written), accepted=False)
    read = answer_taken_in(written, answer)
    assert read.knock.state == answer.knock.state == "declined"
    assert read.conversation is None
    assert answer.conversation is None
    assert answer.box_key is None
    assert read.knock.answer is not None
    assert read.knock.answer.words == "Not now, sorry."


def test_a_knock_is_read_once() -> None:
    written = a_sent_knock()
    knock = taken_in(written)
    again = resend_knock(
        knock_moved(written.knock, "failed", now=NOW)[0], bundle=a_bundle(), now=NOW, rng=RNG
    )
    assert again.knock.attempt == 2
    assert again.unstamped != written.unstamped
    for copy in (written, again):
        with pytest.raises(ReplayedError):
            taken_in(copy, knocks={knock.conversation: knock})


def test_only_a_failed_knock_is_sent_again() -> None:
    written = a_sent_knock()
    for knock in (written.knock, a_draft()):
        with pytest.raises(UsageError):
            resend_knock(knock, bundle=a_bundle(), now=NOW, rng=RNG)
    failed, _ = knock_moved(written.knock, "failed", now=NOW)
    with pytest.raises(UsageError):
        write_knock(failed, bundle=a_bundle(), who=who_of(failed), now=NOW, rng=RNG)


def test_who_must_be_of_this_knock_and_node_and_of_late() -> None:
    draft = a_draft()
    cases = (
        who_of(draft, node_key=STRANGER),
        who_of(a_draft(seed=5)),
        who_of(draft, NOW + DAY_S),
        who_of(draft, NOW - 9 * DAY_S),
    )
    for who in cases:
        written = write_knock(draft, bundle=a_bundle(), who=who, now=NOW, rng=RNG)
        with pytest.raises(SignatureError):
            taken_in(written)
    old = who_of(draft, NOW - 8 * DAY_S)
    written = write_knock(draft, bundle=a_bundle(), who=old, now=NOW, rng=RNG)
    assert taken_in(written).state == "delivered"


def test_an_answer_can_be_sent_again() -> None:
    written = a_sent_knock()
    answer = answered(taken_in(written), accepted=False)
    again = resend_answer(answer.knock, offer_key=OFFER, rng=RNG)
    assert again != answer.unstamped
    assert written.seed is not None
    read = read_answer(written.knock, stamped(again), seeds=[written.seed], node=AWAY, now=NOW)
    assert read.knock.state == "declined"
    with pytest.raises(UsageError):
        resend_answer(taken_in(written), offer_key=OFFER, rng=RNG)


def test_only_the_owner_of_the_offer_answers() -> None:
    knock = taken_in(a_sent_knock())
    with pytest.raises(UsageError):
        write_answer(knock, Answer(accepted=True), offer_key=STRANGER, now=NOW, rng=RNG)


def test_an_answer_to_another_knock_does_not_open() -> None:
    written, other = a_sent_knock(), a_sent_knock(a_draft(conversation=bytes(16), seed=8))
    answer = answered(taken_in(other))
    with pytest.raises(DecryptionError):
        answer_taken_in(written, answer)
    with pytest.raises(UsageError):
        read_answer(a_draft(), stamped(answer.unstamped), seeds=[], node=AWAY, now=NOW)


def test_a_withdrawn_knock_can_no_longer_be_accepted() -> None:
    written = a_sent_knock()
    knock = taken_in(written)
    back = withdrawn(written)
    gone = read_withdrawal(back, knock)
    assert gone.state == back.knock.state == "withdrawn"
    with pytest.raises(UsageError):
        answered(gone)
    with pytest.raises(ReplayedError):
        read_withdrawal(back, gone)
    with pytest.raises(ReplayedError):
        taken_in(back)


def test_nobody_else_takes_a_knock_back() -> None:
    knock = taken_in(a_sent_knock())
    back = withdrawn(a_sent_knock(a_draft(seed=6)))
    with pytest.raises(ReplayedError):
        read_withdrawal(back, knock)


def test_an_acceptance_that_crosses_a_withdrawal_counts_on_both_sides() -> None:
    written = a_sent_knock()
    answer = answered(taken_in(written))
    back = withdrawn(written)
    with pytest.raises(ReplayedError):
        read_withdrawal(back, answer.knock)
    read = answer_taken_in(replace(written, knock=back.knock), answer)
    assert read.knock.state == "accepted"
    assert read.conversation is not None


def test_an_answered_knock_is_not_withdrawn() -> None:
    written = a_sent_knock()
    read = answer_taken_in(written, answered(taken_in(written)))
    with pytest.raises(UsageError):
        withdrawn(replace(written, knock=read.knock))
    with pytest.raises(UsageError):
        withdrawn(replace(written, knock=a_draft()))


def test_a_knock_without_answer_expires_on_both_sides_by_their_clocks() -> None:
    written = a_sent_knock(now=NOW + 3600)
    knock = taken_in(written, now=NOW + 5000)
    ends = NOW + 3600 + 7 * DAY_S
    assert expire_outgoing(written.knock, now=ends - 1).state == "queued"
    assert expire_outgoing(written.knock, now=ends).state == "expired"
    assert expire_outgoing(a_draft(), now=ends).state == "draft"
    last = NOW + 8 * DAY_S
    assert expire_incoming(knock, now=last - 1).state == "delivered"
    assert expire_incoming(knock, now=last).state == "expired"
    assert expire_incoming(knock, now=last, days=9).state == "delivered"
    with pytest.raises(UsageError):
        answered(knock, now=last)


def test_an_acceptance_that_comes_late_still_counts() -> None:
    written = a_sent_knock()
    answer = answered(taken_in(written), now=NOW + 6 * DAY_S)
    expired = expire_outgoing(written.knock, now=NOW + 7 * DAY_S)
    read = answer_taken_in(replace(written, knock=expired), answer, now=NOW + 8 * DAY_S)
    assert read.knock.state == "accepted"
    assert read.conversation is not None


def wished(
    number: int,
    state: KnockState,
    *,
    wish: bytes = b"w" * 16,
    sent_at: int = NOW,
    at: int = NOW,
) -> OutgoingKnock:
    """Return a knock of a member who made several."""
    conversation = bytes([number]) * 16
    return replace(
        a_draft(),
        conversation=conversation,
        state=state,
        wish=wish,
        sent_at=sent_at,
        changed_at=at,
    )


def test_an_acceptance_frees_those_who_were_asked_for_the_same_wish() -> None:
    accepted = wished(1, "accepted", at=NOW + DAY_S)
    waiting = wished(2, "delivered"), wished(3, "queued")
    others = [
        wished(4, "delivered", wish=b"x" * 16),
        wished(5, "delivered", wish=b""),
        wished(6, "expired"),
        wished(7, "declined"),
        wished(8, "draft", sent_at=0),
        wished(9, "failed"),
    ]
    assert find_superseded([*others, *waiting, accepted]) == waiting
    assert find_superseded([*others, *waiting]) == ()


def test_knocks_without_a_wish_have_nothing_to_do_with_each_other() -> None:
    assert (
        find_superseded([wished(1, "accepted", wish=b""), wished(2, "queued", wish=b"")]) == ()
    )


def test_who_is_asked_after_an_acceptance_is_somebody_more() -> None:
    accepted = wished(1, "accepted", at=NOW + DAY_S)
    assert find_superseded([accepted, wished(2, "queued", sent_at=NOW + 2 * DAY_S)]) == ()


def test_of_two_mentors_who_accept_both_stay() -> None:
    assert find_superseded([wished(1, "accepted"), wished(2, "accepted")]) == ()


def test_two_devices_of_the_mentor_that_answer_at_once_begin_one_conversation() -> None:
    written = a_sent_knock()
    laptop = answered(taken_in(written), seed=20)
    phone = answered(taken_in(written, device=b"the phone"), seed=21)
    one, two = laptop.conversation, phone.conversation
    assert one is not None
    assert two is not None
    assert one.talk == two.talk
    read = answer_taken_in(written, laptop).conversation
    assert read is not None
    events = read.receive(stamped(phone.unstamped), node=AWAY, now=NOW)
    assert [type(event).__name__ for event in events] == ["Received"]
    hashes = {one.answer_hash, two.answer_hash}
    assert len(hashes) == 2
    assert read.answer_hash == min(hashes)
    both = [laptop.knock, knock_for_lane(phone.knock, b"phone---")]
    assert merge_incoming(both) == merge_incoming(reversed(both))


def test_acceptance_wins_over_anything_another_device_did() -> None:
    written = a_sent_knock()
    accepted = answer_taken_in(written, answered(taken_in(written))).knock
    back = knock_for_lane(withdrawn(written).knock, b"phone---")
    assert merge_outgoing([back, accepted]).state == "accepted"
    failed, _ = knock_moved(written.knock, "failed", now=NOW)
    again = resend_knock(failed, bundle=a_bundle(), now=NOW, rng=RNG).knock
    assert merge_outgoing([failed, again]).state == "queued"
    knock = taken_in(written)
    declined = answered(knock, accepted=False).knock
    assert merge_incoming([knock, declined]).state == "declined"


def test_what_proves_a_knock_is_kept_for_thirty_days() -> None:
    knock = taken_in(a_sent_knock())
    kept = without_old_proof(knock, now=NOW + 30 * DAY_S - 1)
    evidence = evidence_of_knock(kept)
    assert evidence is not None
    report = Report(evidence.postmark, evidence.frank_key, evidence.core)
    assert verify_report(report, [NODE.verify_key]).postmark == evidence.postmark
    gone = without_old_proof(knock, now=NOW + 30 * DAY_S)
    assert evidence_of_knock(gone) is None
    assert without_old_proof(gone, now=NOW + 31 * DAY_S) == gone


def test_seeds_of_a_knock_that_led_nowhere_die_after_45_days() -> None:
    written = a_sent_knock()
    assert not is_seed_dead(written.knock, now=NOW + 90 * DAY_S)
    expired = expire_outgoing(written.knock, now=NOW + 7 * DAY_S)
    assert not is_seed_dead(expired, now=NOW + 52 * DAY_S - 1)
    assert is_seed_dead(expired, now=NOW + 52 * DAY_S)
    accepted = answer_taken_in(written, answered(taken_in(written))).knock
    assert not is_seed_dead(accepted, now=NOW + 90 * DAY_S)


def test_a_bundle_of_another_offer_is_not_used() -> None:
    other = replace(a_bundle(), offer_key=STRANGER.verify_key)
    draft = a_draft()
    with pytest.raises(UsageError):
        write_knock(draft, bundle=other, who=who_of(draft), now=NOW, rng=RNG)


@given(st.integers(0, 8191), st.integers(1, 255))
def test_no_changed_envelope_is_read(place: int, change: int) -> None:
    written = SENT
    sealed = bytearray(written.unstamped.sealed)
    sealed[place] ^= change
    changed = replace(written.unstamped, sealed=bytes(sealed))
    with pytest.raises(DecryptionError):
        read_knock(
            stamped(changed),
            [WEEK_SEED],
            offer=OFFER_ID,
            node=HOME,
            node_keys=[NODE.verify_key],
            knocks={},
            device=b"a device",
            now=NOW,
        )


SENT = a_sent_knock()
