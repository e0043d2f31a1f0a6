"""Members' vaults over the room's own file, and over HTTP with a real node."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import MalformedError, TooLargeError
from kith_node.http.route import MemberId
from kith_node.members.vault_routes import read_condition
from kith_protocol.api import CredentialsBody, SessionAnswer, SignInBody, Slots
from kith_protocol.errors import (
    ConflictError,
    NotFoundError,
    PreconditionFailedError,
    TooManyError,
    UnauthorizedError,
)
from kith_protocol.vault_upload import (
    CHUNKS_TYPE,
    CREDENTIALS_TYPE,
    chunk_etag,
    encode_chunks,
    encode_credentials,
)
from kith_testing.members_room import MembersRoom
from kith_testing.node import Caller, LocalNode, Reply, open_local_node

INDEX, NEWER, OTHER = b"i" * 1024, b"n" * 1024, b"o" * 2048
LARGEST = 4 * 1024 * 1024


async def member_of(room: MembersRoom) -> MemberId:
    answer = await room.members.accounts.register(
        await room.registration(), caller=room.caller()
    )
    return (await room.members.sessions.open(answer.token)).member_id


async def test_a_vault_is_written_and_read(room: MembersRoom) -> None:
    member = await member_of(room)
    tag = await room.members.vaults.write(member, {0: INDEX, 7: OTHER}, expected=None)
    assert tag == chunk_etag(INDEX)
    assert await room.members.vaults.read(member, 7) == OTHER
    await room.members.vaults.write(member, {0: NEWER, 7: b""}, expected=tag)
    assert await room.members.vaults.read(member, 0) == NEWER
    with pytest.raises(NotFoundError):
        await room.members.vaults.read(member, 7)


async def test_who_has_not_read_the_newest_index_changes_nothing(room: MembersRoom) -> None:
    member = await member_of(room)
    tag = await room.members.vaults.write(member, {0: INDEX, 1: OTHER}, expected=None)
    for expected in (None, chunk_etag(NEWER)):
        with pytest.raises(PreconditionFailedError):
            await room.members.vaults.write(member, {0: NEWER, 1: b""}, expected=expected)
    assert await room.members.vaults.read(member, 0) == INDEX
    assert await room.members.vaults.read(member, 1) == OTHER
    stranger = await member_of(room)
    with pytest.raises(PreconditionFailedError):
        await room.members.vaults.write(stranger, {0: NEWER}, expected=tag)


async def test_a_vault_is_not_written_without_its_index(room: MembersRoom) -> None:
    member = await member_of(room)
    for chunks in ({}, {1: OTHER}, {0: b"", 1: OTHER}):
        with pytest.raises(MalformedError):
            await room.members.vaults.write(member, chunks, expected=None)


async def test_a_vault_of_more_than_16_mib_is_refused_whole(room: MembersRoom) -> None:
    member = await member_of(room)
    first = {0: INDEX} | {one: bytes(LARGEST) for one in (1, 2, 3)}
    tag = await room.members.vaults.write(member, first, expected=None)
    with pytest.raises(TooLargeError):
        await room.members.vaults.write(member, {0: NEWER, 4: bytes(LARGEST)}, expected=tag)
    assert await room.members.vaults.read(member, 0) == INDEX
    with pytest.raises(NotFoundError):
        await room.members.vaults.read(member, 4)


async def test_a_vault_of_more_than_1024_chunks_is_refused(room: MembersRoom) -> None:
    member = await member_of(room)
    full = dict.fromkeys(range(1024), INDEX)
    tag = await room.members.vaults.write(member, full, expected=None)
    with pytest.raises(TooLargeError):
        await room.members.vaults.write(member, {0: NEWER, 1024: OTHER}, expected=tag)


async def test_one_member_cannot_write_without_end(room: MembersRoom) -> None:
    member, other = await member_of(room), await member_of(room)
    large = {0: bytes(LARGEST)}
    tag = await room.members.vaults.write(member, large, expected=None)
    for _ in range(7):  # 65 of 520 each
        await room.members.vaults.write(member, large, expected=tag)
    with pytest.raises(TooManyError):
        await room.members.vaults.write(member, large, expected=tag)
    await room.members.vaults.write(other, {0: INDEX}, expected=None)


async def test_a_deleted_account_leaves_no_chunk(room: MembersRoom) -> None:
    member = await member_of(room)
    await room.members.vaults.write(member, {0: INDEX, 1: OTHER}, expected=None)
    await room.members.accounts.delete(member)
    async with room.database.read() as connection:
        [(count,)] = await connection.execute_fetchall("SELECT count(*) FROM vault_chunks")
    assert count == 0
    with pytest.raises(UnauthorizedError):
        await room.members.vaults.write(member, {0: INDEX}, expected=None)


def credentials(room: MembersRoom, auth: str = "") -> CredentialsBody:
    return CredentialsBody(
        auth=auth or room.secret(),
        recovery_auth=room.secret(),
        slots=Slots(passphrase="bmV3", recovery="bmV3"),
        device=room.device(),
    )


async def test_a_new_key_comes_with_the_whole_vault_or_not_at_all(room: MembersRoom) -> None:
    taken = await room.registration()
    await room.members.accounts.register(taken, caller=room.caller())
    member = await member_of(room)
    tag = await room.members.vaults.write(member, {0: INDEX, 5: OTHER}, expected=None)
    before = await room.members.accounts.get(member)
    replace = room.members.accounts.replace_credentials
    with pytest.raises(PreconditionFailedError):
        await replace(member, credentials(room), {0: NEWER}, expected=chunk_etag(NEWER))
    with pytest.raises(ConflictError):
        await replace(member, credentials(room, taken.auth), {0: NEWER}, expected=tag)
    assert await room.members.accounts.get(member) == before
    assert await room.members.vaults.read(member, 5) == OTHER

    new = credentials(room)
    _, newer_tag = await replace(member, new, {0: NEWER}, expected=tag)
    assert newer_tag == chunk_etag(NEWER)
    assert (await room.members.accounts.get(member)).slots == new.slots
    with pytest.raises(NotFoundError):
        await room.members.vaults.read(member, 5)  # under the old key


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"if-match": "*"},
        {"if-match": 'W/"x"'},
        {"if-match": '"x", "y"'},
        {"if-match": '""'},
        {"if-match": '"x"', "if-none-match": "*"},
        {"if-none-match": '"x"'},
    ],
)
def test_a_write_says_exactly_one_thing_that_has_been_read(headers: dict[str, str]) -> None:
    with pytest.raises(MalformedError):
        read_condition(headers)


# --- over HTTP -----------------------------------------------------------------


async def put(node: LocalNode, caller: Caller, body: bytes, **condition: str) -> Reply:
    headers = caller.session | {"Content-Type": CHUNKS_TYPE}
    headers |= {name.replace("_", "-"): value for name, value in condition.items()}
    return await node.send("PUT", "/api/v1/vault", headers=headers, body=body)


async def test_the_way_of_a_vault_over_http(tmp_path: Path) -> None:
    async with open_local_node(tmp_path) as node:
        caller, stranger = await node.join(), await node.join()
        large = {0: INDEX} | {one: bytes(LARGEST) for one in (1, 2, 3)}
        reply = await put(node, caller, encode_chunks(large), If_None_Match="*")
        assert (reply.status, reply.headers["ETag"]) == (204, chunk_etag(INDEX))
        reply = await node.send("GET", "/api/v1/vault/1", headers=caller.session)
        assert (reply.status, reply.body) == (200, bytes(LARGEST))
        known = {"If-None-Match": reply.headers["ETag"]}
        reply = await node.send("GET", "/api/v1/vault/1", headers=caller.session | known)
        assert (reply.status, reply.body) == (304, b"")
        again = await put(node, caller, encode_chunks({0: NEWER}), If_None_Match="*")
        assert (again.status, again.code) == (412, "precondition-failed")
        for path in ("/api/v1/vault/01", "/api/v1/vault/9", "/api/v1/vault/65536"):
            reply = await node.send("GET", path, headers=caller.session)
            assert reply.code == "not-found", path
        reply = await node.send("GET", "/api/v1/vault/0", headers=stranger.session)
        assert reply.code == "not-found"
        too_large = bytes(17 * 1024 * 1024)
        reply = await put(node, caller, too_large, If_Match=chunk_etag(INDEX))
        assert reply.code == "too-large"


async def test_a_new_key_ends_the_sessions_of_other_devices(tmp_path: Path) -> None:
    async with open_local_node(tmp_path) as node:
        caller = await node.join()
        await put(node, caller, encode_chunks({0: INDEX}), If_None_Match="*")
        body = CredentialsBody(
            auth=encode_base64url(node.rng.bytes(32)),
            recovery_auth=encode_base64url(node.rng.bytes(32)),
            slots=Slots(passphrase="bmV3", recovery="bmV3"),
            device=encode_base64url(node.rng.bytes(8)),
        )
        headers = caller.session | {
            "Content-Type": CREDENTIALS_TYPE,
            "If-Match": chunk_etag(INDEX),
        }
        reply = await node.send(
            "PUT",
            "/api/v1/account/credentials",
            headers=headers,
            body=encode_credentials(body, {0: NEWER, 2: OTHER}),
        )
        assert (reply.status, reply.headers["ETag"]) == (200, chunk_etag(NEWER))
        session = msgspec.json.decode(reply.body, type=SessionAnswer)
        old = await put(node, caller, encode_chunks({0: INDEX}), If_Match=chunk_etag(NEWER))
        assert old.status == 401
        new = Caller(session.token, session.reader_pass)
        reply = await node.send("GET", "/api/v1/vault/2", headers=new.session)
        assert reply.body == OTHER
        shown = SignInBody(body.auth, body.device)
        assert (await node.send_json("POST", "/api/v1/session", shown)).status == 200
