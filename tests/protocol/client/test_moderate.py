"""What the moderators' commands print and do, on a terminal and for scripts."""

from __future__ import annotations

import json
import stat
from collections.abc import AsyncIterator, Coroutine
from contextlib import ExitStack
from pathlib import Path
from typing import cast

import click
import msgspec
import pytest
from click.testing import CliRunner

from kith_client.commands import moderate, proposals, report
from kith_client.commands.common import Place
from kith_client.member import Member
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import UsageError
from kith_crypto.moderators import KIND_REPORT, seal_for_moderators
from kith_crypto.objects import community_id
from kith_crypto.report import Report, encode_report
from kith_protocol.keyholders_case import check_case, open_case, parse_case
from kith_protocol.offer_content import OfferContent
from kith_protocol.reporting import ReportPayload, encode_payload
from kith_protocol.resource_files import parse_json
from kith_protocol.urls import actor_url
from kith_testing.clock import FakeClock
from kith_testing.correspondence import MEMBER
from kith_testing.moderated import Person, World, put_offer
from kith_testing.resources import LINK
from kith_testing.small_moderation import KEYHOLDERS_SEED


class Desk(Place):
    """A terminal at which a person has opened their keys already."""

    person: Person

    def open(self, passphrase: str) -> Coroutine[None, None, Member]:
        assert passphrase == "words"

        async def opened() -> Member:
            return cast("Member", _Open(self.person))

        return opened()


class _Open:
    def __init__(self, person: Person) -> None:
        self.reports = person.reports
        self.moderation = person.moderation

    async def refresh(self) -> None:
        return

    async def __aenter__(self) -> _Open:
        return self

    async def __aexit__(self, *_: object) -> None:
        return


def desk(person: Person, *, as_json: bool = False) -> Desk:
    place = Desk(Path("unused"), as_json, None)
    object.__setattr__(place, "person", person)
    return place


@pytest.fixture
async def world(clock: FakeClock) -> AsyncIterator[World]:
    with ExitStack() as stack:
        world = World(stack, clock)
        yield world
        for person in world.people:
            await person.connection.close()


@pytest.fixture
async def moderator(world: World) -> Person:
    person = world.person()
    await person.moderation.make_key()
    return person


def test_every_command_teaches() -> None:
    runner = CliRunner()
    for group in (moderate.moderate, report.report):
        for name, command in group.commands.items():
            result = runner.invoke(group, [name, "--help"])
            assert result.exit_code == 0
            is_group = isinstance(command, click.Group)
            assert is_group or "Example: kith me " in result.output


