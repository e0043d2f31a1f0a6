"""Bad input on every route: a 4xx problem with a known type, no echo, no trace.

Each request shows the credential that its route asks for, signed over exactly what is sent, so
that it is the input that is refused and not the caller.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kith_node.http.route import Access, Route
from kith_testing.examples import (
    Example,
    Stage,
    example_of,
    headers_of,
    right_credentials,
    send,
)
from kith_testing.node import LocalNode, Reply

ROOT = Path(__file__).parents[3]
CODES = set(
    re.findall(
        r"^\| `([a-z-]+)` \|", (ROOT / "docs/errors.md").read_text("utf-8"), re.MULTILINE
    )
)
MARKER = "zqxjkv"
EMPTY_IS_FINE = "/api/v1/account/sign-out"

BAD_JSON: dict[str, bytes] = {
    "empty": b"",
    "not JSON": MARKER.encode(),
    "cut off": b'{"content":{',
    "trailing data": b"{} {}",
    "an array": b"[]",
    "null": b"null",
    "a number": b"7",
    "an empty object": b"{}",
    "an unknown member": b'{"' + MARKER.encode() + b'":1}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "not UTF-8": b'{"content":"\xff\xfe"}',
    "a lone surrogate": b'{"content":"\\ud800"}',
    "a name twice": b'{"content":1,"content":2}',
    "NaN": b'{"content":NaN}',
    "beyond a double": b'{"content":1e400}',
    "a huge integer": b'{"content":' + b"9" * 300 + b"}",
    "nested": b'{"content":' + b"[" * 1500 + b"]" * 1500 + b"}",
    "nested deeply": b"[" * 100_000,
    "members without end": b"{" + b",".join(b'"%d":1' % n for n in range(300)) + b"}",
    "zeros": bytes(200),
}

BAD_IDS = (
    "A",
    "A" * 21,
    "A" * 23,
    "A" * 21 + "B",  # bits beyond the 16 bytes
    "A" * 6000,
    "%2e%2e",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%00",
    "%00" * 16,
    "%ff%fe",
    "%ed%a0%80",
    "%0d%0aX-Injected:%20" + MARKER,
    "'%20OR%201=1--",
    MARKER,
    "%E2%80%AE" + MARKER,
)


def assert_refused(reply: Reply, place: object) -> None:
    assert 400 <= reply.status < 500, (place, reply.status, reply.body)
    assert reply.code in CODES, (place, reply.status, reply.headers)
    document = msgspec.json.decode(reply.body, type=dict[str, object])
    assert document.keys() <= {"type", "title", "status", "pointer"}, place
    assert document["status"] == reply.status
    assert_silent(reply, place)


def assert_silent(reply: Reply, place: object) -> None:
    said = reply.body + repr(dict(reply.headers)).encode()
    assert MARKER not in said.decode().lower(), (place, said)
    assert reply.headers.get("Server", "Kith") == "Kith"


def parse_raw(raw: bytes) -> Reply:
    head, _, body = raw.partition(b"\r\n\r\n")
    status, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return Reply(int(status.split()[1]), headers, body)


def routes_with_body(stage: Stage) -> Iterator[Route]:
    for route in stage.node.node.routes:
        if route.method in {"POST", "PUT", "PATCH"}:
            yield route


async def attack(
    stage: Stage,
    route: Route,
    *,
    path: str | None = None,
    body: bytes | None = None,
    is_chunked: bool = False,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Send the example of *route* with another path, body or headers."""
    right = example_of(route, stage)
    example = Example(path or right.path, right.body if body is None else body, right.key)
    shown = right_credentials(route, stage, right)
    signed = headers_of(route, stage, shown, path=example.path, body=example.body)
    changed = {name.lower(): value for name, value in (headers or {}).items()}
    kept = {name: value for name, value in signed.items() if name.lower() not in changed}
    return await stage.node.send(
        route.method,
        example.path,
        headers={**kept, **changed},
        body=example.body,
        is_chunked=is_chunked,
    )


@pytest.fixture
def before(stage: Stage) -> Iterator[None]:
    dump = stage.node.dump()
    yield
    assert stage.node.dump() == dump


@pytest.mark.usefixtures("before")
async def test_another_method_is_refused(stage: Stage) -> None:
    taken: dict[str, set[str]] = {}
    paths: dict[str, str] = {}
    for route in stage.node.node.routes:
        taken.setdefault(route.path, set()).add(route.method)
        paths[route.path] = example_of(route, stage).path
    for name, methods in taken.items():
        path = paths[name]
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE"} - methods:
            reply = await stage.node.send(method, path)
            assert_refused(reply, (method, path))
            assert reply.code == "method-not-allowed"
            assert set(reply.headers["Allow"].split(", ")) == methods


