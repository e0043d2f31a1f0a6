"""Personas: kept in the vault, shown to nobody by themselves."""

from __future__ import annotations

import pytest

from kith_client.personas import MAX_PERSONAS, Personas
from kith_crypto.errors import UsageError
from kith_protocol.errors import PrivacyFloorError
from kith_testing.correspondents import Correspondents, Person
from kith_testing.small_node import SmallNode


@pytest.fixture
def person(people: Correspondents, node: SmallNode) -> Person:
    return people.person(node)


@pytest.fixture
async def personas(people: Correspondents, person: Person) -> Personas:
    return (await people.device(person)).member.personas


async def test_a_persona_is_stored_before_it_is_returned(
    people: Correspondents, person: Person, personas: Personas
) -> None:
    made = await personas.add("Wren", pronouns="they", languages=("en",), topics=("career.cv",))
    other = await people.device(person)
    assert other.member.personas.list() == (made,)
    assert personas.get(made.id) == made


async def test_a_pseudonym_is_suggested(personas: Personas) -> None:
    names = {(await personas.add()).content.pseudonym for _ in range(5)}
    assert len(names) == 5
    for name in names:
        words = name.split(" ")
        assert len(words) == 2
        assert all(word.isalpha() and word.istitle() for word in words)


async def test_no_two_personas_have_anything_in_common(personas: Personas) -> None:
    one, other = await personas.add(), await personas.add()
    assert one.id != other.id
    assert one.content.picture != other.content.picture


async def test_a_persona_is_changed_and_forgotten(personas: Personas) -> None:
    made = await personas.add("Wren", about="I repair radios")
    edited = await personas.edit(made.id, pseudonym="Heron", topics=("career.cv",))
    assert (edited.content.pseudonym, edited.content.about) == ("Heron", "I repair radios")
    assert edited.content.picture == made.content.picture
    redrawn = await personas.new_picture(made.id)
    assert redrawn.content.picture != made.content.picture
    assert redrawn.content.pseudonym == "Heron"
    await personas.remove(made.id)
    assert personas.list() == ()
    with pytest.raises(UsageError):
        personas.get(made.id)
    with pytest.raises(UsageError):
        await personas.remove(made.id)


@pytest.mark.parametrize(
    "changes",
    [{"pseudonym": "x" * 41}, {"about": "x" * 301}, {"languages": ("not a language",)}],
)
async def test_refuses_what_no_card_could_say(
    personas: Personas, changes: dict[str, str | tuple[str, ...]]
) -> None:
    made = await personas.add("Wren")
    with pytest.raises(UsageError):
        await personas.edit(made.id, **changes)
    assert personas.list() == (made,)


@pytest.mark.parametrize("about", ["call 030 1234567", "see https://me.example", "@wren"])
async def test_refuses_what_says_who_one_is(personas: Personas, about: str) -> None:
    with pytest.raises(PrivacyFloorError):
        await personas.add("Wren", about=about)


async def test_there_is_an_end_to_personas(personas: Personas) -> None:
    for _ in range(MAX_PERSONAS):
        await personas.add()
    with pytest.raises(UsageError):
        await personas.add()


async def test_a_persona_shows_nothing_by_chance(personas: Personas) -> None:
    assert "Wren" not in repr(await personas.add("Wren"))
