"""``kith me search``: what it prints of an answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from kith_client.commands.catalogue import show_facets
from kith_client.commands.common import Place
from kith_protocol.api import FacetsAnswer
from kith_protocol.query import Query
from kith_protocol.vocabulary import Concept, LanguageTexts, Texts, Vocabulary


def test_topics_of_one_label_are_counted_each(capsys: pytest.CaptureFixture[str]) -> None:
    labels = {"craft": "Craft", "craft.ink": "Ink", "history": "History", "history.ink": "Ink"}
    words = {topic: Texts(label) for topic, label in labels.items()}
    topics = Vocabulary(map(Concept, labels), [LanguageTexts("en", True, words)])
    counts = {"craft": 5, "craft.ink": 3, "history.ink": 2}
    answer = FacetsAnswer(counts, {}, {}, {}, {}, {}, {}, {}, total=7)
    show_facets(Place(Path(), False, None), answer, topics, Query())
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["7", "offers"], ["topics"], ["5", "Craft"], ["3", "Ink"], ["2", "Ink"]]
