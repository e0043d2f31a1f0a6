"""Showing how far the demonstration is, and how long each part took.

On a terminal a bar for what can be counted and a line for what cannot; where stderr is no
terminal one line for each part; nothing at all where that was asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from kith_node.runtime.system import Clock

NAME_COLUMNS = 34


class Progress:
    """The parts of one run.

    Attributes:
        seconds: part to how long it took, in order.
    """

    def __init__(self, clock: Clock, *, is_quiet: bool) -> None:
        """Take the clock that measures; *is_quiet* shows nothing."""
        self.seconds: dict[str, float] = {}
        self._clock = clock
        self._is_quiet = is_quiet

    @contextmanager
    def part(self, name: str, label: str, *, steps: int = 0) -> Iterator[Callable[[], None]]:
        """Measure and show one part; yields what is to be called after each step.

        Args:
            name: key in ``seconds``; parts of the same name add up.
            label: for people.
            steps: how many there are, 0 if they can't be counted.
        """
        began = self._clock.monotonic()
        try:
            if steps and not self._is_quiet and sys.stderr.isatty():
                with self._bar(label, steps) as tick:
                    yield tick
            else:
                self._say(label)
                yield _nothing
        finally:
            took = self._clock.monotonic() - began
            self.seconds[name] = round(self.seconds.get(name, 0.0) + took, 2)

    @contextmanager
    def _bar(self, label: str, steps: int) -> Iterator[Callable[[], None]]:
        with click.progressbar(
            length=steps, label=label.ljust(NAME_COLUMNS), file=sys.stderr, show_eta=False
        ) as bar:
            yield lambda: bar.update(1)

    def _say(self, label: str) -> None:
        if not self._is_quiet:
            click.echo(label, err=True)


def _nothing() -> None:
    """Take no notice of a step."""
