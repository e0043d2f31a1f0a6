"""Who reads what commands print: in which language, and by which clock.

Both come from the system or from an option. Neither is ever sent.
"""

from __future__ import annotations

import dataclasses
import os

import msgspec

from kith_client.calendar import default_zone, show_slot
from kith_client.summaries import summarise
from kith_client.wording import DEFAULT_LANGUAGE, Wording, languages, wording
from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import MentorshipBody, Slot

_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")  # POSIX: the first one that is set decides


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """A person at a terminal.

    Attributes:
        language: of texts that come in several.
        zone: as in the IANA database.
        hint: what to tell them about the zone; empty if the system knew it.
        words: the texts.
    """

    language: str
    zone: str
    hint: str
    words: Wording

    def show(self, slot: Slot, *, is_own: bool) -> str:
        """Return when *slot* is, by one's own clock and by theirs if they told.

        Args:
            slot: with the offset of whoever wrote it.
            is_own: that was oneself, so the offset says nothing new.
        """
        if is_own:
            slot = msgspec.structs.replace(slot, offset=None)
        return show_slot(slot, zone=self.zone, language=self.language)

    def summarise(self, body: MentorshipBody, *, is_own: bool) -> str:
        """Return a message of a mentorship in one line."""
        return summarise(
            body,
            is_own=is_own,
            words=self.words,
            show_time=lambda slot: self.show(slot, is_own=is_own),
        )


def reader_of(*, language: str | None = None, zone: str | None = None) -> Reader:
    """Return who reads, by what they said or what their system says.

    Args:
        language: such as ``en``, or None to ask the system.
        zone: such as ``Africa/Nairobi``, or None to ask the system.

    Raises:
        UsageError: texts do not come in that language.
    """
    if language is not None and language not in languages():
        raise UsageError(f"texts come in: {', '.join(languages())}")
    chosen = language or _system_language()
    if zone is not None:
        return Reader(chosen, zone, "", wording(chosen))
    found = default_zone(os.environ)
    return Reader(chosen, found.name, found.hint, wording(chosen))


def _system_language() -> str:
    """Return the language of the locale, such as that of ``pt_BR.UTF-8``, if texts have it."""
    locale = next((os.environ[name] for name in _VARIABLES if os.environ.get(name)), "")
    short = locale.partition(".")[0].partition("@")[0].partition("_")[0].lower()
    return short if short in languages() else DEFAULT_LANGUAGE
