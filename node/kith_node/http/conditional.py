"""Conditional requests: whether a client has the newest already."""

from __future__ import annotations


def is_known_tag(etag: str, if_none_match: str) -> bool:
    """Return whether the header *if_none_match* names *etag*.

    Source: RFC 9110 §13.1.2 (weak comparison).
    """
    if if_none_match.strip() == "*":
        return True
    named = (tag.strip().removeprefix("W/") for tag in if_none_match.split(","))
    return etag in named
