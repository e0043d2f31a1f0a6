"""Printing for people and for scripts. Colour only on terminals (click sees to that)."""

from __future__ import annotations

from collections.abc import Sequence

import click
import msgspec

from kith_crypto.errors import KithError, MalformedError


def print_json(value: object) -> None:
    """Print *value* as one line of JSON."""
    click.echo(msgspec.json.encode(value).decode())


def print_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print *rows* under *heads*, columns aligned."""
    widths = [max(len(row[column]) for row in (heads, *rows)) for column in range(len(heads))]
    click.secho(_line(heads, widths), bold=True)
    for row in rows:
        click.echo(_line(row, widths))


def print_error(error: KithError) -> None:
    """Print one line that says what is wrong, and where in the input."""
    place = f" ({error.pointer})" if isinstance(error, MalformedError) and error.pointer else ""
    click.secho(f"kith: {error}{place}", fg="red", err=True)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()
