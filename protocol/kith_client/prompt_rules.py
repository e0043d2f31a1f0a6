"""The words that prompts go by, as read from ``data/prompts/``: one file for each language.

A file names *groups* of items and *rules* made of groups. An item is a word, or several joined
by ``_`` that stand in a row; a ``*`` behind a word stands for any ending. In scripts without
blanks each character is a word, so that an item is found anywhere. All of it is compared folded
(``fold.py``). A rule is a line: names of groups that have to occur in one sentence, near each
other and in any order, ``-name`` for a group that must not be near them, and ``/n`` for how
near (in words) where it is not the usual *window* of the file. A rule is looked up by its first
group, which should be the rarest.

Groups of ``common.json`` (names of messengers and the like) may be used in all files.

Left to the caller: cutting texts into sentences and tokens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Literal, TypeAlias, get_args

import msgspec

from kith_protocol.finding.tokens import tokens_of
from kith_protocol.vocabulary import LABEL_LANGUAGES

PromptKind: TypeAlias = Literal["elsewhere", "meeting", "photo", "money"]
KINDS: tuple[PromptKind, ...] = get_args(PromptKind)
COMMON = "common"
# What is left of a word when letters that mean *and, the, with* are taken from its front.
_SHORTEST_REST = 2


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: dict[str, tuple[str, ...]]
    rules: dict[PromptKind, tuple[str, ...]]
    window: int = 8
    particles: tuple[str, ...] = ()


class Word(msgspec.Struct, frozen=True):
    """One word of an item.

    Attributes:
        letters: folded.
        is_open: whether more letters may follow.
    """

    letters: str
    is_open: bool

    def fits(self, forms: Sequence[str]) -> bool:
        """Return whether one of *forms* is this word."""
        if self.is_open:
            return any(form.startswith(self.letters) for form in forms)
        return self.letters in forms


class Item(msgspec.Struct, frozen=True):
    """Words in a row.

    Attributes:
        group: the group that it stands for, with its language.
        words: at least one.
    """

    group: str
    words: tuple[Word, ...]


class Rule(msgspec.Struct, frozen=True):
    """What makes a prompt.

    Attributes:
        kind: of the prompt.
        groups: that have to occur, all near each other.
        refused: groups of which none may be near.
        window: in words, how far the groups may reach together.
    """

    kind: PromptKind
    groups: tuple[str, ...]
    refused: tuple[str, ...]
    window: int


class PromptRules:
    """The rules of all languages, and the items by their first words."""

    def __init__(self, files: Mapping[str, _File]) -> None:
        """Take *files* by language, ``common`` among them."""
        self._whole: dict[str, list[Item]] = {}
        self._open: dict[str, list[Item]] = {}
        self._rules: dict[str, list[Rule]] = {}
        self._particles = tuple(
            dict.fromkeys(one for file in files.values() for one in file.particles)
        )
        for language, file in files.items():
            for name, lines in file.words.items():
                self._add_group(f"{language}.{name}", lines)
            for kind, rules in file.rules.items():
                for line in rules:
                    rule = _read_rule(line, kind, language, files)
                    self._rules.setdefault(rule.groups[0], []).append(rule)
        self._longest = max(map(len, self._open), default=0)

    def forms_of(self, word: str) -> tuple[str, ...]:
        """Return *word*, and what is left of it without particles at its front."""
        rests = (
            word[len(one) :]
            for one in self._particles
            if word.startswith(one) and len(word) - len(one) >= _SHORTEST_REST
        )
        return (word, *rests)

    def items_at(self, forms: Sequence[str]) -> Iterator[Item]:
        """Return the items whose first word is one of *forms*."""
        for form in forms:
            yield from self._whole.get(form, ())
            for size in range(1, min(len(form), self._longest) + 1):
                yield from self._open.get(form[:size], ())

    def rules_of(self, group: str) -> Sequence[Rule]:
        """Return the rules that are looked up by *group*."""
        return self._rules.get(group, ())

    def _add_group(self, group: str, lines: Sequence[str]) -> None:
        for written in " ".join(lines).split():
            item = Item(group, _read_words(written))
            first = item.words[0]
            table = self._open if first.is_open else self._whole
            table.setdefault(first.letters, []).append(item)


@cache
def prompt_rules() -> PromptRules:
    """Return the rules that come with the package."""
    folder = resources.files("kith_client").joinpath("data", "prompts")
    decoder = msgspec.json.Decoder(_File)
    return PromptRules(
        {
            name: decoder.decode(folder.joinpath(f"{name}.json").read_bytes())
            for name in (COMMON, *LABEL_LANGUAGES)
        }
    )


def _read_words(written: str) -> tuple[Word, ...]:
    words: list[Word] = []
    for part in written.split("_"):
        tokens = tokens_of(part.removesuffix("*"))[1]
        words += (Word(token.word, is_open=False) for token in tokens)
        if part.endswith("*"):
            words[-1] = Word(words[-1].letters, is_open=True)
    if not words:
        raise ValueError(f"no word in {written!r}")
    return tuple(words)


def _read_rule(line: str, kind: PromptKind, language: str, files: Mapping[str, _File]) -> Rule:
    groups: list[str] = []
    refused: list[str] = []
    window = files[language].window
    for part in line.split():
        if part.startswith("/"):
            window = int(part[1:])
        elif part.startswith("-"):
            refused.append(_group(part[1:], language, files))
        else:
            groups.append(_group(part, language, files))
    return Rule(kind, tuple(groups), tuple(refused), window)


def _group(name: str, language: str, files: Mapping[str, _File]) -> str:
    for where in (language, COMMON):
        if name in files[where].words:
            return f"{where}.{name}"
    raise ValueError(f"{language}: no group {name!r}")
