"""Real people's skill lists, as topics.

``data/skills.jsonl`` holds what volunteer mentors once typed as tags, ``data/tag_topics.tsv``
what topic each tag means; ``data/README.md`` says where they come from and what was left out.
A row is a list of skills and never stands for a person in what the demonstration shows.
"""

from __future__ import annotations

from importlib import resources

import msgspec

_HEADER = "tag\ttopic\tpeople"
_NO_TOPIC = "-"


class SkillRow(msgspec.Struct, frozen=True):
    """One list of skills.

    Attributes:
        topics: ids of the vocabulary, without repeats, 1 to 5.
        languages: ISO 639-1 codes, sorted; empty where none was stated.
    """

    topics: tuple[str, ...]
    languages: tuple[str, ...]


class TaggedRow(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of ``skills.jsonl``: the tags as typed, and the languages, both sorted."""

    languages: tuple[str, ...]
    offers: tuple[str, ...]


_decoder = msgspec.json.Decoder(TaggedRow)


def load_rows() -> tuple[SkillRow, ...]:
    """Return the lists of skills in the order of the file, tags replaced by their topics."""
    topics = load_tag_topics()
    rows: list[SkillRow] = []
    for tagged in load_tagged_rows():
        known = (topics[tag] for tag in tagged.offers)
        unique = dict.fromkeys(topic for topic in known if topic is not None)
        if unique:
            rows.append(SkillRow(tuple(unique), tagged.languages))
    return tuple(rows)


def load_tagged_rows() -> tuple[TaggedRow, ...]:
    """Return the lines of ``skills.jsonl`` as they are."""
    lines = _read("skills.jsonl").splitlines()
    return tuple(_decoder.decode(line) for line in lines)


def load_tag_topics() -> dict[str, str | None]:
    """Return the topic of each tag, ``None`` for a tag that is no skill."""
    return {tag: topic for tag, (topic, _) in load_tag_table().items()}


def load_tag_table() -> dict[str, tuple[str | None, int]]:
    """Return for each tag its topic, or ``None``, and how many people have the tag."""
    header, *lines = _read("tag_topics.tsv").splitlines()
    if header != _HEADER:
        raise ValueError(f"tag_topics.tsv begins with {header!r}")
    table: dict[str, tuple[str | None, int]] = {}
    for line in lines:
        tag, topic, people = line.split("\t")
        table[tag] = (None if topic == _NO_TOPIC else topic, int(people))
    return table


def _read(name: str) -> str:
    return resources.files("kith_node.demo").joinpath("data", name).read_text("utf-8")
