"""The keyholders' commands, as one person and as three type them, without any server."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from kith_crypto.ed25519 import SigningKey
from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_crypto.hashes import sha256
from kith_crypto.hpke import sealing_public_key
from kith_crypto.seals import KIND_OFFER
from kith_node.cli import kith
from kith_node.cli.keyholder_files import (
    LOG_NAME,
    PRIVATE_NAME,
    PUBLIC_NAME,
    SHARES_NAME,
    append_log,
    read_log,
)
from kith_protocol.keyholders_case import encode_case
from kith_protocol.keyholders_file import encode_keyholders_file, parse_keyholders_file
from kith_protocol.keyholders_private import (
    PrivateKeys,
    encode_person,
    encode_private,
    parse_private,
)
from kith_protocol.keyholders_seals import OwnerSeal, SealsFile, encode_seals
from kith_protocol.keyholders_shares import encode_shares, make_shares, parse_shares
from kith_protocol.urls import actor_url
from kith_testing.cases import (
    EPOCH,
    IDENTITY,
    PEOPLE,
    SEEDS,
    a_message_case,
    an_actor,
    an_offer_case,
    owner_seal,
)
from kith_testing.correspondence import DAY, MEMBER
from kith_testing.wire_documents import ASH

MEMBER_TEXT = encode_base64url(MEMBER)
MESSAGE = a_message_case()
NAMES = ("wren", "ash", "elm")


def run(*words: str | Path, answers: str = "") -> Result:
    return CliRunner().invoke(kith, ["keyholder", *map(str, words)], input=answers)


def ask(*words: str | Path) -> dict[str, object]:
    result = run(*words, "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    document = json.loads(result.stdout)
    assert isinstance(document, dict)
    return document


def refusal(*words: str | Path) -> str:
    result = run(*words)
    assert isinstance(result.exception, UsageError), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


@pytest.fixture
def alone(tmp_path: Path) -> Path:
    """The folder of one keyholder of Ash, with a case in it."""
    (tmp_path / PRIVATE_NAME).write_bytes(encode_private(PrivateKeys(IDENTITY, SEEDS)))
    (tmp_path / PUBLIC_NAME).write_bytes(encode_keyholders_file(IDENTITY, SEEDS))
    (tmp_path / "case.json").write_bytes(encode_case(MESSAGE))
    return tmp_path


@pytest.fixture
def three(tmp_path: Path) -> Path:
    """A folder with shares of Ash's keyholders, their private files and a case."""
    people = [sealing_public_key(seed) for seed in PEOPLE]
    (tmp_path / SHARES_NAME).write_bytes(encode_shares(make_shares(IDENTITY, SEEDS, people)))
    (tmp_path / PUBLIC_NAME).write_bytes(encode_keyholders_file(IDENTITY, SEEDS))
    for name, seed in zip(NAMES, PEOPLE, strict=True):
        (tmp_path / f"{name}.key").write_bytes(encode_person(seed))
    (tmp_path / "case.json").write_bytes(encode_case(MESSAGE))
    return tmp_path


def test_every_command_teaches() -> None:
    for name in ("person", "new", "renew", "open", "sweep", "install", "seals"):
        result = run(name, "--help")
        assert result.exit_code == 0
        assert "\n  Example" in result.output
        assert "\\b" not in result.output
        assert f"\n  {name} " in run("--help").output


def test_one_person_is_told_what_that_means(tmp_path: Path) -> None:
    result = run("new", tmp_path / "keys")
    assert result.exit_code == 0, result.output
    assert "One person alone can open every seal" in result.output
    assert stat.S_IMODE((tmp_path / "keys" / PRIVATE_NAME).stat().st_mode) == 0o600


def test_two_people_are_refused_with_the_reason(tmp_path: Path) -> None:
    for name in ("wren", "ash"):
        run("person", tmp_path / f"{name}.key")
    chosen = ("--for", tmp_path / "wren.pub", "--for", tmp_path / "ash.pub")
    assert "nothing between one person and any two of three" in refusal(
        "new", tmp_path / "keys", *chosen
    )
    assert "same person" in refusal(
        "new", tmp_path / "keys", *chosen, "--for", tmp_path / "ash.pub"
    )
    assert not (tmp_path / "keys").exists()


