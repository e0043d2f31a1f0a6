"""``kith topics``: what somebody sees who looks something up, translates or reuses it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from kith_crypto.errors import UsageError
from kith_node.cli import kith
from kith_node.topics.loading import load_language, load_vocabulary
from kith_protocol.vocabulary import LABEL_LANGUAGES

SHIPPED = load_vocabulary()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(kith, ["topics", *arguments])


def ask(*arguments: str) -> dict[str, object]:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


@pytest.mark.parametrize("command", ["find", "show", "tree", "check", "export", "add", "list"])
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    assert f"\n  {command} " in run("--help").output
    result = run(command, "--help")
    assert result.exit_code == 0
    assert "\\b" not in result.output
    assert f"kith topics {command}" in result.output


def test_works_where_there_is_no_node(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("show", "career.cv").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_bytes_that_are_no_letters_are_survived() -> None:
    text = "career \udcff guidance"  # as Python reads an argument in another encoding
    assert "career" in run("find", text).output
    pieces = ask("find", text)["pieces"]
    assert isinstance(pieces, list)
    assert "?" in pieces[0]["text"]


def test_a_file_to_check_says_its_own_language(tmp_path: Path) -> None:
    file = tmp_path / "de.json"
    file.write_text('{"language": "de", "reviewed": false, "topics": {}}')
    result = run("check", "-l", "en", str(file))
    assert result.exit_code == 2
    assert "--language" in result.output


def test_a_community_topic_is_looked_up_elsewhere() -> None:
    result = run("show", "x.craft.writing.haiku")
    assert isinstance(result.exception, UsageError)
    assert "kith topics list" in str(result.exception)


# --- find -----------------------------------------------------------------------


def test_finds_a_topic_by_its_label_in_any_language() -> None:
    for language in LABEL_LANGUAGES:
        label = SHIPPED.label("craft", [language])
        assert "  craft  " in run("find", "-l", language, label).output


def test_says_what_was_understood_for_programs() -> None:
    answer = ask("find", SHIPPED.label("career.cv"))
    pieces = answer["pieces"]
    assert isinstance(pieces, list)
    label = SHIPPED.label("career.cv")
    assert [one["topics"] for one in pieces] == [[{"id": "career.cv", "label": label}]]
    assert set(answer) == {"pieces", "ways", "words", "did_you_mean", "begins_like_that"}


def test_labels_are_in_the_first_language_asked_for() -> None:
    found = run("find", "-l", "ar", "-l", "de", SHIPPED.label("music")).output
    assert f"music  {SHIPPED.label('music', ['ar'])}" in found


def test_says_so_where_nothing_is_called_like_that() -> None:
    result = run("find", "qqqqqqqqqq")
    assert result.exit_code == 0
    assert "kith topics tree" in result.output


# --- show and tree -----------------------------------------------------------------


def test_shows_the_words_in_all_languages_and_which_nobody_reviewed() -> None:
    shown = run("show", "craft.writing").output
    for texts in SHIPPED.languages():
        mark = " " if texts.reviewed else "*"
        assert f"\n  {texts.language}{mark} " in shown
    assert ("not reviewed" in shown) is not all(one.reviewed for one in SHIPPED.languages())
    assert "belongs to: craft (" in shown


def test_shows_some_languages_where_some_are_asked_for() -> None:
    shown = run("show", "craft", "-l", "it").output
    assert SHIPPED.label("craft", ["it"]) in shown
    assert "\n  de" not in shown
    languages = ask("show", "craft", "-l", "it")["languages"]
    assert isinstance(languages, dict)
    assert list(languages) == ["it"]


def test_shows_the_same_to_programs() -> None:
    answer = ask("show", "health.hiv")
    assert answer["parent"] == "health"
    assert answer["sensitive"] is True
    assert answer["retired"] is None
    assert answer["related"] == list(SHIPPED.related("health.hiv"))
    assert "sensitive:" in run("show", "health.hiv").output


def test_a_retired_topic_names_the_one_that_took_its_place() -> None:
    for old, new in SHIPPED.redirects().items():
        assert f"retired; it counts as {new} (" in run("show", old).output
        assert ask("show", old)["retired"] == new


@pytest.mark.parametrize("command", ["show", "tree"])
def test_an_unknown_topic_is_refused_with_what_it_may_be(command: str) -> None:
    result = run(command, SHIPPED.label("career.cv"))
    assert isinstance(result.exception, UsageError)
    assert "perhaps: career.cv" in str(result.exception)
    lost = run(command, "qqqqqqqqqq").exception
    assert "kith topics tree" in str(lost)


def test_the_tree_has_every_topic_below_the_one_above_it() -> None:
    lines = run("tree").output.splitlines()
    assert [line.split()[0] for line in lines] == list(SHIPPED.ids())
    for line, topic in zip(lines, SHIPPED.ids(), strict=True):
        assert len(line) - len(line.lstrip()) == 2 * (SHIPPED.depth(topic) - 1)
        assert line.endswith("  (sensitive)") is SHIPPED.is_sensitive(topic)


def test_the_tree_of_one_topic_has_what_is_below_it() -> None:
    lines = run("tree", "craft.writing", "-l", "ar").output.splitlines()
    assert lines[0] == f"craft.writing  {SHIPPED.label('craft.writing', ['ar'])}"
    below = SHIPPED.descendants("craft.writing")
    assert [line.split()[0] for line in lines[1:]] == list(below)
    entries = ask("tree", "craft.writing")["topics"]
    assert isinstance(entries, list)
    assert [entry["id"] for entry in entries] == ["craft.writing", *below]


# --- check ------------------------------------------------------------------------


@pytest.fixture
def complete(tmp_path: Path) -> Path:
    """Return a language's file, of which nothing has to be mended."""
    path = tmp_path / "en.json"
    path.write_bytes(msgspec.json.encode(load_language("en")))
    return path


