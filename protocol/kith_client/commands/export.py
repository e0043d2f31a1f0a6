"""``kith me export``: everything of one's own, to keep."""

from __future__ import annotations

from pathlib import Path

import click

from kith_client.commands.common import Place, member_command, run_async
from kith_client.commands.progress import waiting_for
from kith_client.export_document import Export, encode_export
from kith_client.export_html import render_export
from kith_client.keyfile import write_private
from kith_crypto.errors import UsageError


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@member_command
def export(place: Place, folder: Path) -> None:
    """Write everything of yours into FOLDER, readable: one JSON file and one page.

    Personas, offers, profiles, knocks, conversations with their files, circles, blocks.
    Without your keys, and without what proves messages to others. The files are not encrypted:
    they hold what people told you in confidence.

    Example: kith me export ~/kith-export
    """
    document = run_async(_collect(place, place.ask_passphrase()))
    files = _write(folder, document)
    place.say(f"Everything of yours is in {folder}. Keep it where nobody else looks.")
    place.answer({"files": files})


async def _collect(place: Place, passphrase: str) -> Export:
    async with await place.open(passphrase) as member:
        await waiting_for("Fetching your vault", member.refresh())
        return member.export()


def _write(folder: Path, document: Export) -> list[str]:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot make {folder}: {error.strerror}") from error
    files = {
        folder / "kith-export.json": encode_export(document),
        folder / "kith-export.html": render_export(document).encode(),
    }
    for path, data in files.items():
        write_private(path, data)
    return [str(path) for path in files]
