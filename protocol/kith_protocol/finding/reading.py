"""One text being understood: the steps that ``topic_finder.py`` describes.

Left to the caller: bounding the text, and the indexes over the vocabulary.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec.structs import replace

from kith_protocol.finding.corrections import (
    MAX_CORRECTED,
    SHORTEST_CORRECTED,
    Known,
    corrections,
)
from kith_protocol.finding.meanings import choose
from kith_protocol.finding.reader import EXACT, FORM, MISSPELT, Part, Reader
from kith_protocol.finding.segments import Cutter, Kind, Segment, is_function, is_light, ways_of
from kith_protocol.finding.sharing import Sharing
from kith_protocol.finding.tokens import Token, folded_of, tokens_of, typed
from kith_protocol.finding.way_words import way_phrases
from kith_protocol.query import MAX_WORDS
from kith_protocol.understood import Piece, Understanding
from kith_protocol.words import words_of

MAX_DID_YOU_MEAN = 5
# Compatibility forms can unfold into many letters.
_MAX_CHARACTERS = 400
_MAX_TOKENS = 200


class Reading:
    """What a text means to one reader; made for each text."""

    def __init__(
        self,
        text: str,
        *,
        languages: Mapping[str, int],
        known: Known,
        ancestors: Callable[[str], Sequence[str]],
    ) -> None:
        """Take *text*, what it is compared with, and who reads.

        Args:
            text: of bounded length.
            languages: primary subtags that the reader knows, with their places.
            known: all texts of the vocabulary.
            ancestors: the topics above one.
        """
        shown = unicodedata.normalize("NFKC", text)[:_MAX_CHARACTERS]
        self._shown, tokens = tokens_of(shown)
        self._typed = tokens[:_MAX_TOKENS]
        self._known = known
        self._phrases = known.phrases
        self._ancestors = ancestors
        self._begin(languages)

    def understanding(self) -> Understanding:
        """Return what the text means."""
        if not self._typed:
            return Understanding()
        understanding = self._understanding()
        if not understanding.pieces and self._reader.languages:
            # Perhaps it is in a language that the reader did not name.
            self._begin({})
            understanding = self._understanding()
        return understanding

    def _begin(self, languages: Mapping[str, int]) -> None:
        self._reader = Reader(languages, self._phrases, self._ancestors)
        self._sharing = Sharing(self._reader, self._known.overlap)
        self._suggested: dict[str, None] = {}

    def _understanding(self) -> Understanding:
        corrected = corrections(self._typed, self._known, self._reader.languages)
        tokens = [
            replace(token, word=corrected[index]) if index in corrected else token
            for index, token in enumerate(self._typed)
        ]
        segments = Cutter(tokens, self._phrases, self._reader.is_read).cut()
        parts, left = self._parts(segments, tokens, corrected)
        self._suggest_for(left)
        return Understanding(
            pieces=self._pieces(parts),
            ways=ways_of(segments, tokens, self._phrases),
            words=words_of(typed(self._shown, self._typed, left), most=MAX_WORDS),
            did_you_mean=tuple(self._suggested)[:MAX_DID_YOU_MEAN],
        )

    def _parts(
        self,
        segments: Sequence[Segment],
        tokens: Sequence[Token],
        corrected: Mapping[int, str],
    ) -> tuple[list[Part], list[int]]:
        """Return the parts that mean something, and the indexes of tokens that are left."""
        topics = [one for one in segments if one.kind is Kind.TOPIC]
        aside = [one for one in topics if self._is_aside(one)]
        weak = [one for one in topics if one in aside or self._is_weak(one, tokens)]
        rest = [one.start for one in segments if one.kind is Kind.NOTHING]
        light = [index for index in rest if is_light(tokens[index].word, self._phrases)]
        heavy = [index for index in rest if index not in light]
        helping = [one for one in segments if one.kind is Kind.WAY or one in weak]
        supporting = [index for one in helping for index in range(one.start, one.end)]

        strong = [one for one in topics if one not in weak]
        # "Italian cooking" is about cooking, "to learn Italian" about the language; a "gay
        # lawyer" is a lawyer.
        parts = [self._phrase_part(one) for one in strong or aside]
        supporting += light
        parts = self._sharing.widen(parts, tokens, rest, supporting)
        wanted = [index for index in heavy if not any(index in one.tokens for one in parts)]
        parts += self._sharing.parts(tokens, wanted, supporting, parts)
        parts = self._without_wrong_corrections(parts, corrected)
        parts = parts or [self._phrase_part(one) for one in weak]
        if rest or corrected or not parts:
            parts = self._as_a_whole(parts)
        if not parts and not heavy:
            parts = self._sharing.parts(tokens, light, supporting, [])
        taken = frozenset().union(*(part.tokens for part in parts))
        left = sorted({*heavy, *corrected} - taken)
        return parts, left if parts or left else rest

    def _without_wrong_corrections(
        self, parts: Iterable[Part], corrected: Mapping[int, str]
    ) -> list[Part]:
        """Return the parts that corrections do not make ambiguous; suggest the others."""
        kept = []
        for part in parts:
            if part.tokens.isdisjoint(corrected):
                kept.append(part)
                continue
            self._suggest((*part.topics, *part.others))
            if len(part.topics) == 1:
                kept.append(part)
        return kept

    def _as_a_whole(self, parts: list[Part]) -> list[Part]:
        """Return the one topic that the whole text is a wrong spelling of, or *parts*."""
        folded = folded_of(self._typed)
        near = self._known.texts.near(folded)
        if not near:
            return parts
        candidates = [
            self._reader.candidate(place, (MISSPELT, one.errors))
            for one in near
            for place in self._phrases.whole(one.text.replace(" ", ""))
        ]
        topics, others = choose(candidates, self._ancestors)
        self._suggest((*topics, *others))
        if len(folded) < SHORTEST_CORRECTED or near[0].errors > 1 or len(topics) > 1:
            return parts
        return [Part(frozenset(range(len(self._typed))), topics, others)]

    def _suggest_for(self, left: Sequence[int]) -> None:
        """Suggest topics for the words that are left."""
        for index in left[:MAX_CORRECTED]:
            near = self._known.words.near(self._typed[index].word)
            for one in near[:MAX_DID_YOU_MEAN]:
                token = replace(self._typed[index], word=one.text)
                for part in self._sharing.parts([token], [0], [], []):
                    self._suggest(part.topics)

    def _suggest(self, topics: Iterable[str]) -> None:
        self._suggested.update(dict.fromkeys(topics))

    def _phrase_part(self, segment: Segment) -> Part:
        candidates = [self._reader.candidate(place, (EXACT,)) for place in segment.exact]
        candidates += [self._reader.candidate(place, (FORM,)) for place in segment.forms]
        topics, others = choose(candidates, self._ancestors)
        return Part(frozenset(range(segment.start, segment.end)), topics, others)

    def _is_aside(self, segment: Segment) -> bool:
        """Return whether *segment* is the name of a language, or what people are."""
        places = (*segment.exact, *segment.forms)
        return all(self._phrases.lines[place].is_aside for place in places)

    def _is_weak(self, segment: Segment, tokens: Sequence[Token]) -> bool:
        """Return whether *segment* could as well be a way, or nothing."""
        inside = tokens[segment.start : segment.end]
        if inside[0].is_cjk:
            return "".join(token.word for token in inside) in way_phrases()
        content = [token for token in inside if not is_function(token)]
        if len(content) > 1:
            return False
        lines = [self._phrases.lines[place] for place in segment.forms]
        # "To care for somebody" is only partly said by "care".
        is_rest = not segment.exact and all(" " in line.folded for line in lines)
        return is_rest or all(is_light(token.word, self._phrases) for token in content)

    def _pieces(self, parts: Iterable[Part]) -> tuple[Piece, ...]:
        """Return the pieces of *parts*: each topic once, and none above another one."""
        ordered = sorted(parts, key=lambda part: min(part.tokens))
        named = dict.fromkeys(topic for part in ordered for topic in part.topics)
        done = {upper for topic in named for upper in self._ancestors(topic)}
        pieces: list[Piece] = []
        for part in ordered:
            topics = tuple(topic for topic in part.topics if topic not in done)
            if topics:
                pieces.append(Piece(self._typed_as(part), topics, part.others))
            done.update(topics)
        return tuple(pieces)

    def _typed_as(self, part: Part) -> str:
        return typed(self._shown, self._typed, sorted(part.tokens))
