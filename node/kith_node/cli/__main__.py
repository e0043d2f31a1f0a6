"""``python -m kith_node.cli``, the same as ``kith``."""

from __future__ import annotations

from kith_node.cli import main

main()
