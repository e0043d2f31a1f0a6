"""Logging that cannot identify anybody: JSON lines, keys from an allow-list, no times.

An event is named ``area.happening``. A key that is not listed is dropped; with ``strict`` (the
tests) it is an error. What libraries log is reduced to their logger's name and level, because
their texts hold addresses.
"""

from __future__ import annotations

import logging
import sys

import structlog
from structlog.typing import EventDict, WrappedLogger

ALLOWED_KEYS = frozenset(
    {"event", "level", "error", "job", "count", "seconds", "host", "port", "library", "total"}
)


class UnlistedKeyError(AssertionError):
    """A log line had a key that privacy has not been checked for."""


class AllowList:
    """Keeps the listed keys of a log line."""

    def __init__(self, *, strict: bool) -> None:
        self._strict = strict

    def __call__(self, _: WrappedLogger, __: str, event: EventDict) -> EventDict:
        """Return *event* without unlisted keys.

        Raises:
            UnlistedKeyError: there was one, and this is a test.
        """
        unlisted = set(event) - ALLOWED_KEYS
        if unlisted and self._strict:
            raise UnlistedKeyError(", ".join(sorted(unlisted)))
        return {key: value for key, value in event.items() if key in ALLOWED_KEYS}


class _LibraryHandler(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        structlog.get_logger().warning(
            "library.message", library=record.name.partition(".")[0], error=kind
        )


def configure_logging(*, strict: bool = False) -> None:
    """Set up structlog and take over the standard library's logging."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            AllowList(strict=strict),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_LibraryHandler()]
    root.setLevel(logging.WARNING)
