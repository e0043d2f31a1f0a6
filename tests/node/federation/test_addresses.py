"""Which hosts and addresses a node connects to."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kith_node.federation.addresses import (
    RefusedAddressError,
    check_host,
    is_loopback_address,
    is_public_address,
)

NOT_PUBLIC = [
    # IPv4: first and last address of every refused block
    ("0.0.0.0", "0.255.255.255"),
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "239.255.255.255"),
    ("240.0.0.0", "255.255.255.255"),
    # IPv6
    ("::", "::1"),
    ("::2", "::fffe:ffff:ffff"),
    ("::10.0.0.1", "::ffff:0:10.0.0.1"),
    ("64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff"),
    ("100::", "100::ffff:ffff:ffff:ffff"),
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("5f00::", "5f00:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fc00::", "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fe80::", "febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("fec0::", "feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("ff00::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
]

PUBLIC = [
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.167.255.255",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "2000::",
    "2001:200::",
    "2001:db7:ffff::1",
    "2606:4700::1111",
    "3ffe:ffff::1",
    "::ffff:1.1.1.1",
    "64:ff9b::808:808",
]

CARRYING_PRIVATE = [
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b::c0a8:101",
]

ODD_SPELLINGS = [
    "",
    "1.1.1",
    "01.1.1.1",
    "1.1.1.1.",
    "0x1.1.1.1",
    "fe80::1%eth0",
    "2606::1%1",
    "x",
]


@pytest.mark.parametrize("text", [end for block in NOT_PUBLIC for end in block])
def test_no_end_of_a_refused_block_is_public(text: str) -> None:
    assert not is_public_address(text)


@pytest.mark.parametrize("text", PUBLIC)
def test_neighbours_of_refused_blocks_are_public(text: str) -> None:
    assert is_public_address(text)


@pytest.mark.parametrize("text", CARRYING_PRIVATE)
def test_an_address_that_carries_a_private_one_is_not_public(text: str) -> None:
    assert not is_public_address(text)


@pytest.mark.parametrize("text", ODD_SPELLINGS)
def test_other_spellings_are_not_public(text: str) -> None:
    assert not is_public_address(text)


@settings(max_examples=300)
@given(st.integers(min_value=0, max_value=2**32 - 1))
def test_whatever_the_library_calls_private_is_refused_too(number: int) -> None:
    address = ipaddress.IPv4Address(number)
    if address.is_private or address.is_multicast or address.is_reserved:
        assert not is_public_address(str(address))
        assert not is_public_address(f"::ffff:{address}")
        assert not is_public_address(f"64:ff9b::{number >> 16:x}:{number & 0xFFFF:x}")


@settings(max_examples=300)
@given(st.ip_addresses(v=6))
def test_every_public_ipv6_address_is_global_unicast_or_carries_ipv4(
    address: ipaddress.IPv6Address,
) -> None:
    if is_public_address(str(address)):
        assert int(address) >> 125 == 1 or int(address) >> 32 in {0xFFFF, 0x64FF9B << 64}


@pytest.mark.parametrize(
    "host",
    ["node.example", "a.b.c.example", "xn--bcher-kva.example", "1.1.1.1", "[2606:4700::1111]"],
)
def test_takes_public_names_and_literals(host: str) -> None:
    check_host(host)


@pytest.mark.parametrize(
    "host",
    [
        "",
        "localhost",
        "localhost.",
        "node.example.",
        "printer",
        "a.localhost",
        "a.local",
        "metadata.google.internal",
        "abc.onion",
        "abc.i2p",
        "router.home.arpa",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "0x7f000001",
        "127.1",
        "127.0.0.1",
        "1.1.1.01",
        "1.1.1.256",
        "10.0.0.1",
        "169.254.169.254",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[fe80::1%eth0]",
        "[fe80::1]",
        "[2606:4700::1111",
        "under_score.example",
        "-a.example",
        "a..example",
        "NODE.example",
        "n\u00f6de.example",
        "a" * 64 + ".example",
        ".".join(["a" * 60] * 5),
    ],
)
def test_refuses_hosts_that_are_not_plainly_public(host: str) -> None:
    with pytest.raises(RefusedAddressError):
        check_host(host)


def test_only_loopback_is_loopback() -> None:
    assert is_loopback_address("127.8.8.8")
    assert is_loopback_address("::1")
    assert not is_loopback_address("10.0.0.1")
    assert not is_loopback_address("localhost")
