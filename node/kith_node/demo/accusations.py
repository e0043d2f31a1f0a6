"""Two reports: one that is proven and acted on, and one whose proof is false.

Somebody wrote something unkind. Whoever got it reports it, with its proof and nothing else of
the conversation, to the moderators of their own community. If the writer is of another
community, these pass it on to its moderators, who hand a case to their keyholders. Two of the
three find the member, whom the steward suspends. The other report puts words into somebody's
mouth: its proof is false, and nothing is opened for it.

What checks the proofs is ``kith_client`` on the moderators' side and ``kith keyholder``; here
that is only compared with what is known to be true.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from contextlib import AsyncExitStack

import msgspec

from kith_client.errors import ProblemError
from kith_client.http import Reply, Request, decode_answer
from kith_client.means import Means
from kith_client.member import Member
from kith_client.moderation import OpenedReport
from kith_crypto.core import encode_core, parse_core
from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import UsageError
from kith_crypto.moderators import KIND_REPORT, seal_for_moderators
from kith_crypto.objects import ID_BYTES, community_id
from kith_crypto.passphrase import suggest_name, suggest_passphrase
from kith_crypto.report import Report, encode_report
from kith_node.demo.errors import CheckError
from kith_node.demo.fill import Account, place_of
from kith_node.demo.keyholding import open_case
from kith_node.demo.meetings import choose_reported
from kith_node.demo.nodes import DemoNode
from kith_node.demo.talking import Talk, say_and_read
from kith_node.demo.waiting import patiently, wait_until
from kith_protocol.conversation.bodies import Text
from kith_protocol.conversation.events import Evidence, Shown
from kith_protocol.errors import UnauthorizedError
from kith_protocol.reported import describe_proven
from kith_protocol.reporting import ProvenMessage, ReportPayload, encode_payload
from kith_protocol.sealed_api import PeerAnswer, PeersAnswer, ReportBody

UNKIND = "Nobody here wants somebody like you. Go away, or I will see to it."
INVENTED = "I know where you live."
REPORTERS_WORDS = "This came out of nowhere, and I do not want it to happen to others."
TIMEOUT_S = 30
POLL_S = 0.2


class Accused(msgspec.Struct, frozen=True):
    """What became of both reports.

    Attributes:
        reported_in: name of the reporter's community.
        written_in: name of the reported member's community.
        lines: what was proven, as moderators and keyholders read it.
        proven: how many reports were proven and acted on.
        refused: how many were refused because their proof is false.
    """

    reported_in: str
    written_in: str
    lines: tuple[str, ...]
    proven: int
    refused: int


@dataclasses.dataclass(frozen=True, slots=True)
class Desk:
    """The moderators of one community: here one person, with the key.

    Attributes:
        node: of the community.
        member: with the role.
        key: public, 1216 bytes.
    """

    node: DemoNode
    member: Member
    key: bytes


async def report_both(
    nodes: Sequence[DemoNode], talks: Sequence[Talk], *, means: Means
) -> Accused:
    """Let both reports be made, judged and acted on; return what became of them.

    Args:
        nodes: of the communities, by position.
        talks: conversations that go on.
        means: of the moderators.

    Raises:
        CheckError: a report was judged otherwise than it must be.
        ProblemError: a node refused what it must not.
    """
    places = [(place_of(talk.pair.mentee), place_of(talk.pair.mentor)) for talk in talks]
    chosen = choose_reported(places)
    if chosen is None:
        raise CheckError("there is no conversation of which something could be reported")
    unkind, other = (talks[at] for at in chosen)
    pair = unkind.pair
    async with AsyncExitStack() as stack:
        here = await _open_desk(nodes[pair.mentee.community], means, stack)
        there = here
        if pair.is_across:
            there = await _open_desk(nodes[pair.mentor.community], means, stack)
        lines = await _report_proven(unkind, here, there, means)
        await _report_false(other, here, means)
    return Accused(
        reported_in=here.node.community.name,
        written_in=there.node.community.name,
        lines=lines,
        proven=1,
        refused=1,
    )


def put_into_mouth(evidence: Evidence, text: str) -> Evidence:
    """Return *evidence* as if its writer had written *text*: everything else is real."""
    core = parse_core(evidence.core)
    changed = msgspec.structs.replace(core, body={**core.body, "text": text})
    return msgspec.structs.replace(evidence, core=encode_core(changed))


async def _open_desk(node: DemoNode, means: Means, stack: AsyncExitStack) -> Desk:
    """Let a moderator join, who makes the moderators' key."""
    (link,) = await node.invite(1, role="moderator")
    joined = await patiently(
        lambda: Member.join(
            link,
            name=suggest_name(means.rng),
            passphrase=suggest_passphrase(means.rng),
            means=means,
        )
    )
    member = await stack.enter_async_context(joined.member)
    made = await member.moderation.make_key()
    return Desk(node, member, made.public)


