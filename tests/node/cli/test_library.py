"""A steward keeps the library from the command line: one by one, and as files."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from kith_crypto.errors import UsageError
from kith_node.cli import kith
from kith_node.cli.library_files import plan_import
from kith_node.demo.resources import make_resources
from kith_node.runtime.config import load_config
from kith_node.runtime.system import SystemClock, SystemRng
from kith_node.runtime.wiring import open_node
from kith_protocol.day import Day
from kith_protocol.resource_content import ResourceContent
from kith_protocol.resource_files import encode_csv, encode_json, parse_csv, parse_json
from kith_protocol.resource_rows import ResourceRow

DOMAIN = "localhost:8998"
LINK = ("--url", "https://example.org/cv", "--name", "en=Writing a CV", "--topic", "career.cv")


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A new node, made once: its RSA key takes a moment."""
    path = tmp_path_factory.mktemp("node") / "kith.toml"
    arguments = ["init", "--config", str(path), "--domain", DOMAIN, "--development"]
    result = CliRunner().invoke(kith, arguments)
    assert result.exit_code == 0, result.output
    return str(path)


class Steward:
    """Types commands."""

    def __init__(self, config: str) -> None:
        self._config = config

    def run(self, command: str, *arguments: str, typed: str | bytes = "") -> Result:
        line = ["library", command, "--config", self._config, *arguments]
        return CliRunner().invoke(kith, line, input=typed)

    def do(self, command: str, *arguments: str, typed: str | bytes = "") -> str:
        result = self.run(command, *arguments, typed=typed)
        assert result.exit_code == 0, (result.output, result.exception)
        return result.stdout

    def refused(self, command: str, *arguments: str, typed: str | bytes = "") -> str:
        result = self.run(command, *arguments, typed=typed)
        assert isinstance(result.exception, UsageError), result.output
        return str(result.exception)

    def ask(self, command: str, *arguments: str) -> dict[str, object]:
        answer = json.loads(self.do(command, *arguments, "--json"))
        assert isinstance(answer, dict)
        return answer

    def add(self, *arguments: str) -> str:
        return self.do("add", *arguments).split()[-1]

    def exported(self) -> dict[str, ResourceContent]:
        raw = self.do("export", "--own").encode()
        return {row.id: row.content for row in parse_json(raw)}

    def clear(self) -> None:
        if left := list(self.exported()):
            self.do("withdraw", *left)


@pytest.fixture
def steward(config: str) -> Iterator[Steward]:
    steward = Steward(config)
    yield steward
    steward.clear()


@pytest.mark.parametrize(
    "command",
    ["list", "show", "add", "edit", "review", "withdraw", "import", "export", "check"],
)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    listed = CliRunner().invoke(kith, ["library", "--help"]).output
    assert f"\n  {command} " in listed
    result = CliRunner().invoke(kith, ["library", command, "--help"])
    assert result.exit_code == 0
    assert "\\b" not in result.output
    assert f"kith library {command}" in result.output


# --- one by one ---------------------------------------------------------------------


def test_a_link_is_added_shown_changed_reviewed_and_withdrawn(steward: Steward) -> None:
    assert "empty" in steward.do("list")
    url = steward.add(*LINK, "--licence", "CC-BY-4.0", "--reviewed", "2026-01-31")
    assert url.startswith(f"http://{DOMAIN}/resources/")
    part = url.rpartition("/")[2]
    shown = steward.do("show", part)
    for text in (url, "https://example.org/cv", "career.cv", "Writing a CV", "2026-01-31"):
        assert text in shown
    assert "Writing a CV" in steward.do("list", "--own")

    steward.do("edit", url, "--name", "de=Lebenslauf", "--urgent", "--region", "276")
    after = steward.ask("show", url)
    assert after["name"] == {"en": "Writing a CV", "de": "Lebenslauf"}
    assert (after["urgent"], after["region"], after["revision"]) == (True, "276", 2)
    assert after["languages"] == ["en"]
    steward.do("edit", part, "--name", "de=", "--not-urgent", "--region", "")
    content = steward.exported()[url]
    assert content.name == {"en": "Writing a CV"}
    assert not content.urgent
    assert content.region is None

    assert after["reviewed"] == "2026-01-31"
    steward.do("review", part)
    reviewed = steward.ask("show", url)
    assert str(reviewed["reviewed"]) > "2026-01-31"
    assert reviewed["reviewed"] == reviewed["updated"]

    assert "Withdrew" in steward.do("withdraw", part)
    assert steward.ask("list") == {"resources": []}


