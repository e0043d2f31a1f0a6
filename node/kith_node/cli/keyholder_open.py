"""``kith keyholder open | sweep``: who is behind one proven report, and what they still own."""

from __future__ import annotations

from pathlib import Path

import click

from kith_crypto.encoding import encode_base64url, parse_base64url
from kith_crypto.errors import (
    DecryptionError,
    MalformedError,
    SignatureError,
    UsageError,
)
from kith_crypto.fingerprint import fingerprint_words
from kith_crypto.multikey import encode_multikey
from kith_crypto.seals import KIND_OFFER, MEMBER_ID_BYTES
from kith_node.cli.keyholder_files import LogLine, append_log, log_day, read_file, read_log
from kith_node.cli.keyholder_hands import Hands, hand_options
from kith_node.cli.output import print_json
from kith_protocol.keyholders_case import (
    CheckedCase,
    check_case,
    open_case,
    parse_case,
    purpose_of,
)
from kith_protocol.keyholders_private import describe_epoch
from kith_protocol.keyholders_seals import (
    OwnerSeal,
    epochs_of,
    find_owned,
    parse_seals,
    sweep_purpose,
)
from kith_protocol.reported import describe_proven
from kith_protocol.urls import origin_of

WHAT_IT_PROVES = (
    "The node says so: a node that lies can name the wrong member. Look at more than one "
    "report before suspending somebody for good."
)

_json_option = click.option("--json", "as_json", is_flag=True, help="Print for scripts.")
_yes_option = click.option("--yes", "is_agreed", is_flag=True, help="Open without asking.")


