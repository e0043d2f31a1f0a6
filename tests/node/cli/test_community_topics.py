"""A steward adds, lists and removes the topics that only their community has."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kith_crypto.errors import UsageError
from kith_node.cli.community_topics import add_topic, list_topics, remove_topic
from kith_node.topics.loading import load_vocabulary
from kith_protocol.vocabulary import Texts

HAIKU = "x.craft.writing.haiku"


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "kith.toml"
    path.write_text('domain = "kith.example"\n', encoding="utf-8")
    (tmp_path / "data").mkdir()
    return str(path)


def add(config: str, topic: str = HAIKU, *options: str) -> Result:
    return CliRunner().invoke(add_topic, ["--config", config, topic, *options])


def shown(config: str) -> dict[str, object]:
    result = CliRunner().invoke(list_topics, ["--config", config, "--json"])
    assert result.exit_code == 0, result.output
    answer = json.loads(result.output)
    assert isinstance(answer, dict)
    return answer


def test_topics_are_added_listed_and_removed(config: str) -> None:
    nothing = CliRunner().invoke(list_topics, ["--config", config])
    assert "kith topics add" in nothing.output
    done = add(
        config,
        HAIKU,
        *("--label", "ja=俳句", "--label", "en=Haiku", "--synonym", "en=short poem"),
        *("--synonym", "en=Japanese verse", "--description", "en=Three lines."),
    )
    assert done.exit_code == 0, done.output
    assert "restart" in done.output
    english = Texts("Haiku", ("short poem", "Japanese verse"), "Three lines.")
    assert shown(config) == {
        "topics": {
            HAIKU: {
                "en": {
                    "label": english.label,
                    "synonyms": list(english.synonyms),
                    "description": english.description,
                },
                "ja": {"label": "俳句"},
            }
        },
        "counts_as": {},
    }
    listed = CliRunner().invoke(list_topics, ["--config", config])
    assert f"{HAIKU}  en=Haiku, ja=俳句" in listed.output

    gone = CliRunner().invoke(remove_topic, ["--config", config, HAIKU])
    assert gone.exit_code == 0, gone.output
    assert "stay valid and count as craft.writing" in gone.output
    assert shown(config) == {"topics": {}, "counts_as": {}}


@pytest.mark.parametrize(
    ("topic", "options", "part"),
    [
        (HAIKU, ("--label", "Haiku"), "LANGUAGE=TEXT"),
        (HAIKU, ("--label", "eu=Haiku"), "LANGUAGE=TEXT"),
        (HAIKU, ("--label", "en=Haiku", "--label", "en=Poem"), "twice"),
        (HAIKU, ("--label", "en=Haiku", "--synonym", "fr=poème"), "no --label in fr"),
        (HAIKU, ("--label", "en=Haiku", "--description", "fr=Trois"), "no --label in fr"),
        (HAIKU, ("--label", "en=@haiku"), "a handle"),
        (HAIKU, ("--label", "en="), f"{HAIKU} in en"),
        ("craft.writing.haiku", ("--label", "en=Haiku"), "is no id"),
        ("x.knitting.haiku", ("--label", "en=Haiku"), "there is no topic knitting"),
    ],
)
def test_what_cannot_be_a_topic_is_refused_and_nothing_written(
    config: str, topic: str, options: tuple[str, ...], part: str
) -> None:
    result = add(config, topic, *options)
    assert isinstance(result.exception, UsageError), result.output
    assert part in str(result.exception)
    assert not (Path(config).parent / "data" / "topics.json").exists()


def test_a_topic_that_all_communities_have_is_not_added(config: str) -> None:
    label = "en=" + _label_of("craft.writing.poetry")
    result = add(config, "x.craft.writing.poems", "--label", label)
    assert isinstance(result.exception, UsageError)
    assert "craft.writing.poetry" in str(result.exception)


def test_a_topic_is_not_added_twice_or_removed_twice(config: str) -> None:
    assert add(config, HAIKU, "--label", "en=Haiku").exit_code == 0
    assert isinstance(add(config, HAIKU, "--label", "en=Verse").exception, UsageError)
    assert CliRunner().invoke(remove_topic, ["--config", config, HAIKU]).exit_code == 0
    again = CliRunner().invoke(remove_topic, ["--config", config, HAIKU])
    assert isinstance(again.exception, UsageError)
    assert "kith topics list" in str(again.exception)


def test_a_topic_that_the_shared_ones_caught_up_with_says_so(config: str) -> None:
    words = {"en": {"label": _label_of("craft.writing.poetry")}}
    file = {"version": 1, "topics": {"x.craft.writing.poems": words}}
    (Path(config).parent / "data" / "topics.json").write_text(json.dumps(file), "utf-8")
    assert shown(config)["counts_as"] == {"x.craft.writing.poems": "craft.writing.poetry"}


def _label_of(topic: str) -> str:
    return load_vocabulary().label(topic)
