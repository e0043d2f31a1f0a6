"""Words of somebody who may need help now, in the languages of the vocabulary.

They bring what helps in a crisis to the front of a search of the library, on the device of
whoever types them. Missing ones cost more than needless ones: who did not mean it sees a few
entries more. No native speaker has read them yet.

Source: written for Kith.
"""

# ruff: noqa: RUF001 - words of several scripts
from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from kith_protocol.fold import fold

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "ar": (
        "انتحار",
        "الانتحار",
        "أريد أن أموت",
        "أريد الموت",
        "إيذاء النفس",
        "أؤذي نفسي",
        "اغتصاب",
        "يضربني",
        "تضربني",
        "أنا في خطر",
        "طردوني من البيت",
    ),
    "de": (
        "suizid",
        "selbstmord",
        "will sterben",
        "will nicht mehr leben",
        "mich umbringen",
        "selbstverletzung",
        "ritzen",
        "vergewaltigt",
        "vergewaltigung",
        "schlägt mich",
        "bin in gefahr",
        "rausgeworfen",
        "obdachlos",
    ),
    "en": (
        "suicide",
        "suicidal",
        "kill myself",
        "want to die",
        "end my life",
        "self harm",
        "selfharm",
        "hurt myself",
        "cutting myself",
        "raped",
        "rape",
        "beats me",
        "hits me",
        "beaten",
        "in danger",
        "thrown out",
        "kicked out",
        "homeless",
        "overdose",
    ),
    "es": (
        "suicidio",
        "suicidarme",
        "quiero morir",
        "quitarme la vida",
        "autolesion",
        "autolesiones",
        "hacerme daño",
        "violacion",
        "me pega",
        "me pegan",
        "en peligro",
        "me echaron de casa",
        "sobredosis",
    ),
    "fr": (
        "suicide",
        "suicidaire",
        "me suicider",
        "envie de mourir",
        "veux mourir",
        "me tuer",
        "automutilation",
        "me faire du mal",
        "viol",
        "me frappe",
        "me bat",
        "en danger",
        "à la rue",
        "mis à la porte",
        "mise à la porte",
    ),
    "it": (
        "suicidio",
        "suicidarmi",
        "voglio morire",
        "uccidermi",
        "farla finita",
        "autolesionismo",
        "farmi del male",
        "stupro",
        "mi picchia",
        "in pericolo",
        "cacciato di casa",
        "cacciata di casa",
        "overdose",
    ),
    "ja": (
        "死にたい",
        "自殺",
        "消えたい",
        "自傷",
        "リストカット",
        "レイプ",
        "殴られ",
        "暴力を受け",
        "追い出され",
        "助けて",
    ),
    "pl": (
        "samobójstwo",
        "samobójcze",
        "chcę umrzeć",
        "zabić się",
        "nie chcę żyć",
        "samookaleczenie",
        "samookaleczam się",
        "gwałt",
        "zgwałcono",
        "bije mnie",
        "w niebezpieczeństwie",
        "wyrzucili mnie z domu",
        "bezdomny",
        "bezdomna",
    ),
    "pt": (
        "suicídio",
        "suicidar",
        "quero morrer",
        "me matar",
        "acabar com a minha vida",
        "automutilação",
        "me machucar",
        "estupro",
        "violação",
        "me bate",
        "em perigo",
        "expulso de casa",
        "expulsa de casa",
        "overdose",
    ),
    "ru": (
        "суицид",
        "самоубийство",
        "хочу умереть",
        "покончить с собой",
        "убить себя",
        "не хочу жить",
        "самоповреждение",
        "режу себя",
        "изнасилование",
        "изнасиловали",
        "бьет меня",
        "бьют меня",
        "в опасности",
        "выгнали из дома",
    ),
    "tr": (
        "intihar",
        "ölmek istiyorum",
        "kendimi öldürmek",
        "yaşamak istemiyorum",
        "kendime zarar",
        "kendine zarar",
        "tecavüz",
        "beni dövüyor",
        "tehlikedeyim",
        "evden atıldım",
        "evden kovuldum",
    ),
    "zh": (
        "自杀",
        "自殺",
        "想死",
        "不想活",
        "轻生",
        "自残",
        "自殘",
        "强奸",
        "強姦",
        "被打",
        "家暴",
        "有危险",
        "赶出家门",
    ),
}

# They are written without blanks, so that words have no ends.
_UNSPACED = frozenset({"ja", "zh"})


def is_crisis(text: str) -> bool:
    """Return whether *text* holds one of the words."""
    folded = f" {fold(text)} "
    return any(word in folded for word in _folded())


@cache
def _folded() -> tuple[str, ...]:
    return tuple(
        # Elsewhere "rape" must not be found in "grape".
        fold(word) if language in _UNSPACED else f" {fold(word)} "
        for language, words in WORDS.items()
        for word in words
    )
