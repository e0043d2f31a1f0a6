from kith_crypto.posting import post_envelope
from kith_crypto.seals import KIND_ENVELOPE, open_seal, quarter_of
from kith_crypto.sender_seal import envelope_digest, unwrap_seal
from kith_crypto.stamp import Stamped, postmark_of, verify_stamp
from kith_testing.correspondence import (
    COMMUNITY,
    DAY,
    KEYHOLDERS_KEY,
    KEYHOLDERS_SEED,
    MEMBER,
    NODE,
    WEEK_KEY,
    a_message,
)
from kith_testing.rng import SeededRng


def _post(seed: int, *, member_id: bytes = MEMBER) -> Stamped:
    return post_envelope(
        a_message(seed=7),
        member_id=member_id,
        day=DAY,
        community=COMMUNITY,
        node_key=NODE,
        keyholders_key=KEYHOLDERS_KEY,
        week_key=WEEK_KEY,
        rng=SeededRng(seed),
    )


def test_seal_wrap_and_stamp_speak_of_one_envelope_and_day() -> None:
    stamped = _post(0)
    mark = postmark_of(verify_stamp(stamped.envelope, [NODE.verify_key]).envelope)
    opened = open_seal(
        KEYHOLDERS_SEED,
        unwrap_seal(WEEK_KEY, mark, own_keys=[NODE.verify_key]),
        kind=KIND_ENVELOPE,
        community=COMMUNITY,
        epoch=quarter_of(mark.day),
    )
    assert mark.day == DAY
    assert opened.member_id == MEMBER
    assert opened.digest == envelope_digest(mark.box, mark.commitment, mark.sealed_hash)
    assert opened.salt == SeededRng(0).bytes(16)


def test_nobody_can_tell_whether_two_envelopes_are_of_one_member() -> None:
    first, same, other = (
        _post(1).envelope.wrapped_seal,
        _post(2).envelope.wrapped_seal,
        _post(3, member_id=bytes(16)).envelope.wrapped_seal,
    )
    windows = {first[at : at + 6] for at in range(len(first) - 5)}
    for wrapped in (same, other):
        assert len(wrapped) == len(first)
        assert not windows & {wrapped[at : at + 6] for at in range(len(wrapped) - 5)}
    assert MEMBER not in first
