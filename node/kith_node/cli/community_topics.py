"""``kith topics add|remove|list``: topics that only this community has."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from kith_crypto.errors import UsageError
from kith_node.cli.output import print_json, print_table
from kith_node.cli.settings import config_option, json_option, read_settings
from kith_node.topics.loading import load_vocabulary
from kith_node.topics.own import (
    OwnTopics,
    check_need,
    load_own_topics,
    save_own_topics,
    successor_of,
    with_own,
)
from kith_protocol.vocabulary import LABEL_LANGUAGES, Texts, parent_of

_RESTART = "A running node takes it up when it is restarted."

_topic = click.argument("topic")


@click.command("add")
@config_option
@_topic
@click.option(
    "--label",
    "labels",
    multiple=True,
    required=True,
    help="What it is called, with its language: en=Haiku. Several languages are better.",
)
@click.option(
    "--synonym", "synonyms", multiple=True, help="Another word for it: en=short poem."
)
@click.option("--description", "descriptions", multiple=True, help="A line about it: en=…")
def add_topic(
    config_path: Path,
    topic: str,
    labels: tuple[str, ...],
    synonyms: tuple[str, ...],
    descriptions: tuple[str, ...],
) -> None:
    """Let members offer TOPIC, which only this community has.

    Its id is x., the id of the shared topic it belongs to, and one more part. Other communities
    count it as that shared topic, and show its label.

    Example: kith topics add x.craft.writing.haiku --label en=Haiku --label ja=俳句
    """
    shared, data_dir = load_vocabulary(), _data_dir(config_path)
    own = load_own_topics(data_dir)
    if topic in own:
        raise UsageError(
            f"{topic} is there already; to change its words, `kith topics remove` it first"
        )
    words = _read_words(labels, synonyms, descriptions)
    changed = {**own, topic: words}
    with_own(shared, changed)
    check_need(shared, topic, words)
    save_own_topics(data_dir, changed)
    click.echo(f"Added {topic}. {_RESTART}")


@click.command("remove")
@config_option
@_topic
def remove_topic(config_path: Path, topic: str) -> None:
    """Let members offer TOPIC no longer.

    Offers that name it stay as they are, with its label, until they are changed or end. Here
    they are found under the shared topic above it, as in other communities.

    Example: kith topics remove x.craft.writing.haiku
    """
    data_dir = _data_dir(config_path)
    own = load_own_topics(data_dir)
    if topic not in own:
        raise UsageError(f"this community has no topic {topic}; see `kith topics list`")
    del own[topic]
    save_own_topics(data_dir, own)
    click.echo(
        f"Removed {topic}. Offers that name it stay valid and count as {parent_of(topic)}. "
        f"{_RESTART}"
    )


@click.command("list")
@config_option
@json_option
def list_topics(config_path: Path, *, as_json: bool) -> None:
    """List the topics that only this community has.

    Example: kith topics list
    """
    shared = load_vocabulary()
    own = load_own_topics(_data_dir(config_path))
    with_own(shared, own)
    counts_as = {topic: successor_of(shared, topic, words) for topic, words in own.items()}
    if as_json:
        print_json(
            {"topics": own, "counts_as": {one: as_ for one, as_ in counts_as.items() if as_}}
        )
        return
    if not own:
        click.echo("This community has no topics of its own. Add one: kith topics add --help")
        return
    rows = [(topic, _labels_of(own, topic), counts_as[topic] or "") for topic in own]
    print_table(("topic", "labels", "counts as"), rows)


def _data_dir(config_path: Path) -> Path:
    return Path(read_settings(config_path).data_dir)


def _labels_of(own: OwnTopics, topic: str) -> str:
    return ", ".join(f"{language}={texts.label}" for language, texts in own[topic].items())


def _read_words(
    labels: Iterable[str], synonyms: Iterable[str], descriptions: Iterable[str]
) -> dict[str, Texts]:
    """Return the words by language, in the usual order of languages."""
    named = dict(_once(_by_language(labels, "--label"), "--label"))
    lines = dict(_once(_by_language(descriptions, "--description"), "--description"))
    more: dict[str, tuple[str, ...]] = {}
    for language, synonym in _by_language(synonyms, "--synonym"):
        more[language] = (*more.get(language, ()), synonym)
    for language in (*lines, *more):
        if language not in named:
            raise UsageError(f"there is no --label in {language} for the other words in it")
    return {
        language: Texts(named[language], more.get(language, ()), lines.get(language, ""))
        for language in LABEL_LANGUAGES
        if language in named
    }


def _by_language(options: Iterable[str], name: str) -> list[tuple[str, str]]:
    found = []
    for option in options:
        language, equals, text = option.partition("=")
        if not equals or language not in LABEL_LANGUAGES:
            known = " ".join(LABEL_LANGUAGES)
            raise UsageError(f"{name} {option!r}: write LANGUAGE=TEXT with one of {known}")
        found.append((language, text.strip()))
    return found


def _once(pairs: list[tuple[str, str]], name: str) -> list[tuple[str, str]]:
    if len(dict(pairs)) != len(pairs):
        raise UsageError(f"{name} names a language twice")
    return pairs
