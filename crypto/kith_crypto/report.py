"""Reports: a recipient proves one message to moderators, and nothing else of a conversation.

``postmark(1377) ‖ frank key(32) ‖ core``. The stamp proves that a member of the sending node
handed in something under this commitment, and the commitment that it was this core. The
writer's signature stays out, so nobody but holders of a report can be convinced, and only
that the node's member wrote it. Sealing a report to moderators is ``moderators``; who may read
and decide is the caller's part.
"""

from collections.abc import Sequence

import msgspec

from kith_crypto.commitment import FRANK_KEY_BYTES, verify_commitment
from kith_crypto.content import MAX_CORE_BYTES, Opened
from kith_crypto.core import HEADER_BYTES, Core, parse_core
from kith_crypto.ed25519 import VerifyKey
from kith_crypto.errors import KithError, MalformedError, SignatureError
from kith_crypto.stamp import (
    POSTMARK_BYTES,
    Postmark,
    Stamped,
    encode_postmark,
    parse_postmark,
    postmark_of,
    verify_postmark,
)

_CORE_START = POSTMARK_BYTES + FRANK_KEY_BYTES
MIN_REPORT_BYTES = _CORE_START + HEADER_BYTES
MAX_REPORT_BYTES = _CORE_START + MAX_CORE_BYTES


class Report(msgspec.Struct, frozen=True):
    """A report, not verified. Its ``repr`` shows nothing.

    Attributes:
        postmark: of the reported envelope.
        frank_key: opens the commitment, exactly 32 bytes.
        core: the encoded core.
    """

    postmark: Postmark
    frank_key: bytes
    core: bytes

    def __repr__(self) -> str:
        return "Report(...)"


class Proven(msgspec.Struct, frozen=True):
    """What a valid report proves. Its ``repr`` shows nothing.

    Attributes:
        core: what was written.
        postmark: verified; goes to the sending node to have the seal unwrapped.
    """

    core: Core
    postmark: Postmark

    def __repr__(self) -> str:
        return "Proven(...)"


def make_report(stamped: Stamped, opened: Opened) -> Report:
    """Return the report of a message.

    Args:
        stamped: the envelope it came in.
        opened: what was in that envelope.

    Raises:
        SignatureError: *opened* came in another envelope.
    """
    verify_commitment(stamped.envelope.commitment, opened.frank_key, opened.raw)
    return Report(
        postmark=postmark_of(stamped.envelope), frank_key=opened.frank_key, core=opened.raw
    )


def encode_report(report: Report) -> bytes:
    """Return the bytes of *report*.

    Raises:
        ValueError: a part of another size.
    """
    raw = encode_postmark(report.postmark) + report.frank_key + report.core
    if len(report.frank_key) != FRANK_KEY_BYTES or not _is_size(len(raw)):
        raise ValueError("a part of the report has another size")
    return raw


def parse_report(raw: bytes) -> Report:
    """Return the report that *raw* spells.

    Raises:
        MalformedError: another version or size.
    """
    if not _is_size(len(raw)):
        raise MalformedError("not a report")
    return Report(
        postmark=parse_postmark(raw[:POSTMARK_BYTES]),
        frank_key=raw[POSTMARK_BYTES:_CORE_START],
        core=raw[_CORE_START:],
    )


def verify_report(report: Report, node_keys: Sequence[VerifyKey]) -> Proven:
    """Return what *report* proves.

    It proves that a member of the node with *node_keys* sent this core to this box on this day.
    It does not prove to whom the box belongs, nor who the member is.

    Args:
        report: as it was opened.
        node_keys: the sending node's present and lately retired keys.

    Raises:
        SignatureError: in every case but a whole valid proof, without saying which.
    """
    try:
        verify_postmark(report.postmark, node_keys)
        verify_commitment(report.postmark.commitment, report.frank_key, report.core)
        return Proven(core=parse_core(report.core), postmark=report.postmark)
    except (KithError, ValueError) as error:
        raise SignatureError("the report is not proven") from error


def _is_size(size: int) -> bool:
    return MIN_REPORT_BYTES <= size <= MAX_REPORT_BYTES