async def test_a_moderator_makes_hands_on_and_takes_the_key(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = world.person(), world.person()
    await moderate._new_key(desk(first), "words")
    assert "The new key is published" in capsys.readouterr().out
    file = tmp_path / "moderators.key"
    await moderate._hand_on(desk(first, as_json=True), "words", file)
    words = json.loads(capsys.readouterr().out)["passphrase"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(UsageError, match="exists already"):
        await moderate._hand_on(desk(first), "words", file)
    await moderate._take_key(desk(second), "words", file.read_bytes(), words)
    assert second.moderation.has_key

    stranger = world.person()
    await world.person().reports.report_message(world.ours.evidence("x"), category="other")
    await moderate._new_key(desk(stranger), "words")
    assert "1 case could not be" in capsys.readouterr().err


async def test_a_report_is_shown_decided_and_handed_to_keyholders(
    world: World, moderator: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reporter = world.person()
    made = await reporter.reports.report_message(
        world.ours.evidence("something unkind"), category="harassment", words="Again"
    )
    await moderate._list(desk(moderator), "words", "reports")
    listed = capsys.readouterr().out
    assert f" 1. {encode_base64url(made.id)[:8]}" in listed
    assert "harassment, waiting" in listed
    await moderate._show(desk(moderator), "words", "1")
    shown = capsys.readouterr().out
    for words in ("Again", "The proof holds", "something unkind", "does not agree"):
        assert words in shown
    await moderate._show(desk(moderator, as_json=True), "words", encode_base64url(made.id))
    assert json.loads(capsys.readouterr().out)["is_proven"] is True

    file = tmp_path / "case.json"
    await moderate._write_case(desk(moderator), "words", "1", file, "Look at this")
    assert f"kith keyholder open {file}" in capsys.readouterr().out
    case = check_case(parse_case(file.read_bytes()))
    assert open_case(case, {world.ours.epoch: KEYHOLDERS_SEED}) == MEMBER

    await moderate._decide(desk(moderator), "words", "1", "acted")
    await report._list(desk(reporter), "words")
    assert "they acted" in capsys.readouterr().out
    await report._list(desk(reporter, as_json=True), "words")
    assert json.loads(capsys.readouterr().out)["reports"][0]["state"] == "acted"
    await report._list(desk(world.person()), "words")
    assert "You have reported nothing" in capsys.readouterr().out
    with pytest.raises(UsageError, match="kith me moderate reports"):
        await moderate._show(desk(moderator), "words", "2")


async def test_a_false_proof_is_named_in_capitals(
    world: World, moderator: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    true = world.ours.evidence("hello")
    proof = encode_report(Report(true.postmark, bytes(32), true.core))
    payload = ReportPayload("message", "safety", "", True, world.ours.origin, proof)
    sealed = seal_for_moderators(
        parse_base64url(world.ours.moderators_key),
        encode_payload(payload),
        kind=KIND_REPORT,
        community=community_id(actor_url(world.ours.origin)),
    )
    world.ours.add_report(encode_base64url(sealed))
    await moderate._show(desk(moderator), "words", "1")
    shown = capsys.readouterr().out
    assert "The proof is FALSE" in shown
    assert "hello" not in shown


async def test_a_report_is_passed_on_after_asking(
    world: World, moderator: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await world.person(world.theirs).moderation.make_key()
    await world.person().reports.report_message(
        world.theirs.evidence("x"), category="safety", may_pass_on=True
    )
    with pytest.raises(UsageError, match="--yes"):
        await moderate._pass_on(desk(moderator, as_json=True), "words", "1", False)
    assert world.theirs.reports == {}
    await moderate._pass_on(desk(moderator), "words", "1", True)
    assert len(world.theirs.reports) == 1
    (case,) = world.ours.reports.values()
    case.entry = msgspec.structs.replace(case.entry, answer="acted")
    capsys.readouterr()
    await moderate._list(desk(moderator), "words", "reports")
    assert "passed-on, they decided: acted" in capsys.readouterr().out


async def test_an_offer_is_removed(
    world: World,
    moderator: Person,
    content: OfferContent,
    capsys: pytest.CaptureFixture[str],
) -> None:
    put_offer(world.ours, content)
    await moderate._remove_offer(desk(moderator), "words", bytes(range(16)))
    assert "peers are told" in capsys.readouterr().out
    assert world.ours.removed == [encode_base64url(bytes(range(16)))]


async def test_applications_are_read_and_decided(
    world: World, moderator: Person, capsys: pytest.CaptureFixture[str]
) -> None:
    await moderate._list(desk(moderator), "words", "applications")
    assert "There are no applications" in capsys.readouterr().out
    await world.apply("I repair radios\nand bicycles")
    await moderate._application(desk(moderator), "words", "1", None)
    assert "  I repair radios\n  and bicycles" in capsys.readouterr().out
    await moderate._application(desk(moderator), "words", "1", True)
    assert "They can join now" in capsys.readouterr().out
    assert len(world.ours.admitted) == 1
    await world.apply("I repair nothing")
    await moderate._application(desk(moderator), "words", "1", False)
    assert world.ours.applications == {}
    assert len(world.ours.admitted) == 1


async def test_a_proposal_is_shown_and_written_for_the_steward(
    world: World, moderator: Person, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proposer = world.person()
    await proposals._propose(desk(proposer), "words", LINK, "It helped me")
    assert "It is sent" in capsys.readouterr().out
    await moderate._show(desk(moderator), "words", "1")
    shown = capsys.readouterr().out
    for words in ("for the library", "It helped me", "Writing a CV", LINK.url):
        assert words in shown
    file = tmp_path / "entry.json"
    await proposals._take(desk(moderator), "words", "1", file)
    assert f"kith library import {file}" in capsys.readouterr().out
    [row] = parse_json(file.read_bytes())
    assert (row.id, row.content) == ("", LINK)


async def test_a_report_is_not_taken_for_a_proposal(
    world: World, moderator: Person, tmp_path: Path
) -> None:
    evidence = world.ours.evidence("unkind")
    await world.person().reports.report_message(evidence, category="other")
    with pytest.raises(UsageError, match="not a proposal"):
        await proposals._take(desk(moderator), "words", "1", tmp_path / "entry.json")
