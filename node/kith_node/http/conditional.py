"""Conditional requests: whether a client has the newest already."""

from __future__ import annotations

from kith_node.http.route import Answer, Call

# Kept by the member's device, asked for again each time: cheap by its tag.
_REVALIDATE = "private, no-cache"


def is_known_tag(etag: str, if_none_match: str) -> bool:
    """Return whether the header *if_none_match* names *etag*.

    Source: RFC 9110 §13.1.2 (weak comparison).
    """
    if if_none_match.strip() == "*":
        return True
    named = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return etag in named


def answer_file(call: Call, raw: bytes, *, etag: str, content_type: str) -> Answer:
    """Return the file *raw* as the answer to *call*, or that the client has it already."""
    headers = {"ETag": etag, "Cache-Control": _REVALIDATE}
    if is_known_tag(etag, call.headers.get("if-none-match", "")):
        return Answer(status=304, headers=headers)
    return Answer(body=raw, content_type=content_type, headers=headers)
