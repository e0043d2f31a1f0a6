"""Printing for people and for scripts. Colour only on terminals (click sees to that)."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence

import click
import msgspec

from kith_crypto.errors import KithError, MalformedError


def print_json(value: object) -> None:
    """Print *value* as one line of JSON."""
    click.echo(msgspec.json.encode(value).decode())


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print *rows* under *heads*, columns aligned."""
    lines = (heads, *rows)
    widths = [max(_columns(line[at]) for line in lines) for at in range(len(heads))]
    click.secho(_line(heads, widths), bold=True)
    for row in rows:
        click.echo(_line(row, widths))


def print_error(error: KithError) -> None:
    """Print one line that says what is wrong, and where in the input."""
    place = f" ({error.pointer})" if isinstance(error, MalformedError) and error.pointer else ""
    click.secho(f"kith: {error}{place}", fg="red", err=True, color=wants_color(os.environ))


def wants_color(environment: Mapping[str, str]) -> bool | None:
    """Return False where NO_COLOR is set and not empty, else None: colour on terminals only.

    Source: no-color.org
    """
    return False if environment.get("NO_COLOR") else None


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    pairs = zip(cells, widths, strict=True)
    return "  ".join(cell + " " * (width - _columns(cell)) for cell, width in pairs).rstrip()


def _columns(text: str) -> int:
    """Return how many columns *text* takes on a terminal: two for wide letters."""
    return sum(
        2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
        if not unicodedata.combining(letter)
    )
