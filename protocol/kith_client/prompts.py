"""Local prompts: does a text ask to go elsewhere, to meet, for pictures, or for money?

Such wishes are not wrong, but they are the moments at which people get hurt, so a member's
device says a word when it sees one. It looks on the device only, keeps nothing and tells
nobody: ``find_prompts`` is a function of the text alone. It reads all twelve languages at once,
because people mix them.

It goes by short lists of words (``data/prompts/``), not by meaning: it misses what is said in
other words, and it errs. Whoever shows a prompt must let people go on.

| kind | the text seems to ask |
|---|---|
| elsewhere | to talk by another messenger, e-mail or telephone, or shows such an address |
| meeting | to meet in person, or where somebody lives or is |
| photo | for photos or videos of a person |
| money | for money, gift cards, account data, codes or passwords |

Left to the caller: what to say, and how long a text may be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

import msgspec

from kith_client.prompt_rules import KINDS, PromptKind, PromptRules, Rule, prompt_rules
from kith_protocol.finding.tokens import Token, tokens_of

# Where a thought ends. A full stop between letters or digits ends nothing.
_SENTENCE_END = re.compile("[!?\u3002\u061f\u061b\u06d4;\n\r]|\\.(?:\\s|$)")
# An e-mail address. Bounded, and begun only where a word does, so that no text makes it slow.
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@\w[\w-]{0,62}\.\w{1,63}")
# Nine digits and more are a telephone number, unless they begin like a date or a fraction.
_NUMBER = re.compile(
    r"(?<![\d.:/-])(?!\d{4}-\d\d-\d\d|\d{1,2}[./-] ?\d{1,2}[./-] ?\d{2,4}(?!\d)|\d{1,3}\.\d{7})"
    r"(?:\+\d(?:[ ()./-]{0,2}\d){7,14}|\d(?:[ ()./-]{0,2}\d){8,14})"
)

_Spans = dict[str, list[tuple[int, int]]]


class Prompt(msgspec.Struct, frozen=True):
    """Words that may ask for something one should think about first.

    Attributes:
        kind: what they seem to ask for.
        start: index of their first character in the text.
        end: index behind their last.
    """

    kind: PromptKind
    start: int
    end: int


def find_prompts(text: str) -> tuple[Prompt, ...]:
    """Return what *text* seems to ask for: at most one prompt of a kind for each sentence.

    Args:
        text: of any length; the work grows with it and no faster.

    Returns:
        Prompts by their place in the text, then by kind.
    """
    shown, places = _compatible(text)
    rules = prompt_rules()
    found = {
        Prompt(kind, places[start][0], places[max(start, end - 1)][1])
        for kind, start, end in (*_in_words(shown, rules), *_in_shapes(shown))
    }
    return tuple(sorted(found, key=lambda one: (one.start, one.end, KINDS.index(one.kind))))


def _in_words(shown: str, rules: PromptRules) -> Iterator[tuple[PromptKind, int, int]]:
    for tokens in _sentences(shown):
        spans = _spans(tokens, rules)
        best: dict[PromptKind, tuple[int, int]] = {}
        for group in spans:
            for rule in rules.rules_of(group):
                span = _nearest(rule, spans)
                if span is not None and _is_better(span, best.get(rule.kind)):
                    best[rule.kind] = span
        for kind, (first, behind) in best.items():
            yield kind, tokens[first].start, tokens[behind - 1].end


def _in_shapes(shown: str) -> Iterator[tuple[PromptKind, int, int]]:
    for pattern in (_MAIL, _NUMBER):
        for match in pattern.finditer(shown):
            yield "elsewhere", match.start(), match.end()


def _sentences(shown: str) -> Iterator[Sequence[Token]]:
    _, tokens = tokens_of(shown)
    first = 0
    for index in range(1, len(tokens)):
        if _SENTENCE_END.search(shown, tokens[index - 1].end, tokens[index].start):
            yield tokens[first:index]
            first = index
    yield tokens[first:]


def _spans(tokens: Sequence[Token], rules: PromptRules) -> _Spans:
    """Return by group where its items stand: first token and behind the last, ascending."""
    forms = [rules.forms_of(token.word) for token in tokens]
    spans: _Spans = {}
    for start in range(len(tokens)):
        for item in rules.items_at(forms[start]):
            end = start + len(item.words)
            if end <= len(tokens) and all(
                word.fits(forms[start + place]) for place, word in enumerate(item.words)
            ):
                spans.setdefault(item.group, []).append((start, end))
    return spans


def _nearest(rule: Rule, spans: _Spans) -> tuple[int, int] | None:
    """Return the shortest row of tokens in which *rule* holds, the first of equals."""
    if any(group not in spans for group in rule.groups):
        return None
    placed = sorted((span, group) for group in set(rule.groups) for span in spans[group])
    refused = sorted(span for group in rule.refused for span in spans.get(group, ()))
    last: dict[str, tuple[int, int]] = {}
    best: tuple[int, int] | None = None
    behind = 0  # refused spans that end too early to matter
    for span, group in placed:
        last[group] = span
        if len(last) < len(set(rule.groups)):
            continue
        row = min(start for start, _ in last.values()), max(end for _, end in last.values())
        if row[1] - row[0] > rule.window or not _is_better(row, best):
            continue
        while behind < len(refused) and refused[behind][1] < row[0] - rule.window:
            behind += 1
        if behind == len(refused) or refused[behind][0] > row[1] + rule.window:
            best = row
    return best


def _is_better(span: tuple[int, int], other: tuple[int, int] | None) -> bool:
    return other is None or (span[1] - span[0], span) < (other[1] - other[0], other)


def _compatible(text: str) -> tuple[str, Sequence[tuple[int, int]]]:
    """Return *text* in compatibility form, and where each of its characters came from."""
    shown = unicodedata.normalize("NFKC", text)
    if shown == text:
        return shown, [(place, place + 1) for place in range(len(text))]
    pieces: list[str] = []
    places: list[tuple[int, int]] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end < len(text) and _joins(text[end]):
            continue
        piece = unicodedata.normalize("NFKC", text[start:end])
        pieces.append(piece)
        places += [(start, end)] * len(piece)
        start = end
    if "".join(pieces) == shown:
        return shown, places
    # Letters that grew together in a way of their own: the whole text is where they are.
    return shown, [(0, len(text))] * len(shown)


def _joins(character: str) -> bool:
    """Return whether *character* belongs to the one before it."""
    first = unicodedata.normalize("NFKD", character)[0]
    return unicodedata.combining(first) != 0 or "\u1160" <= first <= "\u11ff"
