"""Who holds the keys, on the command line: one person, or two of three after each other."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import ParamSpec, TypeVar

import click

from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import MalformedError, UsageError
from kith_crypto.hashes import sha256
from kith_node.cli.keyholder_files import (
    PRIVATE_MODE,
    PRIVATE_NAME,
    SHARES_NAME,
    read_file,
    write_new,
)
from kith_node.cli.output import print_json
from kith_protocol.keyholders_private import (
    LASTING_EPOCH,
    PrivateKeys,
    parse_person,
    parse_private,
)
from kith_protocol.keyholders_shares import (
    Shares,
    complete,
    encode_half,
    encode_shares,
    half_open,
    parse_half,
    parse_shares,
)

P = ParamSpec("P")
R = TypeVar("R")

TWO_ARE_NEEDED = (
    "two of you are needed: whoever goes first adds --out FILE and hands that file on; whoever "
    "goes second adds --half FILE"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Hands:
    """The files that were named.

    Attributes:
        key: private file of the one keyholder, or of one of three.
        shares_path: the three's shares.
        half: half-open file from the first of two.
        out: where the first of two writes it.
        shares: read from ``shares_path``; None with one keyholder.
    """

    key: Path
    shares_path: Path | None
    half: Path | None
    out: Path | None
    shares: Shares | None = None

    def in_folder(self, folder: Path) -> Hands:
        """Return these hands with what was not named taken from *folder*.

        Raises:
            UsageError: the shares' file cannot be read or is none.
        """
        key = self.key if self.key.exists() else folder / PRIVATE_NAME
        path = self.shares_path
        if path is None and not _is_private(key) and (folder / SHARES_NAME).exists():
            path = folder / SHARES_NAME
        shares = None if path is None else parse_shares(read_file(path))
        return dataclasses.replace(self, key=key, shares_path=path, shares=shares)

    @property
    def folder(self) -> Path:
        """Return the folder of the private file; the log stands there."""
        return self.key.parent

    @property
    def identity(self) -> VerifyKey:
        """Return the keyholders' lasting public key."""
        return self.shares.identity if self.shares else self.private().identity.verify_key

    def private(self) -> PrivateKeys:
        """Return the one keyholder's keys.

        Raises:
            UsageError: the file is that of one of three, and their shares are missing.
        """
        raw = read_file(self.key)
        try:
            return parse_private(raw)
        except MalformedError as error:
            hint = f"; with three keyholders name {SHARES_NAME} with --shares"
            raise UsageError(f"{self.key} is no keyholders' private file{hint}") from error

    def check(self) -> None:
        """Return if there is enough to go on, before anybody is asked anything.

        Raises:
            UsageError: a file is missing or of another kind.
        """
        if self.shares is None:
            self.private()
            if self.out is not None or self.half is not None:
                raise UsageError("one person alone needs neither --out nor --half")
        elif (self.out is None) == (self.half is None):
            raise UsageError(TWO_ARE_NEEDED)

    def open(self, epochs: Iterable[int], purpose: bytes) -> dict[int, bytes] | None:
        """Return secrets by epoch, or None where this person went first and wrote ``out``.

        Args:
            epochs: that are needed; those of them that one keyholder has not got are left out.
            purpose: 32 bytes that name what it is for.

        Raises:
            UsageError: files or people do not fit.
            DecryptionError: shares are not for this person's key.
        """
        self.check()
        if self.shares is None:
            private = self.private()
            known = private.seeds | {LASTING_EPOCH: private.identity.seed}
            return {epoch: known[epoch] for epoch in epochs if epoch in known}
        seed = self._person()
        if self.half is not None:
            half = parse_half(read_file(self.half))
            return complete(self.shares, half, seed, purpose=purpose)
        assert self.out is not None
        there = [epoch for epoch in epochs if epoch in self.shares.shares]
        opened = half_open(self.shares, seed, epochs=there, purpose=purpose)
        write_new(self.out, encode_half(opened), mode=PRIVATE_MODE)
        return None

    def renewal_purpose(self) -> bytes:
        """Return what half-open shares are for when keys are renewed."""
        return sha256(b"" if self.shares is None else encode_shares(self.shares))

    def tell_half(self, *, as_json: bool) -> None:
        """Say how the second keyholder goes on."""
        if as_json:
            print_json({"half": str(self.out)})
            return
        click.echo(f"Written: {self.out}. Hand it to the second keyholder, who runs the same")
        click.echo(f"command with --half {self.out} instead of --out. Delete it afterwards.")

    def _person(self) -> bytes:
        try:
            return parse_person(read_file(self.key))
        except MalformedError as error:
            raise UsageError(f"{self.key} is no private file of one of three people") from error


def hand_options(command: Callable[P, R]) -> Callable[P, R]:
    """Give *command* the options that say who holds the keys, as its argument ``hands``."""

    @functools.wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        named = {name: kwargs.pop(name) for name in ("key", "shares_path", "half", "out")}
        kwargs["hands"] = Hands(**named)  # type: ignore[arg-type] # click's options below
        return command(*args, **kwargs)

    decorated: Callable[P, R] = run
    for option in reversed(_OPTIONS):
        decorated = option(decorated)
    return decorated


def _is_private(path: Path) -> bool:
    try:
        parse_private(read_file(path))
    except (MalformedError, UsageError):
        return False
    return True


_FILE = click.Path(path_type=Path, dir_okay=False)
_OPTIONS = (
    click.option(
        "--key",
        type=_FILE,
        default=PRIVATE_NAME,
        show_default=True,
        help="Your private file: the only one's, or that of one of three.",
    ),
    click.option(
        "--shares",
        "shares_path",
        type=_FILE,
        help=f"The three's {SHARES_NAME}; by default the one beside your private file.",
    ),
    click.option("--half", type=_FILE, help="Go second, with what the first one wrote."),
    click.option("--out", type=_FILE, help="Go first: write this file for the second one."),
)
