"""Three keyholders by the real commands; opening a real case is tried in tests/e2e."""

from __future__ import annotations

from pathlib import Path

import pytest

from kith_node.demo.errors import NodeFailedError
from kith_node.demo.keyholding import PEOPLE, make_keyholders, open_case
from kith_protocol.keyholders_file import parse_keyholders_file
from kith_protocol.keyholders_shares import parse_shares


async def test_three_people_have_shares_and_nobody_has_the_whole(tmp_path: Path) -> None:
    public = await make_keyholders(tmp_path)
    shares = parse_shares((public.parent / "keyholders-shares.json").read_bytes())
    assert parse_keyholders_file(public.read_bytes()).identity == shares.identity
    assert len(shares.people) == len(PEOPLE) == 3
    assert not (public.parent / "keyholders-private.json").exists()


async def test_what_is_no_case_is_opened_by_nobody(tmp_path: Path) -> None:
    public = await make_keyholders(tmp_path)
    with pytest.raises(NodeFailedError, match="keyholder open"):
        await open_case(tmp_path, b"{}")
    left = {path.name for path in public.parent.iterdir()}
    assert not left & {"case.json", "half.json", "keyholders-log.jsonl"}