async def _report_proven(talk: Talk, here: Desk, there: Desk, means: Means) -> tuple[str, ...]:
    """Let the unkind message be reported and acted on; return what was proven."""
    await _check_sign_in(talk.pair.mentor, there.node, means, may=True)
    shown = await say_and_read(talk.theirs, talk.mine, UNKIND)
    reports = talk.pair.mentee.member.reports
    made = await reports.report_message(
        _evidence(talk, shown), category="harassment", words=REPORTERS_WORDS, may_pass_on=True
    )
    opened = await here.member.moderation.open_report(made.id)
    _check_words(opened)
    judged = opened
    if there is not here:
        judged = await _pass_on(opened, here, there, means)
    lines = await _act(judged, talk.pair.mentor, there, means)
    await _check_cannot_send(talk)
    expected = "acted" if there is here else "passed-on"
    _require(await reports.state(made.id) == expected, "what the reporter is told")
    if there is not here:
        await _wait_for_decision(here, opened)
    return lines


async def _pass_on(opened: OpenedReport, here: Desk, there: Desk, means: Means) -> OpenedReport:
    """Return the report as the other community's moderators open it."""
    await _wait_for_key(here, there, means)
    await here.member.moderation.pass_on(opened)
    arrived: list[str] = []

    async def has_come() -> bool:
        entries = await there.member.moderation.list_reports()
        arrived[:] = [entry.id for entry in entries if entry.origin == here.node.origin]
        return bool(arrived)

    if not await wait_until(has_come, timeout_s=TIMEOUT_S, every_s=POLL_S):
        raise CheckError(f"the report did not reach {there.node.community.name}")
    report = parse_base64url(arrived[0], size=ID_BYTES)
    passed = await there.member.moderation.open_report(report)
    _check_words(passed)
    return passed


async def _wait_for_key(here: Desk, there: Desk, means: Means) -> None:
    """Return once the first community's node knows the key of the second one's moderators."""
    key = encode_base64url(there.key)

    async def is_known() -> bool:
        peers = await _peers_of(here, means)
        return any(
            peer.node == there.node.origin and peer.moderators_key == key for peer in peers
        )

    if not await wait_until(is_known, timeout_s=TIMEOUT_S, every_s=POLL_S):
        raise CheckError(f"{here.node.community.name} did not get the new moderators' key")


async def _act(
    opened: OpenedReport, writer: Account, desk: Desk, means: Means
) -> tuple[str, ...]:
    """Have the keyholders find the writer, who is suspended; return what was proven."""
    moderation = desk.member.moderation
    member = await open_case(desk.node.folder, await moderation.write_case(opened))
    await desk.node.tell("member", "suspend", member)
    await _check_sign_in(writer, desk.node, means, may=False)
    await moderation.decide(parse_base64url(opened.entry.id, size=ID_BYTES), "acted")
    assert opened.proven is not None
    return describe_proven(opened.proven)


