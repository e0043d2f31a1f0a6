"""Starting and ending processes; whole nodes are tried in tests/e2e/test_demo.py."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec
import pytest

from kith_node.demo.errors import NodeFailedError
from kith_node.demo.nodes import DemoNode, free_ports, run_kith
from kith_node.demo.plan import COMMUNITIES


def test_free_ports_are_different_and_free() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    for port in ports:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", port))


def test_ports_from_a_base_follow_it_and_must_not_be_taken() -> None:
    [base] = free_ports(1)
    assert free_ports(1, base=base) == [base]
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", base))
        taken.listen()
        with pytest.raises(NodeFailedError, match=str(base)):
            free_ports(1, base=base)


async def test_a_failing_command_says_what_it_said(tmp_path: Path) -> None:
    (tmp_path / "keyholders.json").write_text("{}")
    with pytest.raises(NodeFailedError, match="exists already"):
        await run_kith("keyholder", "new", str(tmp_path), "--json")


async def test_a_command_answers_with_what_it_printed(tmp_path: Path) -> None:
    told = await run_kith("keyholder", "new", str(tmp_path / "keys"), "--json")
    assert len(msgspec.json.decode(told)["fingerprint"]) == 8


async def test_the_callers_own_settings_do_not_reach_a_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_NONSENSE", "1")
    config = tmp_path / "kith.toml"
    config.write_text('domain = "localhost:8470"\ndevelopment = true\n')
    told = await run_kith("config", "show", "--config", str(config), "--json")
    settings = msgspec.json.decode(told)
    assert settings["release"]["days"] == 0
    assert settings["federation"]["policy"] == "open"
    assert (settings["envelopes"]["delay_s"], settings["envelopes"]["slow_s"]) == (0, 0)
    assert settings["events"]["tick_s"] == 0


async def test_a_node_that_does_not_start_says_why(tmp_path: Path) -> None:
    config = tmp_path / "kith.toml"
    config.write_text('domian = "localhost:8470"\n')
    node = DemoNode(COMMUNITIES[0], tmp_path, 8470, "http://localhost:8470/actor")
    with pytest.raises(NodeFailedError, match="did you mean domain"):
        await node.start()
    await node.stop()
