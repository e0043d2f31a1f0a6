"""Any message of a mentorship that may be written, for hypothesis."""

from __future__ import annotations

import unicodedata
from typing import get_args

from hypothesis import strategies as st

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError
from kith_protocol.conversation.body import check_words
from kith_protocol.mentorship.bodies import (
    MAX_DAY,
    MAX_GOALS,
    MAX_MINUTE,
    MAX_OFFSET_MINUTES,
    MAX_REFLECTIONS,
    MAX_SLOTS,
    AgreementAnswer,
    AgreementProposal,
    Cadence,
    CheckIn,
    Closing,
    Feeling,
    Goal,
    GoalState,
    MentorshipBody,
    Note,
    PassedOn,
    Reveal,
    SessionEnd,
    SessionEnding,
    SessionPick,
    SessionProposal,
    Slot,
    Terms,
    Thanks,
)


def _may_stand(text: str) -> bool:
    try:
        check_words(text, 4000)
    except MalformedError:
        return False
    return True


def texts(most: int, *, least: int = 0) -> st.SearchStrategy[str]:
    """Return texts that people may write: any script, line breaks, at most *most* long."""
    written = st.text(st.characters(exclude_categories=["C"]) | st.just("\n"), max_size=40)
    long = st.just("ü" * most)
    return (
        (written | long)
        .map(lambda text: unicodedata.normalize("NFC", text))
        .filter(lambda text: least <= len(text) <= most and _may_stand(text))
    )


def blobs(size: int) -> st.SearchStrategy[str]:
    """Return bytes as they stand in a body."""
    return st.binary(min_size=size, max_size=size).map(encode_base64url)


DAYS = st.integers(0, MAX_DAY)
MINUTES = st.integers(0, MAX_MINUTE)
OFFSETS = st.none() | st.integers(-MAX_OFFSET_MINUTES, MAX_OFFSET_MINUTES)
AFTER = st.just("") | blobs(32)
TERMS = st.builds(
    Terms,
    goals=st.lists(texts(200), max_size=MAX_GOALS).map(tuple),
    cadence=st.sampled_from(get_args(Cadence)),
    sessions=st.integers(0, 200),
    minutes=st.integers(0, 600),
    channel=texts(200),
    boundaries=texts(800),
    confidentiality=texts(800),
    limits=texts(800),
    ending=texts(800),
    review_day=DAYS,
)
SLOTS = st.builds(Slot, start=MINUTES, minutes=st.integers(5, 600), offset=OFFSETS)
BODIES: dict[type[MentorshipBody], st.SearchStrategy[MentorshipBody]] = {
    AgreementProposal: st.builds(AgreementProposal, terms=TERMS, after=AFTER),
    AgreementAnswer: st.builds(AgreementAnswer, accepted=st.booleans(), after=blobs(32)),
    SessionProposal: st.builds(
        SessionProposal,
        thing=blobs(16),
        slots=st.lists(SLOTS, min_size=1, max_size=MAX_SLOTS).map(tuple),
        words=texts(200),
        after=AFTER,
    ),
    SessionPick: st.builds(
        SessionPick, thing=blobs(16), after=blobs(32), start=MINUTES, offset=OFFSETS
    ),
    SessionEnd: st.builds(
        SessionEnd,
        thing=blobs(16),
        after=blobs(32),
        how=st.sampled_from(get_args(SessionEnding)),
        words=texts(200),
    ),
    Goal: st.builds(
        Goal,
        thing=blobs(16),
        text=texts(200, least=1),
        state=st.sampled_from(get_args(GoalState)),
        topics=st.lists(st.sampled_from(["career.cv", "craft.wood"]), max_size=4).map(tuple),
        after=AFTER,
    ),
    Note: st.builds(
        Note, thing=blobs(16), text=texts(4000), session=st.just("") | blobs(16), after=AFTER
    ),
    CheckIn: st.builds(CheckIn, number=st.integers(1, 999), commitment=blobs(32)),
    Closing: st.builds(
        Closing, words=texts(800), kept_until=DAYS, commitment=st.just("") | blobs(32)
    ),
    Reveal: st.builds(
        Reveal,
        number=st.integers(0, 999),
        opening=blobs(32),
        feeling=st.sampled_from(["", *get_args(Feeling)]),
        words=st.lists(texts(800), max_size=MAX_REFLECTIONS).map(tuple),
    ),
    Thanks: st.builds(Thanks, text=texts(800, least=1), may_show=st.booleans()),
    PassedOn: st.builds(PassedOn, words=texts(200)),
}
ANY_BODY = st.one_of(*BODIES.values())
