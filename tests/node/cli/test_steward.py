"""A steward's commands on a new node: what they print, and what they refuse in one line."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kith_crypto.errors import KithError, UsageError
from kith_crypto.proof import verify_document
from kith_crypto.strict_json import parse_json_object
from kith_node.cli import kith
from kith_node.federation.identity import load_identity
from kith_node.runtime.config import ConfigError
from kith_protocol.urls import parse_origin

DOMAIN = "localhost:8999"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(kith, arguments)


def run_json(*arguments: str) -> dict[str, object]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.output)
    assert isinstance(answer, dict)
    return answer


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A new node, made once: its RSA key takes a moment."""
    folder = tmp_path_factory.mktemp("node")
    assert run("keyholder", "new", str(folder / "keyholder")).exit_code == 0
    path = folder / "kith.toml"
    result = run(
        *("init", "--config", str(path), "--domain", DOMAIN, "--development"),
        *(
            "--keyholders",
            str(folder / "keyholder" / "keyholders.json"),
            "--languages",
            "en,ar",
        ),
    )
    assert result.exit_code == 0, result.output
    assert "kith serve" in result.output
    assert "Move" in result.output
    return str(path)


def test_keys_and_databases_are_readable_by_their_owner_only(config: str) -> None:
    data = Path(config).parent / "data"
    assert stat.S_IMODE(data.stat().st_mode) == 0o700
    for name in ("keys/node-ed25519.seed", "keys/node-rsa.pem", "members.db", "objects.db"):
        assert stat.S_IMODE((data / name).stat().st_mode) & 0o077 == 0, name


def test_the_revocation_is_signed_by_the_node(config: str) -> None:
    folder = Path(config).parent
    origin = parse_origin(f"http://{DOMAIN}", development=True)
    identity = load_identity(folder / "data" / "keys", origin=origin)
    raw = (folder / "revocation.json").read_bytes()
    document = parse_json_object(raw, max_bytes=65536)
    signed = verify_document(document, identity.signing_key.verify_key)
    assert signed["type"] == "Delete"
    assert signed["object"] == identity.actor


def test_init_never_overwrites_a_node(config: str) -> None:
    result = run("init", "--config", config, "--domain", DOMAIN, "--development")
    assert isinstance(result.exception, UsageError)
    assert "exists already" in str(result.exception)


def test_init_refuses_a_bad_domain_before_it_writes_anything(tmp_path: Path) -> None:
    path = tmp_path / "kith.toml"
    result = run("init", "--config", str(path), "--domain", "linden.example", "--development")
    assert isinstance(result.exception, ConfigError)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("domain", ["bücher.example", "http://kith.example", "Kith.example"])
def test_init_refuses_what_is_no_host_before_it_writes_anything(
    tmp_path: Path, domain: str
) -> None:
    result = run("init", "--config", str(tmp_path / "kith.toml"), "--domain", domain)
    assert isinstance(result.exception, UsageError)
    assert list(tmp_path.iterdir()) == []


def test_init_takes_any_name(tmp_path: Path) -> None:
    name = 'Łódź "花" \\ two\nlines\x7f'
    path = str(tmp_path / "kith.toml")
    result = run("init", "--config", path, "--domain", "kith.example", "--name", name)
    assert result.exit_code == 0, result.output
    assert f"kith serve --config {path}" in result.output
    assert run_json("config", "show", "--config", path)["name"] == name


def test_init_leaves_the_keys_of_another_node_alone(config: str, tmp_path: Path) -> None:
    data = str(Path(config).parent / "data")
    arguments = ("--domain", "kith.example", "--data-dir", data)
    result = run("init", "--config", str(tmp_path / "kith.toml"), *arguments)
    assert isinstance(result.exception, UsageError)
    assert "--data-dir" in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_the_settings_that_init_writes_are_valid_and_shown(config: str) -> None:
    assert run("config", "check", "--config", config).exit_code == 0
    shown = run_json("config", "show", "--config", config)
    assert shown["domain"] == DOMAIN
    assert shown["languages"] == ["en", "ar"]


def test_invites_are_made_listed_and_revoked(config: str) -> None:
    before = run_json("invite", "list", "--config", config)["invites"]
    made = run_json("invite", "new", "--config", config, "--count", "2", "--role", "moderator")
    links = made["invites"]
    assert isinstance(links, list)
    assert all(link.startswith(f"http://{DOMAIN}/#i=") for link in links)
    after = run_json("invite", "list", "--config", config)["invites"]
    assert isinstance(before, list)
    assert isinstance(after, list)
    assert len(after) == len(before) + 2
    (new, *_) = set(after) - set(before)
    assert run("invite", "revoke", "--config", config, new).exit_code == 0
    assert new not in str(run_json("invite", "list", "--config", config))
    assert run("invite", "revoke", "--config", config, "--all").exit_code == 0
    assert run_json("invite", "list", "--config", config)["invites"] == []


def test_a_new_node_has_no_offers_and_knows_nobody(config: str) -> None:
    assert run_json("offers", "list", "--config", config) == {"offers": []}
    assert run_json("peer", "list", "--config", config) == {"peers": []}
    assert "kith peer add" in run("peer", "list", "--config", config).output
    status = run_json("status", "--config", config)
    assert status["members"] == status["offers"] == status["remote_offers"] == 0


def test_search_says_how_many_fit(config: str) -> None:
    result = run("search", "--config", config, "--topics", "career.cv")
    assert result.exit_code == 0, result.output
    assert "0 offers fit" in result.output
    text = run(
        "search", "--config", config, "--text", "CV prüfen", "--languages", "de", "--near"
    )
    assert "understood as: career.cv" in text.output
    assert "did you mean" not in text.output
    assert "ways of helping: review" in text.output
    words = run("search", "--config", config, "--text", "xyzzy plugh")
    assert "other words: xyzzy plugh" in words.output
    lost = run("search", "--config", config, "--text", "?!")
    assert "0 offers fit" in lost.output
    assert "understood as: no topic" in lost.output


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("peer", "approve", "linden.example"), "not known here"),
        (("peer", "add", "not a domain"), "not the address of a node"),
        (("peer", "add", DOMAIN), "this node itself"),
        (("search", "--topics", "no.such"), "--topics: unknown value"),
        (("peer", "add", "localhost:1"), "check the address"),
        (("offers", "remove", "foo"), "kith offers list"),
        (("invite", "revoke", "zz"), "8 hexadecimal digits"),
        (("offers", "remove", "AAAAAAAAAAAAAAAAAAAAAA"), "offer"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    config: str, arguments: tuple[str, ...], part: str
) -> None:
    command, *rest = arguments
    group = [command] if command == "search" else [command, rest.pop(0)]
    result = run(*group, "--config", config, *rest)
    assert isinstance(result.exception, KithError), result.output
    assert part in str(result.exception)
    assert "\n" not in str(result.exception)


def test_a_node_without_keyholders_says_what_is_missing(tmp_path: Path) -> None:
    path = str(tmp_path / "kith.toml")
    result = run("init", "--config", path, "--domain", "localhost:8998", "--development")
    assert result.exit_code == 0
    assert "kith keyholder install" in result.output
    refused = run("peer", "add", "--config", path, "localhost:8997")
    assert isinstance(refused.exception, UsageError)
    assert "keyholder" in str(refused.exception)
    assert run("keyholder", "new", str(tmp_path / "keys")).exit_code == 0
    public = str(tmp_path / "keys" / "keyholders.json")
    assert run("keyholder", "install", "--config", path, public).exit_code == 0
    assert (tmp_path / "data" / "keys" / "keyholders.json").exists()
