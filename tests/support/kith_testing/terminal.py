"""Somebody at a terminal: a folder with keys, and what they type and read."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from kith_client.cli import me
from kith_client.means import Means
from kith_client.patience import Pause
from kith_testing.correspondents import no_pause
from kith_testing.small_node import SmallNode

PASSPHRASE = "gravel-otter-lamp-violin-pear-moss"

_SYSTEM = {"LC_ALL": "C.UTF-8", "TZ": "UTC"}


class Terminal:
    """A folder with keys, and a way to type commands."""

    def __init__(self, folder: Path, node: SmallNode) -> None:
        self.home = folder / "home"
        self.node = node
        self._passphrase_file = folder / "passphrase"
        folder.mkdir(exist_ok=True)
        self._passphrase_file.write_text(f"{PASSPHRASE}\n")

    def type(self, *words: str, answers: str = "", pause: Pause = no_pause) -> Result:
        """Return what comes of typing *words* after ``kith me``, and *answers* when asked."""
        options = ["--home", str(self.home), "--passphrase-file", str(self._passphrase_file)]
        return CliRunner(env=_SYSTEM).invoke(
            me, [*words, *options], input=answers, obj=Means(pause=pause)
        )

    def say(self, *words: str, answers: str = "") -> str:
        """Return what a command prints that must succeed."""
        result = self.type(*words, answers=answers)
        assert result.exit_code == 0, result.output
        return result.output

    def ask(self, *words: str) -> dict[str, object]:
        """Return what a command prints with ``--json``."""
        result = self.type(*words, "--json")
        assert result.exit_code == 0, result.output
        document = json.loads(result.stdout)
        assert isinstance(document, dict)
        return document


def join(folder: Path, node: SmallNode, *, name: str = "wren") -> Terminal:
    """Return the terminal of somebody new at *node*, with keys in *folder*.

    Args:
        folder: of the terminal.
        node: where they join.
        name: login name; two at one node need two, and there are three invites.
    """
    terminal = Terminal(folder, node)
    invite = min(node.invites)
    terminal.say("join", f"{node.origin}/#i={invite}", "--name", name, "--yes")
    return terminal
