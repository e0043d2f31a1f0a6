"""Finding resources of libraries, which happens on devices only.

What fits, and how well, is what ``matching`` and ``ranking`` say of offers: topics with all
below them, near ones, words of the texts, languages. Four things are different.

* What helps in a crisis comes first where it fits, for topics and words alike.
* Words of a crisis (``crisis_words.py``, twelve languages) bring everything urgent in the
  languages asked for, whatever else was understood: who types them needs no exact match.
* With a region, entries for it and for everybody come before those for another one.
* What nobody has looked at for a year comes last within its group, and says so.

Source: SPEC.md, section on the library.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from kith_protocol.crisis_words import is_crisis
from kith_protocol.day import Day
from kith_protocol.hierarchy import Hierarchy
from kith_protocol.listed import Listed, list_words
from kith_protocol.placing import place_listed, place_query
from kith_protocol.query import Query, primary_language
from kith_protocol.ranking import rank
from kith_protocol.resource import Resource
from kith_protocol.understood import Understands, understand_query
from kith_protocol.vocabulary import Vocabulary

OLD_DAYS = 365
MAX_FOUND = 200

FoundBecause = Literal["urgent", "topic", "near-topic", "words", "region", "old-review"]


class ResourceQuery(msgspec.Struct, frozen=True):
    """What somebody looks for in libraries.

    Attributes:
        languages: primary subtags, best first, at least one.
        topics: concept ids; each stands for all below it.
        text: free text as typed.
        region: UN M49 code of where it is to help, or None.
        limit: results, 1 to ``MAX_FOUND``.
    """

    languages: tuple[str, ...]
    topics: tuple[str, ...] = ()
    text: str = ""
    region: str | None = None
    limit: int = 20


class FoundResource(msgspec.Struct, frozen=True):
    """One resource that was found.

    Attributes:
        resource: it.
        reasons: why it stands where it stands.
    """

    resource: Resource
    reasons: tuple[FoundBecause, ...]


def find_resources(
    resources: Iterable[Resource],
    query: ResourceQuery,
    *,
    vocabulary: Vocabulary,
    finder: Understands | None,
    today: Day,
    community: str,
) -> tuple[FoundResource, ...]:
    """Return what fits *query*, best first, at most ``query.limit``.

    Args:
        resources: of all libraries, in any order; of several with one id the newest counts.
        query: what is looked for; without topics and text everything fits.
        vocabulary: the topics.
        finder: understands the text; without one, topics alone count.
        today: leaves out what has ended.
        community: actor of the searcher's community, which turns ties as for offers.
    """
    live = _newest(one for one in resources if one.end_day > today)
    asked = Query(query.topics, near=True, text=query.text, languages=query.languages)
    asked = place_query(asked, vocabulary)
    if finder is not None:
        asked, _ = understand_query(asked, finder)
    hierarchy = Hierarchy(vocabulary.ancestors, vocabulary.related)
    listed = [place_listed(_listed(one), vocabulary) for one in live.values()]
    ranked = rank(listed, asked, hierarchy=hierarchy, day=today, community=community)
    found = {one.id: tuple(reason.code for reason in one.reasons) for one in ranked}
    if is_crisis(query.text):
        spoken = set(query.languages)
        for one in live.values():
            if one.content.urgent and spoken & _languages_of(one):
                found.setdefault(one.id, ())
    places = {name: place for place, name in enumerate(found)}

    def order(name: str) -> tuple[bool, bool, bool, int]:
        one = live[name]
        return (
            not one.content.urgent,
            _is_elsewhere(one, query.region),
            _is_old(one, today),
            places[name],
        )

    best = sorted(found, key=order)[: query.limit]
    return tuple(
        FoundResource(live[name], _reasons(live[name], found[name], query.region, today))
        for name in best
    )


def _newest(resources: Iterable[Resource]) -> dict[str, Resource]:
    newest: dict[str, Resource] = {}
    for one in resources:
        known = newest.get(one.id)
        if known is None or known.revision < one.revision:
            newest[one.id] = one
    return newest


def _listed(resource: Resource) -> Listed:
    content = resource.content
    words = list_words(content.name, content.summary) | list_words({}, content.content)
    return Listed(
        id=resource.id,
        community=resource.author,
        updated=resource.updated,
        end_day=resource.end_day,
        topics=content.topics,
        languages=content.languages,
        ways=(),
        formats=(),
        words=words,
    )


def _languages_of(resource: Resource) -> set[str]:
    return {primary_language(tag) for tag in resource.content.languages}


def _is_elsewhere(resource: Resource, region: str | None) -> bool:
    return region is not None and resource.content.region not in (None, region)


def _is_old(resource: Resource, today: Day) -> bool:
    return today - resource.content.reviewed > OLD_DAYS


def _reasons(
    resource: Resource, codes: tuple[str, ...], region: str | None, today: Day
) -> tuple[FoundBecause, ...]:
    is_said: dict[FoundBecause, bool] = {
        "urgent": resource.content.urgent,
        "topic": not {"topic-exact", "topic-under"}.isdisjoint(codes),
        "near-topic": "topic-near" in codes,
        "words": "words" in codes,
        "region": region is not None and resource.content.region == region,
        "old-review": _is_old(resource, today),
    }
    return tuple(code for code, is_so in is_said.items() if is_so)
