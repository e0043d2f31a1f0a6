"""The walk-through of protocol/README.md works, line by line beside the demonstration."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

README = Path(__file__).parents[2] / "protocol" / "README.md"
START_S = 240
WALK_S = 180


def lines_of_the_walk() -> list[str]:
    """Return what is to be pasted, without entering the virtual environment."""
    blocks: list[str] = re.findall(
        r"^```\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL
    )
    [walk] = [block for block in blocks if "kith me knock new" in block]
    return [line for line in walk.splitlines() if not line.startswith(". ")]


async def test_the_walk_through_works_line_by_line(tmp_path: Path) -> None:
    folder = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    # As the README starts it, but for make, which would set up what is there.
    command = ("demo", "--folder", "demo", "--nodes", "2", "--offers", "60")
    assert '--folder demo --nodes 2 --offers 60"' in README.read_text()
    demo = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "kith_node.cli", *command),
        cwd=tmp_path,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert demo.stdout is not None
        async with asyncio.timeout(START_S):
            while b"press Ctrl-C" not in (line := await demo.stdout.readline()):
                assert line, "the demonstration ended"
        shell = await asyncio.create_subprocess_exec(
            *("bash", "-e", "-o", "pipefail"),
            cwd=tmp_path,
            env=env,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        script = "\n".join([*lines_of_the_walk(), ""]).encode()
        out, _ = await asyncio.wait_for(shell.communicate(script), WALK_S)
    finally:
        demo.send_signal(signal.SIGINT)
        await demo.communicate()
    said = out.decode()
    assert shell.returncode == 0, said
    assert "Your knock was accepted" in said
    assert 'they: Here it is: print("hello")' in said
    words = re.findall(r"^Safety words: (.*)$", said, re.MULTILINE)
    assert len(words) == 2
    assert len(set(words)) == 1
    assert "Here it is" in (tmp_path / "exported" / "kith-export.json").read_text()
