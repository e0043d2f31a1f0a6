"""A small vocabulary of its own, in all languages, for tests and vectors.

It is not the one that is shipped and does not change with it. Word lists of one topic are
separated by bars, the label first.
"""

# Words of languages whose letters look like others.
# ruff: noqa: RUF001

from __future__ import annotations

from kith_protocol.vocabulary import LABEL_LANGUAGES, Concept, LanguageTexts, Texts, Vocabulary

CONCEPTS = (
    Concept("career"),
    Concept("career.cv", related=("craft.writing",), aliases=("CV",)),
    Concept("career.interviews"),
    Concept("selfcare"),
    Concept("selfcare.sleep"),
    Concept("defence"),
    Concept("defence.techniques"),
    Concept("craft"),
    Concept("craft.writing"),
    Concept("craft.writing.poetry"),
    Concept("craft.verse", retired="craft.writing.poetry"),
    Concept("peer", sensitive=True),
    Concept("peer.listening"),
    Concept("housing"),
    Concept("housing.finding"),
    Concept("software"),
    Concept("software.javascript", aliases=("js", "JavaScript")),
    Concept("software.cpp", aliases=("C++", "cpp")),
    Concept("software.go", aliases=("Go", "Golang")),
    Concept("games"),
    Concept("games.go"),
    Concept("music"),
    Concept("music.guitar"),
    Concept("tongues", languages=True),
    Concept("x.music.oud"),
)

