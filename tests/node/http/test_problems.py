"""Problems: every error has a status, a stable code in the documentation, and no echo."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

import kith_client
import kith_crypto
import kith_node
import kith_protocol
from kith_crypto.errors import KithError, MalformedError
from kith_node.http.bodies import decode_body
from kith_node.http.problems import Problem, status_of, to_problem
from kith_protocol.api import SignInBody
from kith_protocol.errors import TooManyError

ROOT = Path(__file__).parents[3]


def every_error() -> set[type[KithError]]:
    for package in (kith_crypto, kith_protocol, kith_client, kith_node):
        for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)

    def below(kind: type[KithError]) -> Iterator[type[KithError]]:
        yield kind
        for child in kind.__subclasses__():
            yield from below(child)

    return set(below(KithError))


def test_every_error_has_a_code_of_its_own_that_the_documentation_lists() -> None:
    text = (ROOT / "docs/errors.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))
    codes = [kind.code for kind in every_error() if "code" in vars(kind)]
    assert len(codes) == len(set(codes))
    assert set(codes) == listed


def test_every_error_becomes_a_problem_with_a_client_or_server_status() -> None:
    for kind in every_error():
        assert 400 <= status_of(kind) < 600


def test_a_problem_says_nothing_of_the_input() -> None:
    answer = to_problem(MalformedError("secret input", pointer="/auth"))
    assert isinstance(answer.body, Problem)
    encoded = msgspec.json.encode(answer.body)
    assert b"secret" not in encoded
    assert answer.body.pointer == "/auth"
    assert answer.content_type == "application/problem+json"


def test_a_throttled_caller_learns_when_to_come_back() -> None:
    assert to_problem(TooManyError("x", retry_after_s=7)).headers["Retry-After"] == "7"


def test_bad_bodies_name_the_place() -> None:
    with pytest.raises(MalformedError) as caught:
        decode_body(b'{"auth": 3, "device": "x"}', SignInBody)
    assert caught.value.pointer == "/auth"


def test_a_name_that_stands_twice_in_a_body_is_refused() -> None:
    body = b'{"auth":"%s","device":"AAAAAAAAAAA","device":"BBBBBBBBBBB"}' % (b"A" * 43)
    with pytest.raises(MalformedError):
        decode_body(body, SignInBody)


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_deep_nesting_in_a_body_is_refused(size: int) -> None:
    with pytest.raises(MalformedError):
        decode_body(b'{"x":' + b"[" * size + b"]" * size + b"}", SignInBody)
