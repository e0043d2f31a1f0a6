"""The documents are true: what they name exists, what they list is complete."""

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import click
import msgspec
import pytest

from kith_crypto.randomness import Rng
from kith_node.cli import kith
from kith_node.federation.identity import create_identity
from kith_node.http.route import Route
from kith_node.runtime.config import Config
from kith_node.runtime.wiring import open_node
from kith_protocol import limits
from kith_testing.clock import FakeClock
from kith_testing.rng import SeededRng

ROOT = Path(__file__).parent.parent
PACKAGES = tuple(ROOT / name for name in ("crypto", "protocol", "node"))
DOCUMENTS = sorted(
    path
    for folder in (ROOT, ROOT / "docs", ROOT / "deploy", *PACKAGES)
    for path in (folder.glob("*.md") if folder == ROOT else folder.rglob("*.md"))
    if "node_modules" not in path.parts
)
SPEC = (ROOT / "protocol" / "SPEC.md").read_text(encoding="utf-8")

_LINK = re.compile(r"\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?:[0-9]+\. )?(.+)$", re.MULTILINE)
_CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
_COMMAND = re.compile(r"(?<![\w./-])(?:/opt/kith/bin/)?kith((?: [a-z][a-z-]*)+)")
_CITED = re.compile(r"SPEC\.md,\s+(sections?)\s+on\s+([a-z\s]+?)\s*[.;:(]")
_LABEL = re.compile(r'b"(kith/[a-z/-]+/v[0-9]+)\\0"')
_FORBIDDEN = re.compile(
    r"/w[o]rk/|/r[o]ot/|/h[o]me/[a-z]|/tmp/|\.\./shared|pypi\.|npmjs|pythonhosted|registry\.[a-z]+\.[a-z]",
    re.IGNORECASE,
)


def _id_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def _sources() -> Iterator[Path]:
    for package in PACKAGES:
        yield from package.rglob("*.py")


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def _rows(text: str) -> list[list[str]]:
    lines = (line for line in text.splitlines() if line.startswith("|"))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("path", DOCUMENTS, ids=_id_of)
def test_every_link_leads_somewhere(path: Path) -> None:
    for link in _LINK.findall(path.read_text(encoding="utf-8")):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = path.parent / name if name else path
        assert target.exists(), link
        if anchor:
            headings = _HEADING.findall(target.read_text(encoding="utf-8"))
            assert anchor in map(_anchor, headings), link


@pytest.mark.parametrize("path", DOCUMENTS, ids=_id_of)
def test_every_command_exists(path: Path) -> None:
    for code in _CODE.findall(path.read_text(encoding="utf-8")):
        for words in _COMMAND.findall(code):
            command: click.Command = kith
            for word in words.split():
                if not isinstance(command, click.Group):
                    break  # what follows is an argument
                found = command.get_command(click.Context(command), word)
                assert found is not None, f"kith{words}"
                command = found


@pytest.mark.parametrize("path", DOCUMENTS, ids=_id_of)
def test_no_document_names_a_machine_or_a_registry(path: Path) -> None:
    found = _FORBIDDEN.search(path.read_text(encoding="utf-8"))
    assert found is None, found


@pytest.mark.parametrize("path", DOCUMENTS, ids=_id_of)
def test_every_variable_names_a_setting(path: Path) -> None:
    names = {"KITH_CONFIG", "KITH_KEY", "KITH_SECTION__KEY"}  # the last two are placeholders
    for field in msgspec.structs.fields(Config):
        names.add(f"KITH_{field.name}".upper())
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            inner = msgspec.structs.fields(field.type)
            names |= {f"KITH_{field.name}__{one.name}".upper() for one in inner}
    text = path.read_text(encoding="utf-8")
    assert set(re.findall(r"\bKITH_[A-Z_]+", text)) <= names
    # `offers.floor` may be a setting or, in the documents for developers, a module.
    for section, key in re.findall(
        r"`(federation|release|offers|members|log)\.(?!db`)([a-z_]+)`", text
    ):
        is_setting = f"KITH_{section}__{key}".upper() in names
        is_module = (ROOT / "node" / "kith_node" / section / f"{key}.py").exists()
        assert is_setting or is_module, f"{section}.{key}"


