"""`make bench`: all measurements, side by side with their raw limits, as tables or as JSON.

`make bench ARGS=topics` measures one thing only; several are named one after the other.
Machines are noisy: quote the ratios of one run, not the figures of two.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import bench_circle
import bench_device
import bench_fairness
import bench_inbox
import bench_mail
import bench_publish
import bench_search
import bench_topics

Row = dict[str, float] | dict[str, float | str]
Groups = dict[str, Row]


def _inbox(folder: Path, is_quick: bool) -> Groups:
    rounds = 2 if is_quick else 5
    return {"inbox": asyncio.run(bench_inbox.run(folder / "inbox", rounds=rounds))}


def _publish(folder: Path, _is_quick: bool) -> Groups:
    return {"publish": asyncio.run(bench_publish.run(folder / "publish"))}


def _mail(folder: Path, is_quick: bool) -> Groups:
    rounds = 2 if is_quick else 4
    return {"mail": asyncio.run(bench_mail.run(folder / "mail", rounds=rounds))}


def _circle(_folder: Path, is_quick: bool) -> Groups:
    sizes = bench_circle.SIZES[:1] if is_quick else bench_circle.SIZES
    return dict(asyncio.run(bench_circle.run(sizes)))


def _search(_folder: Path, is_quick: bool) -> Groups:
    sizes = (10_000,) if is_quick else (10_000, 100_000)
    return {f"search {size}": bench_search.measure(size) for size in sizes}


def _device(folder: Path, is_quick: bool) -> Groups:
    offers = 2000 if is_quick else bench_device.OFFERS
    return dict(asyncio.run(bench_device.run(folder / "device", offers)))


def _fairness(_folder: Path, is_quick: bool) -> Groups:
    return dict(bench_fairness.run(days=5) if is_quick else bench_fairness.run())


def _topics(_folder: Path, _is_quick: bool) -> Groups:
    return dict(bench_topics.run())


_BENCHES: dict[str, Callable[[Path, bool], Groups]] = {
    "inbox": _inbox,
    "mail": _mail,
    "circle": _circle,
    "publish": _publish,
    "search": _search,
    "device": _device,
    "fairness": _fairness,
    "topics": _topics,
}

# Many rows of the same few figures read better as a table.
_TABLES = frozenset({"fairness", "topics"})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "bench", nargs="*", help=f"what to measure, by default all: {', '.join(_BENCHES)}"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--quick", action="store_true", help="smaller sizes, about a minute")
    arguments = parser.parse_args()
    names: list[str] = arguments.bench or list(_BENCHES)
    unknown = [name for name in names if name not in _BENCHES]
    if unknown:
        parser.error(f"nothing is called {unknown[0]}; there are {', '.join(_BENCHES)}")
    figures: dict[str, Groups] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            print(f"measuring: {name}", file=sys.stderr)
            figures[name] = _BENCHES[name](Path(folder), arguments.quick)
    if arguments.json:
        groups = {name: row for each in figures.values() for name, row in each.items()}
        print(json.dumps({"python": platform.python_version(), **groups}))
        return
    for name, each in figures.items():
        (_print_table if name in _TABLES else _print_lists)(each)


def _print_lists(groups: Groups) -> None:
    for name, row in groups.items():
        print(name)
        for column, value in row.items():
            print(f"  {column:28} {value:>12}")


def _print_table(rows: Groups) -> None:
    columns = list(dict.fromkeys(column for row in rows.values() for column in row))
    first = max(map(len, rows))
    print(" " * first, *columns, sep="  ")
    for name, row in rows.items():
        cells = (f"{row.get(column, ''):>{len(column)}}" for column in columns)
        print(f"{name:{first}}", *cells, sep="  ")


if __name__ == "__main__":
    main()
