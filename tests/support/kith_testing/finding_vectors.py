"""Makes ``protocol/vectors/topic_finding.json``: texts, and the topics that they mean.

Over a small vocabulary that is in the file, so that nothing changes with the shipped words.
After a change of the rules run ``PYTHONPATH=tests/support python -m
kith_testing.finding_vectors`` into that file; a test fails while it differs.
"""

# Words of languages whose letters look like others.
# ruff: noqa: RUF001

from __future__ import annotations

from typing import Any

import msgspec

from kith_protocol.finding.endings import families, stem
from kith_protocol.finding.spelling import Speller, distance
from kith_protocol.finding.tokens import tokens_of
from kith_protocol.fold import fold
from kith_protocol.topic_finder import TopicFinder
from kith_protocol.vocabulary import VOCABULARY_VERSION
from kith_protocol.words import words_of
from kith_testing.small_vocabulary import CONCEPTS, small_languages, small_vocabulary

WORDS = (
    "",
    "Letters, letters & C++",
    "auto-defensa",
    "自助練習とCV",
    "ｶﾞｲﾄﾞ",
    "السيرة الذاتية",
    "İstanbul'da ılık",
    "+# a+ b",
)
STEMS: dict[str, str] = {
    "en": "interviews planning poetry cv bus navigation creation buddy buddies",
    "de": "wohnungen bewerbung prüfen hund hunde mentorinnen",
    "romance": "entrevistas guitarra guitares canciones colloqui colloquio lettres",
    "pl": "wierszy pisanie rozmowy gitarze",
    "tr": "özgeçmişimi mülakatlar görüşmelerine kitaplığı şiirde",
    "ru": "собеседованию писать стихи резюме гитаре",
    "ar": "السيرة والسيرة للسكن بالنفس مقابلات قصيدة شعر",
}
DISTANCES = (
    ("interview", "interview", 2),
    ("interview", "intreview", 1),
    ("interview", "interviw", 1),
    ("ca", "abc", 3),
    ("ca", "abc", 2),
    ("guitar", "sitar", 2),
    ("guitar", "sitar", 1),
    ("面接練習", "面接練", 1),
)
NEAR = (
    "guitra",
    "guitars",
    "js",
    "poety",
    "selfdefence",
    "履歴書と応募書",
    "面試",
    "gitar",
    "xyz",
)
FINDS = (
    ("js", "en"),
    ("c", "en"),
    ("c++", "de"),
    ("poem", "en"),
    ("care", "en"),
    ("lett", "en"),
    ("letters application", "en"),
    ("itar", "en"),
    ("gitar", "tr"),
    ("gitar", "pl"),
    ("guitra", "en"),
    ("Interviews", "en"),
    ("living", "en"),
    ("craft.writing", "en"),
    ("面", "ja"),
    ("السيره الذاتيه", "ar"),
    ("verse", "en"),
    ("oud", "en"),
    ("casa", "it"),
    ("casa", "es"),
    ("a", ""),
    ("", "en"),
    ("zzzz", "en"),
)
TEXTS = (
    ("auto-defensa", "es"),
    ("CV prüfen", "de"),
    ("自助练习", "zh"),
    ("js", "en"),
    ("how do I write a resume", "en"),
    ("someone to practise job interviews with", "en"),
    ("je cherche quelqu'un pour relire mon CV", "fr"),
    ("Hilfe bei der Wohnungssuche", "de"),
    ("Mietwohnungen", "de"),
    ("poems, and the guitar", "en"),
    ("music and guitar", "en"),
    ("self defence", "en"),
    ("selfdefense", "en"),
    ("go", "en"),
    ("go", "zh"),
    ("living", "en"),
    ("support", "en"),
    ("casa", "es"),
    ("casa", ""),
    ("listening", "en"),
    ("listening to vinyl", "en"),
    ("guitra lessons", "en"),
    ("poety", "en"),
    ("intervew with a vampire", "en"),
    ("jss", "en"),
    ("CVs", "en"),
    ("wierszy i poezji", "pl"),
    ("özgeçmişimi kontrol eder misin", "tr"),
    ("помощь с резюме и собеседованием", "ru"),
    ("أريد مراجعة سيرتي الذاتية", "ar"),
    ("والسيرة الذاتية", "ar"),
    ("面接の練習をしたい", "ja"),
    ("履歴書を見てほしい", "ja"),
    ("ギターを教えて", "ja"),
    ("帮我修改简历", "zh"),
    ("怎么写诗", "zh"),
    ("JavaScriptの面接", "ja"),
    ("rivedere il curriculum", "it"),
    ("aulas de violão", "pt"),
    ("Grossmutters Rezepte", "de"),
    ("oud", "en"),
    ("verse", "en"),
    ("the and of", "en"),
    ("teach me", "en"),
    ("ＣＶ　ＰＲＵＥＦＥＮ", "de"),
    ("!?", "en"),
    ("learn English", "en"),
    ("学英语", "zh"),
    ("an English CV", "en"),
    ("Japonca ve gitar", "tr"),
)


def make() -> bytes:
    """Return the file, one case a line."""
    vocabulary = small_vocabulary()
    finder = TopicFinder(vocabulary)
    speller = Speller(_folded_texts())
    sections: dict[str, list[Any]] = {
        "concepts": list(CONCEPTS),
        "languages": list(small_languages()),
        "words": [[text, words_of(text)] for text in WORDS],
        "tokens": [[text, *tokens_of(text)] for text in WORDS],
        "stems": [
            [family.name, word, stem(fold(word), family)]
            for family in families()
            for word in STEMS[family.name].split()
        ],
        "distances": [
            [one, other, most, distance(one, other, most)] for one, other, most in DISTANCES
        ],
        "near": [[text, speller.near(text)] for text in NEAR],
        "finds": [
            {"query": query, "languages": _languages(language), "found": found}
            for query, language in FINDS
            for found in [finder.find(query, languages=_languages(language), limit=5)]
        ],
        "texts": [
            {"text": text, "languages": _languages(language), "means": means}
            for text, language in TEXTS
            for means in [finder.understand(text, languages=_languages(language))]
        ],
    }
    parts = [f'"version":{VOCABULARY_VERSION}']
    for name, cases in sections.items():
        lines = ",\n".join(msgspec.json.encode(case).decode() for case in cases)
        parts.append(f'"{name}":[\n{lines}\n]')
    return ("{\n" + ",\n".join(parts) + "\n}\n").encode()


def _languages(language: str) -> tuple[str, ...]:
    return (language,) if language else ()


def _folded_texts() -> list[str]:
    return [
        fold(text)
        for language in small_languages()
        for texts in language.topics.values()
        for text in (texts.label, *texts.synonyms)
    ]


if __name__ == "__main__":
    import sys

    sys.stdout.buffer.write(make())