def test_every_section_that_code_cites_is_in_the_specification() -> None:
    headings = {heading.lower() for heading in _HEADING.findall(SPEC)}
    cited: set[str] = set()
    for path in _sources():
        for kind, names in _CITED.findall(path.read_text(encoding="utf-8")):
            name = " ".join(names.split())
            cited |= set(name.split(" and ")) if kind == "sections" else {name}
    assert len(cited) > 10
    assert cited <= headings


def test_every_document_that_code_cites_exists() -> None:
    pattern = re.compile(r"\b(?:docs|deploy|protocol|crypto)/[a-z_/]+\.(?:md|json)")
    cited = {
        name
        for path in _sources()
        for name in pattern.findall(path.read_text(encoding="utf-8"))
    }
    assert "docs/credentials.md" in cited
    assert {name for name in cited if not (ROOT / name).exists()} == set()


def test_the_rules_of_each_section_are_numbered_without_gaps() -> None:
    sections = [int(number) for number in re.findall(r"^## ([0-9]+)\. ", SPEC, re.MULTILINE)]
    assert sections == list(range(1, len(sections) + 1))
    rules = re.findall(r"^\*\*([0-9]+)\.([0-9]+)\*\* ", SPEC, re.MULTILINE)
    numbers = [(int(section), int(rule)) for section, rule in rules]
    assert {section for section, _ in numbers} == set(sections)
    for _, group in groupby(numbers, key=lambda number: number[0]):
        placed = [rule for _, rule in group]
        assert placed == list(range(1, len(placed) + 1))


def test_the_table_of_labels_is_complete() -> None:
    used = {
        label
        for path in _sources()
        for label in _LABEL.findall(path.read_text(encoding="utf-8"))
    }
    listed = [row[0].strip("`") for row in _rows(SPEC) if row[0].startswith("`kith/")]
    assert listed == sorted(listed)
    assert set(listed) == used


def test_the_table_of_limits_is_that_of_the_code() -> None:
    listed = {
        row[2].strip("`"): int(row[1])
        for row in _rows(SPEC)
        if len(row) == 3 and row[2].startswith("`") and row[1].isdigit()
    }
    names = [name for name in vars(limits) if name.isupper() and name not in {"KIB", "MIB"}]
    assert listed == {name: getattr(limits, name) for name in names}


def test_every_library_has_its_reason() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    explained = {name for row in _rows(text) for name in row[0].split(", ")}
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    declared = set(re.findall(r'"([a-z][a-z0-9-]*)>=', project))
    web = msgspec.json.decode((ROOT / "node" / "web" / "package.json").read_bytes())
    declared |= {*web["dependencies"], *web["devDependencies"]}
    assert declared - explained == set()


def test_every_library_of_the_web_client_is_pinned_by_its_hash() -> None:
    lock = msgspec.json.decode((ROOT / "node" / "web" / "package-lock.json").read_bytes())
    packages = {name: one for name, one in lock["packages"].items() if name}
    assert packages
    for name, one in packages.items():
        assert one["integrity"].startswith("sha512-"), name
        assert "resolved" not in one, f"{name} names a registry"


async def _routes(folder: Path, rng: Rng) -> tuple[Route, ...]:
    create_identity(folder / "keys", rng=rng)
    config = Config(domain="localhost:8470", data_dir=str(folder), development=True)
    async with open_node(config, clock=FakeClock(), rng=rng) as node:
        return node.routes


async def test_the_table_of_credentials_is_that_of_the_routes(tmp_path: Path) -> None:
    routes = await _routes(tmp_path, SeededRng(1))
    text = (ROOT / "docs" / "credentials.md").read_text(encoding="utf-8")
    listed = {
        (row[0], row[1].strip("`"), row[2])
        for row in _rows(text)
        if len(row) == 4 and row[1].startswith("`/")
    }
    assert listed == {(route.method, route.path, route.access.value) for route in routes}


def test_every_place_that_keeps_a_promise_exists() -> None:
    roots = (ROOT, *(ROOT / name for name in ("node/kith_node", "protocol", "crypto")))
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    named = {
        name
        for row in _rows(text)
        for name in re.findall(r"`([a-z_/]+/(?:[a-z_]+\.py)?)`", "|".join(row))
    }
    assert len(named) > 40
    assert {
        name for name in named if not any((root / name).exists() for root in roots)
    } == set()
