"""Who a caller is for rate limits: the connection's address, or what a trusted proxy says."""

from collections.abc import Sequence

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from multidict import CIMultiDict

from kith_node.http.callers import Callers

KEY = b"k" * 32
PROXY = "10.0.0.1"


def request_from(remote: str | None, *forwarded: str) -> web.Request:
    headers = CIMultiDict([("X-Forwarded-For", value) for value in forwarded])
    request = make_mocked_request("GET", "/", headers=headers)
    return request.clone(remote=remote) if remote is not None else request


def name_of(
    remote: str, *forwarded: str, trusted: Sequence[str] = (PROXY,), key: bytes = KEY
) -> bytes:
    return Callers(key, trusted).name(request_from(remote, *forwarded))


def test_a_name_tells_nothing_without_the_process_key() -> None:
    name = name_of("198.51.100.7")
    assert len(name) == 16
    assert b"198" not in name
    assert name != name_of("198.51.100.7", key=b"o" * 32)


def test_different_addresses_have_different_names() -> None:
    assert name_of("198.51.100.7") != name_of("198.51.100.8")


def test_a_stranger_cannot_choose_its_name() -> None:
    assert name_of("198.51.100.7", "203.0.113.1") == name_of("198.51.100.7")


def test_behind_a_trusted_proxy_the_last_address_counts() -> None:
    expected = name_of("198.51.100.7")
    assert name_of(PROXY, "203.0.113.1, 198.51.100.7") == expected
    assert name_of(PROXY, "203.0.113.1", "198.51.100.7") == expected


def test_a_chain_of_trusted_proxies_is_walked_to_the_first_that_is_none() -> None:
    trusted = (PROXY, "10.0.1.0/24")
    forwarded = "203.0.113.1, 198.51.100.7, 10.0.1.9"
    assert name_of(PROXY, forwarded, trusted=trusted) == name_of("198.51.100.7")


def test_a_proxy_that_says_nothing_is_the_caller() -> None:
    assert name_of(PROXY, "") == name_of(PROXY)


@pytest.mark.parametrize("text", ["unknown", "_hidden", "a" * 9000, "1.2.3.4.5", "[::1"])
def test_what_is_no_address_is_one_caller_for_all(text: str) -> None:
    assert name_of(PROXY, f"198.51.100.7, {text}") in {
        name_of(PROXY, "nobody"),
        name_of("::1"),
    }


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("198.51.100.7:4711", "198.51.100.7"),
        ("[2001:db8::1]:443", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
    ],
)
def test_a_port_is_no_part_of_the_caller(text: str, address: str) -> None:
    assert name_of(PROXY, text) == name_of(address)


def test_an_ipv6_network_is_one_caller() -> None:
    assert name_of("2001:db8::1") == name_of("2001:db8:0:0:ffff::2")
    assert name_of("2001:db8::1") != name_of("2001:db8:0:1::1")


def test_ipv4_callers_of_a_socket_for_both_kinds_stay_apart() -> None:
    assert name_of("::ffff:198.51.100.7") == name_of("198.51.100.7")
    assert name_of("::ffff:198.51.100.7") != name_of("::ffff:198.51.100.8")


def test_a_trusted_proxy_is_recognised_in_every_spelling() -> None:
    trusted = ("0:0:0:0:0:0:0:1", "127.0.0.1")
    expected = name_of("198.51.100.7")
    assert name_of("::1", "198.51.100.7", trusted=trusted) == expected
    assert name_of("::ffff:127.0.0.1", "198.51.100.7", trusted=trusted) == expected


def test_a_proxy_that_is_no_address_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"proxy\.example"):
        Callers(KEY, ["proxy.example"])
