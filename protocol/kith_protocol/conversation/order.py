"""In which order messages are shown, the same on every device.

Each lane keeps its own order, and nothing stands before what it acknowledges; apart from that
the writers' clocks decide. A wrong clock can therefore not put an answer before its question.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kith_protocol.conversation.events import Entry

LaneName = tuple[int, bytes]
"""Role and lane of the writer."""


class Unit(msgspec.Struct, frozen=True):
    """What is shown together: a message, after what is missing before it.

    Attributes:
        seq: number in its lane.
        minute: by the writer's clock.
        after: highest number by lane that must stand before it.
        entries: what is shown.
    """

    seq: int
    minute: int
    after: Mapping[LaneName, int]
    entries: tuple[Entry, ...]


def in_order(lanes: Mapping[LaneName, Sequence[Unit]]) -> tuple[Entry, ...]:
    """Return the entries of all lanes as they are shown.

    Args:
        lanes: units by lane, each lane in its own order.
    """
    tops = {name: units[-1].seq for name, units in lanes.items() if units}
    places = dict.fromkeys(tops, 0)
    shown = dict.fromkeys(tops, 0)
    entries: list[Entry] = []
    while places:
        heads = [
            (not _is_ready(lanes[name][place], shown, tops), lanes[name][place].minute, name)
            for name, place in places.items()
        ]
        # Acknowledgements of a hostile writer may form a circle: then the clock decides.
        _, _, name = min(heads)
        unit = lanes[name][places[name]]
        entries += unit.entries
        shown[name] = unit.seq
        places[name] += 1
        if places[name] == len(lanes[name]):
            del places[name]
    return tuple(entries)


def _is_ready(unit: Unit, shown: Mapping[LaneName, int], tops: Mapping[LaneName, int]) -> bool:
    return all(
        shown[name] >= min(seq, tops[name]) for name, seq in unit.after.items() if name in tops
    )
