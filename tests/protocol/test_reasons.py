from typing import Any

import pytest

from kith_protocol.api import Reason
from kith_protocol.listed import Listed
from kith_protocol.query import Query
from kith_protocol.reasons import DIFFERENCES, HEADLINES, explain, headline
from kith_testing.catalogue import HIERARCHY, listed


def codes(offer: Listed, **asked: Any) -> list[tuple[str, tuple[str, ...]]]:
    reasons = explain(offer, Query(**asked), hierarchy=HIERARCHY)
    return [(reason.code, reason.values) for reason in reasons]


def test_reasons_name_what_fits_in_a_fixed_order() -> None:
    offer = listed(
        topics=("a.b", "f.g", "a.b.c"),
        languages=("en-GB", "pt-BR"),
        ways=("teach", "listen"),
        formats=("video", "chat"),
        when=("evenings",),
        level=("some",),
        answers="week",
        words=frozenset({"alpha", "beta"}),
    )
    assert codes(
        offer,
        topics=("f", "a.b", "a.e"),
        near=True,
        knows=("x.own", "a", "a.b.c"),  # "a" lies above a topic asked
        words=("beta", "gamma", "alpha"),
        languages=("pt", "ja", "en"),
        ways=("listen",),
        formats=("chat", "video"),
        when=("evenings", "weekends"),
        level=("some",),
    ) == [
        ("topic-exact", ("a.b",)),
        ("topic-under", ("f.g",)),
        ("words", ("beta", "alpha")),
        ("knows", ("a.b.c",)),
        ("language", ("pt", "en")),
        ("way", ("listen",)),
        ("format", ("chat", "video")),
        ("when", ("evenings",)),
        ("level", ("some",)),
        ("has-room", ()),
        ("answers", ("week",)),
    ]


def test_reasons_say_what_does_not_fit() -> None:
    offer = listed(when=("weekdays",), level=("starting",), room="full")
    assert codes(
        offer,
        topics=("a.b.c",),
        near=True,
        preferred_ways=("listen",),
        when=("evenings",),
        level=("some",),
    ) == [
        ("topic-near", ("a.b",)),
        ("way-differs", ("teach",)),
        ("when-differs", ("weekdays",)),
        ("level-differs", ("starting",)),
        ("no-room", ()),
    ]


def test_what_is_not_asked_is_no_reason() -> None:
    assert codes(listed(when=("evenings",))) == [("has-room", ())]


def test_a_way_that_the_text_names_is_a_reason() -> None:
    offer = listed(ways=("listen", "teach"))
    assert codes(offer, preferred_ways=("teach", "advise"))[0] == ("way", ("teach",))


# --- the headline ----------------------------------------------------------------


def test_the_headline_is_the_most_telling_and_what_differs_stands_beside_it() -> None:
    near, way = Reason("topic-near", ("a",)), Reason("way", ("teach",))
    full, other = Reason("no-room"), Reason("when-differs", ("evenings",))
    assert headline((near, way, other, full)) == (near, (other, full))
    words = Reason("words", ("alpha",))
    assert headline((near, words, way)) == (words, (near,))


def test_every_reason_that_fits_can_be_a_headline() -> None:
    for code in HEADLINES:
        assert headline((Reason("when-differs"), Reason(code)))[0].code == code


def test_codes_of_later_versions_are_never_the_headline() -> None:
    assert headline((Reason("newer"), Reason("has-room")))[0].code == "has-room"
    with pytest.raises(ValueError, match="no reason"):
        headline((Reason("newer"),))


def test_what_differs_never_counts_as_fitting() -> None:
    assert {code for code in DIFFERENCES if code not in HEADLINES} == {
        "way-differs",
        "when-differs",
        "level-differs",
    }
