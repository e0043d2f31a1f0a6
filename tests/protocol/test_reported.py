from __future__ import annotations

from kith_crypto.encoding import encode_base64url
from kith_protocol.reported import describe_core, describe_proven
from kith_protocol.reporting import ProvenOffer
from kith_testing.correspondence import a_core, a_knock_core, an_answer_core
from kith_testing.wire_documents import FULL_CONTENT, an_offer


def test_a_knock_shows_its_words_and_no_keys() -> None:
    core = a_knock_core(words="Would you read my CV?", hopes="a job", ack={})
    heading, *lines = describe_core(core)
    assert heading.startswith("knock by the one who asked, 2026-")
    assert heading.endswith(" UTC by their clock")
    assert lines == ["hopes: a job", "words: Would you read my CV?"]
    assert encode_base64url(bytes(4)) not in "".join(lines)


def test_an_answer_is_by_the_one_who_was_asked() -> None:
    heading, *_ = describe_core(an_answer_core(bytes(32), accepted=False))
    assert "by the one who was asked" in heading


def test_what_is_no_text_is_shown_as_it_is_written() -> None:
    core = a_core({"type": "card", "card": {"pseudonym": "Wren"}, "accepted": True})
    assert describe_core(core)[1:] == ("accepted: true", 'card: {"pseudonym":"Wren"}')


def test_a_type_of_another_version_and_empty_texts_are_shown() -> None:
    assert describe_core(a_core({"type": 7, "text": ""}))[0].startswith("message by")
    assert describe_core(a_core({"text": ""}))[1:] == ("text: ",)


def test_an_offer_shows_all_its_words() -> None:
    lines = describe_proven(ProvenOffer(an_offer(FULL_CONTENT), {}))
    assert lines[0].startswith("offer https://ash.example/offers/")
    assert "in short (en): Letters that get answered" in lines
    assert "text (ar): نكتب معا، ببطء." in lines
