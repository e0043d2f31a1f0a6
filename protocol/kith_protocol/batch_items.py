"""Cutting a batch into its items when one of them is not even JSON.

A JSON decoder stops at the first bad item; an honest sender that relays for others must not
lose the whole batch to it. This reads brackets, commas and strings only, in one linear pass,
and leaves what stands between them to the strict reader of single items. It is used when the
decoder has given up, for it is slower.

Source: RFC 8259 §2 (structure), §7 (strings).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kith_crypto.errors import MalformedError, TooLargeError

# A string with its escapes, a bracket or a separator. A quotation mark alone is one that nobody
# closed.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|["{}\[\],]', re.DOTALL)
_PAGE_MEMBERS = 1  # depth at which the members of the page stand
_ITEMS = 2  # depth at which the items stand
_NAME = re.compile(rb'\s*"(type|orderedItems)"\s*:\s*')
_TYPE = b'"OrderedCollectionPage"'
# A full batch of honest activities has a third of that; it bounds the time this may take.
_MAX_TOKENS = 150_000


def cut_items(raw: bytes) -> list[bytes]:
    """Return the items of the page *raw*, each as the bytes it stands in.

    Raises:
        TooLargeError: more brackets, commas and strings than activities have.
        MalformedError: brackets or strings that do not close, or not a page of that type.
    """
    if sum(map(raw.count, (b"[", b"{", b",", b'"'))) > _MAX_TOKENS:
        raise TooLargeError("too many brackets, commas and strings")
    is_page, items = False, None
    if not raw.strip().startswith(b"{") or not raw.strip().endswith(b"}"):
        raise MalformedError("not a batch")
    for member in _cut(raw, _PAGE_MEMBERS):
        name = _NAME.match(member)
        if not name:
            continue
        value = member[name.end() :].strip()
        if name[1] == b"type":
            is_page = value == _TYPE
        elif value.startswith(b"["):
            items = [item.strip() for item in _cut(raw, _ITEMS, within=member)]
    if not is_page or items is None:
        raise MalformedError("not a batch")
    return items


def _cut(raw: bytes, depth: int, *, within: bytes | None = None) -> Iterator[bytes]:
    """Yield what stands between commas at *depth*, of *raw* or of one member *within* it."""
    text = raw if within is None else b"{" + within + b"}"
    level, start = 0, 0
    has_ended = False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if has_ended or mark == b'"':
            raise MalformedError("brackets or strings do not match")
        if mark in b"[{":
            level += 1
            start = token.end() if level == depth else start
        elif mark in b"]}":
            if level == depth:
                yield text[start : token.start()]
            level -= 1
            has_ended = level <= 0
        elif mark == b"," and level == depth:
            yield text[start : token.start()]
            start = token.end()
    if level:
        raise MalformedError("brackets or strings do not match")
