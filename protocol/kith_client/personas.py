"""Personas: who a member is to others, kept in the vault and shown to whom they choose.

A persona is nowhere but in the vault until its owner shows it, sealed as a card, in a knock, an
answer or later, or publishes it as a profile at home. A member may have several; nothing that
is stored anywhere else tells that two belong together. Showing the same card to two people lets
these two find out, if they talk to each other.
"""

from __future__ import annotations

import msgspec

from kith_client.shelf import Shelf
from kith_crypto.errors import UsageError
from kith_crypto.passphrase import suggest_name
from kith_crypto.randomness import Rng
from kith_protocol.offer_content import ProfileContent
from kith_protocol.text import check_text

KIND = "persona"
ID_BYTES = 16
PICTURE_BYTES = 8
MAX_PERSONAS = 50

_PSEUDONYM_WORDS = 2
_MAX_CHARACTERS = {"pseudonym": 40, "pronouns": 40, "about": 300}


class Persona(msgspec.Struct, frozen=True):
    """One persona. Its ``repr`` shows nothing.

    Attributes:
        id: 16 random bytes; it never leaves the vault.
        content: what a card or a profile says.
    """

    id: bytes
    content: ProfileContent

    def __repr__(self) -> str:
        return "Persona(...)"


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    content: ProfileContent


class Personas:
    """The personas of one member."""

    def __init__(self, *, shelf: Shelf, rng: Rng) -> None:
        self._shelf = shelf
        self._rng = rng

    def suggest_pseudonym(self) -> str:
        """Return two random words: nobody's name, and easy to say."""
        words = suggest_name(self._rng).split("-")[:_PSEUDONYM_WORDS]
        return " ".join(word.capitalize() for word in words)

    def list(self) -> tuple[Persona, ...]:
        """Return all personas in the order of their pseudonyms."""
        found = [
            Persona(key, value.content) for key, value in self._shelf.all(KIND, _Value).items()
        ]
        return tuple(sorted(found, key=lambda one: (one.content.pseudonym, one.id)))

    def get(self, persona: bytes) -> Persona:
        """Return the persona of this id.

        Raises:
            UsageError: there is none.
        """
        value = self._shelf.get(KIND, persona, _Value)
        if value is None:
            raise UsageError("you have no such persona")
        return Persona(persona, value.content)

    async def add(
        self,
        pseudonym: str | None = None,
        *,
        pronouns: str = "",
        about: str = "",
        languages: tuple[str, ...] = (),
        topics: tuple[str, ...] = (),
    ) -> Persona:
        """Return a new persona, stored.

        Args:
            pseudonym: 1 to 40 characters, or None to have one suggested.
            pronouns: at most 40 characters.
            about: a line about oneself, at most 300 characters.
            languages: BCP 47 tags, at most 6.
            topics: concept ids, at most 8.

        Raises:
            UsageError: a value out of bounds, or there are 50 personas already.
            PrivacyFloorError: a text holds a link, a handle or a number.
        """
        if len(self._shelf.all(KIND, _Value)) >= MAX_PERSONAS:
            raise UsageError(f"{MAX_PERSONAS} personas are enough; remove one first")
        document: dict[str, object] = {
            "pseudonym": pseudonym or self.suggest_pseudonym(),
            "picture": self._rng.bytes(PICTURE_BYTES).hex(),
            "pronouns": pronouns,
            "about": about,
            "languages": languages,
            "topics": topics,
        }
        persona = Persona(self._rng.bytes(ID_BYTES), _to_content(document))
        return await self._put(persona)

    async def edit(self, persona: bytes, **changes: str | tuple[str, ...]) -> Persona:
        """Return the persona with *changes*; cards shown before stay as they were.

        Args:
            persona: its id.
            changes: the members of ``add`` by name.

        Raises:
            UsageError: there is no such persona, or a value is out of bounds.
            PrivacyFloorError: a text holds a link, a handle or a number.
        """
        known: dict[str, object] = msgspec.to_builtins(self.get(persona).content)
        return await self._put(Persona(persona, _to_content(known | changes)))

    async def new_picture(self, persona: bytes) -> Persona:
        """Return the persona with another picture."""
        content = msgspec.structs.replace(
            self.get(persona).content, picture=self._rng.bytes(PICTURE_BYTES).hex()
        )
        return await self._put(Persona(persona, content))

    async def remove(self, persona: bytes) -> None:
        """Forget the persona; whoever saw its card keeps it."""
        self.get(persona)
        self._shelf.drop(KIND, persona)
        await self._shelf.save()

    async def _put(self, persona: Persona) -> Persona:
        self._shelf.put(KIND, persona.id, _Value(persona.content))
        await self._shelf.save()
        return persona


def _to_content(document: dict[str, object]) -> ProfileContent:
    try:
        content = msgspec.convert(document, ProfileContent)
    except msgspec.ValidationError as error:
        raise UsageError(f"this persona is not possible: {error}") from error
    for name, most in _MAX_CHARACTERS.items():
        if text := getattr(content, name):
            check_text(text, most)
    return content