@pytest.mark.usefixtures("before")
async def test_another_content_type_is_refused(stage: Stage) -> None:
    for route in routes_with_body(stage):
        for kind in [
            "text/html",
            f"application/{MARKER}",
            "application/json; charset=utf-16",
            "application/ld+json",
            "application/json, application/activity+json",
            "multipart/form-data; boundary=x",
            "application/x-www-form-urlencoded",
        ]:
            reply = await attack(stage, route, headers={"Content-Type": kind})
            assert_refused(reply, (route.path, kind))
            assert reply.code == "unsupported-media-type"


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "x-" + MARKER, "gzip, gzip"])
async def test_an_encoded_body_is_refused(stage: Stage, coding: str) -> None:
    for route in stage.node.node.routes:
        reply = await attack(
            stage, route, body=b"\x1f\x8b\x08", headers={"Content-Encoding": coding}
        )
        assert_refused(reply, route.path)


@pytest.mark.usefixtures("before")
async def test_a_body_where_none_belongs_is_refused(stage: Stage) -> None:
    for route in stage.node.node.routes:
        if route.method in {"GET", "DELETE"}:
            for is_chunked in (False, True):
                reply = await attack(stage, route, body=b"{}", is_chunked=is_chunked)
                assert_refused(reply, route.path)
                assert reply.code == "too-large"


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("name", BAD_JSON)
async def test_bad_json_is_refused(stage: Stage, name: str) -> None:
    for route in routes_with_body(stage):
        if route.path == EMPTY_IS_FINE and len(BAD_JSON[name]) <= route.max_body:
            continue  # it reads none
        reply = await attack(stage, route, body=BAD_JSON[name])
        assert_refused(reply, (name, route.path))


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_body_of_one_byte_too_many_is_refused(stage: Stage, is_chunked: bool) -> None:
    for route in routes_with_body(stage):
        body = b" " * (route.max_body + 1)
        reply = await attack(stage, route, body=body, is_chunked=is_chunked)
        assert_refused(reply, route.path)
        assert reply.code == "too-large"


async def test_a_body_of_exactly_the_limit_is_read(stage: Stage) -> None:
    for route in routes_with_body(stage):
        if route.path == EMPTY_IS_FINE:
            continue
        await stage.renew(route)
        right = example_of(route, stage).body
        assert right is not None
        reply = await attack(stage, route, body=right.ljust(route.max_body))
        if "json" not in route.media_types[0]:
            assert reply.code != "too-large"  # blanks make another thing of what is binary
            continue
        # To sign in takes a member; everything else works.
        assert reply.status == (401 if route.path == "/api/v1/session" else route.status)


@pytest.mark.usefixtures("before")
async def test_a_stranger_cannot_make_the_node_read_a_body(stage: Stage) -> None:
    for route in routes_with_body(stage):
        if route.access is Access.NOBODY:
            continue
        example = example_of(route, stage)
        head = (
            f"{route.method} {example.path} HTTP/1.1\r\nHost: {stage.node.authority}\r\n"
            f"Content-Type: {route.media_types[0] or 'application/json'}\r\n"
            f"Content-Length: {route.max_body}\r\nConnection: close\r\n\r\n"
        )
        # The body never comes, so whoever waits for it answers nothing.
        answer = await stage.node.send_raw(head.encode(), until=b"}")
        assert parse_raw(answer).code == "unauthorized"


@pytest.mark.usefixtures("before")
async def test_unknown_and_repeated_parameters_are_refused(stage: Stage) -> None:
    for route in stage.node.node.routes:
        path = example_of(route, stage).path
        mark = "&" if "?" in path else "?"
        tails = [f"{MARKER}=1", f"%00={MARKER}", f"=&{MARKER}", "&".join(["x=1"] * 2)]
        tails += [f"{name}=1&{name}=1" for name in route.query]
        for tail in tails:
            reply = await attack(stage, route, path=f"{path}{mark}{tail}")
            assert_refused(reply, (route.path, tail))
            assert reply.code == "malformed"


@pytest.mark.usefixtures("before")
async def test_values_of_parameters_are_never_trusted(stage: Stage) -> None:
    values = (
        "",
        "%00",
        "%ff",
        "%ed%a0%80",
        MARKER,
        "9" * 400,
        "-1",
        "1e9",
        "%0d%0aX:y",
        "x" * 7000,
    )
    for route in stage.node.node.routes:
        path = example_of(route, stage).path.partition("?")[0]
        for name in route.query:
            for value in values:
                reply = await attack(stage, route, path=f"{path}?{name}={value}")
                if reply.status == 200:
                    # An empty cursor is the start; WebFinger ignores ``rel``; text is free.
                    is_free = name in {"rel", "text"}
                    assert is_free or (name, value) in {("after", ""), ("limit", "")}
                    continue
                assert_refused(reply, (route.path, name, value))


