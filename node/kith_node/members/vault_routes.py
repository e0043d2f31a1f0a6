"""Addresses of a member's vault, and of new credentials, which come with the whole of it."""

from __future__ import annotations

from collections.abc import Mapping

from kith_crypto.errors import MalformedError
from kith_crypto.vault import MAX_CHUNK
from kith_node.http.conditional import is_known_tag
from kith_node.http.route import Access, Answer, Call, Route
from kith_node.members.service import Members
from kith_protocol.api import SessionAnswer
from kith_protocol.errors import NotFoundError
from kith_protocol.vault_upload import (
    CHUNK_TYPE,
    CHUNKS_TYPE,
    CREDENTIALS_TYPE,
    MAX_CREDENTIALS_UPLOAD_BYTES,
    MAX_UPLOAD_BYTES,
    chunk_etag,
    parse_chunks,
    parse_credentials,
)


def vault_routes(service: Members) -> tuple[Route, ...]:
    """Return the addresses."""

    async def read_chunk(call: Call) -> Answer:
        chunk = await service.vaults.read(call.member, _parse_number(call.path["chunk"]))
        headers = {"ETag": chunk_etag(chunk)}
        if is_known_tag(headers["ETag"], call.headers.get("if-none-match", "")):
            return Answer(304, headers=headers)
        return Answer(body=chunk, content_type=CHUNK_TYPE, headers=headers)

    async def write_vault(call: Call) -> Answer:
        expected = read_condition(call.headers)
        chunks = parse_chunks(call.body)
        etag = await service.vaults.write(call.member, chunks, expected=expected)
        return Answer(204, headers={"ETag": etag})

    async def replace_credentials(call: Call) -> Answer:
        expected = read_condition(call.headers)
        body, chunks = parse_credentials(call.body)
        answer, etag = await service.accounts.replace_credentials(
            call.member, body, chunks, expected=expected
        )
        return Answer(body=answer, headers={"ETag": etag})

    return (
        Route(
            "GET",
            "/api/v1/vault/{chunk}",
            Access.SESSION,
            read_chunk,
            "One chunk of your vault, as your device encrypted it",
        ),
        Route(
            "PUT",
            "/api/v1/vault",
            Access.SESSION,
            write_vault,
            "Write chunks of your vault, if its index is still the one you have read",
            status=204,
            max_body=MAX_UPLOAD_BYTES,
            media_types=(CHUNKS_TYPE,),
        ),
        Route(
            "PUT",
            "/api/v1/account/credentials",
            Access.SESSION,
            replace_credentials,
            "New verifiers, slots and vault; ends every other session",
            answer=SessionAnswer,
            max_body=MAX_CREDENTIALS_UPLOAD_BYTES,
            media_types=(CREDENTIALS_TYPE,),
        ),
    )


def read_condition(headers: Mapping[str, str]) -> str | None:
    """Return the tag in ``If-Match``, or None for ``If-None-Match: *``.

    Raises:
        MalformedError: neither, both, or another form. Who writes a vault has read it.
    """
    if_match, if_none_match = headers.get("if-match"), headers.get("if-none-match")
    if if_match is None and if_none_match == "*":
        return None
    if if_match is None or if_none_match is not None or not _is_strong_tag(if_match):
        raise MalformedError("If-Match with one strong tag, or If-None-Match: *")
    return if_match


def _is_strong_tag(text: str) -> bool:
    return len(text) > 2 and text[0] == text[-1] == '"' and '"' not in text[1:-1]


def _parse_number(text: str) -> int:
    # One spelling for each chunk; what is none of them is not there.
    if text.isascii() and text.isdecimal() and len(text) <= 5 and text == str(int(text)):
        number = int(text)
        if number <= MAX_CHUNK:
            return number
    raise NotFoundError("no such chunk")
