"""What a person at a terminal reads: some wishes, a conversation, reports, what to try."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from kith_client.commands.words import describe_reason
from kith_node.cli.output import print_table
from kith_node.demo.accusations import Accused
from kith_node.demo.asking import Asked
from kith_node.demo.encounters import Sample
from kith_node.demo.figures import Figures
from kith_node.demo.fill import PASSPHRASE_NAME, Account
from kith_node.demo.mentorships import Lived
from kith_node.demo.nodes import DemoNode
from kith_node.demo.wishes import Wish, is_right
from kith_protocol.api import Hit
from kith_protocol.listed import read_listed
from kith_protocol.vocabulary import Vocabulary

SHOWN_WISHES = 5
SHOWN_CHARACTERS = 100
READERS = ("en",)

_HEADS = ("", "community", "topics", "why")


def print_figures(figures: Figures) -> None:
    """Print what the run showed, in sentences."""
    click.echo()
    for line in lines_of(figures):
        click.echo(f"  {line}")


def lines_of(figures: Figures) -> list[str]:
    """Return what the run showed, in sentences; of one community alone nothing about peers."""
    is_alone = figures.nodes == 1
    lines = [
        f"{'1 community holds' if is_alone else f'{figures.nodes} communities hold'} "
        f"{figures.offers} offers of {figures.accounts} "
        f"members ({figures.real_offers} from people's real skill lists); "
        f"{figures.profiles} members show a profile at home.",
        f"{figures.wishes} wishes were asked. A right mentor stood among the first five for "
        f"{figures.hit_at_5:.0%} (popularity alone: {figures.hit_at_5_popularity:.0%}; "
        f"possible at all: {figures.reachable:.0%}).",
        f"The most shown 5 % of the offers got {figures.top5_share:.0%} of all places among "
        "the first five.",
        f"Something is offered in {figures.languages} languages; of wishes in free words, "
        f"{figures.understood:.0%} were taken for what was meant.",
        f"{figures.conversations} conversations{'' if is_alone else ' between communities'}: "
        f"{figures.messages} messages were read as they were written, shown after "
        f"{figures.message_ms.p50} ms (median), {figures.message_ms.p95} ms (95 %). "
        f"{figures.declined} knocks were declined.",
        f"{figures.mentorships_closed} mentorships went from terms to thanks, closed by both "
        f"sides; {figures.passed_on} mentees pass on what they learned, found from a "
        f"{'search' if is_alone else 'third community'}. Their devices counted; no node could.",
        f"{figures.circles} circles met, removed somebody and were archived; who was removed "
        "read nothing that followed.",
        f"{figures.resources} library entries in twelve languages are found on members' devices"
        f"{'' if is_alone else ', the same everywhere after some were changed and withdrawn'}.",
        f"Reports proven and acted on: {figures.reports_proven}. Refused, because their proof "
        f"is false: {figures.reports_refused}.",
        f"{figures.withdrawn} offers were withdrawn and {figures.expired} expired: gone"
        f"{'' if is_alone else ' everywhere'}.",
    ]
    return lines if is_alone else lines + _lines_between(figures)


def _lines_between(figures: Figures) -> list[str]:
    spread = figures.release_to_visible_ms
    lines = [
        f"{figures.verified} announcements were taken after verifying both signatures; "
        f"{figures.refused_tampered} with changed words were refused.",
        f"For {figures.cross_community_share:.0%} of all wishes the first right one was of "
        "another community.",
        f"Other communities confirmed {figures.receipts_confirmed} times that a withdrawn "
        "offer is deleted.",
    ]
    if spread is not None:
        lines.append(
            f"From publishing to visible everywhere: {spread.p50} ms (median), "
            f"{spread.p95} ms (95 %)."
        )
    return lines


def print_wishes(asked: Sequence[Asked], nodes: Sequence[DemoNode], topics: Vocabulary) -> None:
    """Print a few wishes, of different communities, each with its best five."""
    names = {node.actor: node.community.name for node in nodes}
    for one in pick_wishes(asked):
        wish = one.outcome.wish
        wanted = topics.label(wish.wanted, READERS)
        have = ", ".join(topics.label(topic, READERS) for topic in wish.have)
        place = nodes[wish.community].community.name
        click.echo()
        click.secho(
            f"Somebody in {place} who speaks {', '.join(wish.languages)} and knows {have} "
            f"looks for: {wanted}",
            bold=True,
        )
        print_table(_HEADS, table_of(one, names, topics))
    click.echo("\n* right: names what is looked for and something known, in a shared language")


def print_sample(sample: Sample) -> None:
    """Print the beginning of one conversation, as only its two sides see it."""
    click.echo()
    who = f"Two members of {sample.mentee}"
    if sample.mentor != sample.mentee:
        who = f"A member of {sample.mentee} and one of {sample.mentor}"
    click.secho(f"{who} talk; only they can read it:", bold=True)
    for line in lines_of_sample(sample):
        click.echo(f"  {line}")


def lines_of_sample(sample: Sample) -> list[str]:
    """Return what was said, side by side, each line within the width of a terminal."""
    lines = [
        f"{'mentee' if line.by_mentee else 'mentor'}  {_cut(line.text)}"
        for line in sample.lines
    ]
    words = " ".join(sample.safety_words)
    return [*lines, f"… and {sample.left} more. Both see the safety words: {words}"]


def print_lived(lived: Lived) -> None:
    """Print one mentorship as its mentee sees it."""
    click.echo()
    click.secho("One mentorship, as the mentee's device tells it:", bold=True)
    for line in lived.lines:
        click.echo(f"  {line}")


def print_accused(accused: Accused) -> None:
    """Print what became of the two reports."""
    click.echo()
    click.secho("Two reports:", bold=True)
    for line in lines_of_accused(accused):
        click.echo(f"  {line}")


def lines_of_accused(accused: Accused) -> list[str]:
    """Return what became of the two reports, in sentences."""
    reported, written = accused.reported_in, accused.written_in
    is_across = reported != written
    judged = [f"The moderators of {reported} checked the proof: it holds."]
    if is_across:
        judged.append(f"They passed it on to those of {written}, who checked it again.")
    return [
        f"Somebody in {reported} reported a message{f' from {written}' if is_across else ''}:",
        *(f"  {line}" for line in accused.lines),
        *judged,
        "Two of three keyholders opened the sender's seal, and a steward suspended the member,",
        "who can neither sign in nor send any more.",
        f"Another report in {reported} quoted words that nobody wrote. Its proof is false, so",
        "nothing was opened for it.",
    ]


def pick_wishes(asked: Iterable[Asked]) -> list[Asked]:
    """Return the first wish of each community that found anything, a handful in all."""
    first: dict[int, Asked] = {}
    for one in asked:
        if one.hits:
            first.setdefault(one.outcome.wish.community, one)
    return [first[place] for place in sorted(first)][:SHOWN_WISHES]


def table_of(
    asked: Asked, names: Mapping[str, str], topics: Vocabulary
) -> list[tuple[str, str, str, str]]:
    """Return the rows of one wish: place, community, topics, reasons in words.

    Args:
        asked: a wish with its hits.
        names: actor to the community's name.
        topics: for labels.
    """

    def label(topic: str) -> str:
        return topics.label(topic, READERS)

    return [
        (
            f"{place}{_mark(hit, asked.outcome.wish)}",
            names[hit.community],
            _topics_of(hit, topics),
            "; ".join(describe_reason(reason, label) for reason in hit.reasons),
        )
        for place, hit in enumerate(asked.hits, 1)
    ]


def print_addresses(
    folder: Path,
    nodes: Sequence[DemoNode],
    accounts: Sequence[Account],
    invites: Sequence[str],
) -> None:
    """Print what can be tried while the nodes stay up.

    Args:
        folder: of the whole run.
        nodes: of the communities.
        accounts: whose keys are in a folder.
        invites: links by which somebody can join, of one community each.
    """
    click.echo()
    subject = "It stays up" if len(nodes) == 1 else "The communities stay up"
    click.secho(f"{subject} until you press Ctrl-C. To try:", bold=True)
    for node in nodes:
        languages = ", ".join(node.community.languages)
        click.echo(f"  {node.origin}  {node.community.name} ({languages})")
    click.secho("In a browser, to join and look around as somebody new:", bold=True)
    for link in invites:
        click.echo(f"  {link}")
    click.secho("For programs:", bold=True)
    first = nodes[0]
    click.echo(f"  {first.origin}/api/v1/community     what anybody may know of one")
    click.echo(f"  {first.origin}/api/v1/openapi.json  what programs may ask")
    click.echo(f"  {first.origin}/actor                what other nodes read")
    kith, config = _kith(), first.config.relative_to(folder)
    click.secho("In another terminal:", bold=True)
    click.echo(f"  cd {folder}")
    click.echo(f"  {kith} status --config {config}")
    click.echo(f"  {kith} search --config {config} --topics software.python")
    for account in accounts[:1]:
        assert account.home is not None  # a run that stays up keeps the keys of these accounts
        home = account.home.relative_to(folder)
        keys = f"--home {home} --passphrase-file {home / PASSPHRASE_NAME}"
        for command in ("whoami", "talk 1", "topics python", "search -t software.python -l en"):
            click.echo(f"  {kith} me {command} {keys}")


def _kith() -> str:
    """Return how this program is called from anywhere."""
    beside = Path(sys.executable).with_name("kith")
    return "kith" if shutil.which("kith") or not beside.exists() else str(beside)


def _cut(text: str) -> str:
    """Return *text*, cut where it is longer than a line."""
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[: SHOWN_CHARACTERS - 1]}…"


def _mark(hit: Hit, wish: Wish) -> str:
    return "*" if is_right(read_listed(bytes(hit.object)), wish) else ""


def _topics_of(hit: Hit, topics: Vocabulary) -> str:
    offer = read_listed(bytes(hit.object))
    return ", ".join(topics.label(topic, READERS) for topic in offer.topics)
