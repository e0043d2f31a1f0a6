"""What reaches stderr: listed keys, no times, nothing that a library wrote."""

import ast
import json
import logging
from pathlib import Path

import pytest
import structlog

import kith_node
from kith_node.runtime.logs import ALLOWED_KEYS, UnlistedKeyError, configure_logging

SECRET = "plover at 203.0.113.7"


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_a_line_is_json_with_event_and_level_and_no_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging()
    structlog.get_logger().warning("inbox.rejected", count=3)
    assert lines(capsys) == [{"event": "inbox.rejected", "level": "warning", "count": 3}]


def test_an_unlisted_key_is_dropped_in_production(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    structlog.get_logger().error("http.failed", error="KeyError", member=SECRET)
    assert lines(capsys) == [{"event": "http.failed", "level": "error", "error": "KeyError"}]


def test_an_unlisted_key_fails_the_tests() -> None:
    configure_logging(strict=True)
    with pytest.raises(UnlistedKeyError, match="member"):
        structlog.get_logger().error("http.failed", member=SECRET)


def test_a_bound_key_counts_like_any_other(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging()
    structlog.get_logger().bind(address=SECRET).warning("http.failed")
    assert SECRET not in capsys.readouterr().err


def test_what_a_library_says_is_its_name_and_the_kind_of_its_error(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(strict=True)
    try:
        raise ConnectionResetError(SECRET)
    except ConnectionResetError:
        logging.getLogger("aiohttp.server").exception("error from %s", SECRET)
    logging.getLogger("asyncio").warning("slow callback of %s", SECRET)
    assert lines(capsys) == [
        {
            "event": "library.message",
            "level": "warning",
            "library": "aiohttp",
            "error": "ConnectionResetError",
        },
        {"event": "library.message", "level": "warning", "library": "asyncio", "error": None},
    ]


def test_what_a_library_tells_for_its_own_sake_is_not_heard(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging()
    logging.getLogger("aiohttp.access").info("GET /api/v1/offers/%s", SECRET)
    logging.getLogger("aiosqlite").debug("executing %s", SECRET)
    assert lines(capsys) == []


def test_no_key_could_hold_who_it_was() -> None:
    for key in ALLOWED_KEYS:
        assert not {"id", "name", "address", "path", "agent", "member", "token"} & set(
            key.split("_")
        )


def log_calls() -> list[tuple[str, ast.Call]]:
    """Return every call of a structlog logger in the node, with the place where it stands."""
    root = Path(kith_node.__file__).parent
    return [
        (f"{path.relative_to(root)}:{node.lineno}", node)
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "_log"
    ]


def test_every_log_line_of_the_node_is_an_event_with_listed_keys() -> None:
    calls = log_calls()
    assert calls
    for place, call in calls:
        [event] = call.args
        assert isinstance(event, ast.Constant), f"{place}: the event is built"
        assert str(event.value).count(".") == 1, f"{place}: area.happening"
        for keyword in call.keywords:
            assert keyword.arg in ALLOWED_KEYS, f"{place}: {keyword.arg}"
            # A host is shown only where the steward asked for it, and never a text of others.
            assert keyword.arg not in {"host", "port"}, f"{place}: check log.peers first"
            assert "str(error)" not in ast.unparse(keyword.value), f"{place}: an error's text"
