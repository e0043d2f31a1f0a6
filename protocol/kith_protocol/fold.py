"""Search folding: the form in which two spellings of a word are the same.

Folded text is lower case, without diacritics, tatweel, harakat or invisible characters, in one
width, with Arabic letter variants, Latin letters with strokes and every script's decimal digits
reduced to one form, and with single spaces for all punctuation. ``+`` and ``#`` stay when they
end a word, since they are the difference between C, C++ and C#.

Marks are only taken from Latin, Greek, Cyrillic, Hebrew and Arabic letters: in kana, Hangul and
the scripts of India they are part of the letter. Folding is for comparing, never for showing.

Left to the caller: bounding the length, and splitting text without spaces.

Source: Unicode Standard Annex #15 (NFKC), the Unicode case folding table.
"""

import re
import unicodedata

# One letter for several that no decomposition brings together. Escapes, because right-to-left
# letters and look-alikes in a table are hard to review; the names are Unicode's.
_ONE_FOR_MANY = {
    "ae": "\u00e6",
    "oe": "\u0153",
    "o": "\u00f8",  # with stroke
    "d": "\u0111\u00f0",  # with stroke, eth
    "th": "\u00fe",  # thorn
    "h": "\u0127",  # with stroke
    "i": "\u0131",  # dotless
    "l": "\u0142",  # with stroke
    "t": "\u0167",  # with stroke
    "n": "\u014b",  # eng
    "e": "\u0259",  # schwa
    "\u05db": "\u05da",  # final kaf, mem, nun, pe, tsadi of Hebrew
    "\u05de": "\u05dd",
    "\u05e0": "\u05df",
    "\u05e4": "\u05e3",
    "\u05e6": "\u05e5",
    "\u0627": "\u0671\u0672\u0673",  # alef: wasla, with wavy hamza above and below
    "\u064a": "\u0649\u06cc\u06d0\u06cd\u06d2",  # yeh: alef maksura, Farsi yeh, e, tail, barree
    "\u0647": "\u0629\u06c3\u06c1\u06be\u06d5",  # heh: teh marbuta, goal, two-eyed, ae
    "\u0643": "\u06a9\u06aa",  # kaf: keheh, swash
    "\u0648": "\u06c6\u06c7",  # waw: oe, u
    "": "\u0621\u0674\u0640",  # hamza on the line, high hamza, tatweel
}
_REPLACE = str.maketrans(
    {letter: one for one, many in _ONE_FOR_MANY.items() for letter in many}
)

# Combining marks: general (Latin, Greek, Cyrillic), Cyrillic, Hebrew points, Arabic harakat,
# hamza and madda above and below, dagger alef, Quranic marks.
_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u08d3-\u08ff]"
)
_WORD_END_SIGNS = frozenset("+#")
_MAX_ROUNDS = 8
# For texts in ASCII alone, a quick way to the same: all but letters, digits and signs is blank.
_ASCII_BLANKS = {
    point: " " for point in range(128) if not chr(point).isalnum() and chr(point) not in "+#"
}
_SIGNS_ALONE = re.compile("(^| )[+#]+")


def fold(text: str) -> str:
    """Return the folded form of *text*; folding it again changes nothing.

    Args:
        text: any string; folding can lengthen it (one code point can unfold into 18).
    """
    if text.isascii():
        return _fold_ascii(text)
    # Compatibility forms can unfold into letters that fold further: go on until it rests.
    return _fold_until_it_rests(text, _MAX_ROUNDS)


def _fold_until_it_rests(text: str, rounds: int) -> str:
    folded = _fold_once(text)
    is_done = folded == text or rounds == 1
    return folded if is_done else _fold_until_it_rests(folded, rounds - 1)


def _fold_ascii(text: str) -> str:
    text = text.lower()
    if not text.isalnum():
        text = text.translate(_ASCII_BLANKS)
        if "+" in text or "#" in text:
            text = _SIGNS_ALONE.sub(" ", text)
        text = " ".join(text.split())
    return text


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    text = _MARKS.sub("", unicodedata.normalize("NFD", text))
    text = unicodedata.normalize("NFC", text.translate(_REPLACE))
    # Nothing but letters between blanks is spelled already, and the most usual.
    words = text.split()
    if not "".join(words).isalpha():
        words = _spell(text).split()
    return " ".join(words)


def _spell(text: str) -> str:
    """Return *text* with ASCII digits, no invisibles, and blanks for all that is no word."""
    spelled: list[str] = []
    for character in text:
        category = unicodedata.category(character)
        if category[0] in "LM":
            spelled.append(character)
        elif category[0] == "N":
            spelled.append(_digit(character))
        elif category == "Cf":
            continue  # joiners, soft hyphens, direction marks: inside words, not between them
        elif character in _WORD_END_SIGNS and spelled and spelled[-1] != " ":
            spelled.append(character)
        else:
            spelled.append(" ")
    return "".join(spelled)


def _digit(character: str) -> str:
    value = unicodedata.decimal(character, None)
    return character if value is None else str(value)
