"""How well topics are found by words, as a table with a row for each language.

``topics`` have a label in the language; ``complete_%`` of all topics have it with a description
and two more words. ``label_%`` and ``synonym_%`` of these texts find their topic, ``error_%``
of the labels with one typing error do (swapped, dropped, doubled and wrong letters). ``judged``
is the number of queries that people wrote down with what they mean by them, ``first_hit`` the
share of which the first topic is right. ``reviewed`` says whether a native speaker has read the
words. The last row adds up, with the time for making the finder and the median for
understanding one text. ``python tests/bench/bench_topics.py`` also says what was missed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median

from kith_node.topics.check import check_language
from kith_node.topics.loading import load_concepts, load_vocabulary
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.vocabulary import Concept, LanguageTexts, Vocabulary
from kith_testing.topic_quality import Judged, Quality, Share, measure, read_judged

JUDGED = Path(__file__).parents[1] / "protocol"
TIMED_TEXTS = 300
_INCOMPLETE = frozenset({"no-label", "no-description", "few-synonyms"})

Row = dict[str, float | str]


def run() -> dict[str, Row]:
    """Return the figures by language, and under ``all`` those of all together."""
    return _rows(*_measure())


def _measure() -> tuple[list[Quality], dict[str, Row], Row]:
    """Return the figures by language, further columns for each, and the times."""
    concepts, vocabulary = load_concepts(), load_vocabulary()
    started = time.perf_counter()
    finder = TopicFinder(vocabulary)
    build_s = time.perf_counter() - started
    judged = read_judged(JUDGED)
    measured: list[Quality] = []
    more: dict[str, Row] = {}
    for texts in vocabulary.languages():
        queries = judged.get(texts.language, ())
        measured.append(measure(finder, vocabulary, texts.language, queries))
        more[texts.language] = {
            "complete_%": _complete(concepts, texts),
            "reviewed": "yes" if texts.reviewed else "no",
        }
    times: Row = {
        "build_ms": round(build_s * 1000),
        "understand_ms": _understand_ms(finder, vocabulary, judged.values()),
    }
    return measured, more, times


def _rows(measured: Sequence[Quality], more: dict[str, Row], times: Row) -> dict[str, Row]:
    rows = {
        one.language: _row(
            more[one.language], one.labels, one.synonyms, one.one_error, one.judged
        )
        for one in measured
    }
    complete = min(int(row["complete_%"]) for row in rows.values())
    reviewed = sum(row["reviewed"] == "yes" for row in rows.values())
    rows["all"] = (
        _row(
            {"complete_%": complete, "reviewed": f"{reviewed} of {len(measured)}"},
            _sum(one.labels for one in measured),
            _sum(one.synonyms for one in measured),
            _sum(one.one_error for one in measured),
            _sum(one.judged for one in measured),
        )
        | times
    )
    return rows


def _row(more: Row, labels: Share, synonyms: Share, errors: Share, judged: Share) -> Row:
    hits = round(judged.found / judged.total, 3) if judged.total else 1.0
    return {
        "topics": labels.total,
        "complete_%": more["complete_%"],
        "label_%": labels.percent(),
        "synonym_%": synonyms.percent(),
        "error_%": errors.percent(),
        "judged": judged.total,
        "first_hit": hits,
        "reviewed": more["reviewed"],
    }


def _sum(shares: Iterable[Share]) -> Share:
    found, total = 0, 0
    for share in shares:
        found, total = found + share.found, total + share.total
    return Share(found, total)


def _complete(concepts: Sequence[Concept], texts: LanguageTexts) -> int:
    """Return how many of 100 topics have all their words, rounded down."""
    findings = check_language(concepts, texts)
    lacking = {one.topic for one in findings if one.rule in _INCOMPLETE}
    in_use = sum(concept.retired is None for concept in concepts)
    return (in_use - len(lacking)) * 100 // in_use


def _understand_ms(
    finder: TopicFinder, vocabulary: Vocabulary, judged: Iterable[Iterable[Judged]]
) -> float:
    """Return the median over judged queries and as many labels and descriptions as needed."""
    texts = [query.text for queries in judged for query in queries]
    for words in vocabulary.languages():
        for topic in words.topics.values():
            texts += filter(None, (topic.label, topic.description))
    step = max(1, len(texts) // TIMED_TEXTS)
    times = []
    for text in texts[::step]:
        started = time.perf_counter()
        finder.understand(text, languages=("en",))
        times.append(time.perf_counter() - started)
    return round(median(times) * 1000, 2)


def main() -> None:
    """Print the table, and what was missed."""
    measured, more, times = _measure()
    for one in measured:
        for name in ("labels", "synonyms", "one_error", "judged"):
            share: Share = getattr(one, name)
            for missed in share.missed:
                print(f"{one.language} {name}: {missed}", file=sys.stderr)
    for language, row in _rows(measured, more, times).items():
        print(language, *(f"{name} {value}" for name, value in row.items()), sep="  ")


if __name__ == "__main__":
    main()
