"""The real skill lists keep the rules under which they are shipped."""

from __future__ import annotations

from collections import Counter
from importlib import resources

import msgspec

from kith_crypto.hashes import sha256
from kith_node.demo.tags import load_rows, load_tag_table, load_tag_topics, load_tagged_rows
from kith_node.topics.loading import load_vocabulary

FEWEST_PEOPLE = 3
DATA = resources.files("kith_node.demo").joinpath("data")
LINES = DATA.joinpath("skills.jsonl").read_text("utf-8").splitlines()


def test_holds_nothing_but_tags_and_languages() -> None:
    for line in LINES:
        row = msgspec.json.decode(line, type=dict[str, list[str]])
        assert set(row) == {"languages", "offers"}
        assert row["offers"] == sorted(set(row["offers"]))
        assert row["languages"] == sorted(set(row["languages"]))


def test_holds_no_tag_and_no_language_of_fewer_than_three_people() -> None:
    rows = load_tagged_rows()
    tags = Counter(tag for row in rows for tag in row.offers)
    languages = Counter(language for row in rows for language in row.languages)
    assert len(rows) == 297
    assert min(tags.values()) >= FEWEST_PEOPLE
    assert min(languages.values()) >= FEWEST_PEOPLE


def test_holds_no_row_without_tags() -> None:
    assert all(row.offers for row in load_tagged_rows())


def test_orders_the_rows_by_their_content_alone() -> None:
    def place(line: str) -> bytes:
        return sha256(b"kith demo rows 1\n" + line.encode())

    assert sorted(LINES, key=place) == LINES


def test_maps_exactly_the_tags_that_occur_and_says_how_often() -> None:
    counted = Counter(tag for row in load_tagged_rows() for tag in row.offers)
    assert {tag: people for tag, (_, people) in load_tag_table().items()} == counted


def test_maps_every_tag_to_a_topic_in_use() -> None:
    in_use = load_vocabulary().ids()
    for tag, topic in load_tag_topics().items():
        assert topic is not None, tag  # a tag that is no skill may be None; today none is
        assert topic in in_use


def test_maps_spellings_of_one_thing_to_one_topic() -> None:
    topics = load_tag_topics()
    for one, other in (("js", "javascript"), ("go", "golang"), ("a11y", "accessibility")):
        assert topics[one] == topics[other]


def test_rows_hold_each_topic_once_and_none_beside() -> None:
    rows = load_rows()
    topics = load_tag_topics()
    assert len(rows) == len(LINES)
    for row, tagged in zip(rows, load_tagged_rows(), strict=True):
        assert len(set(row.topics)) == len(row.topics) >= 1
        assert set(row.topics) == {topics[tag] for tag in tagged.offers}
        assert row.languages == tagged.languages


def test_rows_are_the_same_each_time() -> None:
    assert load_rows() == load_rows()


def test_the_readme_names_source_and_licence() -> None:
    readme = DATA.joinpath("README.md").read_text("utf-8")
    assert "Coding-Coach/find-a-mentor" in readme
    assert "Copyright (c) 2019 Coding-Coach" in readme
    assert "MIT License" in readme