def test_a_right_file_has_nothing_to_mend(complete: Path) -> None:
    result = run("check", str(complete))
    assert (result.exit_code, result.output) == (0, "Nothing to mend.\n")
    assert ask("check", str(complete)) == {"findings": []}


def test_says_of_each_file_what_to_mend(complete: Path, tmp_path: Path) -> None:
    texts = load_language("en")
    wrong = tmp_path / "wrong.json"
    topics = {one: words for one, words in texts.topics.items() if one != "craft"}
    wrong.write_bytes(msgspec.json.encode(msgspec.structs.replace(texts, topics=topics)))
    broken = tmp_path / "broken.json"
    broken.write_text('{"language": "en",\n')
    result = run("check", str(complete), str(wrong), str(broken), str(tmp_path / "none.json"))
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[0] == f"{wrong}: en craft: it has no label; add one"
    assert lines[1].startswith(f"{broken}: line 2")
    assert lines[2].startswith(f"{tmp_path / 'none.json'}: No such file")
    assert lines[3] == "3 to mend."


def test_findings_are_for_programs_too(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"language": "nl", "reviewed": true, "topics": {}}')
    result = run("check", str(wrong), "--json")
    assert result.exit_code == 1
    (problem,) = json.loads(result.stdout)["findings"]
    assert problem["file"] == str(wrong)
    assert problem["finding"]["rule"] == "language"


def test_one_language_of_the_shipped_vocabulary_can_be_checked_alone() -> None:
    result = run("check", "-l", "en")
    assert (result.exit_code, result.output) == (0, "Nothing to mend.\n")


# --- export -----------------------------------------------------------------------


def test_exports_to_the_terminal_and_into_a_file(tmp_path: Path) -> None:
    path = tmp_path / "topics.jsonld"
    result = run("export", "--format", "skos", "-o", str(path))
    assert result.exit_code == 0
    assert "Wrote" in result.stderr
    document = json.loads(path.read_bytes())
    assert document == json.loads(run("export", "--format", "skos").stdout)
    notations = {node.get("notation") for node in document["@graph"]} - {None}
    assert notations == {*SHIPPED.ids(), *SHIPPED.redirects()}


def test_exports_a_table_of_the_languages_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "topics.csv"
    run("export", "--format", "csv", "-l", "de", "-l", "en", "-o", str(path))
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert [row["language"] for row in rows[:2]] == ["de", "en"]
    in_use = [row["id"] for row in rows if row["language"] == "de"]
    assert in_use == list(SHIPPED.ids())


def test_nothing_shipped_looks_like_a_formula() -> None:
    text = run("export", "--format", "csv").stdout
    assert "'=" not in text
    assert ",'" not in text