def test_three_people_make_their_keys_and_nothing_is_kept_in_clear(tmp_path: Path) -> None:
    words = []
    for name in NAMES:
        made = ask("person", tmp_path / f"{name}.key")
        assert stat.S_IMODE((tmp_path / f"{name}.key").stat().st_mode) == 0o600
        words.append(" ".join(made["fingerprint"]))  # type: ignore[arg-type] # JSON
    chosen = [part for name in NAMES for part in ("--for", tmp_path / f"{name}.pub")]
    result = run("new", tmp_path / "keys", *chosen)
    assert result.exit_code == 0, result.output
    for word in words:
        assert word in result.output
    assert "Any two of the three" in result.output
    assert sorted(path.name for path in (tmp_path / "keys").iterdir()) == [
        SHARES_NAME,
        PUBLIC_NAME,
    ]
    shares = parse_shares((tmp_path / "keys" / SHARES_NAME).read_bytes())
    public = parse_keyholders_file((tmp_path / "keys" / PUBLIC_NAME).read_bytes())
    assert set(shares.shares) == {0, *public.sealing_keys}
    assert len(public.sealing_keys) == 8


def test_a_persons_key_is_never_overwritten(tmp_path: Path) -> None:
    assert run("person", tmp_path / "wren.key").exit_code == 0
    before = (tmp_path / "wren.key").read_bytes()
    assert "exists already" in refusal("person", tmp_path / "wren.key")
    assert (tmp_path / "wren.key").read_bytes() == before
    assert "beside it" in refusal("person", tmp_path / "wren.pub")


def test_opening_shows_the_text_asks_and_keeps_a_log(alone: Path) -> None:
    typed = ("open", alone / "case.json", "--key", alone / PRIVATE_NAME)
    declined = run(*typed, answers="n\n")
    assert declined.exit_code == 1
    assert "something unkind" in declined.output
    assert MEMBER_TEXT not in declined.output
    assert read_log(alone) == []

    opened = run(*typed, answers="y\n")
    assert opened.exit_code == 0, opened.output
    assert f"Member: {MEMBER_TEXT}" in opened.output
    assert "a node that lies can name the wrong member" in opened.output
    (line,) = read_log(alone)
    assert (line.what, line.kind, line.category) == ("opened", "message", "harassment")
    assert stat.S_IMODE((alone / LOG_NAME).stat().st_mode) == 0o600
    assert MEMBER_TEXT not in (alone / LOG_NAME).read_text()


def test_the_owner_of_an_offer_is_found(alone: Path) -> None:
    (alone / "case.json").write_bytes(encode_case(an_offer_case()))
    found = ask("open", alone / "case.json", "--key", alone / PRIVATE_NAME, "--yes")
    assert found == {"member": MEMBER_TEXT, "node": ASH}


def test_scripts_agree_in_advance(alone: Path) -> None:
    typed = ("open", alone / "case.json", "--key", alone / PRIVATE_NAME, "--json")
    assert "--yes" in refusal(*typed)
    assert read_log(alone) == []


def test_a_false_proof_opens_nothing(alone: Path) -> None:
    proof = bytearray(MESSAGE.report.proof)
    proof[-4] ^= 1
    false = replace(MESSAGE, report=replace(MESSAGE.report, proof=bytes(proof)))
    (alone / "case.json").write_bytes(encode_case(false))
    said = refusal("open", alone / "case.json", "--key", alone / PRIVATE_NAME, "--yes")
    assert "the proof in this file is false" in said
    assert read_log(alone) == []


def test_a_case_for_other_keyholders_is_refused(alone: Path) -> None:
    other = SigningKey.from_seed(sha256(b"other keyholders"))
    (alone / "case.json").write_bytes(encode_case(replace(MESSAGE, actor=an_actor(other))))
    said = refusal("open", alone / "case.json", "--key", alone / PRIVATE_NAME, "--yes")
    assert "other keyholders" in said


