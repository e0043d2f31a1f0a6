"""``kith topics``: the vocabulary, for people who look something up, translate or reuse it.

All of it but the topics of a community works without a node and without settings.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Sequence

import click

from kith_crypto.errors import UsageError
from kith_node.cli.output import print_json
from kith_node.cli.vocabulary import (
    check_vocabulary,
    export,
    json_option,
    language_choice,
)
from kith_node.topics.loading import load_vocabulary
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.vocabulary import (
    COMMUNITY_PREFIX,
    LABEL_LANGUAGES,
    LanguageTexts,
    Vocabulary,
)

MAX_SUGGESTIONS = 5
_NOT_REVIEWED = "* not reviewed by a native speaker; corrections are very welcome"

# name: (attribute, what `kith topics --help` says); a node's own topics need its settings.
_OWN_TOPICS = "kith_node.cli.community_topics"
_OWN = {
    "add": ("add_topic", "Let members offer a topic that only this community has."),
    "remove": ("remove_topic", "Let members offer such a topic no longer."),
    "list": ("list_topics", "List the topics that only this community has."),
}


class _Group(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*self.commands, *_OWN]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _OWN:
            return super().get_command(ctx, cmd_name)
        command = getattr(importlib.import_module(_OWN_TOPICS), _OWN[cmd_name][0])
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, one.get_short_help_str(80)) for name, one in self.commands.items()]
        rows += [(name, text) for name, (_, text) in _OWN.items()]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


_languages_option = click.option(
    "--language",
    "-l",
    "languages",
    multiple=True,
    type=language_choice,
    help="A language you read; repeat it for more, best first. Without: English.",
)


@click.group(cls=_Group)
def topics() -> None:
    """Find, show, check and export the topics that offers are about.

    A topic has an id that never changes (career.cv), and a label, everyday words and a line of
    description in twelve languages. It lies below another one or is one of the branches; who
    looks for a topic finds everything below it, too.

    \b
    Examples:
      kith topics find auto-defensa
      kith topics show career.cv
      kith topics tree career -l ar
      kith topics check de.json
      kith topics export --format csv -o topics.csv
    """  # noqa: D301 - click reads the escape


@topics.command()
@click.argument("words", nargs=-1, required=True)
@_languages_option
@json_option
def find(words: tuple[str, ...], languages: tuple[str, ...], *, as_json: bool) -> None:
    """Say what WORDS, in any of the twelve languages, are taken to mean.

    This is what search makes of free words: topics, with a choice where several are meant; ways
    of helping; the words that are left; and what a misspelled word may have been.

    \b
    Examples:
      kith topics find CV prüfen
      kith topics find -l zh 自助练习
    """  # noqa: D301 - click reads the escape
    vocabulary = load_vocabulary()
    finder = TopicFinder(vocabulary)
    # Bytes that are no letters of the terminal's encoding could not be printed again.
    text = " ".join(words).encode(errors="replace").decode()
    meant = finder.understand(text, languages=languages)
    begun = () if meant.pieces else _begun(finder, text, languages)
    taken = {one for piece in meant.pieces for one in piece.topics}
    near = [one for one in meant.did_you_mean if one not in taken]

    def named(ids: Iterable[str]) -> list[dict[str, str]]:
        return [{"id": one, "label": vocabulary.label(one, languages)} for one in ids]

    if as_json:
        pieces = [
            {"text": one.text, "topics": named(one.topics), "others": named(one.others)}
            for one in meant.pieces
        ]
        print_json(
            {
                "pieces": pieces,
                "ways": meant.ways,
                "words": meant.words,
                "did_you_mean": named(near),
                "begins_like_that": named(begun),
            }
        )
        return
    for piece in meant.pieces:
        click.secho(f"“{piece.text}”", bold=True)
        _say_topics("", piece.topics, vocabulary, languages)
        _say_topics("or: ", piece.others, vocabulary, languages)
    if meant.ways:
        click.echo(f"Ways of helping: {', '.join(meant.ways)}")
    if meant.words:
        click.echo(f"Other words: {', '.join(meant.words)}")
    if near:
        click.echo("Did you mean:")
        _say_topics("", near, vocabulary, languages)
    if begun:
        click.echo("Words that begin like that:")
        _say_topics("", begun, vocabulary, languages)
    if not (meant.pieces or near or begun):
        click.echo("No topic is called like that. All of them: kith topics tree")


@topics.command()
@click.argument("topic", metavar="ID")
@_languages_option
@json_option
def show(topic: str, languages: tuple[str, ...], *, as_json: bool) -> None:
    """Show all about the topic ID: its words in all languages, and where it belongs.

    \b
    Examples:
      kith topics show career.cv
      kith topics show career.cv -l de -l en
    """  # noqa: D301 - click reads the escape
    vocabulary = load_vocabulary()
    _check_known(vocabulary, topic)
    document = _document(vocabulary, topic, languages or LABEL_LANGUAGES)
    if as_json:
        print_json(document)
        return
    for line in _lines(vocabulary, topic, languages):
        click.echo(line)


@topics.command()
@click.argument("topic", metavar="[ID]", required=False)
@_languages_option
@json_option
def tree(topic: str | None, languages: tuple[str, ...], *, as_json: bool) -> None:
    """Show the topics as they lie below each other: all, or ID and what is below it.

    A sensitive topic says by itself something about a person's orientation, gender, love life,
    health, faith or flight; so does all that is below it.

    \b
    Examples:
      kith topics tree
      kith topics tree history --language pt
    """  # noqa: D301 - click reads the escape
    vocabulary = load_vocabulary()
    if topic is None:
        shown = vocabulary.ids()
    else:
        _check_known(vocabulary, topic)
        topic = vocabulary.resolve(topic)
        shown = (topic, *vocabulary.descendants(topic))
    top = min(map(vocabulary.depth, shown))
    if as_json:
        print_json({"topics": [_entry(vocabulary, one, languages) for one in shown]})
        return
    for one in shown:
        indent = "  " * (vocabulary.depth(one) - top)
        mark = "  (sensitive)" if vocabulary.is_sensitive(one) else ""
        click.echo(f"{indent}{one}  {vocabulary.label(one, languages)}{mark}")


def _begun(finder: TopicFinder, text: str, languages: Sequence[str]) -> tuple[str, ...]:
    found = finder.find(text, languages=languages, limit=MAX_SUGGESTIONS)
    return tuple(one.id for one in found)


def _say_topics(
    lead: str, ids: Iterable[str], vocabulary: Vocabulary, languages: Sequence[str]
) -> None:
    for one in ids:
        click.echo(f"  {lead}{one}  {vocabulary.label(one, languages)}")


def _check_known(vocabulary: Vocabulary, topic: str) -> None:
    """Return if there is such a topic.

    Raises:
        UsageError: there is none; names those that it may be.
    """
    if vocabulary.is_known(topic):
        return
    if topic.startswith(COMMUNITY_PREFIX):
        raise UsageError(f"{topic} would be one community's own topic; see `kith topics list`")
    finder = TopicFinder(vocabulary)
    meant = finder.understand(topic, languages=())
    near = [one for piece in meant.pieces for one in piece.topics]
    near += [*_begun(finder, topic, ()), *meant.did_you_mean]
    hint = ", ".join(list(dict.fromkeys(near))[:MAX_SUGGESTIONS])
    advice = f"perhaps: {hint}" if hint else "see `kith topics tree`"
    raise UsageError(f"there is no topic {topic}; {advice}")


def _entry(vocabulary: Vocabulary, topic: str, languages: Sequence[str]) -> dict[str, object]:
    return {
        "id": topic,
        "parent": vocabulary.parent(topic),
        "label": vocabulary.label(topic, languages),
        "sensitive": vocabulary.is_sensitive(topic),
    }


def _document(
    vocabulary: Vocabulary, topic: str, languages: Sequence[str]
) -> dict[str, object]:
    concept = vocabulary.get(topic)
    assert concept is not None  # checked before
    return {
        "id": topic,
        "retired": vocabulary.redirects().get(topic),
        "parent": vocabulary.parent(topic),
        "children": vocabulary.children(topic),
        "related": vocabulary.related(topic),
        "aliases": concept.aliases,
        "sensitive": vocabulary.is_sensitive(topic),
        "languages": {
            texts.language: {
                "label": words.label,
                "synonyms": words.synonyms,
                "description": words.description,
                "reviewed": texts.reviewed,
            }
            for texts in vocabulary.languages()
            if texts.language in languages and (words := texts.topics.get(topic))
        },
    }


def _lines(vocabulary: Vocabulary, topic: str, languages: Sequence[str]) -> Iterator[str]:
    """Yield what ``show`` prints of *topic*."""
    concept = vocabulary.get(topic)
    assert concept is not None  # checked before

    def named(ids: Iterable[str]) -> str:
        return ", ".join(f"{one} ({vocabulary.label(one, languages)})" for one in ids)

    yield click.style(f"{topic}  {vocabulary.label(topic, languages)}", bold=True)
    if topic in vocabulary.redirects():
        yield f"  retired; it counts as {named((vocabulary.resolve(topic),))}"
    parent = vocabulary.parent(topic)
    for name, ids in (
        ("belongs to", (parent,) if parent is not None else ()),
        ("has below it", vocabulary.children(topic)),
        ("related to", vocabulary.related(topic)),
    ):
        if ids:
            yield f"  {name}: {named(ids)}"
    if concept.aliases:
        yield f"  in every language: {', '.join(concept.aliases)}"
    if vocabulary.is_sensitive(topic):
        yield "  sensitive: it says something about a person by itself"
    is_unread = False
    for texts in vocabulary.languages():
        if languages and texts.language not in languages:
            continue
        is_unread = is_unread or not texts.reviewed
        yield from _lines_in(texts, topic)
    if is_unread:
        yield _NOT_REVIEWED


def _lines_in(texts: LanguageTexts, topic: str) -> Iterator[str]:
    words = texts.topics.get(topic)
    mark = " " if texts.reviewed else "*"
    if words is None:
        yield f"  {texts.language}{mark} (no words)"
        return
    yield f"  {texts.language}{mark} {words.label}"
    if words.synonyms:
        yield f"      {' · '.join(words.synonyms)}"
    if words.description:
        yield f"      {words.description}"


topics.add_command(check_vocabulary)
topics.add_command(export)
