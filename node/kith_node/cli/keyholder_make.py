"""``kith keyholder person | new | renew``: making keys and further quarters of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import click
from msgspec.structs import replace

from kith_crypto.ed25519 import SigningKey, VerifyKey
from kith_crypto.errors import UsageError
from kith_crypto.fingerprint import fingerprint_words
from kith_crypto.hpke import SEED_BYTES, sealing_public_key
from kith_crypto.seals import quarter_of
from kith_crypto.shares import KEYHOLDERS
from kith_node.cli.keyholder_files import (
    PRIVATE_MODE,
    PRIVATE_NAME,
    PUBLIC_MODE,
    PUBLIC_NAME,
    SHARES_NAME,
    log_day,
    read_file,
    replace_file,
    today,
    write_new,
)
from kith_node.cli.keyholder_hands import Hands, hand_options
from kith_node.cli.output import print_json
from kith_node.runtime.system import SystemRng
from kith_protocol.keyholders_file import (
    Keyholders,
    encode_keyholders_file,
    parse_keyholders_file,
)
from kith_protocol.keyholders_private import (
    LASTING_EPOCH,
    PrivateKeys,
    describe_epoch,
    encode_person,
    encode_person_public,
    encode_private,
    parse_person_public,
)
from kith_protocol.keyholders_shares import Shares, encode_shares, identity_of, make_shares

QUARTERS = 8
QUARTERS_KEPT = 4
"""An offer's seal is needed for at most a year after its quarter; then its key is destroyed."""

ALONE = (
    "One person alone can open every seal with this file: whoever steals it can, and if it is "
    "lost, nobody can. Three people are safer: see `kith keyholder person --help`."
)
NOT_THREE = (
    "name three people's public files with --for, or nobody's. With two people, either both "
    "are always needed and one lost key ends it, or each can open alone; so there is nothing "
    "between one person and any two of three"
)
TOGETHER = (
    "Any two of the three open a case together; one alone opens nothing. Nothing was kept in "
    "clear. Each needs their own private file and {shares}; the node needs {public}."
)
_WITHOUT_IT = "It does not show who talks with whom, and opens no message."

_json_option = click.option("--json", "as_json", is_flag=True, help="Print for scripts.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_json_option
def person(file: Path, *, as_json: bool) -> None:
    """Make the key of one of three keyholders: FILE, and beside it FILE with the ending .pub.

    FILE is private and stays on this machine (and on a copy you keep). The .pub goes to
    whoever runs `kith keyholder new`; read its eight words to them by voice.

    \b
    Example:
      kith keyholder person wren.key
    """  # noqa: D301 - click reads the escape
    public = file.with_suffix(".pub")
    if public == file:
        raise UsageError("name the private file, such as wren.key; the .pub is made beside it")
    seed = SystemRng().bytes(SEED_BYTES)
    key = sealing_public_key(seed)
    write_new(file, encode_person(seed), mode=PRIVATE_MODE)
    write_new(public, encode_person_public(key), mode=PUBLIC_MODE)
    words = fingerprint_words(key)
    if as_json:
        print_json({"private": str(file), "public": str(public), "fingerprint": words})
        return
    click.echo(f"Written: {file} (yours alone; keep it off every server, with a copy)")
    click.echo(f"Written: {public} (for whoever makes the keys for the three of you)")
    click.echo(f"Its words, to be compared by voice: {' '.join(words)}")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--for",
    "people",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A keyholder's .pub file; three times, for any two of three.",
)
@_json_option
def new(folder: Path, people: tuple[Path, ...], *, as_json: bool) -> None:
    """Write new keys for two years into FOLDER: in one hand, or for any two of three people.

    \b
    Examples, on a laptop that never runs the node:
      kith keyholder new keys
      kith keyholder new keys --for wren.pub --for ash.pub --for elm.pub
    Then bring keyholders.json (the public one) to the server:
      kith init --keyholders keyholders.json
    """  # noqa: D301 - click reads the escape
    if len(people) not in (0, KEYHOLDERS):
        raise UsageError(NOT_THREE)
    keys = [parse_person_public(read_file(path)) for path in people]
    if len(set(keys)) != len(keys):
        raise UsageError("two of these files are of the same person")
    rng = SystemRng()
    identity = SigningKey.generate(rng)
    first = quarter_of(today())
    seeds = {quarter: rng.bytes(SEED_BYTES) for quarter in range(first, first + QUARTERS)}
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if keys:
        shares = encode_shares(make_shares(identity, seeds, keys))
        write_new(folder / SHARES_NAME, shares, mode=PRIVATE_MODE)
    else:
        private = encode_private(PrivateKeys(identity, seeds))
        write_new(folder / PRIVATE_NAME, private, mode=PRIVATE_MODE)
    write_new(folder / PUBLIC_NAME, encode_keyholders_file(identity, seeds), mode=PUBLIC_MODE)
    if as_json:
        words = fingerprint_words(identity.verify_key)
        print_json({"folder": str(folder), "fingerprint": words, "people": len(keys) or 1})
        return
    _tell_new(
        folder, identity.verify_key, {str(p): k for p, k in zip(people, keys, strict=True)}
    )


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@hand_options
@_json_option
def renew(folder: Path, hands: Hands, *, as_json: bool) -> None:
    """Make keys of further quarters in FOLDER, for two years from today; the lasting key stays.

    Members see no change. Keys of quarters whose last seal has expired are destroyed. With
    three people two are needed: the first uses --out, the second --half.

    \b
    Examples:
      kith keyholder renew keys
      kith keyholder renew keys --key wren.key --out half.json
      kith keyholder renew keys --key ash.key --half half.json
    Then, on the server: kith keyholder install keyholders.json
    """  # noqa: D301 - click reads the escape
    hands = hands.in_folder(folder)
    public = parse_keyholders_file(read_file(folder / PUBLIC_NAME))
    secrets = hands.open([LASTING_EPOCH], hands.renewal_purpose())
    if secrets is None:
        hands.tell_half(as_json=as_json)
        return
    if hands.shares is None:
        made = _renew_private(folder, hands.private(), public)
    else:
        made = _renew_shares(folder, hands.shares, identity_of(hands.shares, secrets), public)
    until = describe_epoch(max(made)) if made else "the same quarter as before"
    if as_json:
        print_json({"folder": str(folder), "quarters": sorted(made)})
        return
    click.echo(f"{len(made)} further quarters, until {until}. Bring {PUBLIC_NAME} to the node:")
    click.echo(f"  kith keyholder install {PUBLIC_NAME}")


