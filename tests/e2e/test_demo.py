"""`kith demo` as people run it: real nodes, real HTTP, every check passed."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import msgspec
import pytest

NODES = 3
OFFERS = 60
TIMEOUT_S = 180


async def run_demo(*arguments: str, temporary: Path) -> tuple[int, bytes, str]:
    """Return exit code, output and what it said on stderr."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kith_node.cli", "demo", *arguments),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(temporary)},
    )
    try:
        out, errors = await asyncio.wait_for(process.communicate(), TIMEOUT_S)
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    assert process.returncode is not None
    return process.returncode, out, errors.decode()


@pytest.mark.e2e
async def test_once_passes_every_check_and_prints_the_figures(tmp_path: Path) -> None:
    arguments = ("--once", "--json", "--nodes", str(NODES), "--offers", str(OFFERS))
    code, out, errors = await run_demo(*arguments, temporary=tmp_path)
    assert code == 0, errors
    figures = msgspec.json.decode(out)

    assert figures["nodes"] == NODES
    assert figures["offers"] >= OFFERS
    assert 0 < figures["real_offers"] < OFFERS
    assert figures["accounts"] <= 100
    assert 0 < figures["profiles"] <= figures["accounts"]
    # Every offer of the filling is at every other node.
    assert figures["verified"] == OFFERS * (NODES - 1)
    assert figures["refused_tampered"] == 2
    assert figures["withdrawn"] >= 3
    assert figures["receipts_confirmed"] == figures["withdrawn"] * (NODES - 1)
    assert figures["expired"] >= 3
    assert (
        0 < figures["release_to_visible_ms"]["p50"] <= figures["release_to_visible_ms"]["p95"]
    )
    assert figures["conversations"] >= 20
    assert figures["messages"] >= 30 * figures["conversations"]
    assert 0 < figures["message_ms"]["p50"] <= figures["message_ms"]["p95"]
    assert figures["declined"] > 0
    assert figures["mentorships_closed"] == 6
    assert figures["circles"] >= 1
    assert figures["resources"] == 500 - NODES  # each community withdraws one
    assert figures["passed_on"] == 3
    assert figures["reports_proven"] == 1
    assert figures["reports_refused"] == 1
    assert set(figures["seconds"]) >= {"knock", "talk", "circle", "report"}
    assert set(figures["seconds"]) >= {"make", "start", "publish", "wishes", "expire"}

    assert figures["wishes"] >= 10
    assert figures["hit_at_5_popularity"] < figures["hit_at_5"] <= figures["reachable"] <= 1
    assert 0 < figures["cross_community_share"] <= figures["hit_at_5"]
    assert 0 < figures["top5_share"] < 1
    assert figures["languages"] > NODES
    assert figures["understood"] >= 0.9
    # Nothing stays behind.
    assert list(tmp_path.iterdir()) == []


@pytest.mark.e2e
async def test_staying_up_ends_when_told_to_and_leaves_nothing_behind(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kith_node.cli", "demo"),
        *("--nodes", "1", "--offers", "40"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    assert process.stdout is not None
    said = b""
    async with asyncio.timeout(TIMEOUT_S):
        while b"kith me search" not in said:
            line = await process.stdout.readline()
            assert line, said.decode()
            said += line
        process.terminate()
        await process.communicate()
    assert process.returncode == 0
    assert b"8 conversations: 240 messages" in said
    assert b"safety words" in said
    assert b"Two of three keyholders" in said
    assert list(tmp_path.iterdir()) == []
