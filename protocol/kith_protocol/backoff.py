"""When to try again: delays that grow, per peer, until a week is over.

A peer's state is one ``Backoff``: how often it failed in a row, since when, and when to try
next; ``None`` in its place means that all is well, so state is held only for peers that fail.
Between tries nothing is sent to the peer at all (the circuit is open); the try itself is one
delivery. State is kept in memory; sending, and what becomes of what was not delivered, is left
to the caller.

Source: SPEC.md, section on delivery; RFC 9110 §10.2.3 (Retry-After).
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

import msgspec

from kith_crypto.errors import MalformedError
from kith_crypto.randomness import Rng
from kith_protocol.chance import draw_below
from kith_protocol.http_date import parse_http_date
from kith_protocol.limits import RETRY_FIRST_S, RETRY_GIVE_UP_S, RETRY_MAX_S

Outcome: TypeAlias = Literal["done", "retry", "drop"]

_RETRY_STATUS = frozenset({408, 425, 429})
_SECONDS = re.compile(r"[0-9]{1,9}\Z", re.ASCII)
_MAX_DOUBLINGS = 32


class RetryPolicy(msgspec.Struct, frozen=True):
    """How patient to be; the defaults are the protocol's.

    Attributes:
        first_s: shortest delay, seconds.
        max_s: longest delay, seconds; ``Retry-After`` is cut to it too.
        give_up_s: how long a peer may fail before what waits for it is dropped, seconds.
    """

    first_s: int = RETRY_FIRST_S
    max_s: int = RETRY_MAX_S
    give_up_s: int = RETRY_GIVE_UP_S


class Backoff(msgspec.Struct, frozen=True):
    """The state of a peer that fails.

    Attributes:
        attempts: failures in a row, from 1.
        failing_since: time of the first of them, seconds since the Unix epoch, UTC.
        next_at: nothing is sent before that time.
    """

    attempts: int
    failing_since: int
    next_at: int


DEFAULT_POLICY = RetryPolicy()


def classify(status: int) -> Outcome:
    """Return what the answer *status* to a delivery means.

    Redirects are not followed, so they are final like every other refusal.
    """
    if 200 <= status < 300:
        return "done"
    if status >= 500 or status in _RETRY_STATUS:
        return "retry"
    return "drop"


def next_delay_s(attempt: int, *, rng: Rng, policy: RetryPolicy = DEFAULT_POLICY) -> int:
    """Return how long to wait after failure number *attempt* (from 1), in seconds.

    Drawn between the policy's first delay doubled for each earlier failure and twice that, so
    that peers which failed together do not come back together.
    """
    doublings = min(max(attempt - 1, 0), _MAX_DOUBLINGS)
    low = min(policy.first_s << doublings, max(policy.max_s // 2, policy.first_s))
    high = max(min(2 * low, policy.max_s), low)
    return low + draw_below(high - low + 1, rng)


def parse_retry_after(text: str, *, now: int) -> int | None:
    """Return the seconds that the field ``Retry-After`` asks for, or ``None``.

    Args:
        text: the field's value, a number of seconds or an HTTP date.
        now: seconds since the Unix epoch, UTC.
    """
    if _SECONDS.match(text):
        return int(text)
    try:
        return max(parse_http_date(text) - now, 0)
    except MalformedError:
        return None


def fail(
    state: Backoff | None,
    *,
    now: int,
    rng: Rng,
    retry_after_s: int | None = None,
    policy: RetryPolicy = DEFAULT_POLICY,
) -> Backoff:
    """Return the state after another failure; after a success it is ``None``.

    Args:
        state: before it.
        now: seconds since the Unix epoch, UTC.
        rng: source of the jitter.
        retry_after_s: what the peer asked for.
        policy: how patient to be.
    """
    attempts = 1 if state is None else state.attempts + 1
    since = now if state is None else state.failing_since
    delay_s = next_delay_s(attempts, rng=rng, policy=policy)
    if retry_after_s is not None:
        delay_s = max(delay_s, min(retry_after_s, policy.max_s))
    return Backoff(attempts=attempts, failing_since=since, next_at=now + delay_s)


def is_due(state: Backoff | None, *, now: int) -> bool:
    """Return whether something may be sent to the peer now."""
    return state is None or now >= state.next_at


def has_given_up(
    state: Backoff | None, *, now: int, policy: RetryPolicy = DEFAULT_POLICY
) -> bool:
    """Return whether the peer has failed for so long that what waits for it is dropped."""
    return state is not None and now - state.failing_since >= policy.give_up_s
