"""``kith topics check`` and ``kith topics export``: the vocabulary as files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import click
import msgspec

from kith_crypto.errors import MalformedError
from kith_node.cli.output import print_json
from kith_node.topics.check import Finding, check, check_language, describe
from kith_node.topics.export import to_csv, to_skos
from kith_node.topics.loading import load_concepts, load_language
from kith_node.topics.translation import parse_translation
from kith_protocol.vocabulary import LABEL_LANGUAGES, Vocabulary

# Not that of ``settings.py``: reading the vocabulary needs nothing of a node.
json_option = click.option("--json", "as_json", is_flag=True, help="Print for scripts.")
language_choice = click.Choice(LABEL_LANGUAGES)


class Problem(msgspec.Struct, frozen=True):
    """Something to mend.

    Attributes:
        file: as it was named, or empty for the vocabulary itself.
        said: what it is, for people.
        finding: the broken rule; None if the file cannot be read.
    """

    file: str
    said: str
    finding: Finding | None = None


@click.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--language",
    "-l",
    "languages",
    multiple=True,
    type=language_choice,
    help="Without FILES: check the words in this language only; repeat it for more.",
)
@json_option
def check_vocabulary(
    files: tuple[Path, ...], languages: tuple[str, ...], *, as_json: bool
) -> None:
    """Check the vocabulary, or the FILES of translators, and say what to mend.

    Every topic needs in every language a label, two more everyday words, and a description of
    one line; topics beside each other share no word; nothing invisible is in any text. Ends
    with 1 if there is anything to mend.

    A file holds one language, as those in the folder topics/data do:

    \b
      {"language": "de", "reviewed": true, "topics": {
      "career": {"label": "Beruf", "synonyms": ["Arbeit", "Job"],
                 "description": "Rat zu allem, was mit Arbeit zu tun hat."}
      }}

    \b
    Examples:
      kith topics check
      kith topics check -l de
      kith topics check de.json
    """  # noqa: D301 - click reads the escape
    if files and languages:
        raise click.UsageError("a file says its own language: leave out --language")
    problems = list(_problems_in(files) if files else _problems_shipped(languages))
    if as_json:
        print_json({"findings": problems})
    else:
        for problem in problems:
            click.echo(f"{problem.file}: {problem.said}" if problem.file else problem.said)
        click.echo(f"{len(problems)} to mend." if problems else "Nothing to mend.")
    if problems:
        sys.exit(1)


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(("skos", "csv")),
    required=True,
    help="SKOS as JSON-LD, for thesauri and linked data; CSV, for spreadsheets.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Write into this file, replacing it; by default to the terminal.",
)
@click.option(
    "--language",
    "-l",
    "languages",
    multiple=True,
    type=language_choice,
    help="Only words in this language; repeat it for more. Without: all.",
)
def export(form: str, output: Path | None, languages: tuple[str, ...]) -> None:
    """Write the vocabulary for other programs.

    The CSV file is UTF-8, has one row for each topic and language, and separates several words
    in one cell by semicolons. A cell that a spreadsheet would take for a formula begins with an
    apostrophe.

    \b
    Examples:
      kith topics export --format skos -o topics.jsonld
      kith topics export --format csv -l de -l en -o topics.csv
    """  # noqa: D301 - click reads the escape
    vocabulary = Vocabulary(load_concepts(), map(load_language, languages or LABEL_LANGUAGES))
    text = to_csv(vocabulary) if form == "csv" else _skos(vocabulary)
    if output is None:
        click.echo(text, nl=False)
        return
    output.write_bytes(text.encode())
    click.echo(f"Wrote {output}.", err=True)


def _skos(vocabulary: Vocabulary) -> str:
    raw = msgspec.json.format(msgspec.json.encode(to_skos(vocabulary)), indent=1)
    return raw.decode() + "\n"


def _problems_shipped(languages: Sequence[str]) -> Iterator[Problem]:
    shown = languages or LABEL_LANGUAGES
    for finding in check(load_concepts(), map(load_language, LABEL_LANGUAGES)):
        if not finding.language or finding.language in shown:
            yield Problem("", describe(finding), finding)


def _problems_in(files: Iterable[Path]) -> Iterator[Problem]:
    """Yield why each of *files* cannot be read, or else what to mend in it."""
    concepts = load_concepts()
    for path in files:
        try:
            texts = parse_translation(path.read_bytes())
        except MalformedError as error:
            yield Problem(str(path), str(error))
        except OSError as error:
            yield Problem(str(path), error.strerror or str(error))
        else:
            for finding in check_language(concepts, texts):
                yield Problem(str(path), describe(finding), finding)