# What each language calls English, Turkish and Japanese; their topic has no other words.
_NAMES = {
    "ar": "الإنجليزية|التركية|اليابانية",
    "en": "English|Turkish|Japanese",
    "it": "inglese|turco|giapponese",
    "fr": "anglais|turc|japonais",
    "de": "Englisch|Türkisch|Japanisch",
    "pl": "angielski|turecki|japoński",
    "tr": "İngilizce|Türkçe|Japonca",
    "pt": "inglês|turco|japonês",
    "ru": "английский|турецкий|японский",
    "ja": "英語|トルコ語|日本語",
    "zh": "英语|土耳其语|日语",
    "es": "inglés|turco|japonés",
}
_WORDS: dict[str, dict[str, str]] = {
    "ar": {
        "career": "التوجيه المهني|مهنة",
        "career.cv": "السيرة الذاتية|خطاب التقديم",
        "career.interviews": "مقابلات العمل|مقابلة عمل",
        "selfcare": "العناية بالنفس|الرعاية الذاتية",
        "selfcare.sleep": "النوم الجيد|الأرق",
        "defence": "الدفاع عن النفس",
        "defence.techniques": "أساليب الدفاع",
        "craft": "الفنون والحرف|فن",
        "craft.writing": "الكتابة|كتابة إبداعية",
        "craft.writing.poetry": "الشعر|قصيدة",
        "peer": "دعم الأقران",
        "peer.listening": "الإصغاء",
        "housing": "السكن",
        "housing.finding": "البحث عن سكن|شقة",
        "software": "البرمجيات|برمجة",
        "games": "الألعاب",
        "music": "الموسيقى",
        "music.guitar": "الغيتار|جيتار",
        "x.music.oud": "العود",
    },
    "en": {
        "career": "Career guidance|career|work",
        "career.cv": "CV and application letters|résumé|cover letter",
        "career.interviews": "Job interviews|mock interview",
        "selfcare": "Self-care|self-help|wellbeing",
        "selfcare.sleep": "Sleeping well|insomnia",
        "defence": "Self-defence|self-defense",
        "defence.techniques": "Self-defence techniques|martial arts",
        "craft": "Arts and crafts|art",
        "craft.writing": "Writing|creative writing",
        "craft.writing.poetry": "Poetry|poems",
        "craft.verse": "Verse",
        "peer": "Peer support|support",
        "peer.listening": "Listening well|listening|support",
        "housing": "Housing|living",
        "housing.finding": "Finding a place to live|flat hunting|living",
        "software": "Software|programming|coding",
        "games": "Games|play",
        "games.go": "Go|baduk",
        "music": "Music|making music",
        "music.guitar": "Guitar and strings|guitar|bass",
        "x.music.oud": "Oud",
    },
    "it": {
        "career": "Orientamento professionale|carriera",
        "career.cv": "Curriculum e lettere|candidatura",
        "career.interviews": "Colloqui di lavoro",
        "selfcare": "Prendersi cura di sé",
        "selfcare.sleep": "Dormire bene|insonnia",
        "defence": "Autodifesa",
        "craft.writing": "Scrittura|scrivere",
        "craft.writing.poetry": "Poesia",
        "housing": "Abitare|casa",
        "housing.finding": "Trovare casa|affitto",
        "music.guitar": "Chitarra",
    },
    "fr": {
        "career": "Orientation professionnelle|carrière",
        "career.cv": "CV et lettre de motivation|candidature",
        "career.interviews": "Entretiens d'embauche",
        "selfcare": "Prendre soin de soi",
        "selfcare.sleep": "Bien dormir|insomnie",
        "defence": "Autodéfense",
        "craft.writing": "Écriture|écrire",
        "craft.writing.poetry": "Poésie|poème",
        "housing": "Logement",
        "housing.finding": "Trouver un logement|appartement",
        "music.guitar": "Guitare",
    },
    "de": {
        "career": "Berufliche Orientierung|Beruf",
        "career.cv": "Lebenslauf und Bewerbung|Lebenslauf|Bewerbung",
        "career.interviews": "Vorstellungsgespräche|Bewerbungsgespräch",
        "selfcare": "Selbstfürsorge",
        "selfcare.sleep": "Gut schlafen|Schlaf",
        "defence": "Selbstverteidigung",
        "craft.writing": "Schreiben|Texte",
        "craft.writing.poetry": "Gedichte|Lyrik",
        "peer.listening": "Zuhören",
        "housing": "Wohnen|Wohnung",
        "housing.finding": "Eine Wohnung suchen|Mietwohnung",
        "music.guitar": "Gitarre",
    },
    "pl": {
        "career.cv": "Życiorys|list motywacyjny",
        "career.interviews": "Rozmowy kwalifikacyjne",
        "selfcare": "Troska o siebie",
        "selfcare.sleep": "Dobry sen|bezsenność",
        "defence": "Samoobrona",
        "craft.writing": "Pisanie",
        "craft.writing.poetry": "Poezja|wiersze",
        "housing": "Mieszkanie",
        "music.guitar": "Gitara",
    },
    "tr": {
        "career.cv": "Özgeçmiş|başvuru mektubu",
        "career.interviews": "İş görüşmeleri|mülakat",
        "selfcare": "Öz bakım",
        "selfcare.sleep": "İyi uyumak|uykusuzluk",
        "defence": "Öz savunma",
        "craft.writing": "Yazarlık",
        "craft.writing.poetry": "Şiir",
        "housing": "Barınma|ev",
        "music.guitar": "Gitar",
    },
    "pt": {
        "career.cv": "Currículo e candidatura",
        "career.interviews": "Entrevistas de emprego",
        "selfcare": "Autocuidado",
        "selfcare.sleep": "Dormir bem|insónia",
        "defence": "Autodefesa|defesa pessoal",
        "craft.writing.poetry": "Poesia",
        "housing": "Habitação|casa",
        "music.guitar": "Violão|guitarra",
    },
    "ru": {
        "career.cv": "Резюме|сопроводительное письмо",
        "career.interviews": "Собеседования",
        "selfcare": "Забота о себе",
        "selfcare.sleep": "Хороший сон|бессонница",
        "defence": "Самооборона",
        "craft.writing.poetry": "Поэзия|стихи",
        "housing": "Жильё|квартира",
        "music.guitar": "Гитара",
    },
    "ja": {
        "career.cv": "履歴書と応募書類|職務経歴書",
        "career.interviews": "就職の面接|面接",
        "selfcare": "セルフケア|自助",
        "selfcare.sleep": "よく眠る|不眠",
        "defence": "護身術",
        "craft.writing.poetry": "詩|短歌",
        "housing.finding": "部屋探し",
        "music.guitar": "ギター",
    },
    "zh": {
        "career.cv": "简历与求职信|简历",
        "career.interviews": "求职面试|面试",
        "selfcare": "自我关怀|自助",
        "selfcare.sleep": "睡个好觉|失眠",
        "defence": "自我防卫|防身术",
        "craft.writing.poetry": "诗歌|写诗",
        "housing.finding": "找房|租房",
        "games.go": "围棋",
        "music.guitar": "吉他",
    },
    "es": {
        "career.cv": "Currículum y carta de presentación|hoja de vida",
        "career.interviews": "Entrevistas de trabajo",
        "selfcare": "Autocuidado",
        "selfcare.sleep": "Dormir bien|insomnio",
        "defence": "Autodefensa|defensa personal",
        "craft.writing.poetry": "Poesía",
        "housing": "Vivienda|casa",
        "music.guitar": "Guitarra",
    },
}


def small_languages() -> tuple[LanguageTexts, ...]:
    """Return the words of each language."""
    return tuple(_language(language) for language in LABEL_LANGUAGES)


def small_vocabulary() -> Vocabulary:
    """Return the vocabulary."""
    return Vocabulary(CONCEPTS, small_languages())


def _language(language: str) -> LanguageTexts:
    topics = {}
    for topic, words in _WORDS[language].items():
        label, *synonyms = words.split("|")
        topics[topic] = Texts(label, tuple(synonyms))
    names = dict(zip(("en", "tr", "ja"), _NAMES[language].split("|"), strict=True))
    return LanguageTexts(language, reviewed=True, topics=topics, language_names=names)