def test_keys_that_were_destroyed_open_nothing(alone: Path) -> None:
    later = {EPOCH + 1: SEEDS[EPOCH + 1]}
    (alone / PRIVATE_NAME).write_bytes(encode_private(PrivateKeys(IDENTITY, later)))
    said = refusal("open", alone / "case.json", "--key", alone / PRIVATE_NAME, "--yes")
    assert "destroyed" in said


def test_a_seal_of_another_thing_opens_nobody(alone: Path) -> None:
    mixed = replace(MESSAGE, seal=an_offer_case().seal)
    (alone / "case.json").write_bytes(encode_case(mixed))
    said = refusal("open", alone / "case.json", "--key", alone / PRIVATE_NAME, "--yes")
    assert "not of this report" in said


def test_a_node_that_shows_another_key_than_before_is_noticed(alone: Path) -> None:
    typed = ("open", alone / "case.json", "--key", alone / PRIVATE_NAME, "--yes")
    assert "Note:" not in run(*typed).stderr
    assert "Note:" not in run(*typed).stderr
    (line,) = read_log(alone)[:1]
    (alone / LOG_NAME).unlink()
    append_log(alone, replace(line, node_key="z6Mkother"))
    assert "another key" in run(*typed).stderr


@pytest.mark.parametrize(
    ("first", "second"), [("wren", "ash"), ("wren", "elm"), ("ash", "elm")]
)
def test_two_of_three_open_a_case_together(three: Path, first: str, second: str) -> None:
    case, half = three / "case.json", three / "half.json"
    went_first = run("open", case, "--key", three / f"{first}.key", "--out", half, "--yes")
    assert went_first.exit_code == 0, went_first.exception
    assert "something unkind" in went_first.output
    assert MEMBER_TEXT not in went_first.output
    assert stat.S_IMODE(half.stat().st_mode) == 0o600
    found = ask("open", case, "--key", three / f"{second}.key", "--half", half, "--yes")
    assert found["member"] == MEMBER_TEXT
    assert [line.what for line in read_log(three)] == ["half-opened", "opened"]


def test_one_of_three_alone_opens_nothing(three: Path) -> None:
    case, half = three / "case.json", three / "half.json"
    assert "two of you are needed" in refusal(
        "open", case, "--key", three / "wren.key", "--yes"
    )
    third = ("--key", three / "elm.key")
    assert "goes first" in refusal("open", case, *third, "--out", half, "--yes")
    run("open", case, "--key", three / "wren.key", "--out", half, "--yes")
    same = ("--key", three / "wren.key", "--half", half, "--yes")
    assert "did not make it for you" in refusal("open", case, *same)
    other = three / "other.json"
    other.write_bytes(encode_case(an_offer_case()))
    assert "something else" in refusal(
        "open", other, "--key", three / "ash.key", "--half", half, "--yes"
    )


def test_a_persons_key_needs_the_shares(three: Path) -> None:
    (three / SHARES_NAME).rename(three / "elsewhere.json")
    typed = ("open", three / "case.json", "--key", three / "wren.key", "--yes")
    assert "--shares" in refusal(*typed)
    shares = ("--shares", three / "elsewhere.json", "--out", three / "half.json")
    assert run(*typed, *shares).exit_code == 0


def seals_in(folder: Path) -> Path:
    mine, theirs = sha256(b"mine")[:16], sha256(b"theirs")[:16]
    seals = (
        OwnerSeal(mine, KIND_OFFER, owner_seal(mine)),
        OwnerSeal(theirs, KIND_OFFER, owner_seal(theirs, member=bytes(16))),
    )
    path = folder / "seals.json"
    path.write_bytes(encode_seals(SealsFile(actor_url(ASH), DAY, seals)))
    return path


