"""What all of the member's commands share: options, passphrases, output, errors in one line."""

from __future__ import annotations

import asyncio
import dataclasses
import functools
import os
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
import msgspec

from kith_client.errors import ProblemError
from kith_client.means import Means, has_keys
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import KithError, UnavailableError, UsageError

MAX_PASSPHRASE_BYTES = 4096
MIN_PASSPHRASE_CHARACTERS = 12
PLUS = "+"  # in base64url there is none
SHORT_ID_CHARACTERS = 8

P = ParamSpec("P")
R = TypeVar("R")

# What to do next, by code: a one-line error without it leaves people alone.
_NEXT = {
    "cannot-open": "Use the recovery code: kith me recover NODE",
    "conflict": "Look at its state with `kith me offer list`, then try again.",
    "expired": "Its time is over; publish it anew.",
    "forbidden": "Ask the stewards of your community.",
    "gone": "It has been withdrawn or has ended.",
    "keyring-busy": "Wait until that program has ended, then try again.",
    "no-keyring": "Join with `kith me join LINK`, or name the folder with --home.",
    "node-unreachable": "Check the connection and run the same command again; nothing is lost.",
    "not-ready": "Try again in a while, or ask the stewards of your community.",
    "too-many-requests": "Wait a while, then run the same command again.",
    "unauthorized": "Check name and passphrase. If you changed them on another device: kith me "
    "devices again. If you forgot them: kith me recover NODE",
    "unknown-topic": "Look for the right one: kith me topics WORD",
    "unsafe-text": "Say it without names, links, handles, addresses and long numbers.",
    "wrong-passphrase": "Try again, or use the recovery code: kith me recover NODE",
}

# What a node means that finds one place of the input malformed.
_REFUSED_PLACES = {
    "/endDay": "in your community it cannot stand that long; take fewer --days",
    "/formats": "your community does not take these formats; take others",
}

# What `Vault.warnings` mean to somebody who has to decide what to think of their node.
_VAULT_WARNINGS = {
    "rolled-back": "your node showed an older vault than it had. Nothing of yours is lost: "
    "this device has written back what it has. Ask your stewards whether they restored a "
    "backup; if they did not, somebody has meddled with their server",
    "forked": "your node showed another vault than the one that was written last. Nothing that "
    "this device has is lost. If your stewards did not restore a backup, somebody has meddled "
    "with their server",
    "damaged": "parts of your vault on the node did not fit together. This device has written "
    "them anew; what only another device had may be missing until that one is used again",
    "gone": "your vault was gone from your node. This device has written it anew",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """Where the member's keys are and how the command speaks.

    Attributes:
        home: folder of the key file.
        as_json: print one JSON document instead of sentences.
        passphrase_file: holds the passphrase, instead of asking.
        means: clock, randomness, pauses; those of the system unless the program was begun
            with others, as ``obj`` of its context.
    """

    home: Path
    as_json: bool
    passphrase_file: Path | None
    means: Means = dataclasses.field(default_factory=Means)

    def say(self, text: str = "") -> None:
        """Print a line for people; nothing where JSON was asked for."""
        if not self.as_json:
            click.echo(text)

    def title(self, text: str) -> None:
        """Print a line that stands out, on a terminal."""
        self.say(click.style(text, bold=True))

    def warn(self, text: str) -> None:
        """Print a warning where it does not disturb the output."""
        click.echo(click.style(f"Note: {text}", fg="yellow"), err=True)

    def answer(self, document: object) -> None:
        """Print *document* as JSON where that was asked for."""
        if self.as_json:
            click.echo(msgspec.json.encode(document).decode())

    def confirm(self, question: str, *, is_agreed: bool) -> None:
        """Ask a yes-or-no question, unless it was agreed to in advance.

        Raises:
            UsageError: nobody can be asked, as the output is JSON.
            click.Abort: the answer is no.
        """
        if is_agreed:
            return
        if self.as_json:
            raise UsageError("with --json, agree in advance with --yes")
        click.confirm(question, abort=True)

    def refuse_old_keys(self) -> None:
        """Return if there are no keys yet, before somebody is asked for names and words.

        Raises:
            UsageError: there are.
        """
        if has_keys(self.home):
            raise UsageError(
                f"there are keys in {self.home} already; name another folder with --home"
            )

    def ask_passphrase(self, prompt: str = "Passphrase") -> str:
        """Return the passphrase from the file that was named, or ask for it.

        Raises:
            UsageError: the file cannot be read.
        """
        if self.passphrase_file is not None:
            return read_passphrase(self.passphrase_file)
        answer: str = click.prompt(prompt, hide_input=True, err=True)
        return answer

    def ask_new_passphrase(self, suggested: str) -> str:
        """Return a passphrase that somebody chooses; *suggested* if they just press Enter.

        Raises:
            UsageError: it is too short.
        """
        if self.passphrase_file is not None:
            chosen = read_passphrase(self.passphrase_file)
        else:
            click.echo(f"A passphrase nobody can guess: {suggested}", err=True)
            chosen = click.prompt(
                "Press Enter to take it (write it down), or type your own",
                default="",
                show_default=False,
                hide_input=True,
                err=True,
                value_proc=_empty_or_long,
            )
            if chosen:
                click.prompt(
                    "Once more", hide_input=True, err=True, value_proc=_same_as(chosen)
                )
        return check_passphrase(chosen or suggested)

    async def open(self, passphrase: str) -> Member:
        """Return the member whose keys are here; whatever befalls their vault is said."""
        member = await Member.open(self.home, passphrase=passphrase, means=self.means)
        self.watch(member)
        return member

    def watch(self, member: Member) -> None:
        """Say what the node was or will be found to have done to the vault of *member*."""
        for warning in sorted(member.vault.warnings):
            self.warn(_VAULT_WARNINGS[warning])
        member.vault.tell = lambda warning: self.warn(_VAULT_WARNINGS[warning])


def _empty_or_long(chosen: str) -> str:
    try:
        return check_passphrase(chosen) if chosen else chosen
    except UsageError as error:
        raise click.BadParameter(str(error)) from error


def _same_as(chosen: str) -> Callable[[str], str]:
    def check(again: str) -> str:
        if again != chosen:
            raise click.BadParameter("that was another one")
        return again

    return check


def read_passphrase(path: Path) -> str:
    """Return the first line of *path*.

    Raises:
        UsageError: it cannot be read, or is empty.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_PASSPHRASE_BYTES)
        passphrase = raw.decode("utf-8").split("\n", 1)[0].rstrip("\r")
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text") from error
    if not passphrase:
        raise UsageError(f"the first line of {path} is empty; it should be the passphrase")
    return passphrase


def check_passphrase(passphrase: str) -> str:
    """Return *passphrase* if it is not hopelessly short.

    Raises:
        UsageError: fewer than 12 characters.
    """
    if len(passphrase) < MIN_PASSPHRASE_CHARACTERS:
        raise UsageError(
            f"a passphrase of fewer than {MIN_PASSPHRASE_CHARACTERS} characters can be guessed "
            "by whoever steals the database; take six random words"
        )
    return passphrase


def member_command(command: Callable[P, R]) -> Callable[P, R]:
    """Give *command* the options that all have, and its errors one line with a next step."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        place = Place(
            home=kwargs.pop("home"),  # type: ignore[arg-type] # click's option below
            as_json=bool(kwargs.pop("as_json")),
            passphrase_file=kwargs.pop("passphrase_file"),  # type: ignore[arg-type] # as above
            means=click.get_current_context().find_object(Means) or Means(),
        )
        try:
            return command(place, *args, **kwargs)  # type: ignore[arg-type] # first argument
        except KithError as error:
            raise click.ClickException(explain(error)) from error

    options = (
        click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            default=default_home,
            show_default="your data folder",
            help="Folder of your keys. One for each community.",
        ),
        click.option(
            "--passphrase-file",
            type=click.Path(path_type=Path, dir_okay=False),
            help="Read the passphrase from the first line of this file.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON document."),
    )
    decorated: Callable[P, R] = run
    for option in reversed(options):
        decorated = option(decorated)
    return decorated