async def _report_false(talk: Talk, here: Desk, means: Means) -> None:
    """Let words be put into somebody's mouth; nobody acts on it.

    ``member.reports`` sends nothing that is not proven, so this goes past it.
    """
    said = next(
        entry
        for entry in talk.mine.messages
        if isinstance(entry, Shown) and not entry.is_own and isinstance(entry.body, Text)
    )
    false = put_into_mouth(_evidence(talk, said), INVENTED)
    report = means.rng.bytes(ID_BYTES)
    await _hand_in(talk.pair.mentee, here, report, false, means)
    moderation = here.member.moderation
    opened = await moderation.open_report(report)
    _require(opened.proven is None, "a report with invented words")
    try:
        await moderation.write_case(opened)
    except UsageError:
        await moderation.decide(report, "no-action")
    else:
        raise CheckError("a case was written for a report whose proof is false")
    state = await talk.pair.mentee.member.reports.state(report)
    _require(state == "no-action", "what the dishonest reporter is told")


async def _hand_in(
    reporter: Account, here: Desk, report: bytes, evidence: Evidence, means: Means
) -> None:
    proof = encode_report(Report(evidence.postmark, evidence.frank_key, evidence.core))
    payload = ReportPayload(
        kind="message",
        category="harassment",
        words="",
        may_pass_on=True,
        node=evidence.node,
        proof=proof,
    )
    sealed = seal_for_moderators(
        here.key,
        encode_payload(payload),
        kind=KIND_REPORT,
        community=community_id(here.node.actor),
    )
    request = Request(
        "PUT",
        f"/api/v1/reports/{encode_base64url(report)}",
        body=ReportBody("harassment", encode_base64url(sealed)),
    )
    await _send(request, reporter.member, means)


async def _peers_of(desk: Desk, means: Means) -> tuple[PeerAnswer, ...]:
    """Return the peers as the node lists them now; ``member`` would remember them."""
    reply = await _send(Request("GET", "/api/v1/peers"), desk.member, means)
    return decode_answer(reply, PeersAnswer).peers


async def _send(request: Request, member: Member, means: Means) -> Reply:
    """Send *request* to the node of *member* with the pass that all its members share."""
    reader_pass = member.keys.reader_pass
    assert reader_pass is not None  # whoever has read anything has it
    passed = dataclasses.replace(request, reader_pass=reader_pass.value)
    async with means.connect(member.community.node) as connection:
        return await patiently(lambda: connection.send(passed))


async def _check_sign_in(account: Account, node: DemoNode, means: Means, *, may: bool) -> None:
    """Compare whether *account* can sign in, on a new device, with whether it may."""
    try:
        member = await Member.sign_in(
            node.origin, name=account.name, passphrase=account.passphrase, means=means
        )
    except ProblemError as error:
        if error.code != UnauthorizedError.code:
            raise
        _require(not may, "signing in before anything was reported")
        return
    await member.close()
    _require(may, "signing in of somebody suspended")


async def _check_cannot_send(talk: Talk) -> None:
    try:
        await talk.theirs.say(UNKIND)
    except ProblemError as error:
        if error.code != UnauthorizedError.code:
            raise
        return
    raise CheckError("somebody suspended could go on writing")


async def _wait_for_decision(here: Desk, opened: OpenedReport) -> None:
    """Return once the first moderators know what the second ones decided."""

    async def is_known() -> bool:
        entries = await here.member.moderation.list_reports()
        return any(entry.id == opened.entry.id and entry.answer == "acted" for entry in entries)

    if not await wait_until(is_known, timeout_s=TIMEOUT_S, every_s=POLL_S):
        raise CheckError(f"{here.node.community.name} was not told what was decided")


def _evidence(talk: Talk, message: Shown) -> Evidence:
    evidence = talk.mine.evidence(message.hash)
    if evidence is None:
        raise CheckError("a message that was just read has no proof")
    return evidence


def _check_words(opened: OpenedReport) -> None:
    """Check that exactly what was written is proven, and the reporter's words came along."""
    proven = opened.proven
    _require(isinstance(proven, ProvenMessage), "the proof of a message that was written")
    assert isinstance(proven, ProvenMessage)
    _require(proven.core.body.get("text") == UNKIND, "the words that were proven")
    _require(opened.payload.words == REPORTERS_WORDS, "the reporter's words")


def _require(is_right: bool, what: str) -> None:
    """Return if it is right.

    Raises:
        CheckError: it is not.
    """
    if not is_right:
        raise CheckError(f"{what}: not as it must be")
