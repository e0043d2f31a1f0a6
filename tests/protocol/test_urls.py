from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kith_crypto.errors import MalformedError
from kith_protocol import urls
from kith_protocol.limits import MAX_URL_CHARACTERS
from kith_protocol.urls import (
    authority_of,
    is_same_origin,
    offer_url,
    origin_of,
    parse_offer_url,
    parse_origin,
    parse_url,
)


def is_taken(text: str, *, development: bool = False) -> bool:
    try:
        parse_url(text, development=development)
    except MalformedError:
        return False
    return True


def test_takes_an_address_apart() -> None:
    url = parse_url("https://node.example:8443/a/b~c?x=1&y=%2F", allows_fragment=True)
    assert url.origin == "https://node.example:8443"
    assert url.authority == "node.example:8443"
    assert url.path_query == "/a/b~c?x=1&y=%2F"
    assert url.fragment == ""


def test_takes_a_fragment_only_where_it_is_allowed() -> None:
    text = "https://node.example/actor#main-key"
    assert parse_url(text, allows_fragment=True).fragment == "main-key"
    with pytest.raises(MalformedError):
        parse_url(text)
    with pytest.raises(MalformedError):
        parse_url("https://node.example/actor#", allows_fragment=True)


@pytest.mark.parametrize(
    "text",
    [
        "http://node.example/",
        "HTTPS://node.example/",
        "https://Node.example/",
        "https://node.example",
        "https://node.example./",
        "https://node.example:443/",
        "https://node.example:0443/",
        "https://node.example:0/",
        "https://node.example:65536/",
        "https://node.example:/",
        "https://user@node.example/",
        "https://good.example\\@evil.example/",
        "https://good.example@evil.example/",
        "https://node.example/a/../b",
        "https://node.example/a/..",
        "https://node.example/./b",
        "https://node.example//b",
        "https://node.example/%7Euser",
        "https://node.example/%2f",
        "https://node.example/%",
        "https://node.example/%4",
        "https://node.example/%0A",
        "https://node.example/%7F",
        "https://node.example/%5C",
        "https://node.example/a b",
        "https://node.example/a\n",
        "https://node.example/\u202e",
        "https://nöde.example/",
        "https://node/",
        "https://-node.example/",
        "https://node_.example/",
        "https://no..example/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://1.0x7f/",
        "https://[::1]/",
        "https://localhost/",
        "https://a.localhost/",
        "https://printer.local/",
        "https://db.internal/",
        "https://router.home.arpa/",
        "https://abc.onion/",
        "https://" + "a" * 64 + ".example/",
        "https://" + "a." * 130 + "example/",
        "https://node.example/" + "a" * MAX_URL_CHARACTERS,
        "ap://did:key:z6Mk/actor",
        "acct:a@node.example",
        "",
    ],
)
def test_refuses_every_other_spelling(text: str) -> None:
    assert not is_taken(text)


def test_loopback_is_for_development_only() -> None:
    for text in ("http://localhost:8001/actor", "http://127.0.0.1:1/", "http://[::1]:80800/"):
        assert not is_taken(text)
    assert is_taken("http://localhost:8001/actor", development=True)
    assert is_taken("http://[::1]:8080/", development=True)
    assert is_taken("http://127.0.0.1/", development=True)
    assert not is_taken("http://localhost:80/", development=True)
    assert not is_taken("http://node.example/", development=True)
    assert not is_taken("http://127.0.0.2/", development=True)


def test_an_origin_has_no_path() -> None:
    assert parse_origin("https://node.example") == "https://node.example"
    assert parse_origin("http://localhost:8001", development=True) == "http://localhost:8001"
    for text in (
        "https://node.example/",
        "http://node.example",
        "https://node.example:443",
        "x",
    ):
        with pytest.raises(MalformedError):
            parse_origin(text)


def test_origins_are_compared_whole() -> None:
    assert is_same_origin("https://node.example/a", "https://node.example/b#c")
    assert not is_same_origin("https://node.example/a", "https://node.example:8443/a")
    assert not is_same_origin("https://node.example/a", "https://Node.example/a")
    assert authority_of(origin_of("https://node.example:8443/a")) == "node.example:8443"


def test_the_addresses_of_a_node_are_in_normal_form() -> None:
    origin = "https://node.example"
    made = [
        urls.actor_url(origin),
        urls.inbox_url(origin),
        urls.batch_url(origin),
        urls.outbox_url(origin),
        urls.followers_url(origin),
        urls.following_url(origin),
        urls.activity_url(origin, bytes(16)),
    ]
    assert all(parse_url(text).origin == origin for text in made)
    for text in (urls.node_key_url(origin), urls.rsa_key_url(origin)):
        assert parse_url(text, allows_fragment=True).text.startswith(urls.actor_url(origin))


@given(st.binary(min_size=16, max_size=16))
def test_the_id_of_an_offer_parses_to_its_bytes(raw: bytes) -> None:
    assert parse_offer_url(offer_url("https://node.example", raw)) == (
        "https://node.example",
        raw,
    )


@pytest.mark.parametrize(
    "path",
    [
        "/offers/AAAAAAAAAAAAAAAAAAAAAB",
        "/offers/AAAA",
        "/offer/AAAAAAAAAAAAAAAAAAAAAA",
        "/x/offers/AAAAAAAAAAAAAAAAAAAAAA",
        "/offers/AAAAAAAAAAAAAAAAAAAAAA?x=1",
    ],
)
def test_refuses_other_ids_of_offers(path: str) -> None:
    with pytest.raises(MalformedError):
        parse_offer_url(f"https://node.example{path}")


@given(st.text(max_size=60) | st.from_regex(r"https?://[a-z0-9.:@\\/%?#\[\]]{0,40}"))
def test_what_is_taken_means_the_same_to_another_parser(text: str) -> None:
    for development in (False, True):
        if not is_taken(text, development=development):
            continue
        url = parse_url(text, development=development)
        other = urlsplit(text)
        assert f"{other.scheme}://{other.netloc}" == url.origin
        assert other.path + (f"?{other.query}" if "?" in text else "") == url.path_query
        assert other.username is None
