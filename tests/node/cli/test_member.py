"""Suspending by id, over the same services as a running node."""

from pathlib import Path

import pytest

from kith_crypto.encoding import encode_base64url
from kith_crypto.errors import UsageError
from kith_node.cli.member import _parse_id
from kith_node.federation.peer_store import list_audit
from kith_protocol.errors import NotFoundError
from kith_testing.node import open_local_node


@pytest.mark.parametrize("text", ["", "someone", "A" * 21, "A" * 43, "A" * 22 + "!"])
def test_only_an_id_names_a_member(text: str) -> None:
    with pytest.raises(UsageError):
        _parse_id(text)


async def test_a_suspended_member_is_out_until_reinstated(tmp_path: Path) -> None:
    async with open_local_node(tmp_path) as node:
        caller = await node.join()
        signed_in = await node.node.members.sessions.open(caller.token)
        member = _parse_id(encode_base64url(signed_in.member_id))
        accounts = node.node.members.accounts
        await accounts.suspend(member)
        await node.node.moderation.audit.note("admin", "member-suspended")
        reply = await node.send("GET", "/api/v1/account", headers=caller.session)
        assert reply.code == "unauthorized"
        await accounts.reinstate(member)
        # The old session stays over: the epoch has been raised.
        reply = await node.send("GET", "/api/v1/account", headers=caller.session)
        assert reply.code == "unauthorized"
        with pytest.raises(NotFoundError):
            await accounts.suspend(_parse_id(encode_base64url(bytes(16))))
        async with node.node.stores.catalogue.read() as connection:
            [line] = await list_audit(connection, 10)
        assert (line.role, line.action, line.object) == ("admin", "member-suspended", "")
