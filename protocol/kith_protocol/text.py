"""Free text that people write and other people's screens show.

Text of offers is refused rather than mended, so that what is signed is what was seen. The
rules keep out what misleads a reader (control characters, characters that turn or hide text)
and what most surely identifies a person: links, handles, telephone numbers. It is a floor, not
an anonymiser; more careful advice is given on the member's device. Escaping for display is
left to whoever displays.

Source: SPEC.md, section on texts; Unicode Standard Annex #9 (bidi controls), #15 (NFC).
"""

from __future__ import annotations

import re
import unicodedata

from kith_crypto.errors import MalformedError
from kith_protocol.errors import PrivacyFloorError

# Explicit ranges, not Unicode categories: those change between versions, and two nodes must
# agree. Joiners (200C, 200D) and direction marks (200E, 200F, 061C) are needed by scripts.
_FORBIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u115f\u1160\u180e\u200b\u2028-\u202e\u2060-\u206f\u3164"
    "\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff"
    "\U000e0000-\U0010ffff]"
)

# The folded text is searched. Endings are a short list: "Node.js" and "ASP.NET" are skills.
_LINK = re.compile(
    r"://|\bwww\.|\bmailto:|[a-z0-9-]\.[a-z]{2,24}/"
    r"|[a-z0-9-]\.(?:com|org|info|eu|me|app|chat|link|page|social|blog|online|site|xyz)\b"
)
_HANDLE = re.compile(r"@\w")
_PHONE = re.compile(r"\d(?:[ ().+/-]{0,2}\d){6}")


def check_text(text: str, max_characters: int) -> str:
    """Return *text* if it may stand in an offer.

    Args:
        text: one piece of plain text, no markup, no line breaks.
        max_characters: the most Unicode characters it may have; at least one is needed.

    Raises:
        MalformedError: empty or too long, blank at an end, or not in NFC.
        PrivacyFloorError: control, bidi-override or invisible characters, a link, a handle
            (``@name``, ``name@host``), or 7 digits that may be a telephone number.
    """
    if not 0 < len(text) <= max_characters:
        raise MalformedError(f"a text must have 1 to {max_characters} characters")
    if _FORBIDDEN.search(text):
        raise PrivacyFloorError("the text holds characters that are not allowed")
    if text != text.strip():
        raise MalformedError("a text must not begin or end with a blank")
    if not unicodedata.is_normalized("NFC", text):
        raise MalformedError("a text must be in Unicode normal form C")
    # Wide and decorated letters fold to plain ones, so they hide nothing.
    folded = unicodedata.normalize("NFKC", text).casefold()
    for pattern, what in ((_LINK, "a link"), (_HANDLE, "a handle"), (_PHONE, "a number")):
        if pattern.search(folded):
            raise PrivacyFloorError(f"the text holds what looks like {what}")
    return text


def clean_text(text: str, max_characters: int) -> str:
    """Return *text* fit for a steward's screen: cut, in NFC, misleading characters dropped.

    For names and summaries of other servers, which we show and never sign. A line break
    becomes a blank.
    """
    shown = _FORBIDDEN.sub("", text[: 4 * max_characters].replace("\n", " "))
    return unicodedata.normalize("NFC", shown).strip()[:max_characters].strip()