@pytest.mark.usefixtures("before")
async def test_ids_of_another_form_are_refused(stage: Stage) -> None:
    for route in stage.node.node.routes:
        parts = example_of(route, stage).path.split("/")
        for number, part in enumerate(route.path.split("/")):
            if not part.startswith("{"):
                continue
            for bad in BAD_IDS:
                path = "/".join([*parts[:number], bad, *parts[number + 1 :]])
                reply = await attack(stage, route, path=path)
                assert_refused(reply, (route.path, bad))


@pytest.mark.usefixtures("before")
@pytest.mark.parametrize(
    "host", ["evil.example", "", "127.0.0.1", "127.0.0.1:1", MARKER, "a@b"]
)
async def test_a_request_for_another_host_is_refused(stage: Stage, host: str) -> None:
    for route in stage.node.node.routes:
        reply = await attack(stage, route, headers={"Host": host})
        assert_refused(reply, (route.path, host))


@pytest.mark.usefixtures("before")
async def test_forwarding_headers_do_not_name_the_host(stage: Stage) -> None:
    headers = {"X-Forwarded-Host": stage.node.authority, "Forwarded": "host=evil.example"}
    for host, status in [("evil.example", 421), (stage.node.authority, 200)]:
        reply = await stage.node.send("GET", "/actor", headers={**headers, "Host": host})
        assert reply.status == status


@pytest.mark.usefixtures("before")
async def test_floods_of_headers_are_refused(stage: Stage) -> None:
    floods = [
        {f"X-{number}": "1" for number in range(100)},
        {f"X-{number}": MARKER * 100 for number in range(40)},
        {"X-Long": MARKER * 2000},
    ]
    for route in stage.node.node.routes:
        for flood in floods:
            reply = await stage.node.send(
                route.method, example_of(route, stage).path, headers=flood
            )
            assert 400 <= reply.status < 500
            assert reply.code in {"malformed", "too-large", "unsupported-media-type"}
            assert MARKER.encode() not in reply.body


RAW: dict[str, bytes] = {
    "no HTTP": b"\x16\x03\x01\x02\x00zqxjkv\r\n\r\n",
    "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/9": b"GET /actor HTTP/9.9\r\nHost: HOST\r\n\r\n",
    "no host": b"GET /actor HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two hosts": b"GET /actor HTTP/1.1\r\nHost: HOST\r\nHost: zqxjkv\r\n\r\n",
    "a long line": b"GET /" + b"zqxjkv" * 2000 + b" HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "a raw byte": b"GET /api/v1/offers/\xffzqxjkv HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "a whole address": b"GET http://zqxjkv.example/actor HTTP/1.1\r\nHost: HOST\r\n"
    b"Connection: close\r\n\r\n",
    "an expectation": b"GET /actor HTTP/1.1\r\nHost: HOST\r\nExpect: zqxjkv\r\n"
    b"Connection: close\r\n\r\n",
    "an expectation nowhere": b"GET /zqxjkv HTTP/1.1\r\nHost: HOST\r\nExpect: zqxjkv\r\n"
    b"Connection: close\r\n\r\n",
    "length and chunks": b"POST /api/v1/session HTTP/1.1\r\nHost: HOST\r\n"
    b"Content-Type: application/json\r\nContent-Length: 3\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
    "broken chunks": b"POST /api/v1/session HTTP/1.1\r\nHost: HOST\r\n"
    b"Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzqxjkv\r\n\r\n",
    "a negative length": b"POST /api/v1/session HTTP/1.1\r\nHost: HOST\r\n"
    b"Content-Type: application/json\r\nContent-Length: -1\r\n\r\n",
    "a smuggled line": b"GET /actor HTTP/1.1\r\nHost: HOST\r\nX: a\rHost: zqxjkv\r\n\r\n",
    "a folded header": b"GET /actor HTTP/1.1\r\nHost: HOST\r\nX: a\r\n zqxjkv\r\n\r\n",
    "a space before the colon": b"GET /actor HTTP/1.1\r\nHost : HOST\r\n\r\n",
    "a NUL": b"GET /actor HTTP/1.1\r\nHost: HOST\r\nX: a\x00zqxjkv\r\n\r\n",
    "bytes in a session": b"GET /api/v1/account HTTP/1.1\r\nHost: HOST\r\n"
    b"Authorization: Kith \xff\xfezqxjkv\r\nConnection: close\r\n\r\n",
    "bytes in a pass": b"GET /api/v1/topics HTTP/1.1\r\nHost: HOST\r\n"
    b"Kith-Reader: \xff\xfezqxjkv\r\nConnection: close\r\n\r\n",
    "bytes in a signature": b"GET /outbox HTTP/1.1\r\nHost: HOST\r\nSignature: \xffzqxjkv\r\n"
    b"Signature-Input: \xffzqxjkv\r\nConnection: close\r\n\r\n",
    "another scheme": b"GET /actor HTTP/1.1\r\nHost: HOST\r\nAuthorization: Basic zqxjkv\r\n"
    b"Connection: close\r\n\r\n",
    "another method": b"ZQXJKV /actor HTTP/1.1\r\nHost: HOST\r\n\r\n",
    "a tunnel": b"CONNECT zqxjkv.example:443 HTTP/1.1\r\nHost: HOST\r\n"
    b"Connection: close\r\n\r\n",
    "everything": b"OPTIONS * HTTP/1.1\r\nHost: HOST\r\nConnection: close\r\n\r\n",
    "no such path": b"GET /zqxjkv/../../etc/passwd HTTP/1.1\r\nHost: HOST\r\n"
    b"Connection: close\r\n\r\n",
}