def test_a_text_is_in_the_languages_it_is_written_in(steward: Steward) -> None:
    url = steward.add(
        *("--name", "fr=Numéros utiles", "--content", "fr=Appelle le 3114.\n\nC'est gratuit."),
        *("--topic", "health", "--urgent"),
    )
    assert steward.exported()[url].languages == ("fr",)
    assert "Appelle le 3114." in steward.do("show", url)
    steward.do("edit", url, "--content", "en=Call 3114.")
    assert set(steward.exported()[url].languages) == {"fr", "en"}


def test_urgent_ones_stand_first(steward: Steward) -> None:
    steward.add(*LINK)
    urgent = steward.add(*LINK, "--topic", "health", "--urgent")
    found = steward.ask("list")["resources"]
    assert isinstance(found, list)
    assert found[0]["id"] == urgent


def test_an_entry_is_added_and_replaced_from_a_file(steward: Steward, tmp_path: Path) -> None:
    entry = make_resources(30, 1)[-1]
    file = tmp_path / "entry.json"
    file.write_bytes(encode_json([("", entry)]))
    url = steward.add(str(file))
    assert steward.exported() == {url: entry}
    [as_object] = json.loads(file.read_text())
    as_object["licence"] = "MIT"
    steward.do("edit", url, "-", typed=json.dumps(as_object))
    assert steward.exported()[url].licence == "MIT"


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (("--name", "en=A"), "topics"),
        (("--url", "http://example.org/"), "https address"),
        (("--url", "https://10.0.0.1/"), "https address"),
        (("--url", "javascript:alert(1)"), "https address"),
        (("--name", "fr=" + "x" * 121), "name.fr"),
        (("--name", "fr=a\u202eb"), "name.fr"),
        (("--name", "Writing"), "LANGUAGE=TEXT"),
        (("--name", "English=Writing"), "LANGUAGE=TEXT"),
        (("--name", "fr=Un", "--name", "fr=Deux"), "two texts in fr"),
        (("--topic", "no.such"), "kith topics find"),
        (("--topic", "x.craft.haiku"), "career.cv"),
        (("--language", "English"), "en or pt-BR"),
        (("--licence", "free for all"), "SPDX"),
        (("--region", "Europe"), "M49"),
        (("--reviewed", "yesterday"), "2026-11-23"),
        (("--reviewed", "2199-01-01"), "in the future"),
        (("--content", "en=A text, too"), "a link or a text"),
    ],
)
def test_what_may_not_stand_in_a_library_is_refused_with_advice(
    steward: Steward, options: tuple[str, ...], part: str
) -> None:
    base = LINK if options != ("--name", "en=A") else LINK[:2]
    assert part in steward.refused("add", *base, *options)
    assert steward.exported() == {}


@pytest.mark.parametrize("command", ["show", "withdraw", "review", "edit"])
def test_what_is_not_there_is_told(steward: Steward, command: str) -> None:
    more = ("--urgent",) if command == "edit" else ()
    nowhere = f"http://{DOMAIN}/resources/AAAAAAAAAAAAAAAAAAAAAA"
    assert "kith library list" in steward.refused(command, nowhere, *more)
    assert "no such resource" in steward.refused(command, "A" * 22, *more)
    assert "is no id" in steward.refused(command, "nothing", *more)


def test_an_edit_has_to_change_something(steward: Steward) -> None:
    url = steward.add(*LINK)
    assert "nothing to change" in steward.refused("edit", url)
    assert "kith library review" in steward.refused("edit", url, "--name", "en=Writing a CV")


def test_a_file_for_one_entry_holds_one(steward: Steward) -> None:
    several = encode_json([("", one) for one in make_resources(2, 1)])
    assert "kith library import" in steward.refused("add", "-", typed=several)
    assert "not JSON" in steward.refused("add", "-", typed="topics: career")
    assert "there is no such member" in steward.refused("add", "-", typed='{"script": "x"}')


async def test_a_running_node_takes_up_what_the_command_wrote(
    config: str, steward: Steward
) -> None:
    running = load_config(Path(config), {})
    async with open_node(running, clock=SystemClock(), rng=SystemRng()) as node:
        assert await node.library.all() == ()
        assert (await node.library.partitions()).partitions == ()
        url = await asyncio.to_thread(steward.add, *LINK)
        assert [one.id for one in await node.library.all()] == [url]
        before = await node.library.partition("en")
        await asyncio.to_thread(steward.do, "edit", url, "--name", "en=Your CV")
        assert (await node.library.partition("en")).raw != before.raw


