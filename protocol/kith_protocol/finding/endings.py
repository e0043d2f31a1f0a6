"""Light stems: a word without what its grammar adds, so that its forms compare equal.

No dictionary, no grammar: from a folded word the longest known ending is taken off, while
enough letters stay. Languages that build words alike share a table, a *family*; a text is
stemmed by the family of its language, a query by all families of its script, and stems are only
compared within one. A stem is for comparing, never for showing, and worth less than the word
itself: whoever finds the exact form need not look for stems.

| family | languages | also |
|---|---|---|
| en | English | a doubled last letter counts once: planning, plan |
| de | German | |
| romance | French, Italian, Portuguese, Spanish | |
| pl | Polish | |
| tr | Turkish | several endings, one after the other; last g b d as k p t |
| ru | Russian | |
| ar | Arabic | the article, alone or behind *and, with, for, as*, is taken off first |

Left to the caller: folding, irregular forms, compounds, and Arabic *and, with, for* that are
written together with a word without article: they look like any first letter
(``without_particle``).
"""

# Words of languages whose letters look like others.
# ruff: noqa: RUF001

from __future__ import annotations

from functools import cache

import msgspec

from kith_protocol.fold import fold

# Fewer letters are no stem any more, but part of too many words; what loses a long ending has
# to keep more, since the ending may well be part of the word.
SHORTEST_STEM = 3
_SHORTEST_AFTER_LONG = 4
_LONG_ENDING = 3
_SHORTEST_AFTER_PARTICLE = 4
_ARTICLES = ("وال", "بال", "كال", "فال", "لل", "ال")
_PARTICLES = "وبلف"
_VOICED = {"g": "k", "b": "p", "d": "t"}


class Family(msgspec.Struct, frozen=True):
    """Languages that are stemmed alike.

    Attributes:
        name: short name.
        languages: those of ``vocabulary.LABEL_LANGUAGES``.
        script: "latin", "cyrillic" or "arabic".
        endings: folded.
        rounds: how many endings can follow each other.
        longest: letters of the longest ending.
    """

    name: str
    languages: tuple[str, ...]
    script: str
    endings: frozenset[str]
    rounds: int
    longest: int


_TABLES: tuple[tuple[str, str, str, int, str], ...] = (
    (
        "en",
        "en",
        "latin",
        1,
        "s es ies y e ed ing ings er ers or ors ion ions "
        "ation ations ate ates ating ator ators",
    ),
    ("de", "de", "latin", 1, "e en er es em ern n s ens ung ungen in innen"),
    (
        "romance",
        "fr it pt es",
        "latin",
        1,
        "a e i o io s x as es is os ee ees ao aos oes aes ar er ir ez are ere ire ando endo "
        "iendo",
    ),
    (
        "pl",
        "pl",
        "latin",
        1,
        "a e i o u y ą ę ę ie ia iu ow ów owi om em iem ami ach ego emu ej ym im ych ich ymi "
        "imi ać eć yć ić anie ania aniu enie enia eniu ość ości",
    ),
    (
        "tr",
        "tr",
        "latin",
        4,
        "lar ler ı i in un im um imiz umuz a e ya ye na ne da de ta te dan den tan ten nda nde "
        "ndan nden la le yla yle sı su sını sına sında yı yu nı nu nın nun lık luk lığ luğ "
        "mak mek ma me mayı masını",
    ),
    (
        "ru",
        "ru",
        "cyrillic",
        1,
        "а я о е ы и у ю ь ом ем ам ям ах ях ами ями ов ев ей ой ою ею ия ие ии иям иях иями "
        "ию ием ый ий ая яя ое ее ые ого его ому ему ым им ых их ыми ими ую юю ть ти ать ять "
        "еть ить овать ться аться иться ание ания анию анием ение ения ению ением",
    ),
    ("ar", "ar", "arabic", 1, "ات ون ين ان ة ه ي ية ها هم نا ك تي ته تها ا"),
)


@cache
def families() -> tuple[Family, ...]:
    """Return all families, in the order in which stems are looked for."""
    return tuple(_family(*table) for table in _TABLES)


def families_of(word: str) -> tuple[Family, ...]:
    """Return the families that a folded *word* may belong to, by the script of its start."""
    return _families_in(_script(word))


@cache
def _families_in(script: str) -> tuple[Family, ...]:
    return tuple(family for family in families() if family.script == script)


@cache
def family_of(language: str) -> Family | None:
    """Return the family of *language*; Chinese and Japanese have none."""
    return next((one for one in families() if language in one.languages), None)


def stem(word: str, family: Family) -> str:
    """Return the stem of *word*, folded, itself if nothing can be taken off."""
    if family.name == "ar":
        word = _without_article(word)
    for _ in range(family.rounds):
        word, before = _without_ending(word, family), word
        if word == before:
            break
    if family.name == "tr" and len(word) > SHORTEST_STEM:
        word = word[:-1] + _VOICED.get(word[-1], word[-1])
    if family.name == "en" and len(word) > SHORTEST_STEM and word[-1] == word[-2]:
        word = word[:-1]
    return word


def without_particle(word: str) -> str | None:
    """Return a folded Arabic *word* without a first letter that may mean and, with or for.

    Returns:
        None if it has none, or if too little would be left.
    """
    rest = word[1:]
    is_part = word[:1] not in _PARTICLES or len(rest) < _SHORTEST_AFTER_PARTICLE
    # With the article behind it, stem() takes it off where enough is left.
    return None if is_part or rest.startswith("ال") else rest


def _family(name: str, languages: str, script: str, rounds: int, endings: str) -> Family:
    folded = frozenset(map(fold, endings.split()))
    longest = max(map(len, folded))
    return Family(name, tuple(languages.split()), script, folded, rounds, longest)


def _without_article(word: str) -> str:
    for article in _ARTICLES:
        if word.startswith(article) and len(word) >= len(article) + SHORTEST_STEM:
            return word[len(article) :]
    return word


def _without_ending(word: str, family: Family) -> str:
    for size in range(min(family.longest, len(word) - SHORTEST_STEM), 0, -1):
        shortest = _SHORTEST_AFTER_LONG if size >= _LONG_ENDING else SHORTEST_STEM
        if word[-size:] in family.endings and len(word) - size >= shortest:
            return word[:-size]
    return word


def _script(word: str) -> str:
    first = word[:1]
    if "a" <= first <= "z" or "\u00c0" <= first <= "\u024f":
        return "latin"
    if "\u0400" <= first <= "\u052f":
        return "cyrillic"
    return "arabic" if "\u0600" <= first <= "\u06ff" else ""
