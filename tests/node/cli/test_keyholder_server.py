"""The two keyholders' commands that run beside a node."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256
from kith_crypto.seals import KIND_OFFER, KIND_PROFILE
from kith_node.cli import kith
from kith_node.cli.settings import with_node
from kith_node.http.route import MemberId
from kith_node.runtime.wiring import Node

MEMBER, OTHER = (MemberId(sha256(name)[:16]) for name in (b"member", b"other"))
OFFERS = [sha256(b"offer %d" % at)[:16] for at in range(3)]


def run(*words: str | Path, answers: str = "") -> Result:
    return CliRunner().invoke(kith, [*map(str, words)], input=answers)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new node with keyholders, made once: its RSA key takes a moment."""
    folder = tmp_path_factory.mktemp("node")
    assert run("keyholder", "new", folder / "keys").exit_code == 0
    made = run(
        *("init", "--config", folder / "kith.toml", "--domain", "localhost:8996"),
        *("--development", "--keyholders", folder / "keys" / "keyholders.json"),
    )
    assert made.exit_code == 0, made.output
    return folder


def test_owner_seals_leave_the_server_and_one_member_is_found(folder: Path) -> None:
    async def own(node: Node) -> None:
        async with node.stores.objects.transaction() as connection:
            for owner, object_id, kind in (
                (MEMBER, OFFERS[0], KIND_OFFER),
                (OTHER, OFFERS[1], KIND_OFFER),
                (MEMBER, OFFERS[2], KIND_PROFILE),
            ):
                await node.offers.seals.keep(connection, owner, object_id=object_id, kind=kind)

    with_node(folder / "kith.toml", own)
    seals = folder / "seals.json"
    written = run("keyholder", "seals", seals, "--config", folder / "kith.toml", "--json")
    assert written.exit_code == 0, written.exception
    assert json.loads(written.stdout)["seals"] == 3
    assert stat.S_IMODE(seals.stat().st_mode) == 0o600
    assert encode_base64url(MEMBER) not in seals.read_text()

    found = run(
        *("keyholder", "sweep", seals, "--member", encode_base64url(MEMBER), "--yes", "--json"),
        *("--key", folder / "keys" / "keyholders-private.json"),
    )
    assert found.exit_code == 0, found.exception
    owned = {(one["kind"], one["id"]) for one in json.loads(found.stdout)["owned"]}
    assert owned == {
        ("offer", encode_base64url(OFFERS[0])),
        ("profile", encode_base64url(OFFERS[2])),
    }
    assert json.loads(found.stdout)["unopened"] == 0

    again = run("keyholder", "seals", seals, "--config", folder / "kith.toml")
    assert isinstance(again.exception, UsageError)


def test_other_keyholders_are_installed_only_after_asking(folder: Path) -> None:
    config = ("--config", folder / "kith.toml")
    installed = folder / "data" / "keys" / "keyholders.json"
    before = installed.read_bytes()
    same = run("keyholder", "install", folder / "keys" / "keyholders.json", *config)
    assert same.exit_code == 0
    assert "other keyholders" not in same.output

    run("keyholder", "new", folder / "others")
    others = folder / "others" / "keyholders.json"
    declined = run("keyholder", "install", others, *config, answers="n\n")
    assert "every member's client warns" in declined.output
    assert installed.read_bytes() == before
    assert run("keyholder", "install", others, *config, "--yes").exit_code == 0
    assert installed.read_bytes() == others.read_bytes()