@click.command("open")
@click.argument("report", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@hand_options
@_yes_option
@_json_option
def open_report(report: Path, hands: Hands, *, is_agreed: bool, as_json: bool) -> None:
    """Open the seal in REPORT, a case file from the moderators, and print the member's id.

    Checks the proof itself, shows what was written, asks, writes a line into the log beside
    your private file, and only then opens. Nothing is sent anywhere. With three keyholders two
    are needed: the first runs it with --out, the second with --half.

    \b
    Examples:
      kith keyholder open case.json --key keys/keyholders-private.json
      kith keyholder open case.json --key wren.key --out half.json
      kith keyholder open case.json --key ash.key --half half.json
    """  # noqa: D301 - click reads the escape
    raw = read_file(report)
    hands = hands.in_folder(hands.key.parent)
    hands.check()
    checked = _check(raw)
    _check_keyholders(checked, hands)
    _show(checked, hands, is_quiet=as_json)
    _confirm("Open this seal?", is_agreed=is_agreed, as_json=as_json)
    purpose = purpose_of(raw)
    secrets = hands.open(checked.epochs, purpose)
    append_log(hands.folder, _line_of(checked, purpose, is_half=secrets is None))
    if secrets is None:
        hands.tell_half(as_json=as_json)
        return
    _require_keys(checked, secrets)
    try:
        member = encode_base64url(open_case(checked, secrets))
    except DecryptionError as error:
        raise UsageError("the seal is not of this report, or not for these keys") from error
    if as_json:
        print_json({"member": member, "node": checked.actor.origin})
        return
    click.secho(f"Member: {member}", bold=True)
    click.echo(WHAT_IT_PROVES)


@click.command()
@click.argument("seals", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--member", required=True, help="Id, as `kith keyholder open` printed it.")
@hand_options
@_yes_option
@_json_option
def sweep(seals: Path, member: str, hands: Hands, *, is_agreed: bool, as_json: bool) -> None:
    """Find what a suspended member still owns in SEALS, a file of `kith keyholder seals`.

    Prints matches only: whose the other offers are is told to nobody.

    \b
    Example:
      kith keyholder sweep seals.json --member 4mYc1m0wJrQG3mBqk2p0Ew --key wren.key
    Then, on the server: kith offers remove ID
    """  # noqa: D301 - click reads the escape
    raw = read_file(seals)
    file, member_id = parse_seals(raw), _parse_member(member)
    hands = hands.in_folder(hands.key.parent)
    hands.check()
    question = f"Test {len(file.seals)} seals of {file.actor} against this one member?"
    _confirm(question, is_agreed=is_agreed, as_json=as_json)
    purpose = sweep_purpose(raw, member_id)
    secrets = hands.open(epochs_of(file), purpose)
    what = "half-opened" if secrets is None else "swept"
    node = origin_of(file.actor, development=True)
    line = LogLine(log_day(), what, node, kind="sweep", file=encode_base64url(purpose))
    append_log(hands.folder, line)
    if secrets is None:
        hands.tell_half(as_json=as_json)
        return
    owned, unopened = find_owned(file, member_id, secrets)
    _tell_owned(owned, unopened, as_json=as_json)


def _check(raw: bytes) -> CheckedCase:
    try:
        return check_case(parse_case(raw))
    except SignatureError as error:
        raise UsageError(
            "the proof in this file is false, or of another node; nothing was opened"
        ) from error


def _check_keyholders(checked: CheckedCase, hands: Hands) -> None:
    published = checked.actor.keyholders
    if published is not None and published.verify_key != hands.identity:
        raise UsageError("this report is of a node with other keyholders; nothing was opened")


def _require_keys(checked: CheckedCase, secrets: dict[int, bytes]) -> None:
    if not secrets:
        quarters = ", ".join(map(describe_epoch, checked.epochs))
        raise UsageError(f"there are no keys for {quarters}; they were destroyed or never made")


def _show(checked: CheckedCase, hands: Hands, *, is_quiet: bool) -> None:
    """Show what is about to be opened; warnings also where the output is for scripts."""
    key = encode_multikey(checked.node_key)
    words = " ".join(fingerprint_words(checked.node_key))
    before = {
        line.node_key
        for line in read_log(hands.folder)
        if line.node == checked.actor.origin and line.node_key
    }
    if before and key not in before:
        click.secho(
            "Note: this node showed another key in earlier reports. Compare the words with "
            "its stewards before going on.",
            fg="yellow",
            err=True,
        )
    if is_quiet:
        return
    report = checked.case.report
    click.echo(f"Community: {checked.actor.origin}")
    click.echo(f"Its key, to be compared with its stewards: {words}")
    click.echo(f"Reported as: {report.category}")
    for line in report.words.split("\n") if report.words else []:
        click.echo(f"  {line}")
    click.echo("The proof holds. This is what was written:")
    for line in describe_proven(checked.proven):
        click.echo(f"  {line}")


def _confirm(question: str, *, is_agreed: bool, as_json: bool) -> None:
    if is_agreed:
        return
    if as_json:
        raise UsageError("with --json, agree in advance with --yes")
    click.confirm(question, abort=True)


def _line_of(checked: CheckedCase, purpose: bytes, *, is_half: bool) -> LogLine:
    return LogLine(
        day=log_day(),
        what="half-opened" if is_half else "opened",
        node=checked.actor.origin,
        node_key=encode_multikey(checked.node_key),
        kind=checked.case.report.kind,
        category=checked.case.report.category,
        file=encode_base64url(purpose),
    )


def _parse_member(text: str) -> bytes:
    try:
        return parse_base64url(text, size=MEMBER_ID_BYTES)
    except MalformedError as error:
        raise UsageError(
            f"{text} is no member's id, as `kith keyholder open` prints it"
        ) from error


def _tell_owned(owned: tuple[OwnerSeal, ...], unopened: int, *, as_json: bool) -> None:
    found = [
        {
            "kind": "offer" if one.kind == KIND_OFFER else "profile",
            "id": encode_base64url(one.object_id),
        }
        for one in owned
    ]
    if as_json:
        print_json({"owned": found, "unopened": unopened})
        return
    for one in found:
        click.echo(f"{one['kind']} {one['id']}")
    if not found:
        click.echo("This member owns nothing that is live.")
    if unopened:
        click.echo(f"{unopened} seals do not open with these keys.", err=True)
