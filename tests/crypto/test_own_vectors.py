"""The vector files are what their makers make."""

from pathlib import Path

from kith_testing import message_vectors, vault_vectors
from kith_testing.message_vectors import render

FOLDER = Path(__file__).parents[2] / "crypto" / "vectors"


def test_the_file_of_messages_is_what_its_maker_makes() -> None:
    made = render(message_vectors.make())
    assert (FOLDER / "kith_messages.json").read_bytes() == made, "see message_vectors"


def test_the_file_of_the_vault_is_what_its_maker_makes() -> None:
    made = render(vault_vectors.make())
    assert (FOLDER / "kith_vault.json").read_bytes() == made, "see vault_vectors"
