"""A name is connected to only through addresses that were all judged."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from kith_node.federation.addresses import RefusedAddressError
from kith_node.federation.resolver import VettedResolver, look_up


class Names:
    """Answers look-ups from a table and counts them."""

    def __init__(self, **answers: Sequence[str]) -> None:
        self._answers = {name.replace("_", "."): found for name, found in answers.items()}
        self.count = 0

    async def look_up(self, host: str) -> Sequence[str]:
        self.count += 1
        return self._answers.get(host, ())


async def test_returns_exactly_the_addresses_that_were_judged() -> None:
    names = Names(node_example=("1.1.1.1", "2606:4700::1111"))
    found = await VettedResolver(names.look_up).resolve("node.example", 443)
    assert [(one["host"], one["port"]) for one in found] == [
        ("1.1.1.1", 443),
        ("2606:4700::1111", 443),
    ]
    assert names.count == 1


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("1.1.1.1", "10.0.0.1"),
        ("10.0.0.1", "1.1.1.1"),
        ("::1",),
        ("1.1.1.1", "fd00::1"),
    ],
)
async def test_one_address_that_is_not_public_refuses_the_name(
    addresses: Sequence[str],
) -> None:
    resolver = VettedResolver(Names(node_example=addresses).look_up)
    with pytest.raises(RefusedAddressError):
        await resolver.resolve("node.example", 443)


async def test_a_name_without_addresses_is_an_error_of_the_network() -> None:
    with pytest.raises(OSError):
        await VettedResolver(Names().look_up).resolve("node.example", 443)


async def test_localhost_is_resolved_in_development_only_and_to_loopback_only() -> None:
    names = Names(localhost=("127.0.0.1",))
    with pytest.raises(RefusedAddressError):
        await VettedResolver(names.look_up).resolve("localhost", 80)
    found = await VettedResolver(names.look_up, development=True).resolve("localhost", 80)
    assert found[0]["host"] == "127.0.0.1"
    outside = Names(localhost=("1.1.1.1",))
    with pytest.raises(RefusedAddressError):
        await VettedResolver(outside.look_up, development=True).resolve("localhost", 80)


async def test_other_names_stay_refused_in_development() -> None:
    resolver = VettedResolver(Names(node_example=("127.0.0.1",)).look_up, development=True)
    with pytest.raises(RefusedAddressError):
        await resolver.resolve("node.example", 80)


async def test_the_system_resolver_knows_this_machine() -> None:
    assert set(await look_up("localhost")) <= {"127.0.0.1", "::1"}