def test_a_sweep_prints_matches_only(alone: Path) -> None:
    typed = ("sweep", seals_in(alone), "--key", alone / PRIVATE_NAME, "--member")
    result = run(*typed, MEMBER_TEXT, answers="y\n")
    mine, theirs = (encode_base64url(sha256(name)[:16]) for name in (b"mine", b"theirs"))
    assert f"offer {mine}" in result.output
    assert theirs not in result.output
    nobody = f"-{MEMBER_TEXT[1:]}"  # like an option, as one id in 64 is
    assert "owns nothing" in run(*typed, nobody, "--yes").output
    assert [line.what for line in read_log(alone)] == ["swept", "swept"]
    assert "no member's id" in refusal(*typed, "nobody", "--yes")


def test_two_of_three_sweep_together(three: Path) -> None:
    seals, half = seals_in(three), three / "half.json"
    typed = ("sweep", seals, "--member", MEMBER_TEXT, "--yes")
    assert ask(*typed, "--key", three / "ash.key", "--out", half) == {"half": str(half)}
    found = ask(*typed, "--key", three / "elm.key", "--half", half)
    mine = encode_base64url(sha256(b"mine")[:16])
    assert found == {"owned": [{"kind": "offer", "id": mine}], "unopened": 0}


def test_renewing_keeps_the_lasting_key_and_destroys_what_is_over(alone: Path) -> None:
    run("new", alone / "now")
    now = min(parse_keyholders_file((alone / "now" / PUBLIC_NAME).read_bytes()).quarters)
    seeds = {now + at: sha256(b"old %d" % at) for at in range(-6, 2)}
    (alone / PRIVATE_NAME).write_bytes(encode_private(PrivateKeys(IDENTITY, seeds)))
    (alone / PUBLIC_NAME).write_bytes(encode_keyholders_file(IDENTITY, seeds))
    made = ask("renew", alone)
    assert made["quarters"] == list(range(now + 2, now + 8))
    private = parse_private((alone / PRIVATE_NAME).read_bytes())
    assert sorted(private.seeds) == list(range(now - 4, now + 8))
    public = parse_keyholders_file((alone / PUBLIC_NAME).read_bytes())
    assert public.identity == IDENTITY.verify_key
    assert sorted(public.quarters) == list(range(now, now + 8))
    assert public.sealing_keys[now] == sealing_public_key(seeds[now])
    assert public.sealing_keys[now + 7] == sealing_public_key(private.seeds[now + 7])


def test_two_of_three_renew_together(three: Path) -> None:
    half = three / "half.json"
    first = ("renew", three, "--key", three / "wren.key")
    assert run(*first).exit_code == 1
    assert run(*first, "--out", half).exit_code == 0
    done = run("renew", three, "--key", three / "elm.key", "--half", half)
    assert done.exit_code == 0, done.exception
    public = parse_keyholders_file((three / PUBLIC_NAME).read_bytes())
    shares = parse_shares((three / SHARES_NAME).read_bytes())
    assert public.identity == IDENTITY.verify_key
    assert set(public.quarters) <= set(shares.shares)
    case = ("open", three / "case.json", "--yes")
    assert run(*case, "--key", three / "wren.key", "--out", three / "again").exit_code == 0
    found = ask(*case, "--key", three / "ash.key", "--half", three / "again")
    assert found["member"] == MEMBER_TEXT


def test_files_of_another_kind_are_named(alone: Path) -> None:
    typed = ("open", alone / "case.json", "--yes")
    assert "no keyholders' private file" in refusal(*typed, "--key", alone / PUBLIC_NAME)
    assert "cannot read" in refusal(*typed, "--key", alone / "missing" / "file")
    alone_needs_none = ("--key", alone / PRIVATE_NAME, "--out", alone / "half")
    assert "neither" in refusal(*typed, *alone_needs_none)


def test_a_log_with_a_broken_line_is_still_read(alone: Path) -> None:
    run("open", alone / "case.json", "--key", alone / PRIVATE_NAME, "--yes")
    with (alone / LOG_NAME).open("ab") as file:
        file.write(b'{"day":\n')
    assert len(read_log(alone)) == 1
