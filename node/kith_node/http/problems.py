"""The one place that knows which HTTP status an error has.

Served as ``application/problem+json``: ``type`` is ``/problems/<code>``, ``title`` the class's
safe sentence, ``status``, and ``pointer`` where a place in the input is known. No instance ids,
no stack, no echo of input. Source: RFC 9457.
"""

from __future__ import annotations

import msgspec

from kith_crypto.errors import (
    CryptoError,
    KithError,
    MalformedError,
    RemoteError,
    TooLargeError,
    UnavailableError,
    UsageError,
)
from kith_node.http.route import Answer
from kith_protocol import errors

PROBLEM_TYPE = "application/problem+json"

# First match along the class's bases.
STATUS: dict[type[KithError], int] = {
    errors.ExpiredError: 410,
    errors.GoneError: 410,
    errors.UnauthorizedError: 401,
    errors.ForbiddenError: 403,
    errors.NotAPeerError: 403,
    errors.WrongOwnerError: 403,
    errors.NotFoundError: 404,
    errors.MethodNotAllowedError: 405,
    errors.SlowBodyError: 408,
    errors.ConflictError: 409,
    errors.StaleError: 412,
    TooLargeError: 413,
    errors.UnsupportedMediaTypeError: 415,
    errors.MisdirectedError: 421,
    errors.TooManyError: 429,
    RemoteError: 400,
    CryptoError: 400,
    UsageError: 409,
    UnavailableError: 503,
    KithError: 500,
}


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a stranger is told of an error (RFC 9457 §3.1)."""

    type: str
    title: str
    status: int
    pointer: str | None = None


def status_of(kind: type[KithError]) -> int:
    """Return the HTTP status of errors of class *kind*."""
    return next(STATUS[base] for base in kind.__mro__ if base in STATUS)


def to_problem(error: KithError) -> Answer:
    """Return the answer that tells no more than the error's safe sentence."""
    status = status_of(type(error))
    pointer = error.pointer if isinstance(error, MalformedError) else None
    problem = Problem(f"/problems/{error.code}", error.safe, status, pointer)
    headers: dict[str, str] = {}
    if isinstance(error, UnavailableError) and error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if status == 401:
        headers["WWW-Authenticate"] = "Kith"
    return Answer(status, problem, PROBLEM_TYPE, headers)
