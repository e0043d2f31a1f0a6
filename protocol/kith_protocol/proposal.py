"""An entry that a member proposes for the library, as it is sealed to the moderators.

A proposal travels as a report of the kind ``resource`` whose proof is the proposed content in
canonical JSON: outside, nothing tells it from a report about something else. It proves
nothing and says of nobody that they wrote it. Whether its topics are known is left to the
stewards who take it into the library.

Source: SPEC.md, section on reports; RFC 8785.
"""

from __future__ import annotations

import msgspec

from kith_crypto.canonical import canonical_bytes
from kith_crypto.errors import MalformedError, TooLargeError
from kith_crypto.strict_json import parse_json_object
from kith_protocol.limits import MAX_RESOURCE_BYTES
from kith_protocol.resource_content import ResourceContent, check_resource_content
from kith_protocol.wire import convert


def encode_proposal(content: ResourceContent) -> bytes:
    """Return the canonical JSON of *content*.

    Raises:
        MalformedError, UnknownTopicError, PrivacyFloorError: it may not stand in a library.
        TooLargeError: longer than a resource may be.
    """
    written = msgspec.json.encode(check_resource_content(content))
    raw = canonical_bytes(parse_json_object(written, max_bytes=len(written)))
    if len(raw) > MAX_RESOURCE_BYTES:
        raise TooLargeError(f"an entry has at most {MAX_RESOURCE_BYTES} bytes, not {len(raw)}")
    return raw


def parse_proposal(raw: bytes) -> ResourceContent:
    """Return the content in *raw*, from a stranger.

    Raises:
        MalformedError, UnknownTopicError, PrivacyFloorError, TooLargeError: as
            ``encode_proposal``, or not in canonical form.
    """
    document = parse_json_object(raw, max_bytes=MAX_RESOURCE_BYTES)
    content = check_resource_content(convert(document, ResourceContent))
    if encode_proposal(content) != raw:
        raise MalformedError("the proposed entry is not in canonical form")
    return content