def _tell_new(folder: Path, identity: VerifyKey, people: Mapping[str, bytes]) -> None:
    name = SHARES_NAME if people else PRIVATE_NAME
    what = "a copy for each of the three" if people else "keep it off every server, with a copy"
    click.echo(f"Written: {folder / name} ({what})")
    click.echo(f"Written: {folder / PUBLIC_NAME} (bring it to the node)")
    for path, key in people.items():
        click.echo(f"Ask its owner by voice, {path}: {' '.join(fingerprint_words(key))}")
    words = " ".join(fingerprint_words(identity))
    click.echo(f"Fingerprint, shown to everybody who joins: {words}")
    together = TOGETHER.format(shares=SHARES_NAME, public=PUBLIC_NAME)
    click.echo(f"{together if people else ALONE} {_WITHOUT_IT}")
    click.echo(f"Made {log_day()} for {QUARTERS} quarters; then `kith keyholder renew`.")


def _missing(known: Mapping[int, object]) -> dict[int, bytes]:
    """Return a new seed for each of the coming quarters that has none."""
    rng, now = SystemRng(), quarter_of(today())
    wanted = range(now, now + QUARTERS)
    return {epoch: rng.bytes(SEED_BYTES) for epoch in wanted if epoch not in known}


def _is_needed(epoch: int) -> bool:
    return epoch >= quarter_of(today()) - QUARTERS_KEPT


def _renew_private(folder: Path, private: PrivateKeys, public: Keyholders) -> dict[int, bytes]:
    made = _missing(private.seeds)
    kept = {epoch: seed for epoch, seed in private.seeds.items() if _is_needed(epoch)}
    new_private = PrivateKeys(private.identity, kept | made)
    # The private half first: a crash in between loses nothing.
    replace_file(folder / PRIVATE_NAME, encode_private(new_private), mode=PRIVATE_MODE)
    _write_public(folder, private.identity, made, public)
    return made


def _renew_shares(
    folder: Path, shares: Shares, identity: SigningKey, public: Keyholders
) -> dict[int, bytes]:
    made = _missing(shares.shares)
    fresh = make_shares(identity, made, shares.people)
    kept = {epoch: parts for epoch, parts in shares.shares.items() if _is_needed(epoch)}
    merged = replace(fresh, shares=kept | fresh.shares)
    replace_file(folder / SHARES_NAME, encode_shares(merged), mode=PRIVATE_MODE)
    _write_public(folder, identity, made, public)
    return made


def _write_public(
    folder: Path, identity: SigningKey, made: Mapping[int, bytes], public: Keyholders
) -> None:
    kept = [
        keys
        for epoch, keys in public.quarters.items()
        if epoch not in made and epoch >= quarter_of(today())
    ]
    raw = encode_keyholders_file(identity, made, kept=kept)
    replace_file(folder / PUBLIC_NAME, raw, mode=PUBLIC_MODE)
