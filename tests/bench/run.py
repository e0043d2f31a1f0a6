"""`make bench`: all measurements, side by side with their raw limits, as a table or as JSON.

Machines are noisy: quote the ratios of one run, not the figures of two.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import sys
import tempfile
from pathlib import Path

import bench_inbox
import bench_publish
import bench_search


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, about a minute")
    arguments = parser.parse_args()
    sizes = (10_000,) if arguments.quick else (10_000, 100_000)
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        _say("inbox")
        rounds = 2 if arguments.quick else 5
        figures["inbox"] = asyncio.run(bench_inbox.run(Path(folder) / "inbox", rounds=rounds))
        _say("publishing")
        figures["publish"] = asyncio.run(bench_publish.run(Path(folder) / "publish"))
    for size in sizes:
        _say(f"search, {size} offers")
        figures[f"search {size}"] = bench_search.measure(size)
    if arguments.json:
        print(json.dumps({"python": platform.python_version(), **figures}))
        return
    for group, values in figures.items():
        print(group)
        for name, value in values.items():
            print(f"  {name:28} {value:>12}")


def _say(what: str) -> None:
    print(f"measuring: {what}", file=sys.stderr)


if __name__ == "__main__":
    main()