# --- as files -----------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "csv"])
def test_what_is_exported_is_imported_again(
    steward: Steward, tmp_path: Path, form: str
) -> None:
    made = make_resources(60, 3)
    file = tmp_path / f"library.{form.upper()}"
    file.write_bytes((encode_csv if form == "csv" else encode_json)([("", m) for m in made]))
    would = steward.do("import", str(file), "--dry-run")
    assert would.count("new      row") == 60
    assert steward.exported() == {}
    assert "60 new, 0 changed; 0 as they were" in steward.do("import", str(file))
    assert "0 new, 0 changed; 60 as they were" in steward.do("import", str(file))
    before = steward.exported()
    assert sorted(before.values(), key=repr) == sorted(made, key=repr)

    out = tmp_path / f"out.{form}"
    steward.do("export", "--own", "-o", str(out))
    assert steward.ask("import", str(out))["unchanged"] == 60
    raw = out.read_bytes()
    parsed = parse_csv(raw) if form == "csv" else parse_json(raw)
    assert {row.id: row.content for row in parsed} == before

    out.write_bytes(raw.replace(b"CC-BY-4.0", b"CC0-1.0", 1))
    said = steward.ask("import", str(out), "--dry-run")
    [changed] = said["changed"] if isinstance(said["changed"], list) else []
    assert changed["members"] == ["licence"]
    assert (said["new"], said["unchanged"]) == ([], 59)
    assert steward.exported() == before
    steward.do("import", str(out))
    assert steward.exported()[changed["id"]].licence == "CC0-1.0"


def test_all_is_imported_or_nothing(steward: Steward, tmp_path: Path) -> None:
    good, other = make_resources(2, 1)
    rows = list(csv.reader(io.StringIO(encode_csv([("", good), ("", other)]).decode())))
    rows[2][rows[0].index("reviewed")] = "soon"
    file = tmp_path / "library.csv"
    with file.open("w", newline="", encoding="utf-8") as opened:
        csv.writer(opened).writerows(rows)
    result = steward.run("import", str(file))
    assert result.exit_code == 1
    assert "reviewed: write a day like 2026-11-23" in result.stderr
    assert "row 3" in result.stderr
    assert "nothing was imported" in result.stderr
    assert steward.exported() == {}
    told = json.loads(steward.run("import", str(file), "--json").stdout)
    assert [one["row"] for one in told["problems"]] == [3]


def test_what_an_id_or_a_topic_means_is_checked_before_anything_changes(
    steward: Steward,
) -> None:
    made = make_resources(3, 1)
    foreign = "https://linden.example/resources/AAAAAAAAAAAAAAAAAAAAAA"
    entries = [("", made[0]), (foreign, made[1])]
    result = steward.run("import", "-", "--format", "json", typed=encode_json(entries))
    assert result.exit_code == 1
    assert "row 2, id: " in result.stderr
    assert "empty the cell" in result.stderr
    unknown = encode_json([("", made[0])]).replace(made[0].topics[0].encode(), b"no.such")
    result = steward.run("import", "-", "--format", "json", typed=unknown)
    assert "row 1, topics: there is no topic no.such" in result.stderr
    assert steward.exported() == {}


def test_a_file_has_to_say_its_format(steward: Steward, tmp_path: Path) -> None:
    assert "--format" in steward.refused("import", "-", typed="[]")
    file = tmp_path / "library.csv"
    file.write_bytes("url;topics".encode("utf-16"))
    assert "CSV UTF-8" in steward.refused("import", str(file))


def test_one_entry_twice_in_a_file_is_a_slip() -> None:
    [one] = make_resources(1, 1)
    rows = [ResourceRow(2, one), ResourceRow(3, one)]
    [problem] = plan_import(rows, (), today=Day(30_000)).problems
    assert str(problem) == "row 3: the same as row 2; leave one out"
    [early] = plan_import(rows[:1], (), today=Day(0)).problems
    assert early.column == "reviewed"


# --- links --------------------------------------------------------------------------


def test_links_are_opened_only_after_a_yes(steward: Steward) -> None:
    # The port is refused before anything is connected to, so that this test opens nothing.
    url = steward.add(*LINK, "--url", "https://example.org:8443/cv")
    asked = steward.run("check", typed="\n")
    assert isinstance(asked.exception, UsageError)
    assert "1 pages of 1 hosts" in asked.stderr
    assert "see this node's address" in asked.stderr
    found = steward.run("check", typed="y\n")
    assert "refused address  https://example.org:8443/cv" in found.stdout
    assert url in found.stdout
    before = steward.exported()
    [link] = json.loads(steward.do("check", url, "--yes", "--json"))["links"]
    assert (link["verdict"], link["ids"]) == ("refused", [url])
    assert steward.exported() == before


def test_there_may_be_no_link_to_check(steward: Steward) -> None:
    assert "no link" in steward.run("check", "--all").stderr
    text = steward.add("--name", "en=A", "--content", "en=B", "--topic", "health")
    assert "no link" in steward.run("check").stderr
    assert "no resource with a link" in steward.refused("check", text)
