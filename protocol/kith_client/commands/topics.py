"""``kith me topics``, and from what somebody types to the topic that it names."""

from __future__ import annotations

from collections.abc import Iterable

import click

from kith_client.commands.common import Place, member_command, run_async
from kith_client.search import Search
from kith_crypto.errors import UsageError
from kith_protocol.topic_finder import Match, TopicFinder
from kith_protocol.vocabulary import Vocabulary

SHOWN = 10
SUGGESTED = 5


class TopicNames:
    """Topics as people name them: by id, or by a word in any language."""

    def __init__(self, vocabulary: Vocabulary, finder: TopicFinder) -> None:
        self._vocabulary = vocabulary
        self._finder = finder

    def find(self, text: str) -> str:
        """Return the topic that *text* is the id of, or the only one that it means.

        Raises:
            UsageError: none or several; the error names the nearest.
        """
        if self._vocabulary.is_known(text):
            return self._vocabulary.resolve(text)
        found = self._finder.find(text, languages=(), limit=SHOWN)
        for match in (Match.WHOLE, Match.FORM):
            named = [one.id for one in found if one.match is match]
            if len(named) == 1:
                return named[0]
        near = [one.id for one in found] or self._guess(text)
        if near:
            shown = ", ".join(near[:SUGGESTED])
            raise UsageError(f"{text!r} is no topic id; perhaps one of: {shown}")
        raise UsageError(f"no topic is like {text!r}; try `kith me topics WORD`")

    def _guess(self, text: str) -> list[str]:
        meant = self._finder.understand(text, languages=())
        named = [topic for piece in meant.pieces for topic in piece.topics]
        return list(dict.fromkeys((*named, *meant.did_you_mean)))


async def topic_names(search: Search) -> TopicNames:
    """Return the names of the topics of the community that is searched by *search*."""
    return TopicNames(await search.topics(), await search.finder())


@click.command("topics")
@click.argument("query", nargs=-1, required=True)
@click.option("--language", "-l", "languages", multiple=True, help="Languages you read.")
@member_command
def find_topics(place: Place, query: tuple[str, ...], languages: tuple[str, ...]) -> None:
    """Find topics by words, or the beginning of one, in any language of the vocabulary.

    Example: kith me topics python
    """
    run_async(_find_topics(place, place.ask_passphrase(), " ".join(query), languages))


async def _find_topics(
    place: Place, passphrase: str, query: str, languages: tuple[str, ...]
) -> None:
    async with await place.open(passphrase) as member:
        vocabulary = await member.search.topics()
        finder = await member.search.finder()
    found = finder.find(query, languages=languages, limit=SHOWN)
    fitting = [one.id for one in found if one.match is not Match.MISSPELT]
    perhaps = [] if fitting else [one.id for one in found]
    for topic in fitting:
        note = "  (sensitive)" if vocabulary.is_sensitive(topic) else ""
        place.say(f"{topic}  {vocabulary.label(topic, languages)}{note}")
    if not fitting:
        hint = f"Perhaps: {', '.join(perhaps)}" if perhaps else "Try the beginning of a word."
        place.say(f"No topic fits. {hint}")

    def named(ids: Iterable[str]) -> list[dict[str, str]]:
        return [{"id": one, "label": vocabulary.label(one, languages)} for one in ids]

    place.answer({"topics": named(fitting), "perhaps": named(perhaps)})
