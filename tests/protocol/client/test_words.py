"""How results read in English."""

import msgspec

from kith_client.commands.words import describe_hit
from kith_protocol.api import Hit, Reason
from kith_protocol.vocabulary import Concept, LanguageTexts, Texts, Vocabulary
from kith_testing.wire_documents import COMMUNITY_CONTENT, a_signed_offer, an_offer

HAIKU = "x.craft.writing.haiku"
VOCABULARY = Vocabulary(
    (Concept("craft"), Concept("craft.writing"), Concept(HAIKU)),
    [LanguageTexts("en", True, {"craft.writing": Texts("Writing"), HAIKU: Texts("Verse")})],
)


def hit(raw: bytes) -> Hit:
    offer = an_offer()
    reasons = (Reason("topic-under", (HAIKU,)), Reason("has-room"))
    return Hit(offer.id, offer.author, False, 500, reasons, msgspec.Raw(raw))


def test_a_topic_of_a_community_is_called_what_its_offer_says() -> None:
    found = hit(msgspec.json.encode(a_signed_offer(COMMUNITY_CONTENT)))
    for languages, label in ((("ja",), "俳句"), (("en",), "Haiku")):
        title, *lines = describe_hit(found, VOCABULARY, languages)
        assert title == f"{label}, Writing  (ash.example)"
        assert any(f"about {label}" in line for line in lines)


def test_an_offer_that_cannot_be_read_is_said_to_be_one() -> None:
    title, *lines = describe_hit(hit(b'{"id":"x"}'), VOCABULARY, ("en",))
    assert title == "an offer  (ash.example)"
    assert any("about Verse" in line for line in lines)
    assert any("cannot read" in line for line in lines)