@pytest.mark.parametrize("name", RAW)
async def test_broken_requests_are_refused(node: LocalNode, name: str) -> None:
    before = node.dump()
    reply = parse_raw(await node.send_raw(RAW[name].replace(b"HOST", node.authority.encode())))
    assert_refused(reply, name)
    assert node.dump() == before


async def test_a_signature_header_is_read_in_bounded_time(stage: Stage) -> None:
    loop_time = asyncio.get_running_loop().time
    for value in [
        "sig1=(" + '"a" ' * 1900 + ")",
        ",".join(f"s{number}=()" for number in range(1000)),
        "sig1=" + "(" * 8000,
        'sig1="' + "\\\\" * 3900,
        "a=" + ";a" * 3900,
    ]:
        started = loop_time()
        headers = {"Signature-Input": value, "Signature": value}
        reply = await stage.node.send("GET", "/outbox", headers=headers)
        assert reply.code == "unauthorized"
        assert loop_time() - started < 2


# --- anything at all ------------------------------------------------------------------

_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["", "\x00", "\u202e", "A" * 43, "A" * 22, "x" * 5000, "adults", "en"])
)
_ANYTHING = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


def places(document: object) -> list[tuple[object, ...]]:
    """Return the way to every value in *document*."""
    found: list[tuple[object, ...]] = [()]
    if isinstance(document, dict):
        steps = list(document.items())
    elif isinstance(document, list):
        steps = list(enumerate(document))
    else:
        return found
    return found + [(name, *rest) for name, value in steps for rest in places(value)]


def put(document: object, place: tuple[object, ...], value: object) -> object:
    """Return *document* with *value* at *place*."""
    if not place:
        return value
    step, rest = place[0], place[1:]
    if isinstance(document, dict):
        return {**document, step: put(document[step], rest, value)}
    assert isinstance(document, list)
    return [put(one, rest, value) if at == step else one for at, one in enumerate(document)]


@settings(
    max_examples=120,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
async def test_any_json_gives_an_answer_or_a_problem(stage: Stage, data: st.DataObject) -> None:
    taken = [one for one in routes_with_body(stage) if "json" in one.media_types[0]]
    route = data.draw(st.sampled_from(taken), label="route")
    right = example_of(route, stage).body
    if right is None:
        return
    document = msgspec.json.decode(right)
    for _ in range(data.draw(st.integers(1, 2))):
        place = data.draw(st.sampled_from(places(document)))
        document = put(document, place, data.draw(_ANYTHING))
    before = stage.node.dump()
    try:
        body = msgspec.json.encode(document)
    except UnicodeEncodeError:
        return  # a lone surrogate, which is among ``BAD_JSON``
    reply = await attack(stage, route, body=body)
    assert reply.status < 500, (route.path, body, reply.code)
    if reply.status >= 400:
        assert reply.code in CODES
        assert stage.node.dump() == before


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    name=st.sampled_from(["Signature-Input", "Signature", "Content-Digest"]),
    value=st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=200),
)
async def test_any_signature_header_gives_a_problem(
    stage: Stage, name: str, value: str
) -> None:
    for route in stage.node.node.routes:
        if route.access is Access.INBOX:
            headers = {name: value.strip() or "x"}
            assert_refused(await attack(stage, route, headers=headers), (name, value))


async def test_what_is_right_works_so_that_the_rest_proves_something(stage: Stage) -> None:
    for route in stage.node.node.routes:
        await stage.renew(route)
        example = example_of(route, stage)
        reply = await send(route, stage, right_credentials(route, stage, example), example)
        assert reply.status == (401 if route.path == "/api/v1/session" else route.status)
        assert_silent(reply, route.path)
