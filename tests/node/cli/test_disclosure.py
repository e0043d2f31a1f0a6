"""Every table, column and key of a live node has its sentence."""

from pathlib import Path

import msgspec
from click.testing import CliRunner

from kith_crypto.encoding import encode_base64url
from kith_crypto.hpke import sealing_public_key
from kith_node.cli.disclosure import UNKNOWN, read_disclosure
from kith_node.cli.disclosure_words import WORDS
from kith_testing.node import open_local_node


async def test_everything_that_a_busy_node_holds_has_its_sentence(tmp_path: Path) -> None:
    async with open_local_node(tmp_path) as node:
        await node.publish(await node.join())
        key = encode_base64url(sealing_public_key(bytes(32)))
        await node.node.moderation.put_key(key, role="admin")
        found = await read_disclosure(node.node)
    said = {(table.file, table.name): table for table in found.tables}
    assert set(said) == {(file, name) for file, tables in WORDS.items() for name in tables}
    for (file, name), table in said.items():
        assert set(table.columns) == set(WORDS[file][name].columns), name
    assert UNKNOWN not in str(msgspec.to_builtins(found))
    assert {"node-ed25519.seed", "moderators.json", "session/"} <= set(found.keys)
    assert said["members", "members"].rows == 1
    assert said["objects", "offers"].rows == 1


async def test_what_nobody_has_described_is_not_left_out(tmp_path: Path) -> None:
    async with open_local_node(tmp_path) as node:
        async with node.node.stores.catalogue.transaction() as connection:
            await connection.execute("CREATE TABLE surprise (what TEXT) STRICT")
        (tmp_path / "data" / "keys" / "odd.key").write_bytes(b"")
        found = await read_disclosure(node.node)
    [surprise] = [table for table in found.tables if table.name == "surprise"]
    assert (surprise.holds, surprise.columns) == (UNKNOWN, {"what": UNKNOWN})
    assert found.keys["odd.key"] == UNKNOWN


def test_the_command_is_listed() -> None:
    from kith_node.cli import kith

    help_text = CliRunner().invoke(kith, ["--help"]).output
    assert "disclosure" in help_text
    assert "member" in help_text
