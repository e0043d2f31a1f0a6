"""Content types: exactly those a route names, in UTF-8, unencoded."""

import pytest

from kith_node.http.media import check_media_type
from kith_protocol.errors import UnsupportedMediaTypeError

AS2 = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


@pytest.mark.parametrize(
    ("received", "allowed"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; charset=UTF-8", "application/json"),
        (AS2, AS2),
        ('application/ld+json;profile="https://www.w3.org/ns/activitystreams"', AS2),
    ],
)
def test_reads_what_the_route_names(received: str, allowed: str) -> None:
    check_media_type({"Content-Type": received}, [allowed])


@pytest.mark.parametrize(
    "received",
    ["", "text/html", "application/ld+json", "application/json; charset=utf-16", "a/b, a/c"],
)
def test_refuses_everything_else(received: str) -> None:
    with pytest.raises(UnsupportedMediaTypeError):
        check_media_type({"Content-Type": received}, ["application/json", AS2])


def test_refuses_encodings() -> None:
    headers = {"Content-Type": "application/json", "Content-Encoding": "gzip"}
    with pytest.raises(UnsupportedMediaTypeError):
        check_media_type(headers, ["application/json"])