def default_home() -> Path:
    """Return where keys are kept: the data folder of the XDG Base Directory Specification."""
    base = os.environ.get("XDG_DATA_HOME", "")
    folder = Path(base) if base.startswith("/") else Path.home() / ".local" / "share"
    return folder / "kith" / "me"


def run_async(coroutine: Coroutine[None, None, R]) -> R:
    """Return what *coroutine* returns."""
    return asyncio.run(coroutine)


def explain(error: KithError) -> str:
    """Return *error* in one line, with what to do next."""
    text = str(error) or error.safe
    if isinstance(error, ProblemError) and error.pointer in _REFUSED_PLACES:
        return _REFUSED_PLACES[error.pointer]
    if isinstance(error, ProblemError) and error.retry_after_s:
        return f"{text} Wait {error.retry_after_s} s, then run the same command again."
    if isinstance(error, UnavailableError) and error.retry_after_s:
        return f"{text}. Try again in {error.retry_after_s} s."
    step = _NEXT.get(error.code)
    if step is None:
        return text
    return f"{text}{'' if text.endswith('.') else '.'} {step}"


def count_of(number: int, what: str) -> str:
    """Return ``1 offer`` or ``2 offers``."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def short_id(object_id: bytes) -> str:
    """Return the beginning of an id, enough for people to tell their own apart.

    An id may begin with a hyphen, as an option does; it is shown with a plus sign then, which
    ``pick`` takes for one.
    """
    shown = encode_base64url(object_id)[:SHORT_ID_CHARACTERS]
    return f"{PLUS}{shown[1:]}" if shown.startswith("-") else shown


def pick(text: str, ids: tuple[bytes, ...], what: str) -> bytes:
    """Return the one of *ids* that *text* means.

    Args:
        text: a number as lists show it, from 1, or an id or its beginning.
        ids: in the order of the list.
        what: ``offer`` or ``profile``.

    Raises:
        UsageError: none or several.
    """
    if text.isascii() and text.isdigit() and len(text) <= 4:
        place = int(text)
        if not 1 <= place <= len(ids):
            raise UsageError(f"there is no {what} number {text}; see `kith me {what} list`")
        return ids[place - 1]
    wanted = f"-{text[1:]}" if text.startswith(PLUS) else text
    found = [one for one in ids if encode_base64url(one).startswith(wanted)]
    if len(found) != 1:
        count = "no" if not found else "more than one"
        raise UsageError(f"{count} {what} has an id like {text}; see `kith me {what} list`")
    return found[0]
